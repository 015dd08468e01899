"""A case on a day that is past: told from its history, and so the same whatever the tables say by now."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from services.access.tokens import Purpose, issue
from services.actor import SERVICE
from services.db.models.casework import Case, Proceeding
from services.db.queries.as_of import as_of, between, days
from tests.builders import COUNTY, TOWN, Counter, Town

UNION, PARTY, AUDITOR = f"union.{TOWN}", f"party.{TOWN}", f"auditor.{COUNTY}"


@pytest.fixture
def lived(town: Town) -> tuple[int, list[date]]:
    """A case with something on each of four days; the days."""
    code = town.enterprise()
    seen = [town.runtime.clock.now().date()]
    for step, fields in (
        ("survey", {"headcount": 60, "applicants": 3}), ("survey", {"headcount": 60, "applicants": 30}),
    ):  # fmt: skip
        town.clock.advance(timedelta(days=5))
        town.take(UNION, code, "lead", step, **fields)
        seen.append(town.runtime.clock.now().date())
    town.clock.advance(timedelta(days=5))
    with town.runtime.reading(SERVICE) as unit:
        return unit.db.execute(select(Case.id).where(Case.uscc == code)).scalar_one(), seen


def lead(town: Town, case: int, day: date, account: str = UNION) -> Any:
    with town.runtime.reading(town.hands.actor(account)) as unit:
        return next((one for one in as_of(unit, case, day) if one["title"]["en"].startswith("Lead")), None)


def test_each_day_shows_what_had_been_recorded_by_its_end(town: Town, lived: tuple[int, list[date]]) -> None:
    case, (registered, first, second) = lived
    assert lead(town, case, registered - timedelta(days=1)) is None
    assert "applicants" not in lead(town, case, registered)["facts"]
    assert lead(town, case, first)["facts"]["applicants"]["value"]["zh"] == "3"
    assert lead(town, case, second)["facts"]["applicants"]["value"]["zh"] == "30"
    with town.runtime.reading(town.hands.actor(UNION)) as unit:
        assert days(unit, case) == [registered, first, second]
        assert [line["step"] for line in between(unit, case, registered, first)] == ["survey"]
        assert between(unit, case, second, second + timedelta(days=3)) == []


def test_it_is_told_from_the_history_and_from_nothing_else(town: Town, lived: tuple[int, list[date]]) -> None:
    case, (_, first, _) = lived
    before = lead(town, case, first)
    with town.runtime.writing(SERVICE) as unit:
        unit.db.execute(update(Proceeding).where(Proceeding.case_id == case).values(data={}, state="closed"))
    assert lead(town, case, first) == before


def test_a_drawer_that_is_closed_today_was_closed_then(town: Town, lived: tuple[int, list[date]]) -> None:
    case, (_, _, second) = lived
    assert lead(town, case, second, PARTY) is None
    assert lead(town, case, second, AUDITOR) is not None


def test_the_page_sets_two_days_side_by_side(counter: Counter, lived: tuple[int, list[date]]) -> None:
    case, (_, first, second) = lived
    actor = counter.town.hands.actor(AUDITOR)
    with counter.town.runtime.writing(SERVICE) as unit:
        cookie = {"Cookie": f"gongjian_session={issue(unit, actor.account_id or 0, Purpose.SESSION)[0]}"}
    page = counter.client.get(f"/cases/{case}/as-of?day={first}&then={second}", headers=cookie)
    assert page.status_code == 200 and "<del>3</del>" in page.text
    turned = counter.client.get(f"/cases/{case}/as-of?day={second}&then={first}", headers=cookie)
    assert "<del>3</del>" in turned.text
    assert "还没有开始" in counter.client.get(f"/cases/{case}/as-of?day=2020-01-01", headers=cookie).text
    assert counter.client.get(f"/cases/{case}/as-of?day=1.1.2026", headers=cookie).status_code == 400
    assert counter.client.get("/cases/999/as-of", headers=cookie).status_code == 404
