"""What people owe once a case has moved: work items and deadlines, opened, met, stopped and set running again."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from services.cases.docket import Move, keys_of
from services.clock import end_of_day
from services.db.models.casework import Deadline, WorkItem
from services.db.rows import write_rows
from services.runtime import Unit
from workflows import deadlines
from workflows.errors import Refused
from workflows.unfolded import NewExtension, NewTerm

_CLOSE_WORK = (
    update(WorkItem)
    .where(WorkItem.proceeding_id == bindparam("key"), WorkItem.status == "open")
    .values(status="done", closed_at=bindparam("moment"), closed_by=bindparam("hand"))
)
_CLOSE_OTHER_WORK = _CLOSE_WORK.where(WorkItem.reason.not_in(bindparam("still", expanding=True)))
_CLOSE_EXPIRY = _CLOSE_WORK.where(WorkItem.reason == bindparam("name"))
OPEN = or_(Deadline.state == "running", Deadline.state == "suspended")
_END_TERM = (
    update(Deadline)
    .where(Deadline.proceeding_id == bindparam("key"), Deadline.term == bindparam("name"), OPEN)
    .values(state="met")
)


def write_work(unit: Unit, moves: Sequence[Move]) -> None:
    _close_work(unit, moves)
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
    write_rows(unit.db, WorkItem, rows)


def _close_work(unit: Unit, moves: Sequence[Move]) -> None:
    """What is done is done; what is about the expiry of a term that lasts beyond the move stays open."""
    by: dict[str, object] = {"moment": unit.now, "hand": unit.actor.account_id}
    ended: list[dict[str, object]] = []
    met: list[dict[str, object]] = []
    for move in moves:
        for key in move.unfolded.work_ended:
            still = move.unfolded.overdue_still.get(key)
            if key > 0 and still:
                unit.db.execute(_CLOSE_OTHER_WORK, {"key": key, "still": sorted(still)} | by)
            elif key > 0:
                ended.append({"key": key} | by)
        met += [{"key": key, "name": name} | by for key, name in move.unfolded.terms_met if key > 0]
    if ended:
        unit.db.execute(_CLOSE_WORK, ended)
    if met:
        unit.db.execute(_CLOSE_EXPIRY, met)


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
    write_rows(unit.db, Deadline, rows)


def extend_terms(unit: Unit, moves: Sequence[Move]) -> None:
    """Each term that a step makes longer ends so much later, and work items that showed its day show the new one.

    Refused where the term does not run, or is over by today.
    """
    for move in moves:
        for new in move.unfolded.extended:
            _extend(unit, new)


def _extend(unit: Unit, new: NewExtension) -> None:
    row = unit.db.execute(
        select(Deadline.id, Deadline.due_on, Deadline.detail).where(
            Deadline.proceeding_id == new.key, Deadline.term == new.term.name, OPEN
        )
    ).one_or_none()
    if row is None or (row.due_on is not None and row.due_on < unit.today):
        raise Refused("term_not_running", zh=new.term.label.zh, en=new.term.label.en)
    longer = deadlines.extend(
        deadlines.from_json(row.detail), new.by, new.reason, unit.runtime.calendar(unit.db)
    )
    unit.db.execute(update(Deadline).where(Deadline.id == row.id).values(**deadline_columns(unit, longer)))
    show_earliest(unit, new.key, {row.due_on}, {new.term.name})


def show_earliest(
    unit: Unit, proceeding_id: int, was: Collection[date | None], expiries: Collection[str]
) -> None:
    """Open work items that showed a day in `was` show the earliest now running; one about an expiry is left as it is."""
    days = [day for day in was if day is not None]
    shown = [WorkItem.due_on.in_(days)] + ([WorkItem.due_on.is_(None)] if None in was else [])
    earliest = select(Deadline.due_on).where(
        Deadline.proceeding_id == proceeding_id, OPEN, Deadline.due_on.is_not(None)
    )
    unit.db.execute(
        update(WorkItem)
        .where(WorkItem.proceeding_id == proceeding_id, WorkItem.status == "open", or_(*shown))
        .where(WorkItem.reason.not_in(expiries))
        .values(due_on=earliest.order_by(Deadline.due_on).limit(1).scalar_subquery())
    )


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
            if turned == kept:  # an exact one runs on
                continue
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
