"""Who is away is stood in for, by a colleague, from day to day, and under the colleague's own name."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.access.accounts import create_account
from services.actor import SERVICE
from services.db.models.access import Journal
from services.db.models.casework import WorkItem
from tests.builders import PASSWORD, TOWN, Counter

LOCAL = f"union.{TOWN}"
TODAY, TOMORROW, NEXT_WEEK = "2026-03-02", "2026-03-03", "2026-03-09"


@pytest.fixture
def office(counter: Counter) -> Any:
    """Three people of the town's union, of whom `away` has claimed an item; yields who signs in as whom. `Any`: a test client."""
    with counter.town.runtime.writing(SERVICE) as unit:
        for name in ("away", "present", "other"):
            create_account(unit, name, LOCAL, PASSWORD)
    counter.town.enterprise()

    def is_(name: str) -> Any:
        counter.client.cookies.clear()
        counter.client.post("/login", data={"account": name, "password": PASSWORD})
        return counter.client

    assert is_("away").post("/work-items/1/claim", data={"view": "unit"}).status_code == 303
    return is_


def appoints(browser: Any, account: str, from_on: str, until_on: str) -> Any:
    said = {"account": account, "from_on": from_on, "until_on": until_on}
    return browser.post("/account/substitutes", data=said)


def test_the_substitute_sees_what_the_other_has_claimed_and_passes_it_on(
    counter: Counter, office: Any
) -> None:
    refused = office("present").post("/work-items/1/release", data={"view": "mine"})
    assert refused.status_code == 409
    assert appoints(office("away"), "present", TODAY, TOMORROW).status_code == 303
    assert "present 代理您" in office("away").get("/account").text
    listed = office("present").get("/work-items?view=mine").text
    assert "（由您代理）" in listed and "您代理 away" in counter.client.get("/account").text
    assert "（由您代理）" not in office("other").get("/work-items?view=mine").text
    passed = office("present").post("/work-items/1/reassign", data={"account": "other"})
    assert passed.status_code == 303
    with counter.town.runtime.reading(SERVICE) as unit:
        (deed,) = unit.db.execute(
            select(Journal.actor).where(Journal.what == "work_item.reassign", Journal.result == "done")
        ).scalars()
        assert deed == "present" and unit.db.scalar(select(WorkItem.assignee_id)) is not None


def test_before_and_after_its_days_and_once_it_is_ended_it_gives_nothing(
    counter: Counter, office: Any
) -> None:
    browser = office("away")
    assert appoints(browser, "present", TOMORROW, NEXT_WEEK).status_code == 303
    give_back = {"path": "/work-items/1/release", "data": {"view": "mine"}}
    assert office("present").post(give_back["path"], data=give_back["data"]).status_code == 409
    counter.town.clock.advance(timedelta(days=1))
    assert "（由您代理）" in office("present").get("/work-items?view=mine").text
    assert office("present").post("/account/substitutes/1/end", data={"x": ""}).status_code in (400, 404)
    assert office("away").post("/account/substitutes/1/end").status_code == 303
    assert office("present").post(give_back["path"], data=give_back["data"]).status_code == 409
    assert appoints(office("away"), "present", TOMORROW, TOMORROW).status_code == 303
    counter.town.clock.advance(timedelta(days=1))
    assert office("present").post(give_back["path"], data=give_back["data"]).status_code == 409


def test_whom_one_appoints_anew_takes_the_place_of_the_one_before(office: Any) -> None:
    appoints(office("away"), "present", TODAY, NEXT_WEEK)
    appoints(office("away"), "other", TOMORROW, TOMORROW)
    page = office("away").get("/account").text
    assert "other 代理您" in page and "present 代理您" not in page


@pytest.mark.parametrize(
    ("account", "from_on", "until_on"),
    [
        ("present", "2026-03-01", TOMORROW),
        ("present", TOMORROW, TODAY),
        ("present", TODAY, "2026-12-31"),
        ("present", TODAY, "morgen"),
        ("present", "", ""),
        ("away", TODAY, TOMORROW),
        (f"party.{TOWN}", TODAY, TOMORROW),
        ("nobody", TODAY, TOMORROW),
    ],
)
def test_what_makes_no_sense_is_told_beside_what_was_typed(
    office: Any, account: str, from_on: str, until_on: str
) -> None:
    answer = appoints(office("away"), account, from_on, until_on)
    assert answer.status_code in (400, 404, 422) and 'role="alert"' in answer.text
    if until_on:
        assert f'value="{until_on}"' in answer.text
