"""What people owe once a case has moved: work items and deadlines, opened, met, stopped and set running again."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update

from services.cases.docket import Move, keys_of
from services.clock import end_of_day
from services.db.models.casework import Deadline, WorkItem
from services.runtime import Unit
from workflows import deadlines
from workflows.unfold import NewTerm

# `inline`: nobody reads back what the database filled in
_WRITE_WORK, _WRITE_DEADLINE = insert(WorkItem).inline(), insert(Deadline).inline()
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


def write_work(unit: Unit, moves: Sequence[Move]) -> None:
    ended = [key for move in moves for key in move.unfolded.work_ended if key > 0]
    if ended:
        unit.db.execute(
            _CLOSE_WORK, [{"key": key, "moment": unit.now, "hand": unit.actor.account_id} for key in ended]
        )
    rows = []
    for move in moves:
        keys, division = keys_of(move), move.docket.file.division
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


def write_terms(unit: Unit, moves: Sequence[Move]) -> None:
    ended = [{"key": key, "name": name} for move in moves for key, name in move.unfolded.terms_ended]
    if ended:
        unit.db.execute(_END_TERM, ended)
    rows = []
    for move in moves:
        keys = keys_of(move)
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


def turn_clocks(unit: Unit, moves: Sequence[Move]) -> None:
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
