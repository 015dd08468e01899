"""Where a person is signed in, and the end of it: his own sign-ins, seen and ended by himself."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, select

from services.access import journal
from services.access.tokens import Purpose, digest_of, is_good, revoke, who_is
from services.actor import SERVICE
from services.db.models.directory import Token
from services.runtime import Runtime, Unit
from workflows.errors import Fault

#: What may be said of a sign-in instead of its token: the first bytes of the digest, which open nothing.
_SHOWN = 8
CURRENT = "current"


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in. `purpose` is `access` (a client), `session` (the pages) or `office` (a machine's token)."""

    id: str
    purpose: str
    begun_at: datetime
    seen_at: datetime
    expires_at: datetime
    address: str
    current: bool


def own_sessions(unit: Unit, token: str) -> list[Session]:
    """The living sign-ins of the actor, the newest first; `token` is the one he asks with."""
    rows = unit.db.execute(
        select(
            *(Token.digest, Token.purpose, Token.created_at, Token.seen_at, Token.expires_at, Token.address)
        )
        .where(
            Token.account_id == unit.actor.account_id,
            Token.purpose.not_in([Purpose.HALF.value, Purpose.RENEW.value]),
            Token.expires_at > unit.now,
            is_good(unit),
        )
        .order_by(Token.created_at.desc(), Token.digest)
    )
    mine = digest_of(token)
    return [
        Session(
            _id(row.digest),
            row.purpose,
            row.created_at,
            row.seen_at or row.created_at,
            row.expires_at,
            row.address,
            bytes(row.digest) == mine,
        )
        for row in rows
    ]


def end_session(unit: Unit, id: str, token: str) -> None:  # noqa: A002
    """One of the actor's own sign-ins is over at once; `current` is the one he asks with. Fault: `not_found`."""
    mine = unit.db.scalars(select(Token.digest).where(Token.account_id == unit.actor.account_id)).all()
    wanted = _id(digest_of(token)) if id == CURRENT else id
    found = [digest for digest in mine if _id(digest) == wanted]
    if not found:
        raise Fault("not_found")
    unit.db.execute(delete(Token).where(Token.digest.in_(found)))
    journal.write(unit, "sign_out", f"session {wanted}")


def sign_out(runtime: Runtime, token: str, address: str) -> None:
    """The token opens nothing any more. Harmless when it never did."""
    with runtime.writing(SERVICE) as unit:
        try:
            actor = replace(who_is(unit, token), address=address)
        except Fault:
            actor = None
        revoke(unit, token)
        if actor is not None:
            journal.write(unit, "sign_out", f"session {_id(digest_of(token))}", by=actor)


def _id(digest: bytes) -> str:
    return bytes(digest)[:_SHOWN].hex()
