"""Keeps the next quarters' joint meetings planned: once each, whoever looks and however often."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from services.actor import SERVICE
from services.cases import load
from services.cases.docket import Docket, Move
from services.cases.record import record
from services.db.models.casework import Case, Link, Proceeding
from services.meetings.days import QUARTER_MONTHS, Quarter, planned_day
from services.meetings.members import members
from services.runtime import Runtime, Unit
from workflows.casefile import Standing, new_file
from workflows.events import Event, Scalar
from workflows.procedures.coordination import COORDINATION
from workflows.procedures.joint_meeting import AHEAD, JOINT_MEETING
from workflows.subjects import JOINT_MEETING as MEETING_FILE

QUARTERS_AHEAD = 4


def plan(runtime: Runtime) -> int:
    """Every standing group has its meetings of this quarter and the next three, on days by today's calendar. One commit a group;
    returns how many meetings were planned or planned anew."""
    with runtime.reading(SERVICE) as unit:
        groups = unit.db.scalars(
            select(Proceeding.case_id)
            .where(Proceeding.procedure == COORDINATION.name, Proceeding.state == "standing")
            .order_by(Proceeding.case_id)
        ).all()
        due = [group for group in groups if _has_something_to_plan(unit, group)]
    planned = 0
    for group in due:
        with runtime.writing(SERVICE, doing="plan_meetings") as unit:
            planned += _plan_group(unit, group)
    return planned


def _has_something_to_plan(unit: Unit, group: int) -> bool:
    """Looked at before anything is locked: most of the time all is planned."""
    division = unit.db.execute(select(Case.division).where(Case.id == group)).scalar_one()
    known, _ = _by_quarter(unit, group)
    calendar = unit.runtime.calendar(unit.db)
    return any(one not in known for one in _wanted(unit, division)) or any(
        data.get("provisional") and calendar.knows(quarter.year) for quarter, (_, data) in known.items()
    )


def _plan_group(unit: Unit, group: int) -> int:
    """The group's file is locked first, so that of two who plan at once the second finds what the first has planned."""
    docket = load.by_ids(unit, [group])[group]
    if not any(
        one.procedure == COORDINATION.name and one.state == "standing" for one in docket.file.standings
    ):
        return 0  # it was dissolved meanwhile
    return _plan_missing(unit, docket) + _plan_anew(unit, docket)


def _plan_missing(unit: Unit, group: Docket) -> int:
    found, lapsed = _by_quarter(unit, group.row["id"])
    known = {quarter: case for quarter, (case, _) in found.items()}
    planned = 0
    for quarter in _wanted(unit, group.file.division):
        if quarter in known:
            continue
        previous = max((one for one in known if one < quarter), default=None)
        move = _planned(unit, group, quarter, known[previous] if previous else None, lapsed[quarter])
        record(unit, [move])
        known[quarter] = move.docket.row["id"]
        planned += 1
    return planned


def _by_quarter(
    unit: Unit, group: int
) -> tuple[dict[Quarter, tuple[int, Mapping[str, Any]]], Counter[Quarter]]:
    """The group's meetings by their quarter; and how many of a quarter fell away while the group was dissolved, which count for
    none. `Any`: JSON."""
    known: dict[Quarter, tuple[int, Mapping[str, Any]]] = {}
    lapsed: Counter[Quarter] = Counter()
    for case, state, data in _meetings(unit, group):
        quarter = Quarter(data["year"], data["quarter"])
        if state == "lapsed":
            lapsed[quarter] += 1
        else:
            known[quarter] = (case, data)
    return known, lapsed


