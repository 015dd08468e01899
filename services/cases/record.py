"""Writes down what the law decided, for one case or for hundreds at once: rows only, set by set, inside the caller's commit.

The order is fixed: ids, history lines, then the rows: case, proceedings, history, work items, deadlines, messages.
"""

from collections.abc import Sequence

from sqlalchemy import bindparam, case, insert, update

from services.cases.docket import Move, status_of
from services.cases.lines import GENESIS, lines_of
from services.cases.owed import turn_clocks, write_terms, write_work
from services.db.base import Instant
from services.db.models.casework import Case, History, Proceeding
from services.db.models.paper import Filing
from services.db.numbers import reserve
from services.db.session import without_waiting
from services.notices.write import mark_notices, write_messages
from services.runtime import Unit

# `inline`: nobody reads back what the database filled in
_WRITE_CASE, _WRITE_PROCEEDING = insert(Case).inline(), insert(Proceeding).inline()
_WRITE_HISTORY, _WRITE_FILING = insert(History).inline(), insert(Filing).inline()
_MOVE_PROCEEDING = (
    update(Proceeding)
    .where(Proceeding.id == bindparam("key"))
    .values(
        state=bindparam("to_state"),
        revision=bindparam("to_revision"),
        since=case(
            (Proceeding.state == bindparam("to_state"), Proceeding.since),
            else_=bindparam("moved_at", type_=Instant),
        ),
        data=bindparam("new_data"),
        on_file=bindparam("new_on_file"),
        takers=bindparam("new_takers"),
    )
)
_TURNED = (
    "seq", "tip", "facts", "status", "paused", "division", "name", "address", "kind", "industry", "uscc", "registered_on",
)  # fmt: skip
_TURN_CASE = (
    update(Case)
    .where(Case.id == bindparam("key"))
    .values({name: bindparam(f"new_{name}") for name in _TURNED})
)


def record(unit: Unit, moves: Sequence[Move]) -> None:
    """Every move stands in the tables, and the outbox knows what to carry; the caller commits.

    The case's lock is held since it was read. Were it not, the key of `history` (case, seq) would refuse a second line.
    """
    moves = [move for move in moves if move.unfolded.entries]
    if not moves:
        return
    unit.runtime.roster.refresh(unit.db)
    _number(unit, moves)
    lines, filings = lines_of(unit, moves)
    turn_clocks(unit, moves)
    with without_waiting(unit.db):
        _cases(unit, moves)
        _proceedings(unit, moves)
        unit.db.execute(_WRITE_HISTORY, lines)
        if filings:
            unit.db.execute(_WRITE_FILING, filings)
        write_work(unit, moves)
        write_terms(unit, moves)
        write_messages(unit, moves)
        mark_notices(unit, moves)


def _number(unit: Unit, moves: Sequence[Move]) -> None:
    """New cases and new proceedings have their ids before anything is written."""
    new = [move.docket for move in moves if move.docket.is_new]
    for docket, key in zip(new, reserve(unit.db, Case, len(new)), strict=True):
        docket.row["id"] = key
        docket.row.update(seq=0, tip=GENESIS)
    opened = [standing for move in moves for standing in move.unfolded.opened]
    for standing, key in zip(opened, reserve(unit.db, Proceeding, len(opened)), strict=True):
        standing.key = key


def _cases(unit: Unit, moves: Sequence[Move]) -> None:
    """New cases are written as they end up; old ones are turned to where they stand now."""
    fresh, turned = [], []
    for move in moves:
        row, file = move.docket.row, move.docket.file
        row.update(move.changes)
        row.update(facts=file.facts, division=file.division, status=status_of(unit, file), paused=file.paused)
        if move.docket.is_new:
            fresh.append(row | {"opened_at": unit.now})
        else:
            turned.append({f"new_{name}": row[name] for name in _TURNED} | {"key": row["id"]})
    if fresh:
        unit.db.execute(_WRITE_CASE, fresh)
    if turned:
        unit.db.execute(_TURN_CASE, turned)


def _proceedings(unit: Unit, moves: Sequence[Move]) -> None:
    opened = [
        {"id": one.key, "case_id": move.docket.row["id"], "procedure": one.procedure, "version": one.version}
        | {"compartment": unit.runtime.law.definition(one.procedure, one.version).compartment.value}
        | {
            "state": one.state,
            "revision": one.revision,
            "since": unit.now,
            "began_on": one.began_on,
            "data": one.data,
        }
        | {"on_file": sorted(one.on_file), "takers": {}}
        for move in moves
        for one in move.unfolded.opened
    ]
    if opened:
        unit.db.execute(_WRITE_PROCEEDING, opened)
    moved = []
    for move in moves:
        if move.took is not None and unit.actor.account_id is not None:
            key, step = move.took
            move.docket.takers[key] = {**move.docket.takers.get(key, {}), step: unit.actor.account_id}
        for key, one in move.unfolded.changed.items():
            moved.append(
                {
                    "key": key,
                    "to_state": one.state,
                    "to_revision": one.revision,
                    "moved_at": unit.now,
                    "new_data": one.data,
                }
                | {"new_on_file": sorted(one.on_file), "new_takers": move.docket.takers.get(key, {})}
            )
    if moved:
        unit.db.execute(_MOVE_PROCEEDING, moved)
