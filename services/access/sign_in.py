"""Signing in by password. Ten wrong ones in a row lock a name for a quarter of an hour, borne or not.

Nothing tells a stranger which accounts exist: unknown, disabled and wrong hear the same after the same work.
"""

from collections import OrderedDict
from datetime import datetime, timedelta
from math import ceil
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import case, select, update

from services.access.accounts import is_name
from services.access.passwords import matches, renewed
from services.access.tokens import Purpose, issue
from services.actor import SERVICE
from services.db.models.directory import Account
from services.runtime import Runtime, Unit
from workflows.errors import Fault

TRIES = 10
LOCKED_FOR = timedelta(minutes=15)

#: No account has this id: counting for it takes the same time and changes nothing.
_NOBODY = 0


def sign_in(runtime: Runtime, account: str, password: str, purpose: str) -> tuple[str, int]:
    """A token and the seconds it lives, or a Fault; a failure is counted and the count committed.

    The password is compared outside any transaction: it takes longer than all the rest.
    """
    wanted = Purpose(purpose)
    if wanted is Purpose.OFFICE:
        raise ValueError("office tokens are issued by an administrator, not by a password")
    name = account.strip()
    with runtime.reading(SERVICE) as unit:
        now, row = unit.now, _account(unit, name)
    strangers = _STRANGERS.setdefault(runtime, _Strangers())
    _refuse_locked(row.locked_until if row else strangers.locked_until(name), now)
    kept = row.password_hash if row else None
    right = matches(kept, password) and row is not None and row.disabled_at is None
    fresh = renewed(kept, password) if kept and right else None
    with runtime.writing(SERVICE) as unit:
        if row is not None and right:
            return _admit(unit, row.id, fresh, wanted)
        _count(unit, _NOBODY if row is None else row.id)
    if row is None:
        strangers.count(name, now)
    raise Fault("credentials")


def _account(unit: Unit, name: str) -> Any | None:
    """`Any`: a row of the account's columns."""
    if not is_name(name):
        return None
    columns = (Account.id, Account.password_hash, Account.locked_until, Account.disabled_at)
    return unit.db.execute(select(*columns).where(Account.name == name)).one_or_none()


def _admit(unit: Unit, key: int, fresh: str | None, purpose: Purpose) -> tuple[str, int]:
    """A right password that arrives after the lock, or after the account was closed, comes too late."""
    row = unit.db.execute(
        select(Account.locked_until, Account.disabled_at).where(Account.id == key).with_for_update()
    ).one()
    _refuse_locked(row.locked_until, unit.now)
    if row.disabled_at is not None:
        raise Fault("credentials")
    changes = {"failed": 0, "locked_until": None} | ({"password_hash": fresh} if fresh else {})
    unit.db.execute(update(Account).where(Account.id == key).values(**changes))
    return issue(unit, key, purpose)


def _count(unit: Unit, key: int) -> None:
    full = Account.failed + 1 >= TRIES
    unit.db.execute(
        update(Account)
        .where(Account.id == key)
        .values(
            failed=case((full, 0), else_=Account.failed + 1),
            locked_until=case((full, unit.now + LOCKED_FOR), else_=Account.locked_until),
        )
    )


def _refuse_locked(until: datetime | None, now: datetime) -> None:
    if until is not None and until > now:
        raise Fault("locked_out", minutes=ceil((until - now) / timedelta(minutes=1)))


class _Strangers:
    """Names that no account bears, counted like the others, but in memory and only so many."""

    MOST = 10_000

    def __init__(self) -> None:
        self._alone = Lock()
        self._seen: OrderedDict[str, tuple[int, datetime | None]] = OrderedDict()

    def locked_until(self, name: str) -> datetime | None:
        with self._alone:
            return self._seen.get(name[:60], (0, None))[1]

    def count(self, name: str, now: datetime) -> None:
        name = name[:60]
        with self._alone:
            failed, until = self._seen.pop(name, (0, None))
            failed += 1
            self._seen[name] = (0, now + LOCKED_FOR) if failed >= TRIES else (failed, until)
            while len(self._seen) > self.MOST:
                self._seen.popitem(last=False)


_STRANGERS: WeakKeyDictionary[Runtime, _Strangers] = WeakKeyDictionary()
