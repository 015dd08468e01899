"""Two years of three districts' joint meetings, planned by two beats at once whose planners are killed again and again: eight each, on days that
people work, none twice and none missing. GONGJIAN_KILLS says how many planners are killed."""

import os
import signal
import traceback
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, select

from services.actor import SERVICE
from services.clock import SettableClock
from services.db.models.casework import Case, Proceeding
from services.deadlines.calendars import import_year
from services.demo.hands import Hands
from services.invariants import Books
from services.meetings.days import Quarter
from services.meetings.plan import plan
from services.runtime import Runtime
from services.settings import Settings
from tests.builders import joins
from tests.crash.conftest import Note
from tests.fakes import SilentBells
from workflows.calendars.days import published
from workflows.procedures.joint_meeting import JOINT_MEETING

pytestmark = [pytest.mark.crash, pytest.mark.timeout(1200)]

KILLS = int(os.environ.get("GONGJIAN_KILLS") or 24)
DISTRICTS = ("220202", "220203", "220204")
BEGINS = datetime(2025, 1, 6, 1, tzinfo=UTC)
QUARTERS = [Quarter(year, number) for year in (2025, 2026) for number in (1, 2, 3, 4)]
#: A planner that has nothing left to plan asks a dozen statements; one that plans four quarters of three places some hundred.
STATEMENTS = 90

YEAR_2027 = """
year = 2027
source = "关于2027年部分节假日安排的通知（测试）"
[rest]
2027-01-01 = "元旦"
2027-03-17 = { zh = "临时放假", en = "Extra holiday" }
"""


def office(settings: Settings, at: datetime) -> Runtime:
    return Runtime(settings, clock=SettableClock(at), bells=SilentBells())


def planner(settings: Settings, at: datetime, dies_before: int | None) -> int:
    """A child that plans, and that ends before its n-th statement as if the power had gone; its process id."""
    child = os.fork()
    if child:
        return child
    try:
        runtime = office(settings, at)
        seen = 0

        def counted(*_: Any) -> None:
            nonlocal seen
            seen += 1
            if seen == dies_before:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(runtime.database.engine, "before_cursor_execute", counted)
        plan(runtime)
    except BaseException:  # noqa: BLE001  # a child must not go on as pytest
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def ended(child: int) -> int:
    """How the child ended: 0, or the signal that killed it as a negative number."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def planned(runtime: Runtime) -> list[tuple[str, Quarter, date, bool]]:
    """Every meeting: place, quarter, day, and whether the day is provisional."""
    with runtime.reading(SERVICE) as unit:
        rows = unit.db.execute(
            select(Case.division, Proceeding.data)
            .join(Proceeding, Proceeding.case_id == Case.id)
            .where(Proceeding.procedure == JOINT_MEETING.name)
            .order_by(Case.division, Case.id)
        ).all()
    return [
        (
            row.division,
            Quarter(row.data["year"], row.data["quarter"]),
            date.fromisoformat(row.data["meets_on"]),
            row.data["provisional"],
        )
        for row in rows
    ]


def by_rule(quarter: Quarter) -> date:
    """The third Wednesday of the quarter's last month, or the first day after it that people work."""
    day = date(quarter.year, 3 * quarter.number, 15)
    while day.weekday() != 2:
        day += timedelta(days=1)
    while not published().is_workday(day):
        day += timedelta(days=1)
    return day


@pytest.mark.rule("Q-plan")
def test_two_years_of_three_districts_under_two_beats_and_kills(
    database_settings: Settings, note: Note
) -> None:
    chance = Random(2027)
    first = office(database_settings, BEGINS)
    for division in DISTRICTS:
        for kind in ("union", "orgdept", "minying"):
            joins(first, kind, division)
        Hands(first).begin(f"orgdept.{division}", "coordination", "set_up")
    first.close()
    killed = 0
    for turn, quarter in enumerate(QUARTERS, 1):
        at = max(BEGINS, datetime(quarter.year, 3 * quarter.number - 2, 6, 1, tzinfo=UTC))
        while killed < KILLS * turn // len(QUARTERS):
            pair = [planner(database_settings, at, chance.randint(1, STATEMENTS)) for _ in range(2)]
            ends = [ended(child) for child in pair]
            assert set(ends) <= {0, -signal.SIGKILL}
            killed += sum(one < 0 for one in ends)
            if not any(ends):  # all is planned, and nobody came as far as his end
                pair = [planner(database_settings, at, chance.randint(1, 5)) for _ in range(2)]
                killed += sum(ended(child) < 0 for child in pair)
        pair = [planner(database_settings, at, None) for _ in range(2)]
        assert [ended(child) for child in pair] == [0, 0]

    last = office(database_settings, datetime(2026, 12, 31, 1, tzinfo=UTC))
    found = planned(last)
    assert len(found) == len({(place, quarter) for place, quarter, _, _ in found}), (
        "one quarter was planned twice"
    )
    for place in DISTRICTS:
        mine = {quarter: (day, provisional) for where, quarter, day, provisional in found if where == place}
        assert {quarter: mine[quarter] for quarter in QUARTERS} == {
            quarter: (by_rule(quarter), False) for quarter in QUARTERS
        }
        assert [mine[quarter][1] for quarter in sorted(mine) if quarter.year == 2027] == [True, True, True]

    with last.writing(SERVICE) as unit:
        import_year(unit, YEAR_2027)
    assert plan(last) == 3 * len(DISTRICTS)
    again = [
        (quarter, day, provisional) for _, quarter, day, provisional in planned(last) if quarter.year == 2027
    ]
    assert {day for quarter, day, _ in again if quarter.number == 1} == {date(2027, 3, 18)}
    assert not any(provisional for _, _, provisional in again)
    note(killed=killed, meetings=len(found))
    last.close()
    wrong = Books(database_settings.database).violations()
    assert [
        one for one in wrong if one.invariant != "I6"
    ] == []  # the events of other files wait: nobody carries them here
