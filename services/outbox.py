"""Carries messages out of the outbox. A notice to another body arrives as a row in its box, an event for another file moves that
file, each in the same commit that marks it carried, so it arrives exactly once (RELIABILITY P4)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import update

from services.cases import load
from services.cases.docket import Docket, Move
from services.cases.links import EVENT
from services.cases.record import record
from services.cases.rounds import rounds
from services.channels.announce import notices_arrived
from services.db.among import among
from services.db.models.mail import Notice, Outbox
from services.db.rows import write_rows
from services.drains import Drain
from services.failpoints import here
from services.runtime import Runtime, Unit
from workflows.events import Event
from workflows.notices import NOTICES
from workflows.words import Text

_CARRIED = update(Outbox).where(among(Outbox.id, "keys")).values(state="done")
_ARRIVED = Text("送达：{zh}", "Delivered: {en}")


def drain_outbox(runtime: Runtime, limit: int = 200) -> int:
    """Up to `limit` waiting messages are carried or set aside; returns how many were in hand."""
    return OUTBOX.run(runtime, limit)


def carry(unit: Unit, keys: Sequence[int]) -> None:
    """The messages stand in their recipients' boxes, their cases know it, and the outbox says so."""
    rows = OUTBOX.pending(
        unit,
        keys,
        Outbox.case_id,
        Outbox.proceeding_id,
        Outbox.kind,
        Outbox.sender_role,
        Outbox.recipient_role,
        Outbox.payload,
    )
    if not rows:
        return
    unit.runtime.roster.refresh(unit.db)
    dockets = load.by_ids(unit, [row.case_id for row in rows])
    here("outbox", "found")
    for some in rounds(rows, lambda row: [row.case_id]):
        record(unit, [_arrive(unit, row, dockets[row.case_id]) for row in some])
    here("outbox", "recorded")
    notices = [_notice(unit, row, dockets[row.case_id]) for row in rows if row.kind != EVENT]
    write_rows(unit.db, Notice, notices)
    if notices:
        notices_arrived(unit, [one["outbox_id"] for one in notices])
    here("outbox", "noticed")
    unit.db.execute(_CARRIED, {"keys": [row.id for row in rows]})


#: Messages of one case go in the order in which they were written.
OUTBOX = Drain("outbox", Outbox, Outbox.due_at, Outbox.case_id, carry)


def _arrive(unit: Unit, row: Any, docket: Docket) -> Move:
    """The proceeding that waits for its notice moves on; for news that nobody waits for the case keeps one line. An event
    from another file is followed; one that nobody answers here changes nothing."""
    if row.kind == EVENT:
        told = Event(row.payload["event"], row.payload["data"] | {"from_case": row.payload["from_case"]})
        return Move(docket, load.unfolding(unit, docket.file).follow(told))
    unfolded = load.unfolding(unit, docket.file).follow(Event("notice.delivered", about=row.proceeding_id))
    if not unfolded.entries:
        label = NOTICES[row.kind]
        law = load.unfolding(unit, docket.file)
        law.amend("notice_delivered", _ARRIVED.filled(zh=label.zh, en=label.en), {}, cause="notice.delivered")
        unfolded = law.result
    return Move(docket, unfolded)


def _notice(unit: Unit, row: Any, docket: Docket) -> dict[str, Any]:
    division = docket.file.division
    sender = unit.runtime.roster.fills(row.sender_role, division)
    recipient = unit.runtime.roster.fills(row.recipient_role, division)
    return {
        "outbox_id": row.id,
        "case_id": row.case_id,
        "proceeding_id": row.proceeding_id,
        "kind": row.kind,
        "sender_role": row.sender_role,
        "recipient_role": row.recipient_role,
        "sender_id": sender.id if sender else None,
        "recipient_id": recipient.id if recipient else None,
        "division": division,
        "payload": row.payload,
        "status": "delivered",
        "delivered_at": unit.now,
    }
