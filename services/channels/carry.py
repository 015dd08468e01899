"""A message on its way: taken in hand under a lease, carried while no transaction is open, and the answer written down.

A try is counted and written down before it is made, so a worker that dies with it has used one up, and what became of it is `unknown`.
The same deliveries go under the same id again until the receiver has said yes: he can drop repeats, and none is lost.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import bindparam, insert, select, update

from services.access.sealed import opened, place
from services.channels.answer import DELIVERED, UNKNOWN, Answer, Failed
from services.channels.carrier import Target
from services.channels.kinds import KINDS
from services.channels.message import MEETINGS, TRIAL, Item, Message
from services.db.among import among
from services.db.models.casework import Case
from services.db.models.channel import Attempt, Channel, Delivery
from services.db.numbers import reserve
from services.db.queries.casebook import number
from services.db.queries.meetings import for_calendars
from services.db.rows import write_rows
from services.meetings.invitation import invitation
from services.runtime import Unit
from services.settings import Channels
from workflows.errors import Fault

#: So many deliveries go in one message at most.
BURST = 200
LONGEST_WAIT = timedelta(hours=1)

_log = structlog.get_logger(__name__)

_PARTS = (
    *(Delivery.id, Delivery.about, Delivery.kind, Delivery.case_id),
    *(Delivery.attempts, Delivery.forgiven, Delivery.message),
)
_DUE = (
    select(*_PARTS)
    .where(
        Delivery.channel_id == bindparam("channel"),
        Delivery.settled_at.is_(None),
        Delivery.due_at <= bindparam("now"),
    )
    .order_by(Delivery.due_at, Delivery.id)
    .limit(BURST)
    .with_for_update()
)
_SAME = (
    select(*_PARTS)
    .where(
        Delivery.channel_id == bindparam("channel"),
        Delivery.message == bindparam("message"),
        Delivery.settled_at.is_(None),
    )
    .order_by(Delivery.id)
    .with_for_update()
)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message in hand, with all that is needed to carry it while no transaction is open."""

    channel: int
    kind: str
    target: Target | None = field(repr=False)
    message: Message
    tries: dict[int, int]
    """How often each of its deliveries has been tried, this time included."""
    counted: int
    """How many of these tries count towards giving up."""
    lease: datetime

    @property
    def deliveries(self) -> list[int]:
        return list(self.tries)


def lease_of(settings: Channels) -> timedelta:
    """Longer than the slowest server can hold whoever asks it: looking up its name, the question, and a machine that is busy."""
    return timedelta(seconds=3 * settings.seconds + 30)


def take(unit: Unit, channel: Any) -> Parcel | None:
    """The channel's next message, if any is due; the channel's row is locked. `Any`: a row of the channel's columns."""
    rows = _one_message(unit, channel.id)
    if not rows:
        return None
    if _counted(rows) >= unit.runtime.settings.channels.tries:  # whoever made the last try died over it
        settle(unit, [row.id for row in rows], "given_up")
        _log.error("delivery_given_up", channel=channel.id, deliveries=len(rows), outcome=UNKNOWN)
        return None
    return _parcel(unit, channel, rows)


def take_trial(unit: Unit, channel: Any) -> Parcel:
    """A trial, tried once and never again: it counts as let be until it is known to have arrived. `Any`: as above."""
    (key,) = reserve(unit.db, Delivery, 1)
    row = {
        "id": key,
        "channel_id": channel.id,
        "about": TRIAL,
        "about_id": key,
        "kind": "",
        "state": "dropped",
    }
    row |= {"message": key, "attempts": 1, "due_at": unit.now, "created_at": unit.now, "settled_at": unit.now}
    unit.db.execute(insert(Delivery), [row])
    _begun(unit, {key: 1})
    message = Message(key, (Item(key, TRIAL, ""),))
    return Parcel(channel.id, channel.kind, open_target(unit, channel), message, {key: 1}, 1, unit.now)


