"""Work items: seen by whom they concern, held by one person, urged at most once a day."""

from datetime import timedelta
from typing import Any

from services.access.accounts import create_account
from services.actor import SERVICE
from tests.builders import COUNTY, OTHER_TOWN, TOWN, Counter, assert_problem, registered

LOCAL, SUPERIOR, PARTY = f"union.{TOWN}", f"union.{COUNTY}", f"party.{TOWN}"
COLLEAGUE = "second.clerk"


def items(counter: Counter, account: str, view: str = "unit", status: str = "open") -> list[dict[str, Any]]:
    """`Any`: JSON."""
    found: list[dict[str, Any]] = counter.get(
        account, "/api/v1/work-items", params={"view": view, "status": status}
    ).json()["items"]
    return found


def with_colleague(counter: Counter) -> None:
    with counter.town.runtime.writing(SERVICE) as unit:
        create_account(unit, COLLEAGUE, LOCAL, None)


def test_an_item_stands_in_the_inbox_of_the_body_that_must_act(counter: Counter) -> None:
    code = counter.town.enterprise()
    (item,) = items(counter, LOCAL)
    assert item["enterprise"]["uscc"] == code and item["task"]["zh"] and item["body"] == LOCAL
    assert item["due_on"] == "2026-03-16" and not item["overdue"]
    assert items(counter, SUPERIOR) == [] and items(counter, f"union.{OTHER_TOWN}") == []


def test_what_is_claimed_is_mine_and_no_other_can_take_it(counter: Counter) -> None:
    counter.town.enterprise()
    with_colleague(counter)
    path = f"/api/v1/work-items/{items(counter, LOCAL)[0]['id']}"
    assert items(counter, LOCAL, "mine") == []
    assert counter.post(LOCAL, f"{path}/claim").json()["assignee"] == LOCAL
    assert counter.post(LOCAL, f"{path}/claim").status_code == 200
    assert len(items(counter, LOCAL, "mine")) == 1
    for verb in ("claim", "release"):
        assert_problem(counter.post(COLLEAGUE, f"{path}/{verb}"), 409, "item_taken")
    assert_problem(
        counter.post(COLLEAGUE, f"{path}/reassign", json={"account": COLLEAGUE}), 409, "item_taken"
    )
    assert counter.post(LOCAL, f"{path}/release").json()["assignee"] is None
    assert counter.post(COLLEAGUE, f"{path}/claim").json()["assignee"] == COLLEAGUE


def test_an_item_is_passed_on_within_the_body_only(counter: Counter) -> None:
    counter.town.enterprise()
    with_colleague(counter)
    path = f"/api/v1/work-items/{items(counter, LOCAL)[0]['id']}/reassign"
    for name in (PARTY, SUPERIOR, "nobody", "x\u202ey"):
        answer = counter.post(LOCAL, path, json={"account": name})
        assert answer.status_code in (400, 404), name
    assert counter.post(LOCAL, path, json={"account": COLLEAGUE}).json()["assignee"] == COLLEAGUE
    assert len(items(counter, COLLEAGUE, "mine")) == 1


def test_done_items_stand_with_whoever_did_them(counter: Counter) -> None:
    code = counter.town.enterprise()
    counter.town.take(LOCAL, code, "lead", "survey", headcount=60, applicants=30)
    (done,) = items(counter, LOCAL, "mine", "done")
    assert done["status"] == "done" and done["closed_at"]
    assert_problem(counter.post(LOCAL, f"/api/v1/work-items/{done['id']}/claim"), 409, "item_done")
    assert [one["reason"] for one in items(counter, LOCAL, "started")] == ["surveyed"]


def test_a_body_sees_whom_it_waits_for_and_urges_at_most_once_a_day(counter: Counter) -> None:
    code = counter.town.enterprise()
    counter.town.take(LOCAL, code, "lead", "survey", headcount=60, applicants=30)
    counter.town.take(LOCAL, code, "lead", "open_union")
    counter.town.take(LOCAL, code, "union", "file_application")
    (item,) = items(counter, LOCAL, "waiting")
    assert item["body"] == SUPERIOR and item["reason"] == "applying"
    path = f"/api/v1/work-items/{item['id']}"
    assert counter.post(LOCAL, f"{path}/urge").json()["urged_at"]
    answer = counter.post(LOCAL, f"{path}/urge")
    assert "24" in assert_problem(answer, 429, "urged_recently")["detail"]
    assert int(answer.headers["retry-after"]) > 0
    counter.town.clock.advance(timedelta(hours=23, minutes=1))
    assert "1小时" in counter.post(LOCAL, f"{path}/urge").json()["message"]["zh"]
    counter.town.clock.advance(timedelta(hours=1))
    assert counter.post(LOCAL, f"{path}/urge").status_code == 200
    assert_problem(counter.post(LOCAL, f"{path}/claim"), 403, "not_permitted")
    assert_problem(counter.post(SUPERIOR, f"{path}/urge"), 403, "not_permitted")


def test_the_union_does_not_see_what_the_party_side_has_to_do(counter: Counter) -> None:
    code = counter.town.enterprise()
    counter.town.with_union(code)
    reasons = {one["reason"] for one in items(counter, LOCAL, "waiting")}
    assert reasons == {"sent"}  # the notice, which is open to both; never the survey
    assert {one["reason"] for one in items(counter, PARTY)} == {"sent", "survey_due"}


def test_an_overdue_item_says_so(counter: Counter) -> None:
    counter.town.enterprise()
    counter.town.clock.advance(timedelta(days=40))
    counter.town.settle()
    assert {one["overdue"] for one in items(counter, LOCAL)} == {True}
    assert {one["reason"] for one in items(counter, SUPERIOR)} == {"contact"}


def test_lists_are_cut_and_the_cursor_leads_through_all_once(counter: Counter) -> None:
    for _ in range(120):
        counter.town.hands.emit(*_registration(counter))
    counter.town.settle()
    for path in ("/api/v1/work-items", "/api/v1/cases"):
        seen: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            page = counter.get(LOCAL, path, params={"cursor": cursor}).json()
            seen += [one["id"] for one in page["items"]]
            cursor = page["next"]
        assert len(seen) == len(set(seen)) == 120, path


def _registration(counter: Counter) -> tuple[str, str, str, dict[str, Any]]:
    said = registered(next(counter.town.numbers))
    return f"registry.{COUNTY}", "registered", said["id"], said["data"]


def test_unknown_views_states_and_cursors_are_refused(counter: Counter) -> None:
    for query in ("view=all", "status=closed", "cursor=x", "cursor=-1", "cursor=99999999999999999999"):
        assert_problem(counter.get(LOCAL, f"/api/v1/work-items?{query}"), 400, "parameter_bad")
