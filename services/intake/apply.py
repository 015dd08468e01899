"""Applies what stands in the inbox: moves the cases, marks the rows, all of one claim in one commit."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select, update

from services.cases.record import record
from services.cases.rounds import rounds
from services.db.among import among
from services.db.models.casework import Case
from services.db.models.mail import Inbox
from services.db.rows import turn_rows
from services.drains import Drain
from services.failpoints import here
from services.intake.decide import decide
from services.intake.heard import Heard, hear
from services.intake.outcome import Outcome
from services.runtime import Runtime, Unit


def drain_inbox(runtime: Runtime, limit: int = 200) -> int:
    """Up to `limit` waiting events are applied or set aside; returns how many were in hand."""
    return INBOX.run(runtime, limit)


def apply_rows(unit: Unit, keys: Sequence[int]) -> None:
    """The events of these rows stand in their cases and the rows say so. Rows somebody else has done meanwhile are left."""
    columns = (Inbox.raw, Inbox.type, Inbox.case_key, Inbox.placed, Inbox.office_id)
    apply(unit, [hear(row) for row in INBOX.pending(unit, keys, *columns)])


_WAKE = (
    update(Inbox)
    .where(among(Inbox.case_key, "keys"), Inbox.state == "waiting")
    .values(
        state="pending", due_at=bindparam("moment"), deliveries=0, attempts=0, error_code=None, error=None
    )
)

#: Events of one enterprise go in the order in which they came.
INBOX = Drain("inbox", Inbox, Inbox.due_at, Inbox.case_key, apply_rows)


def apply(unit: Unit, heard: Sequence[Heard]) -> list[Outcome]:
    """What became of each event, written down: the cases moved set by set, and every inbox row marked."""
    together = rounds(heard, lambda one: one.names or [one.inbox_id])
    return [outcome for some in together for outcome in _apply(unit, some)]


def _apply(unit: Unit, heard: Sequence[Heard]) -> list[Outcome]:
    """Events about so many different files."""
    here("inbox", "found")
    outcomes = decide(unit, heard)
    here("inbox", "decided")
    record(unit, [outcome.move for outcome in outcomes if outcome.move is not None])
    here("inbox", "recorded")
    turn_rows(
        unit.db,
        Inbox,
        [
            {"id": one.inbox_id, "state": one.state, "case_id": one.case_id, "error_code": one.code}
            | {"error": one.reason.as_dict() if one.reason else None}
            for one in outcomes
        ],
    )
    moves = [one.move for one in outcomes if one.move is not None]
    known = [move.docket.row["uscc"] for move in moves if move.docket.is_new or "uscc" in move.changes]
    if any(known):
        _wake_the_waiting(unit, [code for code in known if code is not None])
    return outcomes


def wake_the_overlooked(unit: Unit) -> int:
    """Events that still wait although their enterprise has a case by now are due; returns how many.

    A list and a worker may pass each other: one opens the case while the other decides that there is none yet.
    """
    known = select(Case.uscc).join(Inbox, Inbox.case_key == Case.uscc).where(Inbox.state == "waiting")
    keys = [key for key in unit.db.execute(known).scalars() if key is not None]
    return _wake_the_waiting(unit, keys) if keys else 0


def _wake_the_waiting(unit: Unit, case_keys: Sequence[str]) -> int:
    """Events that came before there was a file under their enterprise's code are due now; returns how many."""
    woken = unit.db.execute(_WAKE, {"keys": case_keys, "moment": unit.now})
    if woken.rowcount:
        unit.bells.add("inbox")
    return woken.rowcount
