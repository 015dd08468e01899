"""The history lines of a move: canonical JSON, each closing over the one before it.

hash = H(0x00 ‖ "gj-hist-v1" ‖ previous ‖ canonical JSON), H being SHA-256 or SM3 by setting.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.actor import Actor
from services.cases.docket import Move, keys_of
from services.runtime import Unit
from workflows.events import canonical
from workflows.unfolded import Entry

DOMAIN = b"\x00gj-hist-v1"
GENESIS = bytes(32)


def lines_of(unit: Unit, moves: Sequence[Move]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The history rows of every move, chained, and what was filed as evidence with them."""
    algorithm, at = unit.runtime.settings.hash_algorithm, _wire(unit.now)
    rows, filings = [], []
    for move in moves:
        keys, row = keys_of(move), move.docket.row
        tip, seq = bytes(row["tip"]), row["seq"]
        for entry in move.unfolded.entries:
            seq += 1
            key = None if entry.key is None else keys.get(entry.key, entry.key)
            by_person = move.took is not None and entry.cause == "person"
            canon = canonical(_line(unit, move, entry, key, seq, at, by_person=by_person))
            tip = hashlib.new(algorithm, DOMAIN + tip + canon).digest()
            rows.append(
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
                filings += [
                    {"proceeding_id": key, "document_id": paper["id"], "seq": seq} for paper in move.papers
                ]
        row["tip"], row["seq"] = tip, seq
    return rows, filings


def _line(
    unit: Unit, move: Move, entry: Entry, key: int | None, seq: int, at: str, *, by_person: bool
) -> dict[str, object]:
    actor: Actor | None = unit.actor if by_person else None
    line: dict[str, object] = {
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


def _wire(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
