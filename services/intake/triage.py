"""Events that could not be placed wait for a person, who says where the enterprise belongs. Nothing places them by guess."""

import json
from typing import Any

from sqlalchemy import select, update

from services.access import journal
from services.access.permissions import require
from services.db.models.directory import Body
from services.db.models.mail import Inbox
from services.directory.divisions import find
from services.directory.scope import covers, within
from services.intake.receive import SPEAKS
from services.runtime import Unit
from workflows.errors import Fault
from workflows.personal import without_numbers


def waiting(unit: Unit, limit: int = 200, after: int = 0) -> list[dict[str, Any]]:
    """The unplaced events of the actor's own jurisdiction, oldest first, from the one `after` this on. `Any`: plain values for a list.

    An office sees what it said itself, with the name and the address to place it by; an administrator sees that it waits.
    """
    require(unit.actor, "triage.place")
    _beyond_his_own(unit)
    rows = unit.db.execute(
        select(
            Inbox.id,
            Inbox.case_key,
            Inbox.received_at,
            Inbox.error,
            Inbox.raw,
            Body.code,
            Body.id.label("body"),
        )
        .join(Body, Body.id == Inbox.office_id)
        .where(Inbox.state == "triage", Inbox.id > after, within(Body.division, unit.actor.division))
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
            **(_said(row.raw) if row.body == unit.actor.body_id else {"name": None, "address": None}),
        }
        for row in rows
    ]


def _beyond_his_own(unit: Unit) -> None:
    """Who places and speaks for no office himself works on what all of them said, as far as his jurisdiction goes."""
    if unit.actor.kind not in SPEAKS:
        unit.to_office()


def _said(raw: bytes) -> dict[str, str | None]:
    """Name and address as the office wrote them."""
    data = json.loads(bytes(raw))["data"]
    shown = {name: data.get(name) for name in ("name", "address")}
    return {name: without_numbers(text) if isinstance(text, str) else None for name, text in shown.items()}


def place(unit: Unit, inbox_id: int, division: str) -> None:
    """The event is due again, with the division a person gave it; who and when stands on the row."""
    require(unit.actor, "triage.place")
    _beyond_his_own(unit)
    row = unit.db.execute(
        select(Inbox.state, Inbox.placed, Inbox.placed_by, Body.division)
        .join(Body, Body.id == Inbox.office_id)
        .where(Inbox.id == inbox_id)
        .with_for_update(of=Inbox)
    ).one_or_none()
    if row is None or not covers(unit.actor.division, row.division):
        raise Fault("not_found")
    if row.state != "triage" and (row.placed, row.placed_by) == (division, unit.actor.account_id):
        return  # said twice
    if row.state != "triage":
        raise Fault("item_done")
    if find(division) is None:
        raise Fault("division_unknown", field="division", division=division[:12])
    if not covers(row.division, division):
        raise Fault("outside_jurisdiction", field="division", division=division)
    unit.to_office()
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
