"""The supervisor's board: each number is exactly the list behind it, what came late stays late, and urging goes where it may."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from services.access.accounts import create_account
from services.actor import SERVICE
from services.db.models.casework import Case, WorkItem
from services.db.queries.page import ITEMS
from services.db.queries.supervision import CELLS, board, supervised
from services.db.queries.worklist import MOST_COUNTED
from tests.builders import COUNTY, OTHER_COUNTY, OTHER_TOWN, PASSWORD, TOWN, Counter, Town

LOCAL, ABOVE = f"union.{TOWN}", f"union.{COUNTY}"
NUMBER = re.compile(r'href="/supervision/items\?body=([^&]+)&amp;band=(\w+)"[^>]*>([^<]+)<')


def signed_in(counter: Counter, body: str) -> Any:
    """A browser with the session of a new account of the body. `Any`: a test client."""
    with counter.town.runtime.writing(SERVICE) as unit:
        create_account(unit, f"page.{body}", body, PASSWORD)
    counter.client.cookies.clear()
    counter.client.post("/login", data={"account": f"page.{body}", "password": PASSWORD})
    return counter.client


def lay(town: Town, *rows: dict[str, Any]) -> None:
    """The work of so many new enterprises, each item as its row says. `Any`: columns."""
    with town.runtime.reading(SERVICE) as unit:
        before = set(unit.db.scalars(select(WorkItem.id)))
    for _ in rows:
        town.enterprise()
    with town.runtime.writing(SERVICE) as unit:
        made = [
            key for key in unit.db.scalars(select(WorkItem.id).order_by(WorkItem.id)) if key not in before
        ]
        for key, row in zip(made, rows, strict=True):
            unit.db.execute(update(WorkItem).where(WorkItem.id == key).values(**row))


def done(at: datetime, due: object) -> dict[str, Any]:
    """`Any`: columns."""
    return {"status": "done", "closed_at": at, "due_on": due}


def numbers(town: Town, account: str, code: str) -> dict[str, int]:
    with town.runtime.reading(town.hands.actor(account)) as unit:
        (row,) = [one for one in board(unit)["items"] if one["code"] == code]
    return {cell: row[cell] for cell in CELLS if row[cell]}


def test_every_number_of_the_board_is_the_list_behind_it(counter: Counter) -> None:
    """The town's clock stands at Monday, 2 March 2026, nine in the morning at Jilin."""
    town, now = counter.town, counter.town.clock.now()
    today = now.date()
    lay(
        town,
        {"due_on": today - timedelta(days=3)},
        {"due_on": today},
        {"due_on": today + timedelta(days=1)},
        {"due_on": today + timedelta(days=60)},
        {"due_on": None},
        done(now, today),
        done(now, today - timedelta(days=1)),
        done(datetime(2026, 2, 28, 15, 59, tzinfo=UTC), None),  # still February at Jilin
        done(datetime(2026, 2, 28, 16, 0, tzinfo=UTC), today),
        {"body_id": None, "due_on": today},
    )
    told = {"overdue": 1, "today": 1, "soon": 1, "later": 1, "none": 1, "done": 3, "late": 1}
    assert numbers(town, ABOVE, LOCAL) == told
    page = signed_in(counter, ABOVE).get("/supervision")
    found = {(code, cell): int(many) for code, cell, many in NUMBER.findall(page.text)}
    assert found == {(LOCAL, cell): many for cell, many in told.items()} | {("none", "today"): 1}
    for (code, cell), many in found.items():
        listed = counter.client.get(f"/supervision/items?body={code}&band={cell}")
        assert listed.status_code == 200 and listed.text.count("<tr data-row") == many, (code, cell)
        assert ("● 逾期办结" in listed.text) == (cell in ("done", "late"))
    assert "（尚无承办单位）" in page.text and "本单位" in page.text
    english = counter.client.get("/supervision?lang=en").text
    assert "Done late this month" in english and "no body yet" in english


@pytest.mark.parametrize(
    ("closed", "due", "is_late"),
    [
        (datetime(2026, 3, 2, 0, 30, tzinfo=UTC), "2026-03-01", True),
        (
            datetime(2026, 3, 1, 15, 59, tzinfo=UTC),
            "2026-03-01",
            False,
        ),  # one minute before midnight at Jilin
        (datetime(2026, 3, 1, 16, 0, tzinfo=UTC), "2026-03-01", True),
        (datetime(2026, 3, 1, 16, 0, tzinfo=UTC), "2026-03-02", False),
    ],
)
def test_late_is_what_was_done_after_its_day_where_the_law_is_applied(
    town: Town, closed: datetime, due: str, is_late: bool
) -> None:
    lay(town, done(closed, datetime.fromisoformat(due).date()))
    assert ("late" in numbers(town, ABOVE, LOCAL)) == is_late
    with town.runtime.reading(town.hands.actor(ABOVE)) as unit:
        (item,) = supervised(unit, LOCAL, "done")["items"]
    assert item["late"] == is_late


