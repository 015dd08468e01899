"""Rows that would not go and were set aside: shown to an administrator with their reason, and tried again when told."""

from typing import Any

from sqlalchemy import select, update

from services.access import journal
from services.access.permissions import require
from services.deadlines.fire import DUE
from services.directory.bodies import NATION
from services.drains import Drain
from services.intake.apply import INBOX
from services.outbox import OUTBOX
from services.runtime import Unit
from workflows.errors import Fault

DRAINS: dict[str, Drain] = {drain.name: drain for drain in (INBOX, OUTBOX, DUE)}


def set_aside(unit: Unit, limit: int = 200) -> list[dict[str, Any]]:
    """Every row in quarantine, by drain and id. `Any`: plain values for a list."""
    require(unit.actor, "quarantine.retry", NATION)
    unit.to_office()
    found = []
    for name, drain in DRAINS.items():
        table = drain.table
        rows = unit.db.execute(
            select(table.id, table.error_code, table.error, table.attempts, table.deliveries)
            .where(table.state == "failed")
            .order_by(table.id)
            .limit(limit)
        )
        found += [
            {
                "drain": name,
                "id": row.id,
                "code": row.error_code,
                "reason": row.error,
                "tries": max(row.attempts, row.deliveries),
            }
            for row in rows
        ]
    return found


def try_again(unit: Unit, drain_name: str, row_id: int) -> None:
    """The row is due now, as if it had never been tried. Fault: `not_set_aside` where somebody was faster."""
    require(unit.actor, "quarantine.retry", NATION)
    unit.to_office()
    drain = DRAINS.get(drain_name)
    if drain is None:
        raise Fault("not_found")
    table = drain.table
    fresh = {
        "state": drain.waiting,
        "attempts": 0,
        "deliveries": 0,
        "error_code": None,
        "error": None,
        drain.due.key: unit.now,
    }
    done = unit.db.execute(update(table).where(table.id == row_id, table.state == "failed").values(fresh))
    if done.rowcount != 1:
        there = unit.db.scalar(select(table.id).where(table.id == row_id))
        raise Fault("not_found" if there is None else "not_set_aside")
    journal.write(unit, "quarantine.retry", f"{drain.name} {row_id}")
    unit.bells.add("inbox" if drain is INBOX else "outbox" if drain is OUTBOX else "due")
