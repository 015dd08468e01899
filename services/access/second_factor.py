"""The second factor: six digits that an authenticator shows for half a minute (TOTP, RFC 6238), each taken once.

The secret is sealed; whoever has lost his authenticator asks the security administrator, who takes it off.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyotp
from sqlalchemy import select, update

from services.access.sealed import opened, place, sealed
from services.db.models.directory import Account
from services.runtime import Unit
from workflows.errors import Fault

ISSUER = "Gongjian"
SECONDS = 30
#: A clock may be half a minute slow or fast.
AROUND = (-1, 0, 1)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator must be told, as text and as the address that it reads from a picture."""

    secret: str
    address: str


def enrol(unit: Unit, row: Any) -> Enrolment:
    """The secret that the person may put into an authenticator; the same one until he confirms it or it is forgotten.

    Fault `factor_exists` when one is in use: only the security administrator takes that off. `Any`: the account's row, locked.
    """
    if row.totp_since is not None:
        raise Fault("factor_exists")
    if row.totp_secret is not None:
        secret = _opened(unit, row)
    else:
        secret = pyotp.random_base32()
        kept = sealed(unit.runtime.settings, secret.encode(), place(Account.totp_secret, row.id))
        unit.db.execute(update(Account).where(Account.id == row.id).values(totp_secret=kept))
    address = pyotp.TOTP(secret).provisioning_uri(name=row.name, issuer_name=ISSUER)
    return Enrolment(secret, address)


def forget_unconfirmed(unit: Unit, account_id: int) -> None:
    """A secret that was shown and never confirmed is gone: whoever saw it may have been somebody else."""
    shown = update(Account).where(Account.id == account_id, Account.totp_since.is_(None))
    unit.db.execute(shown.values(totp_secret=None))


def has_one(unit: Unit) -> bool:
    """Is the actor asked for a code when he signs in?"""
    return unit.db.scalar(select(Account.totp_since).where(Account.id == unit.actor.account_id)) is not None


def takes(unit: Unit, row: Any, code: str) -> bool:
    """Is this the code of now, and not seen before? If so it is spent. `Any`: the account's row, locked until the commit."""
    if row.totp_secret is None:
        return False
    step = _step(_opened(unit, row), code, unit.now)
    if step is None or (row.totp_step is not None and step <= row.totp_step):
        return False
    unit.db.execute(update(Account).where(Account.id == row.id).values(totp_step=step))
    return True


def _step(secret: str, code: str, now: datetime) -> int | None:
    """Which half minute the code belongs to, of those around now; every one is compared, and in the same time."""
    clock = pyotp.TOTP(secret, interval=SECONDS)
    said = "".join(code.split()).encode("utf-8", "surrogatepass")  # authenticators show 123 456
    present = clock.timecode(now)
    found = [
        present + offset
        for offset in AROUND
        if hmac.compare_digest(clock.generate_otp(present + offset).encode(), said)
    ]
    return max(found, default=None)


def _opened(unit: Unit, row: Any) -> str:
    return opened(unit.runtime.settings, bytes(row.totp_secret), place(Account.totp_secret, row.id)).decode()
