"""A new holiday notice moves the deadlines that rest on it, and says so in every case it touches."""

import json
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Any

import pytest
from sqlalchemy import func, select, update

from services.actor import SERVICE, Actor
from services.cases.chain import breaks
from services.clock import end_of_day
from services.db.models.casework import Deadline, History, WorkItem
from services.db.models.paper import CalendarYear
from services.deadlines.calendars import import_year
from services.housekeeping import tidy
from services.runtime import Runtime
from tests.builders import COUNTY, Town
from tests.fakes import SilentBells
from workflows import deadlines
from workflows.calendars.days import published
from workflows.errors import Fault

SHIPPED = files("workflows.calendars").joinpath("cn-2026.toml").read_text("utf-8")

#: As shipped, with a week of March off; ten working days from Monday 2 March then end a week later.
WEEK_OFF = SHIPPED.replace(
    "[rest]",
    "[rest]\n"
    + "\n".join(f'2026-03-{day:02} = {{ zh = "临时放假", en = "Extra holiday" }}' for day in range(9, 14)),
)

YEAR_2027 = """
year = 2027
source = "关于2027年部分节假日安排的通知（测试）"
[rest]
2027-01-01 = "元旦"
"""


def counts(town: Town, text: str) -> dict[str, int]:
    with town.runtime.writing(SERVICE) as unit:
        return import_year(unit, text)


def contact(town: Town) -> Any:
    """The deadline for contacting the enterprise. `Any`: a row."""
    with town.runtime.reading(SERVICE) as unit:
        return unit.db.execute(select(*Deadline.__table__.c).where(Deadline.term == "contact")).one()


def history(town: Town) -> list[dict[str, Any]]:
    """`Any`: JSON."""
    with town.runtime.reading(SERVICE) as unit:
        assert breaks(unit, newest=100) == []
        return [
            json.loads(canon)
            for canon in unit.db.scalars(select(History.canon).order_by(History.case_id, History.seq))
        ]


def test_an_import_moves_the_deadlines_that_rest_on_the_year(town: Town) -> None:
    town.enterprise()
    before, told = contact(town), len(history(town))
    assert before.due_on == date(2026, 3, 16)
    assert counts(town, WEEK_OFF) == {"year": 2026, "recomputed": 1, "moved": 1}
    after = contact(town)
    zone = town.runtime.settings.zone
    assert (after.due_on, after.fire_at, after.state) == (
        date(2026, 3, 23),
        end_of_day(date(2026, 3, 23), zone),
        "running",
    )
    kept = deadlines.from_json(after.detail)
    assert kept.due_on == after.due_on and any("临时放假" in line.zh for line in kept.derivation)
    with town.runtime.reading(SERVICE) as unit:
        assert unit.db.scalars(select(WorkItem.due_on)).all() == [date(2026, 3, 23)]
    lines = history(town)
    assert len(lines) == told + 1
    line = lines[-1]
    assert (line["step"], line["cause"], line["from"], line["to"]) == (
        "deadline_moved",
        "calendar.imported",
        line["to"],
        line["from"],
    )
    assert (line["data"], line["actor"]) == (
        {"term": "contact", "was": "2026-03-16", "due_on": "2026-03-23"},
        None,
    )
    assert "2026-03-16" in line["says"]["zh"] and "2026-03-23" in line["says"]["en"] and line["policy"]


def test_the_same_notice_twice_moves_nothing_more(town: Town) -> None:
    town.enterprise()
    counts(town, WEEK_OFF)
    told = len(history(town))
    assert counts(town, WEEK_OFF) == {"year": 2026, "recomputed": 1, "moved": 0}
    assert len(history(town)) == told
    with town.runtime.reading(SERVICE) as unit:
        assert unit.db.scalar(select(func.count()).select_from(CalendarYear)) == 1


def test_a_later_notice_takes_the_place_of_an_earlier(town: Town) -> None:
    town.enterprise()
    counts(town, WEEK_OFF)
    assert counts(town, SHIPPED)["moved"] == 1
    assert contact(town).due_on == date(2026, 3, 16)
    assert [line["step"] for line in history(town)][-2:] == ["deadline_moved", "deadline_moved"]


def test_every_open_deadline_of_many_cases_follows(town: Town) -> None:
    for _ in range(5):
        town.enterprise()
    assert counts(town, WEEK_OFF) == {"year": 2026, "recomputed": 5, "moved": 5}
    assert [line["step"] for line in history(town)].count("deadline_moved") == 5


def test_a_deadline_that_is_over_is_left_alone(town: Town) -> None:
    town.enterprise()
    town.clock.move_to(datetime(2026, 3, 17, 1, tzinfo=UTC))
    town.settle()
    assert contact(town).state == "overdue"
    assert counts(town, WEEK_OFF)["recomputed"] == 0
    assert contact(town).due_on == date(2026, 3, 16)


