"""Takes in a whole list at once, a few hundred rows to a commit, and gives every row its verdict. Running it again adds nothing."""

import gc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from services.access import journal
from services.actor import SERVICE, Actor
from services.clock import legal_day
from services.db.again import again
from services.db.models.casework import Case
from services.db.models.mail import Inbox
from services.directory.roster import Listed
from services.failpoints import here
from services.intake import tables
from services.intake.apply import apply
from services.intake.heard import just_heard
from services.intake.lines import Line, line_of
from services.intake.outcome import Outcome
from services.intake.receive import Receipt, receive
from services.runtime import Runtime, Unit
from workflows.errors import Fault
from workflows.words import Text

CHUNK = 500
HANDS = 2
#: While a chunk is in hand the drains keep off; should this process die, they take over after a minute.
HOLD = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one row: accepted, duplicate, rejected or triage, and why where it is not accepted."""

    row: int
    name: str
    uscc: str
    status: str
    division: str | None = None
    case: int | None = None
    code: str | None = None
    reason: Text | None = None
    field: str | None = None
    inbox: int | None = None


#: Writes verdicts down in the commit that makes them true.
Note = Callable[[Unit, Sequence[Verdict]], None]


def _not_noted(unit: Unit, verdicts: Sequence[Verdict]) -> None:
    """Whoever asked is given them, and keeps them himself."""


def import_list(
    runtime: Runtime,
    path: Path,
    office_code: str,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    by: Actor = SERVICE,
) -> Iterator[Verdict]:
    """A verdict for every row, in order; the journal says that the list was taken in, and `by` whom. A fault of the file as a
    whole is raised before anything is taken in."""
    rows = tables.read(path, limit=int(runtime.settings.limits.list_bytes))
    with runtime.reading(SERVICE) as unit:
        unit.runtime.roster.refresh(unit.db, now=True)
        office = runtime.roster.by_code(office_code)
    if office is None:
        raise Fault("body_unknown", code=office_code)
    with runtime.writing(by) as unit:
        journal.write(unit, "list.import", f"body {office.code}", division=office.division, rows=len(rows))
    yield from take_in(runtime, rows, office, on_progress)


def take_in(
    runtime: Runtime,
    rows: Sequence[tables.Row],
    office: Listed,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    note: Note = _not_noted,
) -> Iterator[Verdict]:
    """The rows of the office's list are taken in as its registrations. What `note` writes stands if the row's event does."""
    today = legal_day(runtime.clock.now(), runtime.settings.zone)
    actor = Actor(None, office.id, "list", office.code, office.kind, office.division, office.name)
    chunks = [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]
    done = 0
    with _hands(runtime) as hands, _undisturbed():
        for verdicts in hands.map(partial(_chunk, runtime, actor, office, today, note), chunks):
            yield from verdicts
            done += len(verdicts)
            on_progress(done, len(rows))
    runtime.bells.ring("outbox")


@contextmanager
def _hands(runtime: Runtime) -> Iterator[ThreadPoolExecutor]:
    """While the database writes one chunk down, the next is read and judged. SQLite has one writer, who does all of it.

    Who stops listening to the verdicts stops the import after the chunks in hand.
    """
    hands = ThreadPoolExecutor(1 if runtime.database.is_sqlite else HANDS, "import")
    try:
        yield hands
    finally:
        hands.shutdown(cancel_futures=True)


_USUAL = gc.get_threshold()
_under_way, _counting = 0, Lock()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """The garbage collector looks seldom, until the last list of this process is in. A chunk makes a hundred thousand objects and drops
    them, hardly any in circles, and the whole list lies beside them: looked through each time, that was a sixth of the work
    (deploy/handbook/speed.md)."""
    global _under_way
    with _counting:
        _under_way += 1
        gc.set_threshold(50_000, *_USUAL[1:])
    try:
        yield
    finally:
        with _counting:
            _under_way -= 1
            if not _under_way:
                gc.set_threshold(*_USUAL)


def _chunk(
    runtime: Runtime, actor: Actor, office: Listed, today: date, note: Note, rows: Sequence[tables.Row]
) -> list[Verdict]:
    lines = [line_of(row, office, today) for row in rows]
    good = [line for line in lines if line.envelope is not None]
    try:
        verdicts = again(lambda: _together(runtime, actor, office, note, good))
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        verdicts = {}
        for line in good:
            verdicts |= again(partial(_together, runtime, actor, office, note, [line]))
    return [verdicts[line.row.number] if line.fault is None else refused(line, line.fault) for line in lines]


def refused(line: Line, fault: Fault) -> Verdict:
    """The verdict on a row that nobody can take in as it stands."""
    about = (line.row.number, line.name, line.uscc)
    return Verdict(*about, "rejected", code=fault.code, reason=fault.text, field=fault.field)


def _together(
    runtime: Runtime, actor: Actor, office: Listed, note: Note, lines: Sequence[Line]
) -> dict[int, Verdict]:
    """One commit: the events stand in the inbox, and their cases with them."""
    if not lines:
        return {}
    with runtime.writing(actor, "list") as unit:
        receipts = receive(
            unit, [line.envelope for line in lines if line.envelope], office=office, channel="list", hold=HOLD
        )
        here("list", "received")
        fresh = [
            just_heard(receipt.inbox_id, line.envelope, office.id)
            for line, receipt in zip(lines, receipts, strict=True)
            if receipt.status == "accepted" and receipt.inbox_id and line.envelope
        ]
        outcomes = {outcome.inbox_id: outcome for outcome in apply(unit, fresh)}
        places = _places(unit, outcomes)
        before = _before(unit, [receipt.inbox_id for receipt in receipts if receipt.status == "duplicate"])
        verdicts = {
            line.row.number: _verdict(line, receipt, outcomes.get(receipt.inbox_id or 0), places, before)
            for line, receipt in zip(lines, receipts, strict=True)
        }
        note(unit, list(verdicts.values()))
    return verdicts


def _places(unit: Unit, outcomes: dict[int, Outcome]) -> dict[int, str]:
    known = [one.known_case for one in outcomes.values() if one.known_case is not None]
    return (
        {
            row.id: row.division
            for row in unit.db.execute(select(Case.id, Case.division).where(Case.id.in_(known)))
        }
        if known
        else {}
    )


def _before(unit: Unit, ids: Sequence[int | None]) -> dict[int, Any]:
    """What had become of rows that were on file already. `Any`: rows of five columns."""
    rows = unit.db.execute(
        select(Inbox.id, Inbox.case_id, Inbox.error_code, Inbox.error, Case.division)
        .outerjoin(Case, Case.id == Inbox.case_id)
        .where(Inbox.id.in_(ids))
    )
    return {row.id: row for row in rows}


def _verdict(
    line: Line,
    receipt: Receipt,
    outcome: Outcome | None,
    places: dict[int, str],
    before: dict[int, Any],
) -> Verdict:
    about = (line.row.number, line.name, line.envelope.data["uscc"] if line.envelope else line.uscc)
    key = receipt.inbox_id
    if receipt.status == "rejected":
        return Verdict(*about, "rejected", code=receipt.code, reason=receipt.reason)
    if receipt.status == "duplicate":
        row = before.get(key or 0)
        if row is None:  # twice in one list
            return Verdict(*about, "duplicate")
        reason = Text(row.error["zh"], row.error["en"]) if row.error else None
        return Verdict(*about, "duplicate", row.division, row.case_id, row.error_code, reason, inbox=key)
    if outcome is None:
        return Verdict(*about, "accepted", inbox=key)
    if outcome.state == "triage":
        return Verdict(*about, "triage", code=outcome.code, reason=outcome.reason, inbox=key)
    if outcome.move is None:
        place = places.get(outcome.known_case or 0)
        known = outcome.known_case
        return Verdict(*about, "duplicate", place, known, outcome.code, outcome.reason, inbox=key)
    docket = outcome.move.docket
    return Verdict(*about, "accepted", docket.file.division, docket.row["id"], inbox=key)
