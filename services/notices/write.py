"""What a move tells other bodies: messages for the mail room to carry, and notices whose matter has moved on."""

from collections.abc import Sequence

from sqlalchemy import bindparam, func, update

from services.cases.docket import Move, keys_of
from services.db.base import BigId, Instant
from services.db.models.mail import Notice, Outbox
from services.db.rows import write_rows
from services.notices.payload import payload
from services.runtime import Unit

_MARK_NOTICES = (
    update(Notice)
    .where(Notice.proceeding_id == bindparam("sender"), Notice.status != "answered")
    .values(
        status=bindparam("mark"),
        acknowledged_at=func.coalesce(Notice.acknowledged_at, bindparam("moment", type_=Instant)),
        acknowledged_by=func.coalesce(Notice.acknowledged_by, bindparam("hand", type_=BigId)),
    )
)


def write_messages(unit: Unit, moves: Sequence[Move]) -> None:
    rows = []
    for move in moves:
        keys, row = keys_of(move), move.docket.row
        first = row["seq"] - len(move.unfolded.entries)
        for new in move.unfolded.messages:
            rows.append(
                {
                    "dedupe": f"{row['id']}:{first + new.entry + 1}:{new.message.kind}:{new.message.to.name}",
                    "case_id": row["id"],
                    "state": "pending",
                }
                | {"proceeding_id": keys.get(new.key, new.key), "kind": new.message.kind, "due_at": unit.now}
                | {"sender_role": new.message.sender.name, "recipient_role": new.message.to.name}
                | {"payload": payload(row, move.docket.file, unit.today)}
            )
    if rows:
        write_rows(unit.db, Outbox, rows)
        unit.bells.add("outbox")


def mark_notices(unit: Unit, moves: Sequence[Move]) -> None:
    """The notices a proceeding sent are acknowledged or answered with it, whichever way the step was taken."""
    rows = []
    for move in moves:
        for key, one in move.unfolded.changed.items():
            mark = unit.runtime.law.definition(one.procedure, one.version).state[one.state].notices
            if mark:
                hand = unit.actor.account_id if move.took is not None else None
                rows.append({"sender": key, "mark": mark, "moment": unit.now, "hand": hand})
    if rows:
        unit.db.execute(_MARK_NOTICES, rows)
