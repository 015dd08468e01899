"""The log as it lies in this database, for `fsck` to read: in one transaction, so all of it at one moment, and line by line."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, literal, select, union_all

from services.clock import wire
from services.db.models.access import Journal
from services.db.models.casework import History, HistoryValue
from services.db.models.ledger import Cosignature, Leaf, LogCheckpoint, LogTile, Unsealed
from services.db.session import unhurried
from services.ledger.fsck import Entry, Stray, Trust, Verdict, Wrong, fsck
from services.ledger.notes import Note, signature_of
from services.ledger.tiles import WIDTH, split
from services.ledger.values import MARK, OPINION, commitment
from services.runtime import Unit
from workflows.words import Text

_ENTRIES = (
    select(
        *(Leaf.number, Leaf.case_id, Leaf.seq, Leaf.journal_id, History.proceeding_id, History.inbox_id),
        *(Journal.actor, Journal.address, Journal.division, Journal.what, Journal.about, Journal.result),
        *(Journal.detail, Journal.account_id.label("account"), Journal.body_id.label("body")),
        *(
            func.coalesce(getattr(History, name), getattr(Journal, name)).label(name)
            for name in ("at", "algorithm", "canon", "hash")
        ),
    )
    .outerjoin(History, (History.case_id == Leaf.case_id) & (History.seq == Leaf.seq))
    .outerjoin(Journal, Journal.id == Leaf.journal_id)
    .order_by(Leaf.number)
)
_VALUES = (
    select(Leaf.number, Leaf.case_id, Leaf.seq, History.algorithm, History.canon)
    .add_columns(HistoryValue.field, HistoryValue.salt, HistoryValue.value)
    .join(History, (History.case_id == HistoryValue.case_id) & (History.seq == HistoryValue.seq))
    .join(Leaf, (Leaf.case_id == HistoryValue.case_id) & (Leaf.seq == HistoryValue.seq))
    .order_by(Leaf.number, HistoryValue.field)
)
#: What a deed's line says under the name of its column.
_OF_A_DEED = ("actor", "address", "division", "what", "about", "result", "detail", "account", "body")
_LINES = (
    select(
        History.case_id,
        History.seq,
        literal(None, type_=Leaf.journal_id.type).label("journal_id"),
        Unsealed.id,
    )
    .outerjoin(Leaf, (Leaf.case_id == History.case_id) & (Leaf.seq == History.seq))
    .outerjoin(
        Unsealed, (Unsealed.case_id == History.case_id) & History.seq.between(Unsealed.first, Unsealed.last)
    )
    .where(Leaf.number.is_(None))
)
_DEEDS = (
    select(
        literal(None, type_=Leaf.case_id.type), literal(None, type_=Leaf.seq.type), Journal.id, Unsealed.id
    )
    .outerjoin(Leaf, Leaf.journal_id == Journal.id)
    .outerjoin(Unsealed, Unsealed.journal_id == Journal.id)
    .where(Leaf.number.is_(None), Journal.hash.is_not(None))
)


def verify_here(unit: Unit, trust: Trust) -> Verdict:
    """The whole log in this database, and what lies beside its lines about persons."""
    verdict = fsck(LyingHere(unit), trust)
    verdict.wrong += _values_wrong(unit)
    return verdict


class LyingHere:
    """As `fsck.Reader`. The unit is the house's, and lasts as long as the reading."""

    def __init__(self, unit: Unit) -> None:
        self._db = unit.db
        unhurried(unit.db)
        self._tile: tuple[int, list[bytes]] = (-1, [])

    def entries(self) -> Iterator[Entry]:
        for row in self._streamed(_ENTRIES):
            yield Entry(
                number=row.number,
                case=row.case_id,
                seq=row.seq,
                deed=row.journal_id,
                algorithm=row.algorithm or "sha256",
                canon=None if row.canon is None else bytes(row.canon),
                beside=None if row.hash is None else bytes(row.hash),
                sealed=self._sealed(row.number),
                agrees=row.canon is None or _agrees(row),
            )

    def notes(self) -> Iterator[str]:
        lines: dict[int, list[str]] = {}
        asked = select(Cosignature.size, Cosignature.line).order_by(Cosignature.size, Cosignature.witness_id)
        for row in self._db.execute(asked):
            lines.setdefault(row.size, []).append(row.line)
        for row in self._streamed(
            select(LogCheckpoint.size, LogCheckpoint.note).order_by(LogCheckpoint.size)
        ):
            more = lines.get(row.size, ())
            yield row.note if not more else _with(row.note, more)

    def strays(self) -> Iterator[Stray]:
        for row in self._streamed(union_all(_LINES, _DEEDS)):
            yield Stray(row[0], row[1], row[2], waits=row[3] is not None)

    def _sealed(self, number: int) -> bytes | None:
        """The hash in the tiles of leaves."""
        tile, place = divmod(number, WIDTH)
        if self._tile[0] != tile:
            found = self._db.execute(
                select(LogTile.hashes).where(LogTile.level == 0, LogTile.number == tile)
            ).scalar_one_or_none()
            self._tile = (tile, split(bytes(found)) if found is not None else [])
        hashes = self._tile[1]
        return hashes[place] if place < len(hashes) else None

    def _streamed(self, asked: Any) -> Iterator[Any]:
        """A few thousand rows at a time, so that a million need no more memory. `Any`: a select; its rows."""
        yield from self._db.execute(asked.execution_options(yield_per=5000))


def _with(note: str, lines: list[str]) -> str:
    read = Note.read(note)
    return str(Note(read.text, (*read.signatures, *(signature_of(line) for line in lines))))


def _agrees(row: Any) -> bool:
    """Do the columns beside a line say what it says? `Any`: a row of `_ENTRIES`."""
    try:
        said: Any = json.loads(bytes(row.canon))  # Any: JSON
    except ValueError:
        return False
    if not isinstance(said, dict) or said.get("at") != wire(row.at):
        return False
    if row.case_id is None:
        return all(said.get(name) == getattr(row, name) for name in _OF_A_DEED)
    return (said.get("proceeding"), said.get("inbox")) == (row.proceeding_id, row.inbox_id)


def _values_wrong(unit: Unit) -> Iterator[Wrong]:
    """Each value about a person is the one that its line commits to."""
    for row in unit.db.execute(_VALUES.execution_options(yield_per=5000)):
        said: Any = json.loads(bytes(row.canon))  # Any: JSON
        held = said.get(row.field) if row.field == OPINION else said["data"].get(row.field)
        if held != {MARK: commitment(bytes(row.salt), json.loads(row.value), row.algorithm)}:
            name = Entry(row.number, row.case_id, row.seq, None, row.algorithm, None).name
            yield Wrong(
                row.number,
                Text(
                    f"{name.zh}的“{row.field}”不是写下时的内容。",
                    f"“{row.field}” of {name.en} is not what was written.",
                ),
            )
