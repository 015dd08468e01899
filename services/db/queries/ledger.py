"""The ledger as it is shown: its newest checkpoint, its entries, and what proves that one of them is in it.

Numbers, hashes and checkpoints are no secret to whoever may read the ledger; what a line says is told only to those who may read the line.
"""

import base64
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_

from services.db.models.access import Journal
from services.db.models.casework import Case, History
from services.db.models.ledger import Cosignature, Leaf, LogCheckpoint, Witness
from services.db.queries.sight import cases_of, compartments, is_onlooker
from services.directory.scope import within
from services.ledger.identity import identity
from services.ledger.integrate import reader
from services.ledger.layout import GENESIS
from services.ledger.merkle import consistency, inclusion
from services.ledger.notes import Key, Note, signature_of
from services.ledger.tiles import Tiles
from services.runtime import Unit
from workflows.errors import Fault

ENTRIES = 200


def checkpoint(unit: Unit, size: int | None = None) -> dict[str, Any]:
    """The newest checkpoint, or that of `size`, with the lines of those who witnessed it. Fault `ledger_empty`. `Any`: JSON."""
    found = select(LogCheckpoint.size, LogCheckpoint.root, LogCheckpoint.at, LogCheckpoint.note)
    if size is not None:
        found = found.where(LogCheckpoint.size == size)
    row = unit.db.execute(found.order_by(LogCheckpoint.size.desc()).limit(1)).one_or_none()
    with unit.as_office():
        log = identity(unit)
    if row is None or log is None:
        raise Fault("ledger_empty" if size is None else "not_found")
    note = Note.read(row.note)
    lines = unit.db.scalars(
        select(Cosignature.line).where(Cosignature.size == row.size).order_by(Cosignature.witness_id)
    )
    return {
        "origin": log.origin,
        "size": row.size,
        "root": bytes(row.root).hex(),
        "algorithm": log.algorithm,
        "at": row.at.isoformat(),
        "key": str(log.key),
        "note": str(Note(note.text, (*note.signatures, *(signature_of(line) for line in lines)))),
    }


def entries(unit: Unit, first: int) -> dict[str, Any]:
    """Entries from number `first` on, each with its hash; with the line itself where the actor may read it. `Any`: JSON."""
    found = _entries(unit, Leaf.number >= first, ENTRIES + 1)
    more = len(found) > ENTRIES
    return {"items": found[:ENTRIES], "next": str(first + ENTRIES) if more else None}


def proof(unit: Unit, number: int) -> dict[str, Any]:
    """What proves that an entry is in the newest checkpoint, with its line, which the actor may read. Fault `not_found`, `ledger_empty`. `Any`: JSON."""
    newest = checkpoint(unit)
    found = _entries(unit, Leaf.number == number, 1)
    if not found or found[0]["line"] is None or number >= newest["size"]:
        raise Fault("not_found")
    with unit.as_office():
        tiles = Tiles(reader(unit), newest["algorithm"])
        way = inclusion(tiles.whole, number, newest["size"], newest["algorithm"])
    return {"entry": found[0], "proof": [one.hex() for one in way], "checkpoint": newest}


def continuation(unit: Unit, old: int) -> str:
    """What a witness who has signed for `old` entries is asked to sign (C2SP tlog-witness, add-checkpoint): how many he knows, what proves that
    the newest checkpoint begins with them, and that checkpoint. Fault `ledger_shrunk` when he knows more than there are."""
    newest = checkpoint(unit)
    if old > newest["size"]:
        raise Fault("ledger_shrunk", known=old, size=newest["size"])
    with unit.as_office():
        tiles = Tiles(reader(unit), newest["algorithm"])
        way = consistency(tiles.whole, old, newest["size"], newest["algorithm"])
    note = Note.read(newest["note"])
    own = Note(note.text, note.signatures[:1])
    return f"old {old}\n" + "".join(f"{base64.b64encode(one).decode()}\n" for one in way) + f"\n{own}"


def witnessed(unit: Unit) -> int:
    """How many entries a witness has signed for; 0 where none has."""
    return int(unit.db.scalar(select(func.max(Cosignature.size))) or 0)


