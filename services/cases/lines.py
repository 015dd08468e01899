"""The history lines of a move: canonical JSON, each closing over the one before it.

hash = H(0x00 ‖ "gj-hist-v1" ‖ previous ‖ canonical JSON), H being SHA-256 or SM3 by setting. That is the leaf hash of RFC 6962 over all
that follows the zero, so a line is an entry of the ledger the moment it is written (services/ledger).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from services.actor import Actor
from services.cases.docket import Move, keys_of
from services.clock import wire
from services.ledger.layout import line_hash
from services.ledger.values import hide
from services.runtime import Unit
from workflows.events import canonical
from workflows.unfolded import Entry

_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Lines:
    """Rows to be written: of history, of what its lines say about persons, of what was filed as evidence, of what waits for the
    ledger. `Any`: values of columns."""

    history: list[dict[str, Any]] = field(default_factory=list)
    values: list[dict[str, Any]] = field(default_factory=list)
    filings: list[dict[str, Any]] = field(default_factory=list)
    unsealed: list[dict[str, Any]] = field(default_factory=list)


def lines_of(unit: Unit, moves: Sequence[Move]) -> Lines:
    """The history of every move, chained, and all that belongs to it."""
    algorithm, at = unit.runtime.settings.hash_algorithm, wire(unit.now)
    lines = Lines()
    for move in moves:
        keys, row = keys_of(move), move.docket.row
        tip, seq = bytes(row["tip"]), row["seq"]
        lines.unsealed.append(
            {"case_id": row["id"], "first": seq + 1, "last": seq + len(move.unfolded.entries)}
        )
        for entry in move.unfolded.entries:
            seq += 1
            key = None if entry.key is None else keys.get(entry.key, entry.key)
            by_person = move.took is not None and entry.cause == "person"
            line = _line(unit, move, entry, key, seq, at, by_person=by_person)
            if move.unfolded.laid is not None and entry is move.unfolded.entries[0]:
                line["laid"] = move.unfolded.laid.as_dict()
            personal = unit.runtime.law.personal.get((entry.procedure or "", entry.step), _NOTHING)
            for name, salt, value in hide(line, personal, algorithm):
                lines.values.append(
                    {"case_id": row["id"], "seq": seq, "field": name, "salt": salt, "value": value}
                )
            canon = canonical(line)
            tip = line_hash(tip, canon, algorithm)
            lines.history.append(
                {
                    "case_id": row["id"],
                    "seq": seq,
                    "proceeding_id": key,
                    "compartment": entry.compartment.value,
                    "at": unit.now,
                }
                | {"account_id": unit.actor.account_id if by_person else None}
                | {"body_id": unit.actor.body_id if by_person else None, "inbox_id": move.inbox_id}
                | {"algorithm": algorithm, "canon": canon, "hash": tip}
            )
            if by_person:
                lines.filings.extend(
                    {"proceeding_id": key, "document_id": paper["id"], "seq": seq} for paper in move.papers
                )
        row["tip"], row["seq"] = tip, seq
    return lines


def _line(
    unit: Unit, move: Move, entry: Entry, key: int | None, seq: int, at: str, *, by_person: bool
) -> dict[str, Any]:
    """`Any`: JSON."""
    actor: Actor | None = unit.actor if by_person else None
    line: dict[str, Any] = {
        "v": 1,
        "case": move.docket.row["id"],
        "seq": seq,
        "at": at,
        "proceeding": key,
        "procedure": entry.procedure,
        "step": entry.step,
        "says": entry.says.as_dict(),
        "cause": entry.cause,
        "from": entry.from_state,
        "to": entry.to_state,
        "data": dict(entry.data),
        "actor": actor.name if actor else None,
        "body": actor.body_code if actor else None,
        "policy": entry.policy,
    }
    if move.inbox_id is not None:
        line["inbox"] = move.inbox_id
    if by_person and move.opinion:
        line["opinion"] = move.opinion
    if by_person and move.papers:
        line["evidence"] = [
            {"id": paper["id"], "kind": paper["kind"], "number": paper["number"], "sha256": paper["sha256"]}
            for paper in move.papers
        ]
    return line
