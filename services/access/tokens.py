"""Tokens: 256 random bits shown once and kept as SHA-256, so that the table signs nobody in."""

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from services.access import journal
from services.access.accounts import named
from services.access.permissions import permits
from services.actor import SERVICE, Actor
from services.db.models.directory import Account, Body, Token
from services.runtime import Runtime, Unit
from services.settings import Sessions
from workflows.errors import Fault


class Purpose(StrEnum):
    """What a token is for, and therefore how long it lives.

    ACCESS and SESSION stand for a person at the counter and on the pages, OFFICE for a machine. HALF and RENEW open nothing
    but the next question of signing in: the second factor, and a password of one's own. MY_DAYS and OUR_DAYS open a calendar
    to be subscribed to, one's own or one's body's, and nothing else."""

    ACCESS = "access"
    SESSION = "session"
    OFFICE = "office"
    HALF = "half"
    RENEW = "renew"
    MY_DAYS = "my_days"
    OUR_DAYS = "our_days"


#: Nobody needs longer to find his telephone, or to think of a password.
AT_THE_DOOR = timedelta(minutes=10)
OFFICE_LIVES = timedelta(days=365)

#: A sign of life is written down once a minute, not with every request.
SEEN_EVERY = timedelta(minutes=1)

_PERSONS = (Purpose.ACCESS.value, Purpose.SESSION.value)
_OPENING = (*_PERSONS, Purpose.OFFICE.value)
_LONGEST = 128


def issue(
    unit: Unit, account_id: int, purpose: Purpose, address: str = "", *, factor: bool = False
) -> tuple[str, int]:
    """A new token for the account, and how many seconds it is good for. `address` is where its bearer is; `factor`: he showed
    a second one."""
    token, lives = secrets.token_urlsafe(32), _lives(unit.runtime.settings.sessions, purpose)
    row = {"digest": digest_of(token), "account_id": account_id, "purpose": purpose.value}
    row |= {"created_at": unit.now, "expires_at": unit.now + lives, "address": address[:45], "factor": factor}
    unit.db.execute(insert(Token), [row])
    return token, int(lives.total_seconds())


def issue_office_token(unit: Unit, account_name: str) -> str:
    """A year's token for an office's machine, seen here and never again. A person's account is given none: it would outlast
    every sign-in he knows of, and no second factor is asked of it."""
    row = named(unit, account_name)
    if row.disabled_at is not None:
        raise Fault("account_unknown", field="name", name=account_name)
    if not permits(row.kind, "events.send"):
        raise Fault(
            "value_bad",
            field="name",
            name="name",
            zh="应为报送登记事件的机关的账号",
            en="it must be the account of an office that sends registry events",
        )
    journal.write(unit, "account.token", f"account {account_name}", division=row.division)
    return issue(unit, row.id, Purpose.OFFICE)[0]


def who_is(unit: Unit, token: str) -> Actor:
    """Whoever holds the token, or the Fault `signed_out`: unknown, expired, idle too long and disabled look the same."""
    return _bearer(unit, token)[0]


def present(runtime: Runtime, token: str) -> Actor:
    """As `who_is`, and the token has shown a sign of life."""
    with runtime.reading(SERVICE) as unit:
        actor, seen = _bearer(unit, token)
        now = unit.now
    if _is_long_ago(seen, now):
        with runtime.writing(SERVICE) as unit:
            _is_seen(unit, token, now)
    return actor


def look_up(runtime: Runtime, token: str) -> Actor:
    """Who holds the token, without its being a sign of life; the Fault `signed_out` once it is over."""
    with runtime.reading(SERVICE) as unit:
        return _bearer(unit, token)[0]


def presented(unit: Unit, token: str) -> Actor:
    """The same within a unit that writes."""
    actor, seen = _bearer(unit, token)
    if _is_long_ago(seen, unit.now):
        _is_seen(unit, token, unit.now)
    return actor