def witnesses(unit: Unit) -> list[dict[str, Any]]:
    """Who witnesses the log, and up to which entry each has signed, when. `Any`: JSON."""
    newest = (
        select(Cosignature.witness_id, func.max(Cosignature.size).label("size"))
        .group_by(Cosignature.witness_id)
        .subquery()
    )
    rows = unit.db.execute(
        select(Witness.key, Witness.body_id, Witness.off_at, newest.c.size, Cosignature.at)
        .outerjoin(newest, newest.c.witness_id == Witness.id)
        .outerjoin(Cosignature, (Cosignature.witness_id == Witness.id) & (Cosignature.size == newest.c.size))
        .order_by(Witness.off_at.is_not(None), Witness.id)
    ).all()
    unit.runtime.roster.refresh(unit.db)
    found = []
    for row in rows:
        body = unit.runtime.roster.body(row.body_id)
        found.append(
            {
                "name": Key.read(row.key).name,
                "body": body.code if body else None,
                "is_off": row.off_at is not None,
                "size": row.size,
                "at": row.at.isoformat() if row.at else None,
            }
        )
    return found


def _entries(unit: Unit, which: ColumnElement[bool], most: int) -> list[dict[str, Any]]:
    """`Any`: JSON."""
    with unit.as_office():
        leaves = unit.db.execute(
            select(
                Leaf.number, Leaf.case_id, Leaf.seq, Leaf.journal_id, History.hash, Journal.hash.label("deed")
            )
            .outerjoin(History, (History.case_id == Leaf.case_id) & (History.seq == Leaf.seq))
            .outerjoin(Journal, Journal.id == Leaf.journal_id)
            .where(which)
            .order_by(Leaf.number)
            .limit(most)
        ).all()
    lines, deeds = _lines(unit, leaves), _deeds(unit, leaves)
    found = []
    for leaf in leaves:
        shown = lines.get((leaf.case_id, leaf.seq)) if leaf.case_id else deeds.get(leaf.journal_id)
        book = "history" if leaf.case_id else "journal"
        own = leaf.hash if leaf.case_id else leaf.deed
        found.append(
            {"number": leaf.number, "book": book, "hash": bytes(own).hex() if own else None}
            | (shown or {"case": None, "seq": None, "algorithm": None, "previous": None, "line": None})
        )
    return found


def _lines(unit: Unit, leaves: Sequence[Any]) -> dict[tuple[int, int], dict[str, Any]]:
    """Those lines of histories that the actor may read. `Any`: rows of a leaf; JSON."""
    wanted = {(one.case_id, one.seq) for one in leaves if one.case_id}
    if not wanted or is_onlooker(unit.actor):
        return {}
    rows = unit.db.execute(
        select(History.case_id, History.seq, History.canon, History.algorithm)
        .join(Case, Case.id == History.case_id)
        .where(
            History.case_id.in_({case for case, _ in wanted}),
            History.seq.between(min(seq for _, seq in wanted), max(seq for _, seq in wanted)),
            History.compartment.in_(compartments(unit.actor)),
            cases_of(unit.actor),
        )
    ).all()
    with unit.as_office():  # the line before may lie in another drawer
        before = {
            (row.case_id, row.seq + 1): bytes(row.hash)
            for row in unit.db.execute(
                select(History.case_id, History.seq, History.hash).where(
                    tuple_(History.case_id, History.seq).in_(sorted((case, seq - 1) for case, seq in wanted))
                )
            )
        }
    found = {}
    for row in rows:
        if (row.case_id, row.seq) in wanted:
            found[row.case_id, row.seq] = {
                "case": str(row.case_id),
                "seq": row.seq,
                "algorithm": row.algorithm,
                "previous": before.get((row.case_id, row.seq), GENESIS).hex(),
                "line": bytes(row.canon).decode(),
            }
    return found


def _deeds(unit: Unit, leaves: Sequence[Any]) -> dict[int, dict[str, Any]]:
    """Those lines of the journal that the actor may read: an auditor's, behind his wall. `Any`: as above."""
    wanted = [one.journal_id for one in leaves if one.journal_id]
    if not wanted or unit.actor.kind != "auditor":
        return {}
    rows = unit.db.execute(
        select(Journal.id, Journal.canon, Journal.algorithm).where(
            Journal.id.in_(wanted), within(Journal.division, unit.actor.division)
        )
    ).all()
    return {
        row.id: {
            "case": None,
            "seq": None,
            "algorithm": row.algorithm,
            "previous": None,
            "line": bytes(row.canon).decode(),
        }
        for row in rows
    }


def previous(unit: Unit, case_id: int, seq: int) -> bytes:
    """The hash of the case's line before."""
    if seq == 1:
        return GENESIS
    asked = select(History.hash).where(History.case_id == case_id, History.seq == seq - 1)
    return bytes(unit.db.execute(asked).scalar_one())
