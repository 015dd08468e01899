"""Takes events in: each (source, id) stands in the inbox once, durable before anybody hears "accepted"."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Insert, bindparam, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from services.access import journal
from services.access.signatures import keys_of
from services.actor import SERVICE
from services.db.models.casework import Case
from services.db.models.mail import Inbox
from services.db.numbers import reserve
from services.db.rows import write_rows
from services.directory.placing import Placing, place
from services.directory.roster import Listed
from services.directory.scope import covers, within
from services.intake import envelope as envelopes
from services.intake import wire
from services.intake.envelope import Envelope
from services.intake.rejected import STATE, keep_refused, make_way, refused
from services.intake.signed import require_signatures
from services.runtime import Runtime, Unit
from workflows.errors import CATALOGUE, Family, Fault
from workflows.words import Text

#: An office as the source of its events: /registry/220204.
SOURCE = re.compile(r"/([a-z_]{1,20})/([0-9]{6,12})")

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
            "merged",
            "split",
        )
    ),
    "investment": frozenset({"registry.prenotified"}),
    "tax": frozenset({"registry.reported"}),
    "labour": frozenset({"registry.reported"}),
    "economic": frozenset({"registry.reported"}),
}

#: News of an enterprise that need not have a file yet: what it says itself tells where the enterprise belongs.
OPENING: frozenset[str] = frozenset({"registry.registered", "registry.prenotified", "registry.reported"})


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
    unit.to_office()
    unit.runtime.roster.refresh(unit.db)
    receipts: list[Receipt | None] = [None] * len(arrived)
    rows: dict[tuple[str, str], tuple[int, dict[str, Any]]] = {}
    turned_away: dict[tuple[str, str], dict[str, Any]] = {}
    for index, one in enumerate(arrived):
        try:
            speaker = speaking_for(unit, one, office)
        except Fault as fault:
            receipts[index] = Receipt(
                one.id, one.source, "rejected", fault.text, fault.code, field=fault.field
            )
            own = _named(unit, one)
            if own is not None and own.kind in SPEAKS and office in (None, own):
                row = _row(unit, one, own, channel, hold)
                turned_away[one.source, one.id] = refused(row, fault)
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
    keep_refused(unit, [row for key, row in turned_away.items() if key not in rows])
    told = [receipt for receipt in receipts if receipt is not None]
    _note_refusals(unit, told, office)
    return told


def receive_raw(
    runtime: Runtime,
    body: bytes,
    content_type: str,
    headers: Mapping[str, str],
    office: str | None,
    channel: str,
    *,
    signed: bool = False,
) -> list[Receipt]:
    """One message as a carrier brought it, committed before this returns. A bad envelope is a Fault; see `Unavailable`.

    `signed`: nothing but the message tells who sent it, so each office in it that was given a key must have signed it,
    at any time before now: a broker keeps it while we are away.
    """
    try:
        with runtime.writing(SERVICE, "intake") as unit:
            arrived = [
                envelopes.check(said, today=unit.today) for said in wire.read(body, content_type, headers)
            ]
            speaker = None
            if office is not None:
                unit.runtime.roster.refresh(unit.db)
                speaker = unit.runtime.roster.by_code(office)
                if speaker is None:
                    raise Fault("body_unknown", code=office)
            if signed:
                unit.runtime.roster.refresh(unit.db)
                named = {found.id for one in arrived if (found := _named(unit, one)) is not None}
                require_signatures(
                    unit,
                    [keys_of(unit, one) for one in sorted(named)],
                    arrived,
                    content_type=content_type,
                    headers=headers,
                    body=body,
                    may_be_old=True,
                )
            return receive(unit, arrived, office=speaker, channel=channel)
    except (OperationalError, PoolExhausted) as error:
        raise Unavailable from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable from error
        raise


def speaking_for(unit: Unit, one: Envelope, office: Listed | None) -> Listed:
    """The office whose event this is; a Fault when it is another's, or about an enterprise outside its jurisdiction."""
    said = _named(unit, one)
    if office is not None and said != office and SOURCE.fullmatch(one.source):
        raise Fault("emitter_not_office", field="source", source=_shown(one.source))
    if said is None or said.kind not in SPEAKS:
        raise Fault("source_unknown", field="source", source=_shown(one.source))
    if one.event not in SPEAKS[said.kind]:
        raise Fault("not_permitted", field="type")
    _jurisdiction(unit, one, said)
    return said


def _named(unit: Unit, one: Envelope) -> Listed | None:
    """The body that the event names as its source. It has one spelling: (source, id) must not have two."""
    written = SOURCE.fullmatch(one.source)
    return unit.runtime.roster.by_code(f"{written[1]}.{written[2]}") if written else None


