"""Messages of the broker that could not be taken in: kept with their cause, shown to the nation's administrator, and sent again or
dropped by a person. Nobody answers an office over a broker, so this is where a refusal is heard."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from services.access import journal
from services.access.permissions import require
from services.actor import SERVICE, Actor
from services.db.models.mail import DeadLetter
from services.directory.bodies import NATION
from services.intake.receive import SOURCE, Unavailable, receive_raw
from services.runtime import Runtime, Unit
from workflows.errors import Fault
from workflows.plain import is_line
from workflows.words import Text

DEAD, SENT, DROPPED = "dead", "sent", "dropped"


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as a carrier brought it. `headers` is None where they could not be read, `body` where it was too large to be kept."""

    content_type: str
    headers: Mapping[str, str] | None
    body: bytes | None
    size: int
    digest: bytes

    @classmethod
    def of(
        cls, content_type: str, headers: Mapping[str, str] | None, body: bytes, *, largest: int
    ) -> "Letter":
        """What cannot be kept as text is as if it could not be read."""
        told = [content_type, *(headers or {}), *(headers or {}).values()]
        readable = headers is not None and len(content_type) <= 200 and all(is_line(one) for one in told)
        named = json.dumps([content_type, headers], sort_keys=True).encode()
        return cls(
            content_type if readable else "",
            headers if readable else None,
            body if len(body) <= largest else None,
            len(body),
            hashlib.sha256(named + b"\\n" + body).digest(),
        )


def keep_dead(runtime: Runtime, letter: Letter, code: str, why: Text) -> None:
    """The message lies here with its cause, committed. The same one that lies here already is counted once more.

    Unavailable: it could not be kept, and must stay where it came from."""
    try:
        with runtime.writing(SERVICE) as unit:
            insert = (sqlite if runtime.database.is_sqlite else postgresql).insert(DeadLetter)
            kept = insert.on_conflict_do_update(
                index_elements=("digest",),
                index_where=DeadLetter.state == DEAD,
                set_={
                    "times": DeadLetter.times + 1,
                    "received_at": unit.now,
                    "error_code": code,
                    "error": why.as_dict(),
                },
            )
            unit.db.execute(kept, _row(unit, letter) | {"error_code": code, "error": why.as_dict()})
    except SQLAlchemyError as error:
        raise Unavailable from error


def dead_letters(unit: Unit, limit: int = 200) -> list[dict[str, Any]]:
    """What lies here, the oldest first, without its content. `Any`: plain values for a list."""
    require(unit.actor, "quarantine.retry", NATION)
    unit.to_office()
    columns = (DeadLetter.id, DeadLetter.office_id, DeadLetter.size, DeadLetter.times, DeadLetter.received_at)
    sendable = DeadLetter.body.is_not(None) & DeadLetter.headers.is_not(None)
    found = select(*columns, DeadLetter.error, sendable.label("sendable")).where(DeadLetter.state == DEAD)
    unit.runtime.roster.refresh(unit.db)
    rows = unit.db.execute(found.order_by(DeadLetter.id).limit(limit))
    return [
        {
            "id": row.id,
            "office": office.code if (office := unit.runtime.roster.body(row.office_id)) else None,
            "reason": row.error,
            "size": row.size,
            "times": row.times,
            "received_at": row.received_at,
            "sendable": row.sendable,
        }
        for row in rows
    ]


def send_again(runtime: Runtime, actor: Actor, letter_id: int) -> None:
    """The message has been taken in as if it came now. Fault `still_refused` with the reason, where it is refused again."""
    with runtime.reading(actor) as unit:
        row = _lying(unit, letter_id, lock=False)
    if row.body is None or row.headers is None:
        raise Fault("letter_unreadable")
    try:
        told = receive_raw(
            runtime, bytes(row.body), row.content_type, row.headers, office=None, channel="amqp", signed=True
        )
        again = next(((one.code, one.reason) for one in told if one.status == "rejected"), None)
    except Fault as fault:
        again = fault.code, fault.text
    with runtime.writing(actor) as unit:
        _lying(unit, letter_id)
        if again is None:
            _settle(unit, letter_id, SENT)
            return
        code, why = again[0] or "broken", again[1] or Fault("broken").text
        said = {"error_code": code, "error": why.as_dict()}
        unit.db.execute(update(DeadLetter).where(DeadLetter.id == letter_id).values(said))
        journal.write(unit, "letter.send", f"letter {letter_id}", result=journal.REFUSED, code=code)
    raise Fault("still_refused", zh=why.zh, en=why.en)


def drop(unit: Unit, letter_id: int) -> None:
    """Nobody deals with the message any more, and its content is gone: the office has sent it anew, or need not."""
    _lying(unit, letter_id)
    _settle(unit, letter_id, DROPPED)


def _settle(unit: Unit, letter_id: int, state: str) -> None:
    by = unit.actor.account_id
    gone = update(DeadLetter).values(state=state, body=None, headers=None, settled_at=unit.now, settled_by=by)
    unit.db.execute(gone.where(DeadLetter.id == letter_id))
    journal.write(unit, "letter.send" if state == SENT else "letter.drop", f"letter {letter_id}")


def _lying(unit: Unit, letter_id: int, *, lock: bool = True) -> Any:
    """The row, while it lies here. `Any`: a row of the columns below."""
    require(unit.actor, "quarantine.retry", NATION)
    unit.to_office()
    columns = (DeadLetter.state, DeadLetter.content_type, DeadLetter.headers, DeadLetter.body)
    found = select(*columns).where(DeadLetter.id == letter_id)
    row = unit.db.execute(found.with_for_update() if lock else found).one_or_none()
    if row is None:
        raise Fault("not_found")
    if row.state != DEAD:
        raise Fault("letter_settled")
    return row


def _row(unit: Unit, letter: Letter) -> dict[str, Any]:
    """`Any`: values of its columns."""
    return {
        "digest": letter.digest,
        "office_id": _office_named(unit, letter),
        "content_type": letter.content_type,
        "headers": None if letter.headers is None else dict(letter.headers),
        "body": letter.body,
        "size": letter.size,
        "times": 1,
        "received_at": unit.now,
        "state": DEAD,
    }


def _office_named(unit: Unit, letter: Letter) -> int | None:
    """The office that the message names as its source, if there is one; that it is its own, nobody has shown."""
    said: object = (letter.headers or {}).get("ce-source")
    if said is None and letter.body is not None:
        try:
            whole = json.loads(letter.body)
        except (ValueError, RecursionError):
            return None
        said = whole.get("source") if isinstance(whole, dict) else None
    written = SOURCE.fullmatch(said.replace("%2F", "/")) if isinstance(said, str) else None
    if written is None:
        return None
    unit.runtime.roster.refresh(unit.db)
    found = unit.runtime.roster.by_code(f"{written[1]}.{written[2]}")
    return found.id if found is not None else None