def _wanted(unit: Unit, division: str) -> list[Quarter]:
    """This quarter and those that follow, where the place's interval asks for a meeting in them."""
    interval = unit.runtime.policies.policy(division, unit.today, today=unit.today).span(
        "meeting.interval.district"
    )
    if interval is None:
        return []
    months = interval.amount * (12 if interval.unit == "year" else 1)
    every = min(max(months // QUARTER_MONTHS, 1), QUARTERS_AHEAD)
    quarters = [Quarter.of(unit.today)]
    while len(quarters) < QUARTERS_AHEAD:
        quarters.append(quarters[-1].next)
    return [one for one in quarters if one.number % every == 0]


def _planned(unit: Unit, group: Docket, quarter: Quarter, previous: int | None, lapsed: int) -> Move:
    division = group.file.division
    day, provisional = _day(unit, division, quarter)
    name = f"{quarter.year}年第{quarter.number}季度联席会议"
    row = {"id": 0, "subject": MEETING_FILE.name, "uscc": None, "name": name}
    again = f"/{lapsed + 1}" if lapsed else ""
    row |= {"provisional": f"meeting/{group.row['id']}/{quarter.year}Q{quarter.number}{again}"}
    row |= {"registered_on": None, "address": None, "kind": None, "industry": None}
    docket = Docket(new_file(division, {"placed": False}), row, is_new=True)
    told: dict[str, Scalar] = {
        "group": str(group.row["id"]),
        "year": quarter.year,
        "quarter": quarter.number,
        "meets_on": day.isoformat(),
        "quarter_ends": quarter.last_day.isoformat(),
        "provisional": provisional,
        "previous": str(previous) if previous else None,
    }
    unfolded = load.unfolding(unit, docket.file).follow(Event("calendar.meeting_planned", told))
    return Move(docket, unfolded)


def _plan_anew(unit: Unit, group: Docket) -> int:
    """A meeting whose day was provisional has another look at it once its year's holiday notice is on file."""
    changed = 0
    calendar = unit.runtime.calendar(unit.db)
    known, _ = _by_quarter(unit, group.row["id"])
    for quarter, (case, data) in known.items():
        if not data.get("provisional") or not calendar.knows(quarter.year):
            continue
        docket = load.by_ids(unit, [case])[case]
        standing = meeting_of(docket)
        if standing.state != "planned" or not standing.data.get("provisional"):
            continue  # people have taken it in hand
        day, provisional = _day(unit, docket.file.division, quarter, but=case)
        event: dict[str, Scalar] = {"planned_on": day.isoformat(), "still_provisional": provisional}
        record(
            unit,
            [
                Move(
                    docket,
                    load.unfolding(unit, docket.file).follow(Event("calendar.meeting_replanned", event)),
                )
            ],
        )
        changed += 1
    return changed


def _day(unit: Unit, division: str, quarter: Quarter, *, but: int | None = None) -> tuple[date, bool]:
    policy = unit.runtime.policies.policy(division, unit.today, today=unit.today)
    return planned_day(quarter, policy, unit.runtime.calendar(unit.db), taken(unit, division, but=but))


def taken(unit: Unit, division: str, *, but: int | None) -> Callable[[date], bool]:
    """On which days do the place's bodies sit at another meeting that is still ahead? `but` is the meeting that asks."""
    days = {
        data["meets_on"]
        for case, data in _ahead(unit)
        if case != but and set(members(unit, data["division"])) & set(members(unit, division))
    }
    return lambda day: day.isoformat() in days


def _ahead(unit: Unit) -> list[tuple[int, dict[str, Any]]]:
    """Every meeting that is still ahead, with what is on file of it and where it lies. `Any`: JSON."""
    rows = unit.db.execute(
        select(Proceeding.case_id, Proceeding.data, Case.division)
        .join(Case, Case.id == Proceeding.case_id)
        .where(Proceeding.procedure == JOINT_MEETING.name, Proceeding.state.in_(AHEAD))
    )
    return [(row.case_id, {**row.data, "division": row.division}) for row in rows]


def _meetings(unit: Unit, group: int) -> list[tuple[int, str, Mapping[str, Any]]]:
    """The group's meetings, the oldest first: file, state and what is on file. `Any`: JSON."""
    rows = unit.db.execute(
        select(Proceeding.case_id, Proceeding.state, Proceeding.data)
        .join(Link, Link.proceeding_id == Proceeding.id)
        .where(Link.to_case_id == group, Link.name == "group", Proceeding.procedure == JOINT_MEETING.name)
        .order_by(Proceeding.case_id)
    )
    return [(row.case_id, row.state, row.data) for row in rows]


def meeting_of(docket: Docket) -> Standing:
    """The meeting that a file is about."""
    return next(one for one in docket.file.standings if one.procedure == JOINT_MEETING.name)
