"""Jobs on a page: read from the tables, in one's own divisions, and named by their case to who may read it."""

import re
from typing import Any

import pytest
from sqlalchemy import select, update

from services.access.accounts import create_account
from services.actor import SERVICE
from services.db.models.casework import Deadline
from services.db.models.mail import Inbox, Outbox
from services.db.queries.jobs import STANDS
from tests.builders import COUNTY, OTHER_COUNTY, PASSWORD, Counter


@pytest.fixture
def office(counter: Counter) -> Any:
    """Signs in as somebody of a body. `Any`: a test client."""
    with counter.town.runtime.writing(SERVICE) as unit:
        for body in ("auditor", "admin", "union"):
            create_account(unit, f"page.{body}", f"{body}.{COUNTY}", PASSWORD)

    def is_(name: str) -> Any:
        counter.client.cookies.clear()
        counter.client.post("/login", data={"account": f"page.{name}", "password": PASSWORD})
        return counter.client

    return is_


def rows(page: str) -> list[str]:
    return re.findall(r"<tr data-row>\n<td[^>]*>(\d+)</td>", page)


def test_every_event_notice_and_deadline_stands_there_with_its_case(counter: Counter, office: Any) -> None:
    code = counter.town.enterprise()
    counter.town.with_union(code)
    counter.town.enterprise(county=OTHER_COUNTY, town=None)
    browser = office("auditor")
    with counter.town.runtime.reading(SERVICE) as unit:
        many = {
            kind: len(unit.db.execute(select(table.id).where(table.case_id == 1)).all())
            for kind, table in (("inbox", Inbox), ("outbox", Outbox), ("due", Deadline))
        }
    for kind, count in many.items():
        page = browser.get(f"/jobs?kind={kind}").text
        assert len(rows(page)) == count > 0, kind
        assert set(re.findall(r"GJ-(\d+)-", page)) == {COUNTY}
    assert "✓ 已完成" in browser.get("/jobs").text and "✓ done" in browser.get("/jobs?lang=en").text


def test_what_was_set_aside_is_told_with_its_reason(counter: Counter, office: Any) -> None:
    counter.town.enterprise()
    with counter.town.runtime.writing(SERVICE) as unit:
        told = {"zh": "出了差错", "en": "it went wrong"}
        unit.db.execute(update(Inbox).values(state="failed", error_code="broken", error=told, attempts=8))
    page = office("auditor").get("/jobs?stands=failed").text
    assert len(rows(page)) == 1 and "出了差错" in page and "● 已隔离" in page
    assert rows(office("auditor").get("/jobs?stands=done").text) == []


def test_only_an_auditor_may_look(counter: Counter, office: Any) -> None:
    """The administrator mends what was set aside on a page of its own, and knows of no case."""
    counter.town.enterprise(name="某某有限公司")
    assert "某某" not in office("auditor").get("/jobs").text
    assert office("admin").get("/jobs").status_code == office("union").get("/jobs").status_code == 403
    assert office("auditor").get("/jobs?kind=x").status_code == 400
    assert office("auditor").get("/jobs?stands=x").status_code == 400


def test_every_state_is_called_something(counter: Counter) -> None:
    """Those that the tables use; a new one must be given its word."""
    known = {state for states in STANDS.values() for state in states}
    town = counter.town
    code = town.enterprise()
    town.with_union(code)
    town.enterprise(town=None)
    with town.runtime.reading(SERVICE) as unit:
        used = {
            one
            for table in (Inbox, Outbox, Deadline)
            for one in unit.db.execute(select(table.state)).scalars()
        }
    assert used <= known, used - known
