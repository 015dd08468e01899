"""Takes in a whole list at once, a few hundred rows to a commit, and gives every row its verdict. Running it again adds nothing."""

import gc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from services.access import journal
from services.actor import SERVICE, Actor
from services.db.again import again
from services.db.models.casework import Case
from services.db.models.mail import Inbox
from services.directory.roster import Listed
from services.failpoints import here
from services.intake import tables
from services.intake.apply import apply
from services.intake.envelope import Envelope, check
from services.intake.heard import just_heard
from services.intake.outcome import Outcome
from services.intake.receive import Receipt, receive
from services.intake.sheets import FORMULA
from services.runtime import Runtime, Unit
from workflows.errors import Fault
from workflows.events import REGISTRY_PREFIX
from workflows.words import Text

CHUNK = 500
HANDS = 2
#: While a chunk is in hand the drains keep off; should this process die, they take over after a minute.
HOLD = timedelta(minutes=1)

_TYPE = f"{REGISTRY_PREFIX}registered.v1"
_BLANK = frozenset({"", "N/A", "n/a", "NA", "无", "-"})


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


@dataclass(frozen=True, slots=True)
class _Line:
    row: tables.Row
    name: str
    uscc: str
    envelope: Envelope | None
    fault: Fault | None


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
        today = unit.today
    if office is None:
        raise Fault("body_unknown", code=office_code)
    with runtime.writing(by) as unit:
        journal.write(unit, "list.import", f"body {office.code}", division=office.division, rows=len(rows))
    actor = Actor(None, office.id, "list", office.code, office.kind, office.division, office.name)
    chunks = [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]
    done = 0
    with _hands(runtime) as hands, _undisturbed():
        for verdicts in hands.map(partial(_chunk, runtime, actor, office, today), chunks):
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


@contextmanager
def _undisturbed() -> Iterator[None]:
    """The garbage collector looks seldom. A chunk makes a hundred thousand objects and drops them, hardly any in circles, and the
    whole list lies beside them: looked through each time, that was a sixth of the work (deploy/handbook/speed.md)."""
    usual = gc.get_threshold()
    gc.set_threshold(50_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _line(row: tables.Row, office: Listed, today: date) -> _Line:
    cells = row.cells
    name, raw = _text(cells.get(tables.NAME)) or "", cells.get(tables.CODE)
    shown = raw.strip()[:40] if isinstance(raw, str) else ""
    try:
        if row.width != row.expected:
            raise Fault("row_columns", found=row.width, expected=row.expected)
        for column in tables.REQUIRED:
            if _is_formula(cells[column]):
                raise Fault("row_formula", field=column, name=column)
        return _Line(row, name, shown, check(_event(cells, raw, office), today=today), None)
    except Fault as fault:
        return _Line(row, name, shown, None, _in_columns(fault))


def _event(cells: dict[str, Any], raw: Any, office: Listed) -> dict[str, object]:
    """The row as the event it stands for. 法人代表 and whatever else the list carries is never read."""
    code = raw.strip() if isinstance(raw, str) else raw
    if code in (None, ""):
        raise Fault("uscc_missing", field="data.uscc")
    data = {
        "uscc": code,
        "name": _text(cells.get(tables.NAME)),
        "registered_on": _day(cells.get(tables.DAY)),
        "type": _text(cells.get(tables.KIND)),
        "address": _text(cells.get(tables.ADDRESS)),
    }
    if data["name"] is None:
        raise Fault("envelope_missing", field="data.name", name=tables.NAME)
    name = code if isinstance(code, str) else "?"
    return {
        "specversion": "1.0",
        "id": f"{name[:40]}@{data['registered_on']}",
        "source": f"/{office.code.replace('.', '/')}",
        "type": _TYPE,
        "data": data,
    }


def _is_formula(cell: Any) -> bool:
    return cell is FORMULA or (isinstance(cell, str) and cell.lstrip().startswith("="))


def _text(cell: Any) -> str | None:
    if cell is None or cell is FORMULA:
        return None
    text = str(cell).strip() if not isinstance(cell, float) else f"{cell:g}"
    return None if text in _BLANK else text


def _day(cell: Any) -> object:
    """2019-01-02, 2019/1/2, 2019.1.2 and 2019年1月2日 are the same day; anything else is left for the check to refuse."""
    if not isinstance(cell, str):
        return cell
    parts = (
        cell.strip()
        .rstrip("日")
        .replace("年", "-")
        .replace("月", "-")
        .replace("/", "-")
        .replace(".", "-")
        .split("-")
    )
    if len(parts) == 3 and all(part.isdigit() for part in parts):
        return f"{parts[0]}-{parts[1].zfill(2)}-{parts[2].zfill(2)}"
    return cell


_COLUMNS = {
    "data.uscc": tables.CODE,
    "data.name": tables.NAME,
    "data.registered_on": tables.DAY,
    "data.type": tables.KIND,
    "data.address": tables.ADDRESS,
    "id": tables.CODE,
}


def _in_columns(fault: Fault) -> Fault:
    """The same fault, naming the list's own column instead of the event's field."""
    column = _COLUMNS.get(fault.field or "")
    if column is not None:
        fault.text = Text(
            fault.text.zh.replace(fault.field or "", column), fault.text.en.replace(fault.field or "", column)
        )
        fault.field = column
    return fault


def _chunk(
    runtime: Runtime, actor: Actor, office: Listed, today: date, rows: Sequence[tables.Row]
) -> list[Verdict]:
    lines = [_line(row, office, today) for row in rows]
    good = [line for line in lines if line.envelope is not None]
    try:
        verdicts = again(lambda: _together(runtime, actor, office, good))
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        verdicts = {}
        for line in good:
            verdicts |= again(partial(_together, runtime, actor, office, [line]))
    return [verdicts[line.row.number] if line.fault is None else _refused(line, line.fault) for line in lines]


def _refused(line: _Line, fault: Fault) -> Verdict:
    about = (line.row.number, line.name, line.uscc)
    return Verdict(*about, "rejected", code=fault.code, reason=fault.text, field=fault.field)


def _together(runtime: Runtime, actor: Actor, office: Listed, lines: Sequence[_Line]) -> dict[int, Verdict]:
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
    return {
        line.row.number: _verdict(line, receipt, outcomes.get(receipt.inbox_id or 0), places, before)
        for line, receipt in zip(lines, receipts, strict=True)
    }


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
    line: _Line,
    receipt: Receipt,
    outcome: Outcome | None,
    places: dict[int, str],
    before: dict[int, Any],
) -> Verdict:
    about = (line.row.number, line.name, line.envelope.data["uscc"] if line.envelope else line.uscc)
    if receipt.status == "rejected":
        return Verdict(*about, "rejected", code=receipt.code, reason=receipt.reason)
    if receipt.status == "duplicate":
        row = before.get(receipt.inbox_id or 0)
        if row is None:  # twice in one list
            return Verdict(*about, "duplicate")
        reason = Text(row.error["zh"], row.error["en"]) if row.error else None
        return Verdict(*about, "duplicate", row.division, row.case_id, row.error_code, reason)
    if outcome is None:
        return Verdict(*about, "accepted")
    if outcome.state == "triage":
        return Verdict(*about, "triage", code=outcome.code, reason=outcome.reason)
    if outcome.move is None:
        place = places.get(outcome.known_case or 0)
        return Verdict(*about, "duplicate", place, outcome.known_case, outcome.code, outcome.reason)
    docket = outcome.move.docket
    return Verdict(*about, "accepted", docket.file.division, docket.row["id"])
