"""Takes events in: each (source, id) stands in the inbox once, durable before anybody hears "accepted"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Insert, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from services.actor import SERVICE
from services.db.models.casework import Case
from services.db.models.mail import Inbox
from services.db.numbers import reserve
from services.directory.placing import Placing, place
from services.directory.roster import Listed
from services.directory.scope import covers
from services.intake import envelope as envelopes
from services.intake import wire
from services.intake.envelope import Envelope
from services.runtime import Runtime, Unit
from workflows.errors import Fault
from workflows.words import Text

#: What each kind of office may say.
SPEAKS: dict[str, frozenset[str]] = {
    "registry": frozenset(
        f"registry.{fact}"
        for fact in (
            "prenotified",
            "registered",
            "changed",
            "suspended",
            "resumed",
            "deregistered",
            "revoked",
        )
    ),
    "investment": frozenset({"registry.prenotified"}),
}


class Unavailable(Exception):
    """The database cannot be reached; nothing was taken in, and the sender should try again."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one event: accepted, duplicate, or rejected with the reason."""

    id: str
    source: str
    status: str
    reason: Text | None = None
    code: str | None = None
    inbox_id: int | None = None
    field: str | None = None


def receive(
    unit: Unit,
    arrived: Sequence[Envelope],
    *,
    office: Listed | None,
    channel: str,
    hold: timedelta = timedelta(),
) -> list[Receipt]:
    """A receipt for each, in order. `office` None: trust the source each event names. `hold` keeps the drains off for a while."""
    unit.runtime.roster.refresh(unit.db)
    receipts: list[Receipt | None] = [None] * len(arrived)
    rows: dict[tuple[str, str], tuple[int, dict[str, Any]]] = {}
    for index, one in enumerate(arrived):
        try:
            speaker = speaking_for(unit, one, office)
        except Fault as fault:
            receipts[index] = Receipt(
                one.id, one.source, "rejected", fault.text, fault.code, field=fault.field
            )
            continue
        key = (one.source, one.id)
        if key in rows:
            receipts[index] = _again(one, rows[key][1]["digest"], None)
        else:
            rows[key] = (index, _row(unit, one, speaker, channel, hold))
    for key, standing in _keep(unit, [row for _, row in rows.values()]).items():
        index = rows[key][0]
        if standing.is_new:
            receipts[index] = Receipt(key[1], key[0], "accepted", inbox_id=standing.id)
            if not hold:
                unit.bells.add("inbox")
        else:
            receipts[index] = _again(arrived[index], standing.digest, standing.id)
    return [receipt for receipt in receipts if receipt is not None]


def receive_raw(
    runtime: Runtime,
    body: bytes,
    content_type: str,
    headers: Mapping[str, str],
    office: str | None,
    channel: str,
) -> list[Receipt]:
    """One message as a carrier brought it, committed before this returns. A bad envelope is a Fault; see `Unavailable`."""
    try:
        with runtime.writing(SERVICE) as unit:
            arrived = [
                envelopes.check(said, today=unit.today) for said in wire.read(body, content_type, headers)
            ]
            speaker = None
            if office is not None:
                unit.runtime.roster.refresh(unit.db)
                speaker = unit.runtime.roster.by_code(office)
                if speaker is None:
                    raise Fault("body_unknown", code=office)
            return receive(unit, arrived, office=speaker, channel=channel)
    except (OperationalError, PoolExhausted) as error:
        raise Unavailable from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable from error
        raise


def speaking_for(unit: Unit, one: Envelope, office: Listed | None) -> Listed:
    """The office whose event this is; a Fault when it is another's, or about an enterprise outside its jurisdiction."""
    said = (
        unit.runtime.roster.by_code(one.source.strip("/").replace("/", "."))
        if one.source.startswith("/")
        else None
    )
    if office is not None and said != office:
        raise Fault("emitter_not_office", field="source", source=_shown(one.source))
    if said is None or said.kind not in SPEAKS:
        raise Fault("source_unknown", field="source", source=_shown(one.source))
    if one.event not in SPEAKS[said.kind]:
        raise Fault("not_permitted", field="type")
    _jurisdiction(unit, one, said)
    return said


def placing_of(data: Mapping[str, Any]) -> Placing:
    """Where an event's enterprise belongs."""
    return place(
        str(data.get("uscc") or ""),
        data.get("division"),
        data.get("address"),
        data.get("registered_on") or date.max,
    )


def _jurisdiction(unit: Unit, one: Envelope, office: Listed) -> None:
    """An office speaks for enterprises below its division. One that cannot be placed waits in its own triage."""
    if one.event in ("registry.registered", "registry.prenotified"):
        placed = placing_of(one.data)
        if placed.fault is not None:
            raise Fault("division_unknown", field="data.division", division=one.data.get("division"))
        division = placed.division
    else:
        division = unit.db.scalar(select(Case.division).where(Case.uscc == one.data["uscc"]))
    if division is not None and not covers(office.division, division):
        raise Fault("outside_jurisdiction", field="data.division", division=division)


def _row(unit: Unit, one: Envelope, office: Listed, channel: str, hold: timedelta) -> dict[str, Any]:
    return {
        "source": one.source,
        "event_id": one.id,
        "type": one.type,
        "digest": one.digest,
        "raw": one.raw,
        "channel": channel,
        "office_id": office.id,
        "case_key": one.case_key,
        "received_at": unit.now,
        "state": "pending",
        "deliveries": 0,
        "attempts": 0,
        "due_at": unit.now + hold,
    }


_PG: Insert = postgresql.insert(Inbox).on_conflict_do_nothing(index_elements=["source", "event_id"])
_LITE: Insert = sqlite.insert(Inbox).on_conflict_do_nothing(index_elements=["source", "event_id"])


@dataclass(frozen=True, slots=True)
class _Kept:
    """The row that holds a key now: ours, or one that was there before."""

    id: int
    digest: bytes
    is_new: bool


def _keep(unit: Unit, rows: list[dict[str, Any]]) -> dict[tuple[str, str], _Kept]:
    """Each key stands in the inbox once, and we know whose row it is.

    One row tells its id as it goes in. Of many the ids are reserved first, so that what is there afterwards tells.
    """
    if not rows:
        return {}
    statement = _LITE if unit.runtime.database.is_sqlite else _PG
    mine: set[int] = set()
    if len(rows) == 1:
        key = unit.db.execute(statement.returning(Inbox.id), rows).scalar_one_or_none()
        if key is not None:
            row = rows[0]
            return {(row["source"], row["event_id"]): _Kept(key, row["digest"], True)}
    else:
        ids = reserve(unit.db, Inbox, len(rows))
        mine.update(ids)
        unit.db.execute(statement, [row | {"id": key} for row, key in zip(rows, ids, strict=True)])
    keys = [(row["source"], row["event_id"]) for row in rows]
    found = unit.db.execute(
        select(Inbox.id, Inbox.source, Inbox.event_id, Inbox.digest).where(
            tuple_(Inbox.source, Inbox.event_id).in_(keys)
        )
    )
    return {(row.source, row.event_id): _Kept(row.id, bytes(row.digest), row.id in mine) for row in found}


def _again(one: Envelope, digest: bytes, inbox_id: int | None) -> Receipt:
    if bytes(digest) == one.digest:
        return Receipt(one.id, one.source, "duplicate", inbox_id=inbox_id)
    fault = Fault("event_id_conflict")
    return Receipt(one.id, one.source, "rejected", fault.text, fault.code)


def _shown(source: str) -> str:
    return source if source.isprintable() and len(source) <= 80 else "?"
