"""Notices between bodies: acknowledged and answered by their recipient, and the notification moves
with them."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import COUNTY, TOWN, Counter, assert_problem

LOCAL, PARTY = f"union.{TOWN}", f"party.{TOWN}"


def box(counter: Counter, account: str, which: str = "in", **more: str) -> list[dict[str, Any]]:
    """`Any`: JSON."""
    found: list[dict[str, Any]] = counter.get(
        account, "/api/v1/notices", params={"box": which} | more
    ).json()["items"]
    return found


def asked(counter: Counter) -> tuple[str, dict[str, Any]]:
    """An enterprise whose union is established, and the notice that asks the Party side to act. `Any`:
    JSON."""
    code = counter.town.enterprise()
    counter.town.with_union(code)
    (notice,) = [one for one in box(counter, PARTY) if one["kind"] == "notify_party_request"]
    return code, notice


@pytest.mark.rule("N1")
def test_a_notice_is_in_one_box_and_out_of_the_other_and_carries_its_whitelist_only(counter: Counter) -> None:
    _, notice = asked(counter)
    assert notice["status"] == "delivered" and notice["label"]["zh"]
    assert notice["sender"] == {"role": "union_local", "body": LOCAL} and notice["recipient"]["body"] == PARTY
    assert set(notice["payload"]) == {
        "case", "uscc", "name", "division", "place", "union_form", "party_form", "party_condition", "on",
    }  # fmt: skip
    assert notice["id"] in {one["id"] for one in box(counter, LOCAL, "out")}
    assert box(counter, f"union.{COUNTY}") == []


@pytest.mark.rule("N2")
def test_acknowledging_moves_the_notification_and_only_the_recipient_may(counter: Counter) -> None:
    code, notice = asked(counter)
    path = f"/api/v1/notices/{notice['id']}/acknowledge"
    assert_problem(counter.post(LOCAL, path), 403, "not_permitted")
    assert counter.post(PARTY, path).json()["status"] == "acknowledged"
    assert counter.proceeding(PARTY, code, "notify_party")["state"] == "acknowledged"
    assert_problem(counter.post(PARTY, path), 409, "notice_settled")
    assert [one["id"] for one in box(counter, PARTY, status="acknowledged")] == [notice["id"]]


@pytest.mark.rule("N3")
@pytest.mark.parametrize(
    ("outcome", "state"),
    [("accept", "accepted"), ("reject", "rejected"), ("not_applicable", "not_applicable")],
)
def test_an_answer_is_a_step_of_the_notification(counter: Counter, outcome: str, state: str) -> None:
    code, notice = asked(counter)
    path = f"/api/v1/notices/{notice['id']}/answer"
    told = counter.post(PARTY, path, json={"outcome": outcome, "reason": "已研究"}).json()
    assert told["status"] == "answered" and told["acknowledged_at"]
    assert counter.proceeding(PARTY, code, "notify_party")["state"] == state
    assert_problem(
        counter.post(PARTY, path, json={"outcome": outcome, "reason": "再答"}), 409, "notice_settled"
    )


@pytest.mark.rule("N3")
def test_a_rejection_needs_its_reason_and_nothing_is_half_done(counter: Counter) -> None:
    code, notice = asked(counter)
    path = f"/api/v1/notices/{notice['id']}/answer"
    assert_problem(counter.post(PARTY, path, json={"outcome": "reject"}), 400, "field_missing")
    assert_problem(counter.post(PARTY, path, json={"outcome": "perhaps"}), 400, "value_bad")
    assert counter.proceeding(PARTY, code, "notify_party")["state"] == "sent"
    assert box(counter, PARTY, status="delivered")[0]["id"] == notice["id"]


def test_news_is_acknowledged_and_asks_for_no_answer(counter: Counter) -> None:
    counter.town.enterprise()
    (news,) = box(counter, PARTY)
    assert news["kind"] == "enterprise_registered" and news["proceeding"] is None
    path = f"/api/v1/notices/{news['id']}"
    assert_problem(counter.post(PARTY, f"{path}/answer", json={"outcome": "accept"}), 422, "guard")
    assert counter.post(PARTY, f"{path}/acknowledge").json()["status"] == "acknowledged"


@pytest.mark.rule("N-chase")
def test_the_request_and_its_reminder_are_one_matter(counter: Counter) -> None:
    _, notice = asked(counter)
    counter.town.clock.advance(timedelta(days=10))
    counter.town.settle()
    (reminder,) = [one for one in box(counter, PARTY) if one["kind"] == "notify_party_reminder"]
    assert counter.post(PARTY, f"/api/v1/notices/{reminder['id']}/acknowledge").status_code == 200
    kinds = {one["kind"] for one in box(counter, PARTY, status="acknowledged")}
    assert kinds == {"notify_party_request", "notify_party_reminder"}
    assert notice["id"] in {one["id"] for one in box(counter, PARTY, status="acknowledged")}


def test_unknown_boxes_and_states_are_refused(counter: Counter) -> None:
    for query in ("box=both", "box=in&status=read", "cursor=x"):
        assert_problem(counter.get(PARTY, f"/api/v1/notices?{query}"), 400, "parameter_bad")
