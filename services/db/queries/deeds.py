"""What persons did in cases, over a period: each line of history that bears a person's name, for auditors to search and to ask about."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, or_, select

from services.clock import end_of_day, wire
from services.db.models.casework import Case, History, Proceeding
from services.db.models.directory import Account
from services.db.models.ledger import Leaf
from services.db.queries.casebook import instant
from services.db.queries.hidden import veiled_line
from services.db.queries.page import ITEMS, after, one_of
from services.db.queries.sight import cases_of, compartments
from services.ledger.values import told
from services.runtime import Unit
from workflows.definition import Definition
from workflows.errors import Fault
from workflows.plain import day_of, moment_of
from workflows.words import Text

_Row = TypeVar("_Row")

#: Longer than this no period is: all of its lines are read.
LONGEST = timedelta(days=366)
#: More lines than these nobody reads at once: whoever asks about a province asks about days.
MOST_READ = 100_000
#: What is asked for where nobody says when.
USUAL = timedelta(days=30)
EARLIEST, LATEST = date(1949, 10, 1), date(9000, 1, 1)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both of them in it."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Sought:
    """What the auditor looks for; an empty word asks for nothing. `case` is a number, a code, or a part of a name; a `step` is one of its
    `procedure`'s."""

    account: str = ""
    body: str = ""
    case: str = ""
    procedure: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """One line that a person wrote. `at` is where the law is applied; `data` holds nothing about persons. `Any`: JSON."""

    case: int
    name: str
    seq: int
    at: datetime
    account: int
    actor: str
    body: str
    compartment: str
    procedure: str
    step: str
    says: dict[str, str]
    before: str | None
    after: str | None
    data: dict[str, Any]


def period(unit: Unit, first: str, last: str) -> Period:
    """The days that were typed; without them, the last thirty. Fault `parameter_bad`."""
    end = _day("last", last) or unit.today
    begins = _day("first", first) or end - USUAL
    if begins > end:
        begins, end = end, begins
    if end - begins > LONGEST:
        raise Fault(
            "parameter_bad",
            field="first",
            name="first",
            zh=f"一次最多查{LONGEST.days}天",
            en=f"ask for no more than {LONGEST.days} days at a time",
        )
    return Period(begins, end)


def deeds(unit: Unit, asked: Period) -> Iterator[Deed]:
    """Every deed of the period that this actor may read, the earliest first. Fault `parameter_bad` for too many."""
    rows = unit.db.execute(
        _lines(unit, asked)
        .order_by(History.at, History.case_id, History.seq)
        .execution_options(yield_per=2000)
    )
    for row in bounded(rows):
        yield _deed(unit, row)


def bounded(rows: Iterable[_Row]) -> Iterator[_Row]:
    """As many lines as are read at once. Fault `parameter_bad` where there are more."""
    for count, row in enumerate(rows):
        if count >= MOST_READ:
            raise Fault(
                "parameter_bad",
                field="first",
                name="first",
                zh=f"这段时间超过{MOST_READ}行，请缩短时间",
                en=f"these days hold more than {MOST_READ} lines: ask for fewer",
            )
        yield row


def searched(unit: Unit, asked: Period, sought: Sought, cursor: str | None = None) -> dict[str, Any]:
    """A page of deeds, the newest first, each with the number of its entry in the ledger, if it has one yet. `Any`: JSON."""
    conditions = list(_sought(unit, sought))
    if cursor:
        conditions.append(_before(cursor))
    found = _lines(unit, asked).where(*conditions)
    order = (History.at.desc(), History.case_id.desc(), History.seq.desc())
    rows = _first(unit, found.order_by(*order), sought)
    kept, last = rows[:ITEMS], rows[ITEMS - 1] if len(rows) > ITEMS else None
    numbers = _numbers(unit, [(row.case_id, row.seq) for row in kept])
    items = [shown(_deed(unit, row)) | {"entry": numbers.get((row.case_id, row.seq))} for row in kept]
    return {"items": items, "next": last and f"{wire(last.at)},{last.case_id},{last.seq}"}


def _first(unit: Unit, asked: Any, sought: Sought) -> list[Any]:
    """As many rows as fill a page, and one more. Which step it was stands in the line alone, so lines are read until there are so
    many of it. `Any`: a select, its rows."""
    if not sought.step:
        return list(unit.db.execute(asked.limit(ITEMS + 1)))
    rows = unit.db.execute(asked.execution_options(yield_per=2000))
    of_it = (row for row in bounded(rows) if json.loads(row.canon)["step"] == sought.step)
    return list(islice(of_it, ITEMS + 1))