def holder(unit: Unit, token: str, *purposes: Purpose) -> Any:
    """The account that a token of one of these purposes stands for, or the Fault `signed_out`.

    `Any`: a row of the account's id, the token's purpose, and whether a second factor was shown for it."""
    row = unit.db.execute(
        select(Token.account_id, Token.purpose, Token.factor)
        .join(Account, Account.id == Token.account_id)
        .where(*_lives_still(unit, token), Token.purpose.in_([purpose.value for purpose in purposes]))
    ).one_or_none()
    if row is None:
        raise Fault("signed_out")
    return row


def revoke(unit: Unit, token: str) -> None:
    """The token opens nothing any more. Harmless when it never did."""
    unit.db.execute(delete(Token).where(Token.digest == digest_of(token)))


def revoke_all(unit: Unit, account_id: int, *purposes: Purpose) -> None:
    """No token stands for this account any more, a machine's neither; where purposes are named, none of those."""
    gone = delete(Token).where(Token.account_id == account_id)
    if purposes:
        gone = gone.where(Token.purpose.in_([purpose.value for purpose in purposes]))
    unit.db.execute(gone)


def digest_of(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def is_good(unit: Unit) -> ColumnElement[bool]:
    """The token has shown a sign of life lately, and a second factor was shown for it where one is required by now; a machine's
    need neither."""
    return _is_good(_awake_since(unit), unit.runtime.settings.second_factor)


def _is_good(awake_since: object, second_factor: str) -> ColumnElement[bool]:
    """`awake_since` is a moment, or the parameter that will be one."""
    good = func.coalesce(Token.seen_at, Token.created_at) > awake_since
    if second_factor == "required":
        good &= Token.factor.is_(True)
    return or_(and_(*(Token.purpose != one for one in _PERSONS)), good)


def _awake_since(unit: Unit) -> datetime:
    return unit.now - unit.runtime.settings.sessions.idle


@cache
def _bearers(second_factor: str) -> Executable:
    """Built once: it is asked with every request, and building it took longer than all the rest."""
    return (
        select(
            *(Account.id, Account.name, Account.body_id, Body.code, Body.kind, Body.division),
            Body.name.label("body_name"),
            *(Token.purpose, Token.created_at, Token.seen_at),
        )
        .select_from(Token)
        .join(Account, Account.id == Token.account_id)
        .join(Body, Body.id == Account.body_id)
        .where(
            Token.digest == bindparam("digest"),
            Token.expires_at > bindparam("now"),
            _is_good(bindparam("awake_since"), second_factor),
            Account.disabled_at.is_(None),
            or_(*(Token.purpose == one for one in _OPENING)),
        )
    )


def _bearer(unit: Unit, token: str) -> tuple[Actor, datetime | None]:
    """Who holds the token, and when a person's token was seen last."""
    _require_shape(token)
    row = unit.db.execute(
        _bearers(unit.runtime.settings.second_factor),
        {"digest": digest_of(token), "now": unit.now, "awake_since": _awake_since(unit)},
    ).one_or_none()
    if row is None:
        raise Fault("signed_out")
    actor = Actor(row.id, row.body_id, row.name, row.code, row.kind, row.division, row.body_name)
    return actor, (row.seen_at or row.created_at) if row.purpose in _PERSONS else None


def _is_long_ago(seen: datetime | None, now: datetime) -> bool:
    return seen is not None and now - seen >= SEEN_EVERY


def _is_seen(unit: Unit, token: str, now: datetime) -> None:
    unit.db.execute(update(Token).where(Token.digest == digest_of(token)).values(seen_at=now))


def _require_shape(token: str) -> None:
    if not 0 < len(token) <= _LONGEST:
        raise Fault("signed_out")


def _lives_still(unit: Unit, token: str) -> tuple[ColumnElement[bool], ...]:
    _require_shape(token)
    return (
        Token.digest == digest_of(token),
        Token.expires_at > unit.now,
        is_good(unit),
        Account.disabled_at.is_(None),
    )


def _lives(sessions: Sessions, purpose: Purpose) -> timedelta:
    match purpose:
        case Purpose.ACCESS | Purpose.SESSION:
            return sessions.longest
        case Purpose.OFFICE | Purpose.MY_DAYS | Purpose.OUR_DAYS:
            return OFFICE_LIVES
        case Purpose.HALF | Purpose.RENEW:
            return AT_THE_DOOR
