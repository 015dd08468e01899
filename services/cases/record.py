"""Writes down what the law decided, for one case or for hundreds at once: rows only, set by set, inside the caller's commit.

The order is fixed: ids, case, proceedings, history, work items, deadlines, messages. Every line of history closes over the
one before it: hash = H(0x00 ‖ "gj-hist-v1" ‖ previous ‖ canonical JSON).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, case, func, insert, or_, select, update

from services.actor import Actor
from services.clock import end_of_day
from services.db.base import BigId, Instant
from services.db.models.casework import Case, Deadline, History, Proceeding, WorkItem
from services.db.models.mail import Notice, Outbox
from services.db.models.paper import Filing
from services.db.numbers import reserve
from services.db.session import without_waiting
from services.notices.payload import payload
from services.unit import Unit
from workflows import deadlines
from workflows.events import Scalar, canonical
from workflows.unfold import CaseFile, Entry, NewTerm, Standing, Unfolded

DOMAIN = b"\x00gj-hist-v1"
GENESIS = bytes(32)


@dataclass(slots=True)
class Docket:
    """A case as the office holds it while it is being moved: the law's view, and the row it came from or will become."""

    file: CaseFile
    row: dict[str, Any]
    """`id` (0 for a new case), seq, tip, status, and for a new case every column."""
    takers: dict[int, dict[str, int]] = field(default_factory=dict)
    is_new: bool = False


@dataclass(slots=True)
class Move:
    """One docket, what the law made of it, and on whose word."""

    docket: Docket
    unfolded: Unfolded
    inbox_id: int | None = None
    papers: Sequence[Mapping[str, Any]] = ()
    opinion: str = ""
    took: tuple[int, str] | None = None
    """(proceeding, step) that a person took, so that the same person cannot decide it."""
    changes: Mapping[str, Any] = field(default_factory=dict)
    """Columns of the case that the registry's event changes: name, address, kind, industry."""


# `inline`: nobody reads back what the database filled in
_WRITE_CASE, _WRITE_PROCEEDING, _WRITE_HISTORY = (
    insert(Case).inline(),
    insert(Proceeding).inline(),
    insert(History).inline(),
)
_WRITE_WORK, _WRITE_DEADLINE = insert(WorkItem).inline(), insert(Deadline).inline()
_WRITE_OUTBOX, _WRITE_FILING = insert(Outbox).inline(), insert(Filing).inline()
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
_CLOSE_WORK = (
    update(WorkItem)
    .where(WorkItem.proceeding_id == bindparam("key"), WorkItem.status == "open")
    .values(status="done", closed_at=bindparam("moment"), closed_by=bindparam("hand"))
)
_END_TERM = (
    update(Deadline)
    .where(
        Deadline.proceeding_id == bindparam("key"),
        Deadline.term == bindparam("name"),
        or_(Deadline.state == "running", Deadline.state == "suspended"),
    )
    .values(state="met")
)
_MARK_NOTICES = (
    update(Notice)
    .where(Notice.proceeding_id == bindparam("sender"), Notice.status != "answered")
    .values(
        status=bindparam("mark"),
        acknowledged_at=func.coalesce(Notice.acknowledged_at, bindparam("moment", type_=Instant)),
        acknowledged_by=func.coalesce(Notice.acknowledged_by, bindparam("hand", type_=BigId)),
    )
)
_TURNED = (
    "seq", "tip", "facts", "status", "paused", "division", "name", "address", "kind", "industry", "uscc", "registered_on",
)  # fmt: skip
_TURN_CASE = (
    update(Case)
    .where(Case.id == bindparam("key"), Case.seq == bindparam("old_seq"))
    .values({name: bindparam(f"new_{name}") for name in _TURNED})
)


class LostRace(Exception):
    """The case moved between reading and writing: the lock was not held. Nothing was written."""


