"""A body answers a notice (通报). Where a notification waits for that, its step is taken in the same
commit; else the row is marked."""

from typing import Any

from sqlalchemy import or_, select, update

from services.access import journal
from services.cases import load
from services.cases.advance import StepTaken, take_step
from services.db.models.casework import Case, Proceeding
from services.db.models.mail import Notice
from services.directory.scope import drawers, within
from services.runtime import Unit
from workflows.definition import Step
from workflows.errors import Fault, Refused
from workflows.notices import ASKING

#: What a body may answer, and the step of the notification that says so.
OUTCOMES: dict[str, str] = {"accept": "accept", "reject": "reject", "not_applicable": "call_not_applicable"}


def acknowledge(unit: Unit, notice_id: int) -> None:
    """The notice is acknowledged (签收), and so is the notification behind it if it still waits for that."""
    notice = _received(unit, notice_id)
    if notice.status != "delivered":
        raise Fault("notice_settled")
    if notice.kind in ASKING and _waits_for(unit, notice, "acknowledge"):
        _take(unit, notice, "acknowledge", "")
    else:
        _mark_read(unit, notice.id)


def answer(unit: Unit, notice_id: int, outcome: str, reason: str = "") -> None:
    """The notification is accepted, rejected or called not applicable, with the reason; an answer also
    acknowledges."""
    notice = _received(unit, notice_id)
    if outcome not in OUTCOMES:
        listed = ", ".join(OUTCOMES)
        raise Fault(
            "value_bad",
            field="outcome",
            name="outcome",
            zh=f"只能是：{listed}",
            en=f"it must be one of: {listed}",
        )
    if notice.kind not in ASKING:
        raise Refused(
            "guard",
            zh="这份通报只是告知，签收即可，不用答复。",
            en="This notice only informs; acknowledge it. No answer is due.",
        )
    step = OUTCOMES[outcome]
    if _waits_for(unit, notice, "acknowledge"):
        _take(unit, notice, "acknowledge", "")
    if not _waits_for(unit, notice, step):
        raise Fault("notice_settled")
    _take(unit, notice, step, reason)


def _mark_read(unit: Unit, notice_id: int) -> None:
    """A notice that only informs, or whose notification has moved on, is acknowledged."""
    unit.db.execute(
        update(Notice)
        .where(Notice.id == notice_id)
        .values(status="acknowledged", acknowledged_at=unit.now, acknowledged_by=unit.actor.account_id)
    )
    journal.write(unit, "notice.acknowledge", f"notice {notice_id}")


def _take(unit: Unit, notice: Any, step: str, reason: str) -> None:
    """The reason goes where the step asks for one, else into the opinion."""
    asks = {field.name for field in _law_step(unit, notice, step).fields}
    fields = {"reason": reason} if "reason" in asks else {}
    try:
        take_step(unit, StepTaken(notice.proceeding_id, step, fields, opinion="" if fields else reason))
    except Fault as fault:
        fault.field = "reason" if fault.field in ("fields.reason", "opinion") else fault.field
        raise


def _waits_for(unit: Unit, notice: Any, step: str) -> bool:
    """Does the notification stand where this step can be taken? It may have moved on by another way."""
    return _proceeding(unit, notice).state in _law_step(unit, notice, step).sources


def _law_step(unit: Unit, notice: Any, step: str) -> Step:
    row = _proceeding(unit, notice)
    return unit.runtime.law.definition(row.procedure, row.version).step[step]


def _proceeding(unit: Unit, notice: Any) -> Any:
    """`Any`: a row of three columns."""
    return unit.db.execute(
        select(Proceeding.procedure, Proceeding.version, Proceeding.state).where(
            Proceeding.id == notice.proceeding_id
        )
    ).one()


def _received(unit: Unit, notice_id: int) -> Any:
    """A notice addressed to the actor's own body, locked after its case, as everywhere. `Any`: a row
    of notice columns."""
    if not drawers(unit.actor):
        raise Fault("not_permitted")
    mine = or_(Notice.recipient_id == unit.actor.body_id, Notice.sender_id == unit.actor.body_id)
    found = (
        select(
            Notice.id, Notice.case_id, Notice.proceeding_id, Notice.recipient_id, Notice.kind, Notice.status
        )
        .join(Case, Case.id == Notice.case_id)
        .where(Notice.id == notice_id, within(Case.division, unit.actor.division), mine)
    )
    seen = unit.db.execute(found).one_or_none()
    if seen is None:
        raise Fault("not_found")
    if seen.recipient_id != unit.actor.body_id:
        raise Fault("not_permitted")
    unit.to_office()
    load.locked(unit, Case.id == seen.case_id)
    return unit.db.execute(found.with_for_update(of=Notice)).one()
