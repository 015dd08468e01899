"""Lines that were written become entries of the log: numbered, hashed into its tiles, and signed for in a checkpoint.

A worker does it about once a second, one at a time; whoever writes lines waits for nobody (RELIABILITY 4.7). Lines of one case keep their order,
for whoever writes to a case holds its lock until he has committed.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import CompoundSelect, delete, insert, literal, select, union_all, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from services.actor import SERVICE
from services.db.again import again
from services.db.among import among
from services.db.models.access import Journal
from services.db.models.casework import History
from services.db.models.ledger import Leaf, Log, LogCheckpoint, LogTile, Unsealed
from services.db.rows import write_rows
from services.failpoints import here
from services.ledger.identity import Identity, begin, identity
from services.ledger.merkle import root
from services.ledger.notes import Checkpoint, Note, Signature, signature_of
from services.ledger.tiles import Read, Tiles, appended
from services.runtime import Runtime, Unit

#: So many written moves are taken in at once.
AT_ONCE = 2000

_log = structlog.get_logger(__name__)

_NEWEST = select(LogCheckpoint.at).order_by(LogCheckpoint.size.desc()).limit(1)
_WAITING = select(Unsealed.id).order_by(Unsealed.id).limit(1)
_TAKEN = select(Unsealed.id, Unsealed.first, Unsealed.last).order_by(Unsealed.id).limit(AT_ONCE)
_LINES: CompoundSelect[Any] = union_all(
    select(
        Unsealed.id.label("place"),
        History.case_id,
        History.seq,
        literal(None, type_=Unsealed.journal_id.type).label("journal_id"),
        History.hash,
    )
    .join(
        History,
        (History.case_id == Unsealed.case_id) & History.seq.between(Unsealed.first, Unsealed.last),
    )
    .where(among(Unsealed.id, "keys")),
    select(
        Unsealed.id.label("place"),
        literal(None, type_=History.case_id.type),
        literal(None, type_=History.seq.type),
        Journal.id,
        Journal.hash,
    )
    .join(Journal, Journal.id == Unsealed.journal_id)
    .where(among(Unsealed.id, "keys")),
)
_GONE = delete(Unsealed).where(among(Unsealed.id, "keys"))


def integrate(runtime: Runtime, *, pause: timedelta = timedelta(0)) -> int:
    """Up to `AT_ONCE` moves and deeds are in the log, under a checkpoint of their own; returns how many were. None, where the newest checkpoint is
    no older than `pause`: many workers sign no more often than one."""
    with runtime.reading(SERVICE) as unit:
        if unit.db.execute(_WAITING).first() is None:
            return 0
        if pause and (at := unit.db.scalar(_NEWEST)) is not None and unit.now - at < pause:
            return 0
        is_new = identity(unit) is None
    if is_new:
        _begun(runtime)
    return again(lambda: _taken_in(runtime))


def _begun(runtime: Runtime) -> None:
    try:
        with runtime.writing(SERVICE) as unit:
            begin(unit)
    except IntegrityError:  # another worker was faster; there is one log
        _log.info("log_begun_elsewhere")


def _taken_in(runtime: Runtime) -> int:
    with runtime.writing(SERVICE, "seal") as unit:
        log = identity(unit, lock=True)
        if log is None:  # another worker is at it
            return 0
        waiting = unit.db.execute(_TAKEN).all()
        if not waiting:
            return 0
        keys = [one.id for one in waiting]
        lines = sorted(
            unit.db.execute(_LINES, {"keys": keys}).all(), key=lambda one: (one.place, one.seq or 0)
        )
        whole = _whole(waiting, lines)
        if not whole:
            return 0
        lines = [one for one in lines if one.place in whole]
        keys = sorted(whole)
        _append(unit, log, lines)
        here("seal", "appended")
        unit.db.execute(_GONE, {"keys": keys})
        return len(keys)


def _whole(waiting: Sequence[Any], lines: Sequence[Any]) -> set[int]:
    """Of those that wait, the ones whose lines are all there. What has lost a line before it was taken in stays where it is, for all to see. `Any`: rows."""
    counts = Counter(one.place for one in lines)
    wanted = {one.id: 1 if one.first is None else one.last - one.first + 1 for one in waiting}
    torn = [key for key, count in wanted.items() if counts[key] != count]
    if torn:
        _log.error("ledger_lines_missing", waiting=torn[:20])
    return wanted.keys() - set(torn)


def _append(unit: Unit, log: Identity, lines: Sequence[Any]) -> None:
    """`Any`: rows of a line's place, key and hash."""
    leaves = [
        {"number": number, "case_id": one.case_id, "seq": one.seq, "journal_id": one.journal_id}
        for number, one in enumerate(lines, log.size)
    ]
    write_rows(unit.db, Leaf, leaves)
    read = reader(unit)
    changed = appended(log.size, read, [bytes(one.hash) for one in lines], log.algorithm)
    _put(unit, changed)
    size = log.size + len(lines)

    def now(level: int, number: int) -> bytes:
        return changed[level, number] if (level, number) in changed else read(level, number)

    found = root(Tiles(now, log.algorithm).whole, size, log.algorithm)
    text = Checkpoint.of(log.origin, size, found, log.algorithm).text
    signed: Signature = signature_of(log.signer(unit).sign(text))
    row = {"size": size, "root": found, "at": unit.now, "note": str(Note(text, (signed,)))}
    unit.db.execute(insert(LogCheckpoint), [row])
    unit.db.execute(update(Log).values(size=size))


def reader(unit: Unit) -> Read:
    """The tiles as they lie in the database. LookupError where there is none."""

    def read(level: int, number: int) -> bytes:
        asked = select(LogTile.hashes).where(LogTile.level == level, LogTile.number == number)
        found = unit.db.execute(asked).scalar_one_or_none()
        if found is None:
            raise LookupError(f"tile {level}/{number} is missing")
        return bytes(found)

    return read


def _put(unit: Unit, tiles: dict[tuple[int, int], bytes]) -> None:
    dialect = sqlite if unit.db.dialect.name == "sqlite" else postgresql
    put = dialect.insert(LogTile)
    rows = [{"level": level, "number": number, "hashes": tile} for (level, number), tile in tiles.items()]
    unit.db.execute(
        put.on_conflict_do_update(index_elements=["level", "number"], set_={"hashes": put.excluded.hashes}),
        rows,
    )