def _note_refusals(unit: Unit, told: Sequence[Receipt], office: Listed | None) -> None:
    """That somebody spoke for an office that is not his, or about an enterprise that is not its, stands in the journal."""
    codes = Counter(
        one.code for one in told if one.code is not None and CATALOGUE[one.code][0] is Family.NOT_YOURS
    )
    about, division = (f"body {office.code}", office.division) if office is not None else ("?", None)
    for code, events in codes.items():
        journal.write(
            unit,
            "events.send",
            about,
            division=division,
            result=journal.REFUSED,
            code=code,
            events=events,
        )


def placing_of(data: Mapping[str, Any]) -> Placing:
    """Where an event's enterprise belongs."""
    return place(
        str(data.get("uscc") or ""),
        data.get("division"),
        data.get("address"),
        data.get("registered_on") or date.max,
    )


def _jurisdiction(unit: Unit, one: Envelope, office: Listed) -> None:
    """An office speaks for enterprises below its division. One that cannot be placed waits in its own triage.

    A first registration or pre-notice says where that is. Other news may be about a file that lies there already; else the
    code, or what the office states, must name a place there. Files elsewhere are not looked at: that one exists is nothing
    an office may learn from how it is refused (S07).
    """
    stated = placing_of(one.data)
    if stated.fault is not None and (one.event in OPENING or one.data.get("division")):
        raise Fault("division_unknown", field="data.division", division=one.data.get("division"))
    places = [stated.division]
    if one.event not in ("registry.registered", "registry.prenotified"):
        ours = (Case.uscc == one.data["uscc"], within(Case.division, office.division))
        if unit.db.scalar(select(Case.id).where(*ours)) is not None:
            return
        places.append(placing_of({"uscc": one.data["uscc"]}).division)
    if not any(place is None or covers(office.division, place) for place in places):
        raise Fault("outside_jurisdiction", field="data.division", division=stated.division)


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


_ONCE = ("source", "event_id")
_PG: Insert = postgresql.insert(Inbox).on_conflict_do_nothing(index_elements=_ONCE).returning(Inbox.id)
_LITE: Insert = sqlite.insert(Inbox).on_conflict_do_nothing(index_elements=_ONCE).returning(Inbox.id)
_BETWEEN = select(Inbox.id).where(Inbox.id.between(bindparam("first"), bindparam("last")))


@dataclass(frozen=True, slots=True)
class _Kept:
    """The row that holds a key now: ours, or one that was there before."""

    id: int
    digest: bytes
    is_new: bool


def _keep(unit: Unit, rows: list[dict[str, Any]]) -> dict[tuple[str, str], _Kept]:
    """Each key stands in the inbox once, and we know whose row it is.

    One row tells its id as it goes in. Of many the ids are reserved first, so that those that are there afterwards tell.
    """
    if len(rows) == 1:
        statement = _LITE if unit.runtime.database.is_sqlite else _PG
        new = dict(zip(unit.db.execute(statement, rows).scalars(), rows, strict=False))
    else:
        mine = dict(zip(reserve(unit.db, Inbox, len(rows)), rows, strict=True))
        write_rows(unit.db, Inbox, [{"id": key, **row} for key, row in mine.items()], once_by=_ONCE)
        there = unit.db.execute(_BETWEEN, {"first": min(mine, default=0), "last": max(mine, default=0)})
        new = {key: mine[key] for key in there.scalars() if key in mine}
    kept = {(row["source"], row["event_id"]): _Kept(key, row["digest"], True) for key, row in new.items()}
    others = [key for row in rows if (key := (row["source"], row["event_id"])) not in kept]
    if others:
        found = select(Inbox.id, Inbox.source, Inbox.event_id, Inbox.digest, Inbox.state).where(
            tuple_(Inbox.source, Inbox.event_id).in_(others)
        )
        corrected = list[tuple[str, str]]()
        for row in unit.db.execute(found):
            if row.state == STATE:
                corrected.append((row.source, row.event_id))
            else:
                kept[row.source, row.event_id] = _Kept(row.id, bytes(row.digest), False)
        if corrected:
            make_way(unit, corrected)
            kept |= _keep(unit, [row for row in rows if (row["source"], row["event_id"]) in corrected])
    return kept


def _again(one: Envelope, digest: bytes, inbox_id: int | None) -> Receipt:
    if bytes(digest) == one.digest:
        return Receipt(one.id, one.source, "duplicate", inbox_id=inbox_id)
    fault = Fault("event_id_conflict")
    return Receipt(one.id, one.source, "rejected", fault.text, fault.code)


def _shown(source: str) -> str:
    """An address of the kind we ask for may be said back; nothing else."""
    return source if SOURCE.fullmatch(source) else "?"