def test_last_months_work_is_counted_no_more(town: Town) -> None:
    lay(town, done(town.clock.now(), town.clock.now().date()))
    town.clock.move_to(datetime(2026, 4, 1, 1, tzinfo=UTC))
    assert "done" not in numbers(town, ABOVE, LOCAL)


def test_each_supervisor_is_shown_the_bodies_below_him_and_of_his_drawers(town: Town) -> None:
    town.with_union(town.enterprise())
    seen: dict[str, set[str]] = {}
    for account in (ABOVE, f"minying.{COUNTY}", f"auditor.{COUNTY}", f"union.{OTHER_COUNTY}", LOCAL):
        with town.runtime.reading(town.hands.actor(account)) as unit:
            seen[account] = {one["code"] for one in board(unit)["items"] if one["code"]}
    assert {ABOVE, LOCAL, f"union.{OTHER_TOWN}"} <= seen[ABOVE]
    assert not seen[ABOVE] & {f"party.{OTHER_TOWN}", f"minying.{COUNTY}", f"orgdept.{COUNTY}"}
    assert f"party.{TOWN}" in seen[ABOVE], "the notice that it is to answer lies in the open"
    assert f"party.{TOWN}" in seen[f"minying.{COUNTY}"]
    assert seen[ABOVE] | {f"party.{TOWN}"} <= seen[f"auditor.{COUNTY}"]
    assert seen[f"union.{OTHER_COUNTY}"] == {f"union.{OTHER_COUNTY}"}
    assert LOCAL in seen[LOCAL] and f"union.{OTHER_TOWN}" not in seen[LOCAL]


def test_the_board_is_told_on_pages_and_no_body_stands_on_two(town: Town) -> None:
    with town.runtime.reading(town.hands.actor(f"auditor.{COUNTY}")) as unit:
        whole = [one["code"] for one in board(unit)["items"]]
        found: list[str] = []
        cursor, pages = None, 0
        while cursor is not None or not pages:
            page = board(unit, cursor, size=2)
            found += [one["code"] for one in page["items"]]
            cursor, pages = page["next"], pages + 1
    assert found == whole == sorted(whole) and pages > 2


def test_nobody_needs_to_count_further_than_a_thousand(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_COUNTED == 1000 and ITEMS < MOST_COUNTED
    monkeypatch.setattr("services.db.queries.supervision.MOST_COUNTED", 2)
    lay(town, *[{"due_on": None}] * 3)
    assert numbers(town, ABOVE, LOCAL) == {"none": 2}


def test_who_waits_for_it_urges_and_nobody_else_is_offered_it(counter: Counter) -> None:
    town = counter.town
    code = town.enterprise()
    town.take(LOCAL, code, "lead", "survey", headcount=60, applicants=30)
    town.take(LOCAL, code, "lead", "open_union")
    town.take(LOCAL, code, "union", "file_application")
    town.take(ABOVE, code, "union", "approve_preparation")
    town.enterprise()
    browser = signed_in(counter, ABOVE)
    band = "later"
    page = browser.get(f"/supervision/items?body={LOCAL}&band={band}").text
    offered = re.findall(r'action="/supervision/items/(\d+)/urge"', page)
    assert len(offered) == 1 and page.count("<tr data-row") == 2, "of a case where it took no step it may not"
    said = {"body": LOCAL, "band": band}
    assert browser.post(f"/supervision/items/{offered[0]}/urge", data=said).status_code == 303
    assert "▲ 已催办" in browser.get(f"/supervision/items?body={LOCAL}&band={band}").text
    again = browser.post(f"/supervision/items/{offered[0]}/urge", data=said)
    assert again.status_code == 429 and "没有办成" in again.text and f"body={LOCAL}" in again.text
    with town.runtime.reading(SERVICE) as unit:
        held = dict(unit.db.execute(select(WorkItem.case_id, WorkItem.urged_at)).tuples().all())
        first = unit.db.scalars(select(Case.id).where(Case.uscc == code)).one()
    assert held[first] is not None and sum(one is not None for one in held.values()) == 1
    auditor = signed_in(counter, f"auditor.{COUNTY}")
    looked = auditor.get(f"/supervision/items?body={LOCAL}&band={band}").text
    assert "<form" not in looked.partition("<main")[2] and looked.count("<tr data-row") == 2
    assert auditor.post(f"/supervision/items/{offered[0]}/urge", data=said).status_code == 403


def test_a_body_elsewhere_and_a_number_that_is_none_are_not_there(counter: Counter) -> None:
    browser = signed_in(counter, ABOVE)
    for body in (f"union.{OTHER_COUNTY}", "union.999999", "x", "<script>"):
        assert browser.get("/supervision/items", params={"body": body}).status_code == 404, body
    assert browser.get("/supervision/items?band=urgent").status_code == 400
    assert browser.get("/supervision?cursor=工会").status_code == 400
    assert '<a href="/supervision"' in browser.get("/").text
    assert '<a href="/supervision"' not in signed_in(counter, LOCAL).get("/").text, "a town has none below it"
    for body in (f"registry.{COUNTY}", f"admin.{COUNTY}"):
        assert signed_in(counter, body).get("/supervision").status_code == 403
