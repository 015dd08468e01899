"""A list brought to the intake page: judged and kept, then confirmed and taken in, or dropped, or forgotten after a day.

Of a row nothing is kept but the columns that are ever read: 法人代表 never comes into the database, not even for a day.
"""

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from services.access import journal
from services.access.permissions import require
from services.actor import SERVICE, Actor
from services.clock import legal_day
from services.db.again import again
from services.db.models.uploads import Upload, UploadRow
from services.db.rows import turn_rows, write_rows
from services.directory.roster import Listed
from services.documents.store import clean_name
from services.intake import tables
from services.intake.judge import judge
from services.intake.lines import line_of
from services.intake.lists import Verdict, take_in
from services.intake.sheets import FORMULA
from services.runtime import Runtime, Unit
from workflows.errors import Fault
from workflows.personal import without_numbers
from workflows.plain import is_line

KEPT, TAKING, TAKEN, DROPPED, LAPSED = "kept", "taking", "taken", "dropped", "lapsed"
#: How long a list waits to be confirmed; and after what time one that was confirmed and not finished is gone on with.
KEPT_FOR, FINISHED_WITHIN = timedelta(days=1), timedelta(minutes=5)
LONGEST_NAME, LONGEST_CODE = 200, 40


def keep(runtime: Runtime, actor: Actor, name: str, content: bytes) -> int:
    """The list is kept with a verdict on every row; yields its id. A Fault about the file as a whole, and nothing is kept."""
    require(actor, "lists.send")
    name = without_numbers(clean_name(name))
    limits = runtime.settings.limits
    if len(content) > limits.upload_bytes:
        raise Fault("too_large", field="file", limit=limits.upload_bytes.human_readable())
    rows = list(islice(tables.read_content(content), limits.list_rows + 1))
    if len(rows) > limits.list_rows:
        raise Fault("list_long", field="file", most=limits.list_rows)
    packed = _packed(rows)
    office, today = _office(runtime, actor.body_id), legal_day(runtime.clock.now(), runtime.settings.zone)
    lines = [line_of(row, office, today) for row in _unpacked(packed)]
    with runtime.reading(actor) as unit:
        verdicts = judge(unit, lines, office)
    about = {
        "body_id": actor.body_id,
        "account_id": actor.account_id,
        "name": name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "rows": len(rows),
        "counts": Counter(one.status for one in verdicts),
        "state": KEPT,
        "content": packed,
    }

    def kept() -> int:
        with runtime.writing(actor) as unit:
            return _keep(unit, about, verdicts)

    return again(kept)


def confirm(runtime: Runtime, actor: Actor, upload_id: int) -> None:
    """The rows are taken in, each once however often this is asked; what became of each stands on its row."""
    require(actor, "lists.send")
    content = again(partial(_begin, runtime, actor, upload_id))
    if content is not None:
        _take_in(runtime, upload_id, actor.body_id, content)


def drop(unit: Unit, upload_id: int) -> None:
    """The content is gone and nothing of it was taken in; that there was such a list stays on record."""
    require(unit.actor, "lists.send")
    row = _own(unit, upload_id)
    if row.state in (TAKING, TAKEN):
        raise Fault("list_taken")
    if row.state == KEPT:
        unit.to_office()
        _forget(unit, [upload_id], DROPPED)
        journal.write(unit, "list.drop", f"list {upload_id}")


def lapse(unit: Unit) -> int:
    """Lists that nobody confirmed within a day are forgotten; returns how many."""
    late = select(Upload.id).where(Upload.state == KEPT, Upload.uploaded_at <= unit.now - KEPT_FOR)
    keys = list(unit.db.scalars(late.order_by(Upload.id).with_for_update(skip_locked=True)))
    _forget(unit, keys, LAPSED)
    return len(keys)


def finish(runtime: Runtime) -> int:
    """Lists that were confirmed and whose process died are taken in to the end; returns how many."""
    with runtime.reading(SERVICE) as unit:
        left = unit.db.execute(
            select(Upload.id, Upload.body_id, Upload.content).where(
                Upload.state == TAKING, Upload.settled_at <= unit.now - FINISHED_WITHIN
            )
        ).all()
    for row in left:
        _take_in(runtime, row.id, row.body_id, bytes(row.content))
    return len(left)


def _office(runtime: Runtime, body_id: int | None) -> Listed:
    with runtime.reading(SERVICE) as unit:
        runtime.roster.refresh(unit.db, now=True)
    office = runtime.roster.body(body_id)
    if office is None:
        raise Fault("not_permitted")  # the house itself brings nothing to its own counter
    return office


def _keep(unit: Unit, about: dict[str, Any], verdicts: Sequence[Verdict]) -> int:
    """The same file again is the same upload, so that a form sent twice is one. `Any`: values of columns."""
    unit.to_office()
    insert = (sqlite if unit.runtime.database.is_sqlite else postgresql).insert(Upload)
    anew = ("account_id", "name", "rows", "counts", "uploaded_at", "content")
    key = unit.db.execute(
        insert.on_conflict_do_update(
            index_elements=("body_id", "sha256"),
            index_where=Upload.state == KEPT,
            set_={name: insert.excluded[name] for name in anew},
        ).returning(Upload.id),
        [about | {"uploaded_at": unit.now}],
    ).scalar_one()
    unit.db.execute(delete(UploadRow).where(UploadRow.upload_id == key))
    write_rows(unit.db, UploadRow, [{"upload_id": key, **_columns(one)} for one in verdicts])
    journal.write(unit, "list.upload", f"list {key}", rows=len(verdicts), sha256=about["sha256"])
    return int(key)