def shown(deed: Deed) -> dict[str, Any]:
    """As a page shows it. `Any`: JSON."""
    return {
        "case": str(deed.case),
        "name": deed.name,
        "seq": deed.seq,
        "at": instant(deed.at),
        "day": deed.at.date().isoformat(),
        "before": (deed.at.date() - timedelta(days=1)).isoformat(),
        "actor": deed.actor,
        "body": deed.body,
        "says": deed.says,
    }


def _lines(unit: Unit, asked: Period) -> Any:
    """`Any`: a select."""
    zone = unit.runtime.settings.zone
    return (
        select(
            History.case_id,
            History.seq,
            History.at,
            History.account_id,
            History.compartment,
            History.canon,
            Case.name,
        )
        .join(Case, Case.id == History.case_id)
        .where(cases_of(unit.actor), History.compartment.in_(compartments(unit.actor)))
        .where(History.at >= end_of_day(asked.first - timedelta(days=1), zone))
        .where(History.at < end_of_day(asked.last, zone), History.account_id.is_not(None))
    )


def _sought(unit: Unit, sought: Sought) -> Iterator[ColumnElement[bool]]:
    if sought.account:
        yield History.account_id == select(Account.id).where(Account.name == sought.account).scalar_subquery()
    if sought.body:
        body = unit.runtime.roster.by_code(sought.body)
        yield History.body_id == (body.id if body else None)
    if sought.case:
        number = int(sought.case) if sought.case.isdigit() and len(sought.case) <= 18 else None
        yield or_(
            Case.uscc == sought.case.upper(),
            Case.name.contains(sought.case, autoescape=True),
            *([Case.id == number] if number is not None else []),
        )
    if sought.procedure:
        laws = {law.name: law for law in unit.runtime.law.definitions}
        procedure = one_of("procedure", sought.procedure, sorted(laws))
        if sought.step:
            one_of("procedure", sought.step, sorted(taken_by_persons(laws[procedure])))
        yield History.proceeding_id.in_(
            select(Proceeding.id).where(
                Proceeding.procedure == procedure, Proceeding.case_id == History.case_id
            )
        )


def taken_by_persons(law: Definition) -> dict[str, Text]:
    """The steps and openings that a person takes, with what they are called."""
    return {act.name: act.label for act in law.acts if act.by is not None and act.label is not None}


def _before(cursor: str) -> ColumnElement[bool]:
    """What is older than the last line of the page before."""
    moment, _, place = cursor.partition(",")
    case, _, seq = place.partition(",")
    at = moment_of(moment)
    if (
        at is None
        or not (case.isascii() and case.isdigit() and seq.isascii() and seq.isdigit())
        or len(place) > 30
    ):
        after(cursor)  # tells the asker that we never gave it out
        raise Fault("not_found")
    key, number = int(case), int(seq)
    return or_(
        History.at < at,
        and_(History.at == at, History.case_id < key),
        and_(History.at == at, History.case_id == key, History.seq < number),
    )


def _numbers(unit: Unit, lines: list[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Which entries of the ledger these lines are."""
    asked = select(Leaf.case_id, Leaf.seq, Leaf.number).where(
        Leaf.case_id.in_({case for case, _ in lines}), Leaf.seq.in_({seq for _, seq in lines})
    )
    with unit.as_office():
        return {(row.case_id, row.seq): row.number for row in unit.db.execute(asked)}


def _deed(unit: Unit, row: Any) -> Deed:
    """`Any`: a row of `_lines`."""
    said = veiled_line(unit.runtime.law, told(json.loads(row.canon), {}))
    return Deed(
        case=row.case_id,
        name=row.name,
        seq=row.seq,
        at=row.at.astimezone(unit.runtime.settings.zone),
        account=row.account_id,
        actor=said["actor"] or "",
        body=said["body"] or "",
        compartment=row.compartment,
        procedure=said["procedure"] or "",
        step=said["step"],
        says=said["says"],
        before=said["from"],
        after=said["to"],
        data=said["data"],
    )


def _day(name: str, said: str) -> date | None:
    if not said:
        return None
    found = day_of(said)
    if found is None or not EARLIEST <= found < LATEST:
        raise Fault("parameter_bad", field=name, name=name, zh="应写作 2019-01-02", en="write 2019-01-02")
    return found