def write_trial(unit: Unit, parcel: Parcel, answer: Answer) -> None:
    """What became of the trial stands as evidence; the channel's own messages are not touched."""
    _ended(unit, parcel, answer)
    if answer.is_delivered:
        unit.db.execute(update(Delivery).where(Delivery.id == parcel.message.id).values(state=DELIVERED))


def open_target(unit: Unit, channel: Any) -> Target | None:
    """Where the channel leads; None where its seal does not open any more. `Any`: as above."""
    try:
        kept = opened(unit.runtime.settings, bytes(channel.sealed), place(Channel.sealed, channel.id))
    except Fault as fault:
        _log.error("channel_sealed", channel=channel.id, code=fault.code)
        return None
    return Target.unpacked(kept)


def carry(settings: Channels, parcel: Parcel, now: datetime) -> Answer:
    """The message has gone or not, as the answer says. Opens no transaction and writes no row."""
    if parcel.target is None:
        return Answer("sealed", final=True)
    try:
        return KINDS[parcel.kind].carry(settings, parcel.target, parcel.message, now)
    except Failed as failed:
        return failed.answer
    except (
        Exception
    ) as error:  # whatever a server can make of our carrier is one try that failed, and is logged
        # never the error itself: it may quote the address
        _log.error("carrier_failed", channel=parcel.channel, kind=parcel.kind, error=type(error).__name__)
        return Answer("broken", type(error).__name__[:20])


def write_answer(unit: Unit, parcel: Parcel, answer: Answer) -> None:
    """Each delivery of the message knows how the try ended, and what becomes of it. Whose lease ran out meanwhile can still say that
    it was delivered, and no more."""
    channel = unit.db.execute(
        select(Channel.free_at).where(Channel.id == parcel.channel).with_for_update()
    ).one()
    _ended(unit, parcel, answer)
    is_ours = channel.free_at == parcel.lease
    if answer.is_delivered:
        settle(unit, parcel.deliveries, DELIVERED)
    elif is_ours:
        _put_off(unit, parcel, answer)
    if is_ours:
        pause = timedelta(seconds=answer.after or 0)
        free_at = unit.now + max(KINDS[parcel.kind].pace, pause)
        unit.db.execute(update(Channel).where(Channel.id == parcel.channel).values(free_at=free_at))


def settle(unit: Unit, deliveries: Sequence[int], state: str) -> int:
    """Those of them that still wait are in this state for good; yields how many."""
    done = unit.db.execute(
        update(Delivery)
        .where(among(Delivery.id, "keys"), Delivery.settled_at.is_(None))
        .values(state=bindparam("to_state"), settled_at=bindparam("moment", type_=Delivery.settled_at.type)),
        {"keys": list(deliveries), "to_state": state, "moment": unit.now},
    )
    return int(done.rowcount)


def wait_after(tries: int, first: int) -> timedelta:
    """How long to wait after so many tries: each time twice as long, up to an hour, and never all at the same moment.

    >>> 15 <= wait_after(1, 30).total_seconds() <= 45, wait_after(20, 30) <= 1.5 * LONGEST_WAIT
    (True, True)
    """
    whole = min(timedelta(seconds=first * 2 ** min(tries - 1, 12)), LONGEST_WAIT)
    return whole * random.uniform(0.5, 1.5)


def _put_off(unit: Unit, parcel: Parcel, answer: Answer) -> None:
    chosen = unit.runtime.settings.channels
    if answer.final or parcel.counted >= chosen.tries:
        settle(unit, parcel.deliveries, "given_up")
        _log.error(
            "delivery_given_up", channel=parcel.channel, deliveries=len(parcel.tries), outcome=answer.outcome
        )
        return
    again = unit.now + max(
        wait_after(parcel.counted, chosen.wait_seconds), timedelta(seconds=answer.after or 0)
    )
    unit.db.execute(
        update(Delivery)
        .where(among(Delivery.id, "keys"), Delivery.settled_at.is_(None))
        .values(due_at=bindparam("moment", type_=Delivery.due_at.type)),
        {"keys": parcel.deliveries, "moment": again},
    )


