"""Notices (通报) of a body, in and out. Only the whitelisted payload is ever stored, so only that can be
shown."""

from typing import Any

from sqlalchemy import ColumnElement, RowMapping, func, select, true

from services.actor import Actor
from services.db.models.casework import Case, Proceeding
from services.db.models.mail import Notice
from services.db.queries.casebook import instant
from services.db.queries.page import ITEMS, after, cut, one_of
from services.db.queries.sight import cases_of, compartments
from services.runtime import Unit
from workflows.errors import Fault
from workflows.notices import NOTICES

BOXES = ("in", "out")
STATUSES = ("delivered", "acknowledged", "answered")

_NOTICE = Notice.__table__.c


def notices(unit: Unit, box: str, status: str | None = None, cursor: str | None = None) -> dict[str, Any]:
    """A page of the notices that came to the actor's body, or that it sent, newest first. `Any`: JSON."""
    one_of("box", box, BOXES)
    last = after(cursor)
    conditions = [cases_of(unit.actor), _box(unit.actor, box)]
    if status:
        conditions.append(Notice.status == one_of("status", status, STATUSES))
    if last is not None:
        conditions.append(Notice.id < last)
    unit.runtime.roster.refresh(unit.db)
    rows = (
        unit.db.execute(_joined(unit).where(*conditions).order_by(Notice.id.desc()).limit(ITEMS + 1))
        .mappings()
        .all()
    )
    return cut(rows, lambda row: _notice(unit, row))


def unacknowledged(unit: Unit) -> int:
    """How many notices have come to the actor's body that nobody has acknowledged; counted up to a thousand."""
    waiting = (
        select(Notice.id)
        .join(Case, Case.id == Notice.case_id)
        .where(cases_of(unit.actor), _box(unit.actor, "in"), Notice.status == "delivered")
        .limit(1000)
    )
    return unit.db.execute(select(func.count()).select_from(waiting.subquery())).scalar_one()


def notice(unit: Unit, notice_id: int) -> dict[str, Any]:
    """One notice that the actor's body has received or sent, or not_found."""
    mine = _box(unit.actor, "in") | _box(unit.actor, "out")
    row = (
        unit.db.execute(_joined(unit).where(Notice.id == notice_id, cases_of(unit.actor), mine))
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise Fault("not_found")
    unit.runtime.roster.refresh(unit.db)
    return _notice(unit, row)


def _box(actor: Actor, box: str) -> ColumnElement[bool]:
    """An auditor has no box of his own; he reads those of all bodies in his divisions."""
    compartments(actor)
    if actor.kind == "auditor":
        return true()
    return (Notice.recipient_id if box == "in" else Notice.sender_id) == actor.body_id


def _joined(unit: Unit) -> Any:
    """`Any`: a select of columns from three tables."""
    return (
        select(*_NOTICE, Proceeding.compartment)
        .join(Case, Case.id == Notice.case_id)
        .outerjoin(Proceeding, Proceeding.id == Notice.proceeding_id)  # it may lie in another drawer
    )


def _notice(unit: Unit, row: RowMapping) -> dict[str, Any]:
    sender, recipient = (
        unit.runtime.roster.body(row["sender_id"]),
        unit.runtime.roster.body(row["recipient_id"]),
    )
    return {
        "id": str(row["id"]),
        "kind": row["kind"],
        "label": NOTICES[row["kind"]].as_dict(),
        "case": str(row["case_id"]),
        "proceeding": str(row["proceeding_id"]) if row["compartment"] in compartments(unit.actor) else None,
        "sender": {"role": row["sender_role"], "body": sender.code if sender else None},
        "recipient": {"role": row["recipient_role"], "body": recipient.code if recipient else None},
        "payload": row["payload"],
        "status": row["status"],
        "delivered_at": instant(row["delivered_at"]),
        "acknowledged_at": instant(row["acknowledged_at"]),
    }
