"""What became of an event, for the office that sent it and for the auditor."""

from typing import Any

from sqlalchemy import select

from services.db.models.casework import Case
from services.db.models.directory import Body
from services.db.models.mail import Inbox
from services.db.queries.sight import cases_of
from services.directory.scope import within
from services.runtime import Unit
from workflows.errors import CATALOGUE, Fault

#: States of an inbox row as an office is told them; whatever waits has been received.
_TOLD = {"applied": "applied", "failed": "failed", "rejected": "failed"}


def event(unit: Unit, source: str, event_id: str) -> dict[str, Any]:
    """received, applied or failed, with the reason, and the case while it lies in the asker's jurisdiction; another office's
    event is not there. `Any`: JSON."""
    mine = Inbox.office_id == unit.actor.body_id
    if unit.actor.kind == "auditor":
        mine = within(Body.division, unit.actor.division)
    row = unit.db.execute(
        select(Inbox.state, Case.id.label("case_id"), Inbox.error_code, Inbox.error)
        .join(Body, Body.id == Inbox.office_id)
        .outerjoin(Case, (Case.id == Inbox.case_id) & cases_of(unit.actor))
        .where(Inbox.source == source, Inbox.event_id == event_id, mine)
    ).one_or_none()
    if row is None:
        raise Fault("not_found")
    return {
        "id": event_id,
        "source": source,
        "status": _TOLD.get(row.state, "received"),
        "case": str(row.case_id) if row.case_id is not None else None,
        "reason": _reason(row.error, row.error_code),
    }


def _reason(error: dict[str, Any] | None, code: str | None) -> dict[str, str] | None:
    if error is not None:
        return {"zh": str(error["zh"]), "en": str(error["en"])}
    return CATALOGUE[code][1].as_dict() if code in CATALOGUE else None