def _begin(runtime: Runtime, actor: Actor, upload_id: int) -> bytes | None:
    """The list is confirmed; yields its rows while they may not all be in."""
    with runtime.writing(actor) as unit:
        row = _own(unit, upload_id)
        if row.state in (DROPPED, LAPSED) or (row.state == KEPT and row.uploaded_at <= unit.now - KEPT_FOR):
            raise Fault("list_gone")
        if row.state == KEPT:
            unit.to_office()
            said = {"state": TAKING, "settled_at": unit.now, "settled_by": actor.account_id}
            unit.db.execute(update(Upload).where(Upload.id == upload_id).values(said))
            journal.write(unit, "list.import", f"list {upload_id}", rows=row.rows)
        return bytes(row.content) if row.content is not None else None


def _take_in(runtime: Runtime, upload_id: int, body_id: int | None, content: bytes) -> None:
    rows, office = _unpacked(content), _office(runtime, body_id)
    note = partial(_note, upload_id)
    verdicts = list(take_in(runtime, rows, office, note=note))

    def done() -> None:
        with runtime.writing(SERVICE) as unit:
            note(unit, [one for one in verdicts if one.status == "rejected"])
            counted = (
                select(UploadRow.status, func.count())
                .where(UploadRow.upload_id == upload_id)
                .group_by(UploadRow.status)
            )
            counts = {row.status: row[1] for row in unit.db.execute(counted)}
            said = {"state": TAKEN, "counts": counts, "content": None}
            unit.db.execute(update(Upload).where(Upload.id == upload_id, Upload.state == TAKING).values(said))

    again(done)


def _note(upload_id: int, unit: Unit, verdicts: Sequence[Verdict]) -> None:
    """What became of the rows. A row whose event is known keeps what was said of it when that came in: seen again, the event
    would be taken for an older one. A row that is refused for the same reason keeps where its enterprise lies."""
    told = {one.row: one for one in verdicts}
    open_rows = select(UploadRow.id, UploadRow.row, UploadRow.status, UploadRow.code).where(
        UploadRow.upload_id == upload_id, UploadRow.row.in_(told), UploadRow.inbox_id.is_(None)
    )
    found = unit.db.execute(open_rows.order_by(UploadRow.id).with_for_update()).all() if told else []
    news = [row for row in found if (row.status, row.code) != ("rejected", told[row.row].code)]
    turn_rows(unit.db, UploadRow, [{"id": row.id, **_columns(told[row.row])} for row in news])


def _forget(unit: Unit, keys: Sequence[int], state: str) -> None:
    if keys:
        unit.db.execute(delete(UploadRow).where(UploadRow.upload_id.in_(keys)))
        said = {"state": state, "settled_at": unit.now, "settled_by": unit.actor.account_id, "content": None}
        unit.db.execute(update(Upload).where(Upload.id.in_(keys)).values(said))


def _own(unit: Unit, upload_id: int) -> Any:
    """The upload, locked, if the actor's own body brought it. `Any`: a row."""
    own = (Upload.id == upload_id, Upload.body_id == unit.actor.body_id)
    columns = (Upload.state, Upload.uploaded_at, Upload.rows, Upload.content)
    row = unit.db.execute(select(*columns).where(*own).with_for_update()).one_or_none()
    if row is None:
        raise Fault("not_found")
    return row


def _columns(one: Verdict) -> dict[str, Any]:
    """`Any`: values of columns."""
    reason = {tongue: _line(said) for tongue, said in one.reason.as_dict().items()} if one.reason else None
    return {
        "row": one.row,
        "name": _line(one.name)[:LONGEST_NAME],
        "uscc": _line(one.uscc)[:LONGEST_CODE],
        "status": one.status,
        "division": one.division,
        "code": one.code,
        "reason": reason,
        "field": one.field,
        "inbox_id": one.inbox,
    }


def _line(text: str) -> str:
    return text if is_line(text) else "".join(char for char in text if is_line(char))


def _packed(rows: Sequence[tables.Row]) -> bytes:
    kept = [
        [row.number, row.width, row.expected, {name: row.cells[name] for name in _READ if name in row.cells}]
        for row in rows
    ]
    return zlib.compress(json.dumps(kept, ensure_ascii=True, default=_plain).encode(), 6)


def _unpacked(content: bytes) -> list[tables.Row]:
    kept = json.loads(zlib.decompress(content))
    return [
        tables.Row(number, {name: _cell(cell) for name, cell in cells.items()}, width, expected)
        for number, width, expected, cells in kept
    ]


_READ = tables.REQUIRED


@dataclass(frozen=True, slots=True)
class _Odd:
    """A cell that is neither text nor a number: a time of day, a duration. What it reads like is all that is asked of it."""

    text: str

    def __str__(self) -> str:
        return self.text


def _plain(cell: object) -> dict[str, str]:
    """A cell for which JSON has no word."""
    return {} if cell is FORMULA else {"text": str(cell)}


def _cell(kept: Any) -> Any:
    """The cell again. `Any`: cell types."""
    if not isinstance(kept, dict):
        return kept
    return _Odd(kept["text"]) if kept else FORMULA
