"""Who witnesses this log, and what they signed: keys that a body handed over, and lines that are good under a checkpoint of ours."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select, update

from services.access import journal
from services.access.permissions import require
from services.db.models.directory import Body
from services.db.models.ledger import Cosignature, LogCheckpoint, Witness
from services.db.rows import write_rows
from services.ledger.notes import WITNESS, Key, Note, Signature, signature_of
from services.runtime import Unit
from workflows.errors import Fault

#: A witness's clock may be wrong by so much, and no more, in seconds.
AHEAD = 300


def add_witness(unit: Unit, body: str, key: str) -> Key:
    """From now on this body's lines are taken under our checkpoints. Faults: `ledger_key_bad`, `body_unknown`, `witness_known`."""
    read = Key.read(key)
    if read.kind != WITNESS:
        raise Fault("ledger_key_bad", field="key")
    found = unit.db.execute(select(Body.id, Body.division).where(Body.code == body)).one_or_none()
    if found is None:
        raise Fault("body_unknown", code=body, field="body")
    if unit.db.scalar(select(Witness.id).where(Witness.key == str(read))) is not None:
        raise Fault("witness_known", field="key")
    row = {"body_id": found.id, "key": str(read), "made_by": unit.actor.account_id, "created_at": unit.now}
    unit.db.execute(insert(Witness), [row])
    journal.write(unit, "witness.add", f"witness {read.name}", division=found.division, body=body)
    return read


def drop_witness(unit: Unit, name: str) -> None:
    """This witness's lines are taken no more; what it signed stays. Fault `not_found`."""
    for row in unit.db.execute(
        select(Witness.id, Witness.key, Witness.body_id).where(Witness.off_at.is_(None))
    ):
        if Key.read(row.key).name == name:
            unit.db.execute(update(Witness).where(Witness.id == row.id).values(off_at=unit.now))
            division = unit.db.scalar(select(Body.division).where(Body.id == row.body_id))
            journal.write(unit, "witness.drop", f"witness {name}", division=division)
            return
    raise Fault("not_found")


def cosign(unit: Unit, size: int, text: str) -> int:
    """These lines stand under the checkpoint of that size, if they are a witness's of ours and good; yields how many are new. The same twice is once.

    Faults: `not_found`, no checkpoint of that size; `ledger_note_bad`; `cosignature_bad`, by nobody we know, or about another checkpoint."""
    require(unit.actor, "ledger.cosign")
    unit.to_office()
    note = unit.db.scalar(select(LogCheckpoint.note).where(LogCheckpoint.size == size))
    if note is None:
        raise Fault("not_found")
    said = Note.read(note).text
    witnesses = [
        (row.id, Key.read(row.key))
        for row in unit.db.execute(select(Witness.id, Witness.key).where(Witness.off_at.is_(None)))
    ]
    rows = [
        _row(unit, size, said, signature_of(line), witnesses) for line in text.splitlines() if line.strip()
    ]
    if not rows:
        raise Fault("ledger_note_bad", field="note")
    before = _count(unit, size)
    write_rows(unit.db, Cosignature, rows, once_by=("size", "witness_id"))
    taken = _count(unit, size) - before
    if taken:
        journal.write(unit, "witness.signed", f"checkpoint {size}", lines=taken)
    return taken


def _row(
    unit: Unit, size: int, said: str, line: Signature, witnesses: list[tuple[int, Key]]
) -> dict[str, Any]:
    """`Any`: values of columns."""
    for witness, key in witnesses:
        if (line.name, line.key_id) == (key.name, key.id) and key.signed(said, line.said):
            at = int.from_bytes(line.said[:8], "big")
            if at > unit.now.timestamp() + AHEAD:
                raise Fault("cosignature_ahead", field="note")
            return {
                "size": size,
                "witness_id": witness,
                "at": datetime.fromtimestamp(at, UTC),
                "line": line.line,
            }
    raise Fault("cosignature_bad", field="note", name=line.name)


def _count(unit: Unit, size: int) -> int:
    return len(unit.db.execute(select(Cosignature.witness_id).where(Cosignature.size == size)).all())
