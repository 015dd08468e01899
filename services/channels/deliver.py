"""The drain of the channels: whichever channels have something due, a message of each at a time, so that a slow server keeps nobody
waiting but itself."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from sqlalchemy import bindparam, select, update

from services.actor import SERVICE
from services.channels.carry import Parcel, carry, take, write_answer
from services.channels.hours import quiet_until
from services.db.again import again
from services.db.models.channel import Channel, Delivery
from services.failpoints import here
from services.runtime import Runtime, Unit

#: So many channels are served side by side in one process.
CHANNELS_AT_ONCE = 8

_log = structlog.get_logger(__name__)

_WAITING = (
    select(Channel.id, Channel.kind, Channel.sealed, Channel.quiet_from, Channel.quiet_until)
    .where(
        Channel.off_at.is_(None),
        Channel.free_at <= bindparam("now"),
        select(Delivery.id)
        .where(
            Delivery.channel_id == Channel.id,
            Delivery.settled_at.is_(None),
            Delivery.due_at <= bindparam("now"),
        )
        .exists(),
    )
    .order_by(Channel.free_at, Channel.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=Channel)
)


def deliver(runtime: Runtime, limit: int = CHANNELS_AT_ONCE) -> int:
    """A message of each channel that has one due has gone, or been put off; returns how many deliveries were in hand."""
    parcels, held = again(lambda: _taken(runtime, min(limit, CHANNELS_AT_ONCE)))
    if not parcels:
        return held
    here("deliver", "claimed")
    with ThreadPoolExecutor(len(parcels), "channel") as carriers:
        under_way = {parcel.channel: carriers.submit(_carried, runtime, parcel) for parcel in parcels}
    failed = {channel: one.exception() for channel, one in under_way.items() if one.exception() is not None}
    for (
        channel,
        error,
    ) in failed.items():  # its tries stand as unknown, and it goes again when its lease is over
        _log.error("answer_not_written", channel=channel, error=type(error).__name__)
    for error in failed.values():
        assert error is not None
        raise error
    return held + sum(len(parcel.tries) for parcel in parcels)


def _taken(runtime: Runtime, most: int) -> tuple[list[Parcel], int]:
    """What is to be carried now, and how many deliveries were put off to the end of the quiet hours."""
    parcels, held = [], 0
    with runtime.writing(SERVICE) as unit:
        for channel in unit.db.execute(_WAITING, {"now": unit.now, "most": most}).all():
            quiet = quiet_until(channel.quiet_from, channel.quiet_until, unit.now, runtime.settings.zone)
            if quiet is not None:
                held += _hold(unit, channel.id, quiet)
                continue
            parcel = take(unit, channel)
            if parcel is not None:
                parcels.append(parcel)
    return parcels, held


def _carried(runtime: Runtime, parcel: Parcel) -> None:
    """As soon as a channel has answered, it is written down: the others may take longer."""
    answer = carry(runtime.settings.channels, parcel, runtime.clock.now())
    here("deliver", "sent")

    def written() -> None:
        with runtime.writing(SERVICE, "deliver") as unit:
            write_answer(unit, parcel, answer)

    again(written)


def _hold(unit: Unit, channel: int, until: Any) -> int:
    """`Any`: a moment."""
    done = unit.db.execute(
        update(Delivery)
        .where(Delivery.channel_id == channel, Delivery.settled_at.is_(None), Delivery.due_at <= unit.now)
        .values(state="held", due_at=until)
    )
    return int(done.rowcount)