def _begun(unit: Unit, tries: dict[int, int]) -> None:
    rows = [{"delivery_id": key, "number": count} for key, count in tries.items()]
    fresh = {"at": unit.now, "outcome": UNKNOWN, "code": "", "answered_at": None}
    write_rows(unit.db, Attempt, [row | fresh for row in rows])


def _ended(unit: Unit, parcel: Parcel, answer: Answer) -> None:
    unit.db.execute(
        update(Attempt)
        .where(Attempt.delivery_id == bindparam("of"), Attempt.number == bindparam("try"))
        .values(outcome=answer.outcome, code=answer.code[:20], answered_at=unit.now),
        [{"of": key, "try": tries} for key, tries in parcel.tries.items()],
    )
    _log.info(
        "message_sent",
        channel=parcel.channel,
        message=parcel.message.key,
        deliveries=len(parcel.tries),
        outcome=answer.outcome,
        code=answer.code,
    )


def _one_message(unit: Unit, channel: int) -> Sequence[Any]:
    """Those that go together: what went together before, all of it, or what is due and has not gone yet. `Any`: rows of a delivery's
    columns."""
    rows = unit.db.execute(_DUE, {"channel": channel, "now": unit.now}).all()
    if rows and rows[0].message is not None:
        return unit.db.execute(_SAME, {"channel": channel, "message": rows[0].message}).all()
    return [row for row in rows if row.message is None]


def _counted(rows: Sequence[Any]) -> int:
    """`Any`: as above."""
    return max(int(row.attempts - row.forgiven) for row in rows)


def _parcel(unit: Unit, channel: Any, rows: Sequence[Any]) -> Parcel:
    """Counted, leased and written down as tried. `Any`: as above."""
    lease = unit.now + lease_of(unit.runtime.settings.channels)
    first = rows[0].message or rows[0].id
    tries = {row.id: row.attempts + 1 for row in rows}
    unit.db.execute(
        update(Delivery)
        .where(among(Delivery.id, "keys"))
        .values(
            attempts=Delivery.attempts + 1,
            message=bindparam("first", type_=Delivery.message.type),
            state="pending",
            due_at=bindparam("until", type_=Delivery.due_at.type),
        ),
        {"keys": list(tries), "first": first, "until": lease},
    )
    _begun(unit, tries)
    unit.db.execute(update(Channel).where(Channel.id == channel.id).values(free_at=lease))
    return Parcel(
        channel=channel.id,
        kind=channel.kind,
        target=open_target(unit, channel),
        message=Message(first, _items(unit, rows)),
        tries=tries,
        counted=_counted(rows) + 1,
        lease=lease,
    )


def _items(unit: Unit, rows: Sequence[Any]) -> tuple[Item, ...]:
    """`Any`: as above."""
    cases = {row.case_id for row in rows if row.case_id is not None}
    found = select(Case.id, Case.opened_in, Case.opened_at).where(among(Case.id, "keys"))
    numbers = {
        row.id: number(unit, row.id, row.opened_in, row.opened_at)
        for row in (unit.db.execute(found, {"keys": sorted(cases)}) if cases else ())
    }
    pages = (unit.runtime.settings.channels.pages or "").rstrip("/")
    return tuple(
        Item(
            row.id,
            row.about,
            row.kind,
            numbers.get(row.case_id),
            f"{pages}/cases/{row.case_id}" if pages and row.case_id in numbers else None,
            _entry(unit, row.case_id) if row.kind in MEETINGS else None,
        )
        for row in rows
    )


def _entry(unit: Unit, case: int) -> bytes | None:
    """The meeting as it stands now, so that whatever is read last is what holds."""
    meeting = for_calendars(unit, case)
    return None if meeting is None else invitation(meeting, unit.now, unit.runtime.settings.zone)
