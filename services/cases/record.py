"""Writes down what the law decided, for one case or for hundreds at once: rows only, set by set, inside the caller's commit.

The order is fixed: ids, history lines, then the rows: case, proceedings, history, work items, deadlines, messages; and last what
other files hold: open work that goes over with a moved file, links, and what other files are told.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, case, update

from services.cases.docket import Move, status_of
from services.cases.hand_over import hand_over
from services.cases.lines import lines_of
from services.cases.links import write_links, write_tellings
from services.cases.name_parts import forget_names, keep_names
from services.cases.owed import extend_terms, turn_clocks, write_terms, write_work
from services.db.base import Instant
from services.db.models.casework import Case, History, HistoryValue, Proceeding
from services.db.models.ledger import Unsealed
from services.db.models.paper import Filing
from services.db.numbers import reserve
from services.db.rows import turn_rows, write_rows
from services.db.session import without_waiting
from services.failpoints import here
from services.ledger.layout import GENESIS
from services.notices.write import mark_notices, write_messages
from services.runtime import Unit

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
#: What every move turns, and what else only the registry's news can change.
_TURNED = ("id", "seq", "tip", "facts", "status", "paused", "division")
_CHANGED = (*_TURNED, "name", "address", "kind", "industry", "uscc", "registered_on")


def record(unit: Unit, moves: Sequence[Move]) -> None:
    """Every move stands in the tables, and the outbox knows what to carry; the caller commits.

    The case's lock is held since it was read. Were it not, the key of `history` (case, seq) would refuse a second line. No case is
    moved twice here: what the first move opened has no number before it is written, and the second could not close it.
    """
    moves = [move for move in moves if move.unfolded.entries]
    if not moves:
        return
    if len({id(move.docket) for move in moves}) < len(moves):
        raise ValueError("a case is to move twice at once")
    unit.runtime.roster.refresh(unit.db)
    _number(unit, moves)
    here("record", "numbered")
    lines = lines_of(unit, moves)
    turn_clocks(unit, moves)
    extend_terms(unit, moves)
    here("record", "clocks")
    with without_waiting(unit.db):
        _cases(unit, moves)
        here("record", "cases")
        _proceedings(unit, moves)
        here("record", "proceedings")
        write_rows(unit.db, History, lines.history)
        write_rows(unit.db, HistoryValue, lines.values)
        write_rows(unit.db, Unsealed, lines.unsealed)
        write_rows(unit.db, Filing, lines.filings)
        here("record", "history")
        write_work(unit, moves)
        here("record", "work")
        write_terms(unit, moves)
        here("record", "terms")
        write_messages(unit, moves)
        mark_notices(unit, moves)
        here("record", "messages")
    hand_over(unit, moves)
    write_links(unit, moves)
    write_tellings(unit, moves)
    here("record", "told")


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
    fresh, changed, turned = (list[dict[str, Any]]() for _ in range(3))
    renamed = dict[int, str]()
    for move in moves:
        row, file = move.docket.row, move.docket.file
        is_moved = row.get("division") != file.division
        row.update(move.changes)
        row.update(facts=file.facts, division=file.division, status=status_of(unit, file), paused=file.paused)
        if move.docket.is_new:
            fresh.append(row | {"opened_at": unit.now, "opened_in": file.division[:6]})
            continue
        if is_moved or "name" in move.changes:
            renamed[row["id"]] = row["name"]
        if move.changes:
            changed.append({name: row[name] for name in _CHANGED})
        else:
            turned.append({name: row[name] for name in _TURNED})
    forget_names(unit.db, list(renamed))
    write_rows(unit.db, Case, fresh)
    turn_rows(unit.db, Case, changed)
    turn_rows(unit.db, Case, turned)
    keep_names(unit.db, {row["id"]: row["name"] for row in fresh} | renamed)


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
        | {"on_file": sorted(one.on_file), "takers": _beginners(unit, move, index)}
        for move in moves
        for index, one in enumerate(move.unfolded.opened)
    ]
    write_rows(unit.db, Proceeding, opened)
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


def _beginners(unit: Unit, move: Move, index: int) -> dict[str, int]:
    """Who began the proceeding that was opened as number `index`, if a person did; it stands under the opening's name."""
    if move.took is None or move.took[0] != -1 - index or unit.actor.account_id is None:
        return {}
    return {move.took[1]: unit.actor.account_id}
