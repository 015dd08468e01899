"""Applies what stands in the inbox: moves the cases, marks the rows, all of one claim in one commit."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select, update

from services.cases.record import record
from services.db.models.casework import Case
from services.db.models.mail import Inbox
from services.drains import Drain
from services.intake.outcome import Outcome, decide
from services.runtime import Runtime, Unit

_MARK = (
    update(Inbox)
    .where(Inbox.id == bindparam("key"))
    .values(
        state=bindparam("new_state"),
        case_id=bindparam("new_case"),
        error_code=bindparam("new_code"),
        error=bindparam("new_error"),
    )
)


def drain_inbox(runtime: Runtime, limit: int = 200) -> int:
    """Up to `limit` waiting events are applied or set aside; returns how many were in hand."""
    return INBOX.run(runtime, limit)


def apply_rows(unit: Unit, keys: Sequence[int]) -> None:
    """The events of these rows stand in their cases and the rows say so. Rows somebody else has done meanwhile are left."""
    apply_found(
        unit, INBOX.pending(unit, keys, Inbox.raw, Inbox.type, Inbox.case_key, Inbox.placed, Inbox.office_id)
    )


#: Events of one enterprise go in the order in which they came.
INBOX = Drain("inbox", Inbox, Inbox.due_at, Inbox.case_key, apply_rows)


def apply_found(unit: Unit, rows: Sequence[Any]) -> list[Outcome]:
    """What became of each row, written down: the cases moved set by set, and every inbox row marked."""
    if not rows:
        return []
    outcomes = decide(unit, rows)
    record(unit, [outcome.move for outcome in outcomes if outcome.move is not None])
    unit.db.execute(
        _MARK,
        [
            {"key": one.inbox_id, "new_state": one.state, "new_case": one.case_id, "new_code": one.code}
            | {"new_error": one.reason.as_dict() if one.reason else None}
            for one in outcomes
        ],
    )
    registered = [
        one.case_key
        for one in outcomes
        if one.state == "applied" and one.move is not None and one.move.docket.is_new
    ]
    if registered:
        _wake_the_waiting(unit, registered)
    return outcomes


def wake_the_overlooked(unit: Unit) -> int:
    """Events that still wait although their enterprise has a case by now are due; returns how many.

    A list and a worker may pass each other: one opens the case while the other decides that there is none yet.
    """
    known = select(Case.uscc).join(Inbox, Inbox.case_key == Case.uscc).where(Inbox.state == "waiting")
    keys = [key for key in unit.db.execute(known).scalars() if key is not None]
    return _wake_the_waiting(unit, keys) if keys else 0


def _wake_the_waiting(unit: Unit, case_keys: Sequence[str]) -> int:
    """Events that came before their enterprise's registration are due now; returns how many."""
    woken = unit.db.execute(
        update(Inbox)
        .where(Inbox.case_key.in_(case_keys), Inbox.state == "waiting")
        .values(state="pending", due_at=unit.now, deliveries=0, attempts=0, error_code=None, error=None)
    )
    if woken.rowcount:
        unit.bells.add("inbox")
    return woken.rowcount
