"""The channels of bodies as an administrator keeps them: added, tried, switched off and on."""

import unicodedata
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, insert, select, update

from services.access import journal
from services.access.permissions import require
from services.access.sealed import place, sealed
from services.actor import Actor
from services.channels.answer import Answer
from services.channels.carrier import Target
from services.channels.carry import carry, take_trial, write_trial
from services.channels.hours import is_between
from services.channels.kinds import KINDS
from services.db.models.channel import Channel, Delivery
from services.db.models.directory import Body
from services.db.numbers import reserve
from services.runtime import Runtime, Unit
from workflows.errors import Fault

#: So many channels of one body may be open at a time.
MOST = 10


@dataclass(frozen=True, slots=True)
class Wanted:
    """A channel as it is asked for. Hours are written as numbers from 0 to 23, or left empty."""

    body: str
    kind: str
    address: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    quiet_from: str = ""
    quiet_until: str = ""
    digest_hour: str = ""


def add(unit: Unit, wanted: Wanted) -> int:
    """From now on what comes to the body is told there, too; yields the channel's id."""
    body = _body(unit, wanted.body)
    if wanted.kind not in KINDS:
        raise Fault("channel_kind", field="kind")
    target = Target(_plain(wanted.address), _plain(wanted.secret))
    shown = KINDS[wanted.kind].examined(unit.runtime.settings.channels, target)
    hours = _hours(wanted)
    unit.to_office()
    open_ones = select(func.count()).where(Channel.body_id == body.id, Channel.off_at.is_(None))
    if unit.db.execute(open_ones).scalar_one() >= MOST:
        raise Fault("channels_full", field="body", most=MOST)
    (key,) = reserve(unit.db, Channel, 1)
    row: dict[str, Any] = {  # Any: plain values of the columns
        "id": key,
        "body_id": body.id,
        "kind": wanted.kind,
        "shown": shown[:120],
        "sealed": sealed(unit.runtime.settings, target.packed(), place(Channel.sealed, key)),
        "free_at": unit.now,
        "made_by": unit.actor.account_id,
        "created_at": unit.now,
    }
    unit.db.execute(insert(Channel), [row | hours])
    journal.write(
        unit, "channel.add", f"channel {key}", division=body.division, body=wanted.body, kind=wanted.kind
    )
    return key


def switch_off(unit: Unit, channel_id: int) -> None:
    """Nothing goes there any more, and what waited to go is dropped. Harmless when it was off."""
    row = found(unit, channel_id)
    unit.to_office()
    unit.db.execute(
        update(Channel).where(Channel.id == row.id, Channel.off_at.is_(None)).values(off_at=unit.now)
    )
    unit.db.execute(
        update(Delivery)
        .where(Delivery.channel_id == row.id, Delivery.settled_at.is_(None))
        .values(state="dropped", settled_at=unit.now)
    )
    journal.write(unit, "channel.off", f"channel {row.id}", division=row.division)


def switch_on(unit: Unit, channel_id: int) -> None:
    """What comes from now on goes there again."""
    row = found(unit, channel_id)
    unit.to_office()
    unit.db.execute(update(Channel).where(Channel.id == row.id).values(off_at=None, free_at=unit.now))
    journal.write(unit, "channel.on", f"channel {row.id}", division=row.division)


def tried(runtime: Runtime, actor: Actor, channel_id: int) -> Answer:
    """A trial has been sent there and then, in quiet hours too; what came of it is the answer, and stands as evidence."""
    with runtime.writing(actor) as unit:
        row = found(unit, channel_id)
        if row.off_at is not None:
            raise Fault("channel_off")
        unit.to_office()
        parcel = take_trial(unit, row)
        journal.write(unit, "channel.test", f"channel {row.id}", division=row.division)
    answer = carry(runtime.settings.channels, parcel, runtime.clock.now())
    with runtime.writing(actor) as unit:
        unit.to_office()
        write_trial(unit, parcel, answer)
    return answer


def found(unit: Unit, channel_id: int) -> Any:
    """The channel, if the actor may manage it: its columns, and its body's code and division. `Any`: a row."""
    columns = (Channel.id, Channel.kind, Channel.sealed, Channel.shown, Channel.off_at, Channel.digest_hour)
    row = unit.db.execute(
        select(*columns, Channel.quiet_from, Channel.quiet_until, Body.code, Body.division)
        .join(Body, Body.id == Channel.body_id)
        .where(Channel.id == channel_id)
    ).one_or_none()
    if row is None:
        raise Fault("not_found")
    require(unit.actor, "channels.manage", row.division)
    return row


def _body(unit: Unit, code: str) -> Any:
    """`Any`: a row of three columns."""
    said = code.strip()
    row = unit.db.execute(
        select(Body.id, Body.kind, Body.division).where(Body.code == (said if said.isprintable() else ""))
    ).one_or_none()
    if row is None:
        raise Fault("body_unknown", field="body", code=said[:60] if said.isprintable() else "?")
    require(unit.actor, "channels.manage", row.division)
    return row


def _hours(wanted: Wanted) -> dict[str, int | None]:
    first, end, digest = map(_hour, (wanted.quiet_from, wanted.quiet_until, wanted.digest_hour))
    if (first is None) != (end is None) or (first is not None and first == end):
        raise Fault("channel_quiet", field="quiet_from")
    if digest is not None and first is not None and end is not None and is_between(digest, first, end):
        raise Fault("channel_digest", field="digest_hour")
    return {"quiet_from": first, "quiet_until": end, "digest_hour": digest}


def _hour(said: str) -> int | None:
    plain = _plain(said)
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 2 and int(plain) < 24):
        raise Fault("channel_hour", field="quiet_from")
    return int(plain)


def _plain(said: str) -> str:
    """What was pasted from a chat: full width turned to half, no spaces around."""
    return unicodedata.normalize("NFKC", said).strip()