def record(unit: Unit, moves: Sequence[Move]) -> None:
    """Every move stands in the tables, and the outbox knows what to carry; the caller commits."""
    moves = [move for move in moves if move.unfolded.entries]
    if not moves:
        return
    unit.runtime.roster.refresh(unit.db)
    _number(unit, moves)
    lines, filings = _lines(unit, moves)
    _cases(unit, moves)
    _pauses(unit, moves)
    with without_waiting(unit.db):
        _proceedings(unit, moves)
        unit.db.execute(_WRITE_HISTORY, lines)
        if filings:
            unit.db.execute(_WRITE_FILING, filings)
        _work(unit, moves)
        _terms(unit, moves)
        _messages(unit, moves)
        _mark_notices(unit, moves)


def status_of(unit: Unit, file: CaseFile) -> str:
    """closed: nothing can follow; settled: nobody owes anything; open: somebody does."""
    states = [
        unit.runtime.law.definition(one.procedure, one.version).state[one.state] for one in file.standings
    ]
    if all(state.final for state in states):
        return "closed"
    return "settled" if all(state.settled for state in states) else "open"


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
    """New cases are written as they end up; an old one is turned only if nobody turned it meanwhile."""
    fresh, turned = [], []
    for move in moves:
        row, file = move.docket.row, move.docket.file
        row.update(move.changes)
        row.update(facts=file.facts, division=file.division, status=status_of(unit, file), paused=file.paused)
        if move.docket.is_new:
            fresh.append(row | {"opened_at": unit.now})
        else:
            old_seq = row["seq"] - len(move.unfolded.entries)
            turned.append(
                {f"new_{name}": row[name] for name in _TURNED} | {"key": row["id"], "old_seq": old_seq}
            )
    if fresh:
        unit.db.execute(_WRITE_CASE, fresh)
    if turned:
        done = unit.db.execute(_TURN_CASE, turned)
        if done.rowcount not in (len(turned), -1):
            raise LostRace(f"{done.rowcount} of {len(turned)} cases turned")


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


def _keys(move: Move) -> dict[int, int]:
    """The temporary keys of proceedings opened in this unfolding, and the ids they became."""
    return {-1 - index: standing.key for index, standing in enumerate(move.unfolded.opened)}