@pytest.mark.rule("L-16")
def test_a_suspended_deadline_stays_suspended(town: Town) -> None:
    code = town.enterprise()
    town.hands.emit(f"registry.{COUNTY}", "suspended", "s-1", {"uscc": code, "effective_on": "2026-03-02"})
    town.settle()
    assert contact(town).state == "suspended"
    assert counts(town, WEEK_OFF) == {"year": 2026, "recomputed": 1, "moved": 0}
    row = contact(town)
    assert (row.state, row.due_on, row.fire_at) == ("suspended", None, None)


def test_an_unknown_year_is_unknown_until_its_notice_arrives(town: Town) -> None:
    town.clock.move_to(datetime(2026, 12, 28, 1, tzinfo=UTC))
    town.enterprise()
    row = contact(town)
    assert (row.due_on, row.fire_at, row.detail["unknown_year"]) == (None, None, 2027)
    assert counts(town, YEAR_2027)["moved"] == 1
    row = contact(town)
    assert row.due_on == date(2027, 1, 12) and row.fire_at is not None
    with town.runtime.reading(SERVICE) as unit:
        assert unit.db.scalars(select(WorkItem.due_on)).all() == [date(2027, 1, 12)]
    line = history(town)[-1]
    assert "由未知（暂定2027-01-11）改为2027-01-12" in line["says"]["zh"]
    assert "from unknown (provisionally 2027-01-11) to 2027-01-12" in line["says"]["en"]
    assert (line["data"]["was"], line["data"]["due_on"]) == (None, "2027-01-12")


def test_a_case_opened_after_the_import_rests_on_it(town: Town) -> None:
    assert counts(town, WEEK_OFF) == {"year": 2026, "recomputed": 0, "moved": 0}
    town.enterprise()
    assert contact(town).due_on == date(2026, 3, 23)


def test_a_work_item_about_an_expiry_shows_no_day(town: Town) -> None:
    town.enterprise()
    with town.runtime.writing(SERVICE) as unit:
        unit.db.execute(update(WorkItem).values(reason="contact"))
    counts(town, WEEK_OFF)
    with town.runtime.reading(SERVICE) as unit:
        assert unit.db.scalars(select(WorkItem.due_on)).all() == [date(2026, 3, 16)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "year =",
        "year = 2026",
        "\x00",
        SHIPPED.replace("source", "sauce"),
        WEEK_OFF.replace("2026-03-09", "2026-02-30"),
    ],
)
def test_a_bad_sheet_changes_nothing(town: Town, text: str) -> None:
    town.enterprise()
    with pytest.raises(Fault) as told:
        counts(town, text)
    assert told.value.code == "calendar_bad"
    assert contact(town).due_on == date(2026, 3, 16)
    with town.runtime.reading(SERVICE) as unit:
        assert unit.db.scalar(select(func.count()).select_from(CalendarYear)) == 0


def test_an_import_that_fails_half_way_leaves_everything_as_it_was(town: Town) -> None:
    town.enterprise()
    with pytest.raises(RuntimeError), town.runtime.writing(SERVICE) as unit:
        import_year(unit, WEEK_OFF)
        raise RuntimeError("the power failed")
    assert contact(town).due_on == date(2026, 3, 16)
    assert "deadline_moved" not in [line["step"] for line in history(town)]


def test_only_the_nations_administrator_imports(town: Town) -> None:
    for kind, division in (("admin", "220204"), ("union", "000000")):
        with (
            town.runtime.writing(Actor(1, 1, "x", "x", kind, division)) as unit,
            pytest.raises(Fault) as told,
        ):
            import_year(unit, WEEK_OFF)
        assert told.value.code == "not_permitted"
    with town.runtime.writing(Actor(1, 1, "x", "x", "admin", "000000")) as unit:
        assert import_year(unit, WEEK_OFF)["year"] == 2026


def test_what_another_process_began_under_the_old_calendar_is_counted_again(town: Town) -> None:
    """It had read the calendar just before the import; housekeeping finds its deadline."""
    other = Runtime(town.runtime.settings, clock=town.clock, bells=SilentBells())
    try:
        counts(town, WEEK_OFF)
        other.calendar = lambda db: published()  # type: ignore[method-assign]  # as it was
        Town(other, town.clock).enterprise()
    finally:
        other.close()
    assert contact(town).due_on == date(2026, 3, 16)
    assert tidy(town.runtime) == 1
    assert contact(town).due_on == date(2026, 3, 23)
    assert tidy(town.runtime) == 0
