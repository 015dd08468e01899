"""What was given up waits for a person: he has it sent again, or lets it be. A message goes again as it went before, whole."""

from typing import NamedTuple

from sqlalchemy import select, update

from services.access import journal
from services.channels.keep import found
from services.db.models.channel import Channel, Delivery
from services.runtime import Unit
from workflows.errors import Fault


def retry(unit: Unit, channel_id: int, delivery_id: int) -> int:
    """The message in which this delivery went is due now, as if it had never been tried; yields how many deliveries it has."""
    row = _given_up(unit, channel_id, delivery_id)
    if row.is_off:
        raise Fault("channel_off")
    done = unit.db.execute(
        update(Delivery)
        .where(
            Delivery.channel_id == channel_id, Delivery.message == row.message, Delivery.state == "given_up"
        )
        .values(state="pending", settled_at=None, due_at=unit.now, forgiven=Delivery.attempts)
    )
    journal.write(
        unit, "channel.retry", f"channel {channel_id}", division=row.division, deliveries=done.rowcount
    )
    unit.bells.add("deliver")
    return int(done.rowcount)


def drop(unit: Unit, channel_id: int, delivery_id: int) -> int:
    """The message in which this delivery went is let be; yields how many deliveries it has."""
    row = _given_up(unit, channel_id, delivery_id)
    done = unit.db.execute(
        update(Delivery)
        .where(
            Delivery.channel_id == channel_id, Delivery.message == row.message, Delivery.state == "given_up"
        )
        .values(state="dropped", settled_at=unit.now)
    )
    journal.write(
        unit, "channel.drop", f"channel {channel_id}", division=row.division, deliveries=done.rowcount
    )
    return int(done.rowcount)


class _GivenUp(NamedTuple):
    message: int
    division: str
    is_off: bool


def _given_up(unit: Unit, channel_id: int, delivery_id: int) -> _GivenUp:
    channel = found(unit, channel_id)
    unit.to_office()
    unit.db.execute(select(Channel.id).where(Channel.id == channel_id).with_for_update())
    row = unit.db.execute(
        select(Delivery.message, Delivery.state).where(
            Delivery.id == delivery_id, Delivery.channel_id == channel_id
        )
    ).one_or_none()
    if row is None:
        raise Fault("not_found")
    if row.state != "given_up":
        raise Fault("delivery_moved")
    return _GivenUp(row.message, channel.division, channel.off_at is not None)
