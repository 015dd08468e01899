"""What has come to a body is to be told over its channels: one delivery for each, in the commit in which it came."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from services.channels.hours import due
from services.channels.message import NOTICE, URGE
from services.db.among import among
from services.db.models.casework import WorkItem
from services.db.models.channel import Channel, Delivery
from services.db.models.mail import Notice
from services.db.rows import write_rows
from services.runtime import Unit

_CHANNELS = (Channel.id.label("channel"), Channel.quiet_from, Channel.quiet_until, Channel.digest_hour)
_OPEN = Channel.off_at.is_(None)

#: One question, and for most bodies, which have no channel, no answer.
_ARRIVED = (
    select(Notice.id, Notice.kind, Notice.case_id, *_CHANNELS)
    .join(Channel, Channel.body_id == Notice.recipient_id)
    .order_by(Notice.id, Channel.id)
)
_CARRIED = _ARRIVED.where(among(Notice.outbox_id, "keys"), _OPEN)
_HANDED = _ARRIVED.where(among(Notice.id, "keys"), _OPEN)
_URGED = (
    select(WorkItem.id, WorkItem.case_id, *_CHANNELS)
    .join(Channel, Channel.body_id == WorkItem.body_id)
    .where(WorkItem.id == bindparam("item"), _OPEN)
)


def notices_arrived(unit: Unit, messages: Sequence[int]) -> None:
    """The notices that these messages of the outbox became are to be told to their recipients."""
    _notices(unit, _CARRIED, messages)


def notices_handed_over(unit: Unit, notices: Sequence[int]) -> None:
    """These notices have come to a body that was not there before."""
    _notices(unit, _HANDED, notices)


def urged(unit: Unit, item: int) -> None:
    """The body that holds the work item is to be told that it is urged; each time anew."""
    rows = unit.db.execute(_URGED, {"item": item}).all()
    _write(unit, [_row(unit, row, URGE, "", int(unit.now.timestamp())) for row in rows])


def _notices(unit: Unit, found: Any, keys: Sequence[int]) -> None:
    """`Any`: a select of a notice's and a channel's columns."""
    rows = unit.db.execute(found, {"keys": list(keys)}).all() if keys else []
    _write(unit, [_row(unit, row, NOTICE, row.kind) for row in rows])


def _row(unit: Unit, row: Any, about: str, kind: str, occasion: int = 0) -> dict[str, Any]:
    """`Any`: a row of a channel's columns; values of a delivery's."""
    zone = unit.runtime.settings.zone
    at = due(row.quiet_from, row.quiet_until, row.digest_hour, unit.now, zone)
    return {
        "channel_id": row.channel,
        "about": about,
        "about_id": row.id,
        "occasion": occasion,
        "kind": kind,
        "case_id": row.case_id,
        "state": "pending" if at <= unit.now else "held",
        "attempts": 0,
        "forgiven": 0,
        "due_at": at,
        "created_at": unit.now,
    }


def _write(unit: Unit, rows: Sequence[dict[str, Any]]) -> None:
    """What is written already stays as it is. `Any`: as above."""
    if rows:
        write_rows(unit.db, Delivery, rows, once_by=("channel_id", "about", "about_id", "occasion"))
        unit.bells.add("deliver")
