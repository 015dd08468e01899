"""Events that could not be placed wait for a person, who says where the enterprise belongs. Nothing places them by guess."""

from typing import Any

from sqlalchemy import select, update

from services.access import journal
from services.access.permissions import require
from services.db.models.directory import Body
from services.db.models.mail import Inbox
from services.directory.divisions import find
from services.directory.scope import covers, within
from services.runtime import Unit
from workflows.errors import Fault


def waiting(unit: Unit, limit: int = 200) -> list[dict[str, Any]]:
    """The unplaced events of the actor's own jurisdiction, oldest first. `Any`: plain values for a list."""
    rows = unit.db.execute(
        select(Inbox.id, Inbox.case_key, Inbox.received_at, Inbox.error, Body.code)
        .join(Body, Body.id == Inbox.office_id)
        .where(Inbox.state == "triage", within(Body.division, unit.actor.division))
        .order_by(Inbox.id)
        .limit(limit)
    )
    return [
        {
            "id": row.id,
            "uscc": row.case_key,
            "office": row.code,
            "received_at": row.received_at.isoformat(),
            "reason": row.error,
        }
        for row in rows
    ]


def place(unit: Unit, inbox_id: int, division: str) -> None:
    """The event is due again, with the division a person gave it; who and when stands on the row."""
    require(unit.actor, "triage.place")
    row = unit.db.execute(
        select(Inbox.state, Body.division)
        .join(Body, Body.id == Inbox.office_id)
        .where(Inbox.id == inbox_id)
        .with_for_update(of=Inbox)
    ).one_or_none()
    if row is None or not covers(unit.actor.division, row.division):
        raise Fault("not_found")
    if row.state != "triage":
        raise Fault("item_done")
    if find(division) is None:
        raise Fault("division_unknown", field="division", division=division[:12])
    if not covers(row.division, division):
        raise Fault("outside_jurisdiction", field="division", division=division)
    unit.db.execute(
        update(Inbox)
        .where(Inbox.id == inbox_id)
        .values(
            state="pending",
            placed=division,
            placed_by=unit.actor.account_id,
            due_at=unit.now,
            error_code=None,
            error=None,
        )
    )
    journal.write(unit, "triage.place", f"event {inbox_id}", division=row.division, to=division)
    unit.bells.add("inbox")
