"""The channels of the bodies in a reader's divisions, what went to them and how; and, of his own body, what became of each notice there.
Which file a delivery is about is not said: who keeps channels opens no files."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from services.channels.answer import in_words
from services.channels.kinds import KINDS
from services.channels.message import NOTICE
from services.db.among import among
from services.db.models.channel import Attempt, Channel, Delivery
from services.db.models.directory import Body
from services.db.queries.page import ITEMS, after, cut, one_of
from services.directory.scope import within
from services.runtime import Unit

STATES = ("pending", "held", "delivered", "given_up", "dropped")
#: Nobody needs to know how many more there are.
MOST_COUNTED = 1000


def channels(unit: Unit, cursor: str | None = None) -> dict[str, Any]:
    """A page of channels, the newest first, each with how much waits for it and how much was given up. `Any`: JSON."""
    last = after(cursor)
    asked = _channels(unit)
    if last is not None:
        asked = asked.where(Channel.id < last)
    rows = unit.db.execute(asked.order_by(Channel.id.desc()).limit(ITEMS + 1)).mappings().all()
    return cut(rows, _shown)


def channel(unit: Unit, channel_id: int) -> dict[str, Any] | None:
    """One of them; None where there is none for this reader. `Any`: JSON."""
    row = unit.db.execute(_channels(unit).where(Channel.id == channel_id)).mappings().one_or_none()
    return None if row is None else _shown(row)


def deliveries(unit: Unit, channel_id: int, state: str = "", cursor: str | None = None) -> dict[str, Any]:
    """A page of what a channel was to tell, the newest first, each with its tries. `Any`: JSON."""
    last = after(cursor)
    asked = select(*Delivery.__table__.c).where(Delivery.channel_id == channel_id)
    if state:
        asked = asked.where(Delivery.state == one_of("state", state, STATES))
    if last is not None:
        asked = asked.where(Delivery.id < last)
    rows = unit.db.execute(asked.order_by(Delivery.id.desc()).limit(ITEMS + 1)).mappings().all()
    tries = _tries(unit, [row["id"] for row in rows])
    return cut(rows, lambda row: {name: row[name] for name in _TOLD} | {"tries": tries.get(row["id"], [])})


def given_up(unit: Unit) -> int:
    """How many deliveries wait for a person, of the channels that the reader may see; counted up to a thousand."""
    waiting = (
        select(Delivery.id)
        .join(Channel, Channel.id == Delivery.channel_id)
        .join(Body, Body.id == Channel.body_id)
        .where(Delivery.state == "given_up", _his(unit))
        .limit(MOST_COUNTED)
    )
    return unit.db.execute(select(func.count()).select_from(waiting.subquery())).scalar_one()


def told_of(unit: Unit, notices: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """By notice, how it went over each channel of the reader's own body. `Any`: JSON."""
    rows = unit.db.execute(
        select(Delivery.id, Delivery.about_id, Delivery.state, Delivery.due_at, Channel.kind)
        .join(Channel, Channel.id == Delivery.channel_id)
        .where(
            among(Delivery.about_id, "keys"), Delivery.about == NOTICE, Channel.body_id == unit.actor.body_id
        )
        .order_by(Delivery.about_id, Channel.id),
        {"keys": list(notices)},
    ).all()
    tries = _tries(unit, [row.id for row in rows if row.state == "given_up"])
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        last = tries[row.id][-1]["says"] if row.id in tries else None
        one = {"kind": KINDS[row.kind].label.as_dict(), "state": row.state, "due_at": row.due_at, "why": last}
        found.setdefault(row.about_id, []).append(one)
    return found


_TOLD = ("id", "about", "state", "attempts", "due_at", "created_at", "settled_at", "message")


def _channels(unit: Unit) -> Select[Any]:
    """`Any`: a select of columns."""
    here = Delivery.channel_id == Channel.id
    waiting = select(func.count()).where(here, Delivery.settled_at.is_(None)).scalar_subquery()
    lost = select(func.count()).where(here, Delivery.state == "given_up").scalar_subquery()
    hours = (Channel.quiet_from, Channel.quiet_until, Channel.digest_hour)
    return (
        select(Channel.id, Channel.kind, Channel.shown, *hours, Channel.created_at, Channel.off_at)
        .add_columns(Body.code.label("body"), waiting.label("waiting"), lost.label("given_up"))
        .join(Body, Body.id == Channel.body_id)
        .where(within(Body.division, unit.actor.division))
    )


def _his(unit: Unit) -> ColumnElement[bool]:
    if unit.actor.kind == "admin":
        return within(Body.division, unit.actor.division)
    return Channel.body_id == unit.actor.body_id


def _shown(row: Any) -> dict[str, Any]:
    """`Any`: a row; JSON."""
    return dict(row) | {"label": KINDS[row["kind"]].label.as_dict()}


def _tries(unit: Unit, keys: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """`Any`: JSON."""
    found: dict[int, list[dict[str, Any]]] = {}
    if keys:
        asked = select(*Attempt.__table__.c).where(among(Attempt.delivery_id, "keys"))
        for row in unit.db.execute(
            asked.order_by(Attempt.delivery_id, Attempt.number), {"keys": list(keys)}
        ).all():
            says = in_words(row.outcome, row.code).as_dict()
            one = {"number": row.number, "at": row.at, "outcome": row.outcome, "says": says}
            found.setdefault(row.delivery_id, []).append(one)
    return found