def _lines(unit: Unit, moves: Sequence[Move]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The history rows of every move, chained, and what was filed as evidence with them."""
    algorithm = unit.runtime.settings.hash_algorithm
    rows, filings = [], []
    for move in moves:
        keys, row = _keys(move), move.docket.row
        tip, seq = bytes(row["tip"]), row["seq"]
        for entry in move.unfolded.entries:
            seq += 1
            key = None if entry.key is None else keys.get(entry.key, entry.key)
            by_person = move.took is not None and entry.cause == "person"
            canon = canonical(_line(unit, move, entry, key, seq, by_person=by_person))
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
    unit: Unit, move: Move, entry: Entry, key: int | None, seq: int, *, by_person: bool
) -> dict[str, object]:
    actor: Actor | None = unit.actor if by_person else None
    line: dict[str, object] = {
        "v": 1,
        "case": move.docket.row["id"],
        "seq": seq,
        "at": _wire(unit.now),
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


def _work(unit: Unit, moves: Sequence[Move]) -> None:
    ended = [key for move in moves for key in move.unfolded.work_ended if key > 0]
    if ended:
        unit.db.execute(
            _CLOSE_WORK, [{"key": key, "moment": unit.now, "hand": unit.actor.account_id} for key in ended]
        )
    rows = []
    for move in moves:
        keys, division = _keys(move), move.docket.file.division
        due = _due_days(move.unfolded.terms)
        for new in move.unfolded.work:
            body = unit.runtime.roster.fills(new.work.role.name, division)
            rows.append(
                {
                    "case_id": move.docket.row["id"],
                    "proceeding_id": keys.get(new.key, new.key),
                    "reason": new.reason,
                }
                | {
                    "compartment": new.compartment.value,
                    "role": new.work.role.name,
                    "division": division,
                    "status": "open",
                }
                | {
                    "task_zh": new.work.task.zh,
                    "task_en": new.work.task.en,
                    "body_id": body.id if body else None,
                }
                | {"opened_at": unit.now, "due_on": due.get(new.key)}
            )
    if rows:
        unit.db.execute(_WRITE_WORK, rows)


def _due_days(terms: Sequence[NewTerm]) -> dict[int, date]:
    found: dict[int, date] = {}
    for term in terms:
        day = term.deadline.due_on
        if day is not None and (term.key not in found or day < found[term.key]):
            found[term.key] = day
    return found


def _terms(unit: Unit, moves: Sequence[Move]) -> None:
    ended = [{"key": key, "name": name} for move in moves for key, name in move.unfolded.terms_ended]
    if ended:
        unit.db.execute(_END_TERM, ended)
    rows = []
    for move in moves:
        keys = _keys(move)
        for new in move.unfolded.terms:
            rows.append(
                {
                    "case_id": move.docket.row["id"],
                    "proceeding_id": keys.get(new.key, new.key),
                    "term": new.term.name,
                }
                | {"generation": move.docket.row["seq"]}
                | deadline_columns(unit, new.deadline)
            )
    if rows:
        unit.db.execute(_WRITE_DEADLINE, rows)


def _pauses(unit: Unit, moves: Sequence[Move]) -> None:
    """When an enterprise suspends or resumes operation, every running term of its case stops or runs on."""
    for move in moves:
        paused = move.unfolded.paused
        if paused is None or move.docket.is_new:
            continue
        at, case_id = "running" if paused else "suspended", move.docket.row["id"]
        for row in unit.db.execute(
            select(Deadline.id, Deadline.detail).where(Deadline.case_id == case_id, Deadline.state == at)
        ):
            kept = deadlines.from_json(row.detail)
            if paused:
                turned = deadlines.suspend(kept, unit.today)
            else:
                turned = deadlines.resume(kept, unit.today, unit.runtime.calendar(unit.db))
            unit.db.execute(
                update(Deadline).where(Deadline.id == row.id).values(**deadline_columns(unit, turned))
            )


def deadline_columns(unit: Unit, deadline: deadlines.Deadline) -> dict[str, Any]:
    """How a deadline stands in its row; one whose year has no calendar never fires."""
    due = deadline.due_on
    running = deadline.suspended_on is None
    return {
        "state": "running" if running else "suspended",
        "due_on": due,
        "fire_at": end_of_day(due, unit.runtime.settings.zone) if due is not None and running else None,
        "detail": deadlines.to_json(deadline),
    }


def _messages(unit: Unit, moves: Sequence[Move]) -> None:
    rows = []
    for move in moves:
        keys, row = _keys(move), move.docket.row
        first = row["seq"] - len(move.unfolded.entries)
        for new in move.unfolded.messages:
            rows.append(
                {
                    "dedupe": f"{row['id']}:{first + new.entry + 1}:{new.message.kind}",
                    "case_id": row["id"],
                    "state": "pending",
                }
                | {"proceeding_id": keys.get(new.key, new.key), "kind": new.message.kind, "due_at": unit.now}
                | {"sender_role": new.message.sender.name, "recipient_role": new.message.to.name}
                | {"payload": payload(row, move.docket.file, unit.today)}
            )
    if rows:
        unit.db.execute(_WRITE_OUTBOX, rows)
        unit.bells.add("outbox")


def _mark_notices(unit: Unit, moves: Sequence[Move]) -> None:
    """The notices a proceeding sent are acknowledged or answered with it, whichever way the step was taken."""
    rows = []
    for move in moves:
        for key, one in move.unfolded.changed.items():
            mark = unit.runtime.law.definition(one.procedure, one.version).state[one.state].notices
            if mark:
                hand = unit.actor.account_id if move.took is not None else None
                rows.append({"sender": key, "mark": mark, "moment": unit.now, "hand": hand})
    if rows:
        unit.db.execute(_MARK_NOTICES, rows)


def _wire(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def facts_of(row: Mapping[str, Any]) -> dict[str, Scalar]:
    """The open drawer of a stored case."""
    return dict(row["facts"])


def standing_of(row: Any) -> Standing:
    """A stored proceeding as the law sees it. `Any`: a row of `Proceeding`'s columns."""
    return Standing(
        key=row.id,
        procedure=row.procedure,
        version=row.version,
        state=row.state,
        revision=row.revision,
        began_on=row.began_on,
        data=dict(row.data),
        on_file=frozenset(row.on_file),
    )
