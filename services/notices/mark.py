"""The rows of a notification's notices follow its steps, whichever way the step was taken."""

from sqlalchemy import ColumnElement, func, literal, update

from services.db.base import Instant
from services.db.models.mail import Notice
from services.unit import Unit

#: What a step of a notification makes of its notices.
_AFTER: dict[str, str] = {
    "acknowledge": "acknowledged",
    "accept": "answered",
    "reject": "answered",
    "call_not_applicable": "answered",
}
_BEFORE: dict[str, tuple[str, ...]] = {
    "acknowledged": ("delivered",),
    "answered": ("delivered", "acknowledged"),
}

#: Notices that ask for an answer: the request, and the reminder that is one matter with it.
ASKING = ("notify_party_request", "notify_party_reminder", "notify_union_request", "notify_union_reminder")


def follow_step(unit: Unit, proceeding_id: int, step: str) -> None:
    """The request and its reminders are acknowledged or answered, if the step was one that does so."""
    status = _AFTER.get(step)
    if status is not None:
        _mark(unit, (Notice.proceeding_id == proceeding_id) & Notice.kind.in_(ASKING), status)


def mark_read(unit: Unit, notice_id: int) -> None:
    """A notice that only informs is acknowledged."""
    _mark(unit, Notice.id == notice_id, "acknowledged")


def _mark(unit: Unit, which: ColumnElement[bool], status: str) -> None:
    """Who acknowledged first, and when, stays."""
    unit.db.execute(
        update(Notice)
        .where(which, Notice.status.in_(_BEFORE[status]))
        .values(
            status=status,
            acknowledged_at=func.coalesce(Notice.acknowledged_at, literal(unit.now, Instant)),
            acknowledged_by=func.coalesce(Notice.acknowledged_by, unit.actor.account_id),
        )
    )
