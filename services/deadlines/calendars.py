"""A new holiday notice arrives: its year is on file, and every deadline that still runs is counted again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from services.access import journal
from services.access.permissions import require
from services.cases import load
from services.cases.docket import Docket, Move
from services.cases.owed import OPEN, deadline_columns, show_earliest
from services.cases.record import record
from services.db.models.casework import Case, Deadline
from services.db.models.paper import CalendarYear
from services.deadlines import almanac
from services.directory.bodies import NATION
from services.runtime import Unit
from workflows import deadlines
from workflows.calendars.years import CalendarFault, read_year
from workflows.casefile import Standing
from workflows.definition import Definition
from workflows.errors import Fault
from workflows.unfolded import Entry, Unfolded
from workflows.words import Text

CASES_AT_ONCE = 200
#: A year's notice takes some three kilobytes.
LARGEST = 1_000_000

_MOVED = Text(
    "放假安排更新，“{zh}”由{was_zh}改为{now_zh}", "New holiday notice: “{en}” moves from {was_en} to {now_en}"
)
_UNKNOWN = Text("未知", "unknown")
_PROVISIONAL = Text("未知（暂定{day}）", "unknown (provisionally {day})")

_LAY = (
    update(Deadline)
    .where(Deadline.id == bindparam("key"))
    .values(
        state=bindparam("new_state"),
        due_on=bindparam("new_due_on"),
        fire_at=bindparam("new_fire_at"),
        detail=bindparam("new_detail"),
    )
)


@dataclass(frozen=True, slots=True)
class Recount:
    """How many open deadlines were counted again, how many rows changed, how many last days moved."""

    recomputed: int = 0
    changed: int = 0
    moved: int = 0

    def __add__(self, other: "Recount") -> "Recount":
        return Recount(
            self.recomputed + other.recomputed, self.changed + other.changed, self.moved + other.moved
        )


@dataclass(frozen=True, slots=True)
class _Change:
    """One deadline as it stood and as it stands now."""

    key: int
    proceeding_id: int
    term: str
    was: date | None
    provisional: date | None
    now: date | None
    columns: dict[str, Any]


def sheet_text(content: bytes) -> str:
    """The text of a year's table as it was brought: UTF-8, with or without a mark in front."""
    if len(content) > LARGEST:
        raise Fault("too_large", field="file", limit="1 MB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Fault("encoding_bad", field="file") from wrong


def import_year(unit: Unit, text: str) -> dict[str, int]:
    """The year's table is on file, in place of any other, and no open deadline rests on an older calendar."""
    require(unit.actor, "calendars.import", NATION)
    unit.to_office()
    try:
        year = read_year(text).year
    except CalendarFault as wrong:
        raise Fault("calendar_bad", zh=wrong.text.zh, en=wrong.text.en) from wrong
    row = {"sheet": text, "imported_at": unit.now}
    if not unit.db.execute(update(CalendarYear).where(CalendarYear.year == year).values(**row)).rowcount:
        unit.db.execute(insert(CalendarYear), [row | {"year": year}])
    almanac.read_again()
    counted = recount(unit)
    journal.write(unit, "calendar.import", f"calendar {year}", moved=counted.moved)
    return {"year": year, "recomputed": counted.recomputed, "moved": counted.moved}


def recount(unit: Unit) -> Recount:
    """Every open deadline is what the calendar in force makes of it; each that moved says so in its case."""
    cases = unit.db.scalars(select(Deadline.case_id).where(OPEN).distinct().order_by(Deadline.case_id)).all()
    total = Recount()
    for first in range(0, len(cases), CASES_AT_ONCE):
        total += _recount(unit, cases[first : first + CASES_AT_ONCE])
    if total.changed:
        unit.bells.add("due")
    return total


def _recount(unit: Unit, cases: Sequence[int]) -> Recount:
    dockets = load.locked(unit, Case.id.in_(cases))
    changes: dict[int, list[_Change]] = {}
    recomputed = 0
    for row in _open_deadlines(unit, cases):
        recomputed += 1
        change = _counted_again(unit, row)
        if change is not None:
            changes.setdefault(row.case_id, []).append(change)
    every = [change for found in changes.values() for change in found]
    if not every:
        return Recount(recomputed)
    unit.db.execute(
        _LAY,
        [{"key": one.key} | {f"new_{name}": value for name, value in one.columns.items()} for one in every],
    )
    moves = [(docket, moved) for docket in dockets if (moved := _moved(changes.get(docket.row["id"], ())))]
    record(unit, [Move(docket, _told(unit, docket, moved)) for docket, moved in moves])
    for docket, moved in moves:
        _follow(unit, docket, moved)
    return Recount(recomputed, len(every), sum(len(moved) for _, moved in moves))


def _open_deadlines(unit: Unit, cases: Sequence[int]) -> Sequence[Any]:
    """In the order of their ids. Whatever a drain holds at this moment has run out already and is left to it.

    `Any`: rows of the columns named."""
    columns = (
        Deadline.id,
        Deadline.case_id,
        Deadline.proceeding_id,
        Deadline.term,
        Deadline.due_on,
        Deadline.detail,
    )
    return unit.db.execute(
        select(*columns, Deadline.state)
        .where(Deadline.case_id.in_(cases), OPEN)
        .order_by(Deadline.id)
        .with_for_update(skip_locked=True)
    ).all()


def _counted_again(unit: Unit, row: Any) -> _Change | None:
    """`Any`: a row of `_open_deadlines`."""
    kept = deadlines.from_json(row.detail)
    counted = deadlines.recompute(kept, unit.runtime.calendar(unit.db))
    columns = deadline_columns(unit, counted)
    if all(columns[name] == getattr(row, name) for name in ("state", "due_on", "detail")):
        return None
    return _Change(
        row.id, row.proceeding_id, row.term, row.due_on, kept.provisional_on, counted.due_on, columns
    )


def _moved(changes: Sequence[_Change]) -> list[_Change]:
    return [one for one in changes if one.was != one.now]


def _told(unit: Unit, docket: Docket, moved: Sequence[_Change]) -> Unfolded:
    """One line of history for each deadline that moved. Nothing else about the case changes."""
    entries = []
    for change in moved:
        standing, law = _law(unit, docket, change.proceeding_id)
        label, now = law.term[change.term].label, _day(change.now)
        was = _day(change.was or change.provisional, known=change.was is not None)
        policy = unit.runtime.policies.policy(docket.file.division, standing.began_on, today=unit.today)
        entries.append(
            Entry(
                key=standing.key,
                procedure=law.name,
                compartment=law.compartment,
                step="deadline_moved",
                says=_MOVED.filled(
                    zh=label.zh, en=label.en, was_zh=was.zh, was_en=was.en, now_zh=now.zh, now_en=now.en
                ),
                cause="calendar.imported",
                from_state=standing.state,
                to_state=standing.state,
                data={"term": change.term, "was": _iso(change.was), "due_on": _iso(change.now)},
                policy=policy.label,
            )
        )
    return Unfolded(entries=entries)


def _follow(unit: Unit, docket: Docket, moved: Sequence[_Change]) -> None:
    """A work item that showed a day that moved shows the earliest now running; one about an expiry, none."""
    for key in dict.fromkeys(change.proceeding_id for change in moved):
        _, law = _law(unit, docket, key)
        was = {change.was for change in moved if change.proceeding_id == key}
        show_earliest(unit, key, was, law.term)


def _law(unit: Unit, docket: Docket, key: int) -> tuple[Standing, Definition]:
    standing = next(one for one in docket.file.standings if one.key == key)
    return standing, unit.runtime.law.definition(standing.procedure, standing.version)


def _day(day: date | None, *, known: bool = True) -> Text:
    if day is None:
        return _UNKNOWN
    return Text(day.isoformat(), day.isoformat()) if known else _PROVISIONAL.filled(day=day)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
