"""Tokens: 256 random bits shown once and kept as SHA-256, so that the table signs nobody in."""

import hashlib
import secrets
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import delete, insert, select

from services.access.accounts import named
from services.access.permissions import require_administrator
from services.actor import Actor
from services.db.models.directory import Account, Body, Token
from services.runtime import Unit
from workflows.errors import Fault


class Purpose(StrEnum):
    """What a token is for, and therefore how long it lives."""

    ACCESS = "access"
    SESSION = "session"
    OFFICE = "office"


LIVES = {
    Purpose.ACCESS: timedelta(hours=8),
    Purpose.SESSION: timedelta(hours=12),
    Purpose.OFFICE: timedelta(days=365),
}

_LONGEST = 128


def issue(unit: Unit, account_id: int, purpose: Purpose) -> tuple[str, int]:
    """A new token for the account, and how many seconds it is good for."""
    token, lives = secrets.token_urlsafe(32), LIVES[purpose]
    row = {"digest": _digest(token), "account_id": account_id, "purpose": purpose.value}
    unit.db.execute(insert(Token), [row | {"created_at": unit.now, "expires_at": unit.now + lives}])
    return token, int(lives.total_seconds())


def issue_office_token(unit: Unit, account_name: str) -> str:
    """A year's token for an office's machine. It is seen here and never again."""
    row = named(unit, account_name)
    if row.disabled_at is not None:
        raise Fault("account_unknown", field="name", name=account_name)
    require_administrator(unit, row.division)
    return issue(unit, row.id, Purpose.OFFICE)[0]


def who_is(unit: Unit, token: str) -> Actor:
    """Whoever holds the token, or the Fault `signed_out`: unknown, expired and disabled look the same."""
    if not 0 < len(token) <= _LONGEST:
        raise Fault("signed_out")
    row = unit.db.execute(
        select(
            *(Account.id, Account.name, Account.body_id, Body.code, Body.kind, Body.division),
            Body.name.label("body_name"),
        )
        .select_from(Token)
        .join(Account, Account.id == Token.account_id)
        .join(Body, Body.id == Account.body_id)
        .where(Token.digest == _digest(token), Token.expires_at > unit.now, Account.disabled_at.is_(None))
    ).one_or_none()
    if row is None:
        raise Fault("signed_out")
    return Actor(row.id, row.body_id, row.name, row.code, row.kind, row.division, row.body_name)


def revoke(unit: Unit, token: str) -> None:
    """The token opens nothing any more. Harmless when it never did."""
    unit.db.execute(delete(Token).where(Token.digest == _digest(token)))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
