"""Signing in: a password, then what else is owed: a code, an authenticator to enrol, a password of one's own.

Ten wrong tries in a row lock a name for a quarter of an hour, borne or not; an address may err oftener. Nothing tells a
stranger which accounts exist: unknown, disabled and wrong hear the same after the same work.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import case, select, update

from services.access import journal
from services.access.accounts import is_name
from services.access.passwords import hashed, matches, renewed
from services.access.second_factor import Enrolment, enrol, forget_unconfirmed, takes
from services.access.tallies import LOCKED_FOR, TRIES, neighbourhood, refuse_locked, tallies
from services.access.tokens import Purpose, holder, issue, revoke, revoke_all
from services.actor import SERVICE, Actor
from services.db.models.directory import Account, Body
from services.runtime import Runtime, Unit
from workflows.errors import Fault


class Owes(StrEnum):
    """What must still be shown before anything opens."""

    CODE = "code"
    ENROLMENT = "enrolment"
    PASSWORD = "password"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Admitted:
    """A token and the seconds it lives. While something is owed it opens nothing but the next question."""

    token: str
    seconds: int
    owes: Owes | None = None


NATION = "000000"

#: No account has this id: counting for it takes the same time and changes nothing.
_NOBODY = 0


def sign_in(runtime: Runtime, account: str, password: str, purpose: Purpose, address: str = "") -> Admitted:
    """The password was right; or a Fault, and the wrong try is counted and committed."""
    _for_people(purpose)
    name = account.strip().lower()
    with runtime.reading(SERVICE) as unit:
        row: Any = _account(unit, Account.name == name) if is_name(name) else None  # Any: as there
    fresh = _prove(runtime, row, name, password, address)
    with runtime.writing(SERVICE) as unit:
        admitted = _admit(unit, row.id, purpose, address, proven=row.password_hash)
        if fresh is not None:
            _keep(unit, row.id, password_hash=fresh)
        return admitted


def sign_in_known(runtime: Runtime, account_id: int, address: str, *, factors: bool) -> Admitted:
    """The single sign-on has vouched for the person; with `factors`, by more than a password."""
    with runtime.writing(SERVICE) as unit:
        if not factors:
            return _admit(unit, account_id, Purpose.SESSION, address)
        row = _locked(unit, account_id)
        if row.disabled_at is not None:
            raise Fault("credentials")
        return _let_in(unit, row, Purpose.SESSION, address, factor=True)


def owes(unit: Unit, token: str) -> Owes:
    """What the bearer of a token from the door must show next, or the Fault `signed_out`."""
    bearer = holder(unit, token, Purpose.HALF, Purpose.RENEW)
    if bearer.purpose == Purpose.RENEW.value:
        return Owes.PASSWORD
    return _factor_owed(_account(unit, Account.id == bearer.account_id))


def show_code(runtime: Runtime, token: str, code: str, purpose: Purpose, address: str = "") -> Admitted:
    """The code was right, and will not be taken again; or a Fault, and the wrong try is counted."""
    _for_people(purpose)
    with runtime.reading(SERVICE) as unit:
        row = _account(unit, Account.id == holder(unit, token, Purpose.HALF).account_id)
    _refuse_locked(runtime, row, row.name, address)
    with runtime.writing(SERVICE) as unit:
        row = _locked(unit, row.id)
        holder(unit, token, Purpose.HALF)  # a reset in between has taken it
        refuse_locked(row.locked_until, unit.now)
        if row.totp_since is None:
            raise Fault("signed_out")
        if takes(unit, row, code):
            revoke(unit, token)
            return _or_renew(unit, row, purpose, address)
        _count(unit, row.id)
        _say_refused(unit, row, row.name, address, "code_wrong")
    tallies(runtime).addresses.count(neighbourhood(address), unit.now)
    raise Fault("code_wrong", field="code")


def begin_enrolment(
    runtime: Runtime, token: str, password: str | None = None, address: str = ""
) -> Enrolment:
    """What to put into an authenticator: for who is asked for one at the door, or, with his password, who is inside."""
    enrolling = (Purpose.HALF, Purpose.ACCESS, Purpose.SESSION)
    with runtime.reading(SERVICE) as unit:
        bearer = holder(unit, token, *enrolling)
        row = _account(unit, Account.id == bearer.account_id)
    if bearer.purpose != Purpose.HALF.value:
        _prove(runtime, row, row.name, password or "", address, wrong="password_wrong")
    with runtime.writing(SERVICE) as unit:
        row = _locked(unit, bearer.account_id)
        holder(unit, token, *enrolling)  # as above
        if row.totp_secret is None:  # each look at the same one is no deed of its own
            journal.write(unit, "account.enrolment", f"account {row.name}", by=_actor(row, address))
        return enrol(unit, row)


def confirm_enrolment(
    runtime: Runtime, token: str, code: str, purpose: Purpose, address: str = ""
) -> Admitted:
    """The authenticator shows what it should: it is asked for from now on, and every other sign-in is over."""
    _for_people(purpose)
    with runtime.writing(SERVICE) as unit:
        key = holder(unit, token, Purpose.HALF, Purpose.ACCESS, Purpose.SESSION).account_id
        row = _locked(unit, key)
        if row.totp_since is not None:
            raise Fault("factor_exists")
        if not takes(unit, row, code):
            raise Fault("code_unconfirmed", field="code")
        _keep(unit, key, totp_since=unit.now)
        journal.write(unit, "account.second_factor", f"account {row.name}", by=_actor(row, address))
        revoke_all(unit, key)
        return _or_renew(unit, _locked(unit, key), purpose, address)


def renew_password(runtime: Runtime, token: str, new: str, purpose: Purpose, address: str = "") -> Admitted:
    """The password that somebody else had chosen is replaced by the person's own."""
    _for_people(purpose)
    with runtime.reading(SERVICE) as unit:
        row = _account(unit, Account.id == holder(unit, token, Purpose.RENEW).account_id)
    kept = _another(row, new)
    with runtime.writing(SERVICE) as unit:
        holder(unit, token, Purpose.RENEW)
        return _changed(unit, row, kept, purpose, address)


def change_password(
    runtime: Runtime, token: str, old: str, new: str, purpose: Purpose, address: str = ""
) -> Admitted:
    """The person has a new password, and is signed in here and nowhere else."""
    _for_people(purpose)
    with runtime.reading(SERVICE) as unit:
        bearer = holder(unit, token, Purpose.ACCESS, Purpose.SESSION)
        row = _account(unit, Account.id == bearer.account_id)
    _prove(runtime, row, row.name, old, address, wrong="password_wrong")
    kept = _another(row, new)
    with runtime.writing(SERVICE) as unit:
        before = holder(unit, token, Purpose.ACCESS, Purpose.SESSION)
        return _changed(unit, row, kept, purpose, address, factor=before.factor)


def _prove(
    runtime: Runtime, row: Any, name: str, password: str, address: str, *, wrong: str = "credentials"
) -> str | None:
    """The password is right, or the Fault `wrong`. What comes back is a better hash, where the kept one is too weak.

    It is compared outside any transaction: it takes longer than all the rest. `Any`: the account's row, or None."""
    _refuse_locked(runtime, row, name, address)
    now, kept = runtime.clock.now(), row.password_hash if row else None
    right = matches(kept, password) and row is not None and row.disabled_at is None
    if right and (row.password_until is None or row.password_until > now):
        return renewed(kept, password) if kept else None
    with runtime.writing(SERVICE) as unit:
        _count(unit, _NOBODY if row is None else row.id)
        _say_refused(unit, row, name, address, wrong)
    if row is None:
        tallies(runtime).names.count(name, now)
    tallies(runtime).addresses.count(neighbourhood(address), now)
    raise Fault(wrong, field=None if wrong == "credentials" else "password")


def _refuse_locked(runtime: Runtime, row: Any, name: str, address: str) -> None:
    """Fault `locked_out` for a locked name and for a locked address. `Any`: the account's row, or None."""
    now, seen = runtime.clock.now(), tallies(runtime)
    try:
        refuse_locked(seen.addresses.locked_until(neighbourhood(address)), now)
        refuse_locked(row.locked_until if row else seen.names.locked_until(name), now)
    except Fault as locked:
        with runtime.writing(SERVICE) as unit:
            _say_refused(unit, row, name, address, locked.code)
        raise


def _admit(unit: Unit, key: int, purpose: Purpose, address: str, *, proven: str | None = None) -> Admitted:
    """A right password that arrives after the lock, after the account was closed or after another password took its place comes
    too late. `proven` is the hash that it was held against; None where somebody else vouches for the person."""
    row = _locked(unit, key)
    if proven is not None:
        refuse_locked(row.locked_until, unit.now)
    if row.disabled_at is not None or proven not in (None, row.password_hash):
        raise Fault("credentials")
    if row.totp_since is not None or unit.runtime.settings.second_factor == "required":
        return _half(unit, row, Purpose.HALF, address, _factor_owed(row))
    return _or_renew(unit, row, purpose, address) if proven else _let_in(unit, row, purpose, address)


def _or_renew(unit: Unit, row: Any, purpose: Purpose, address: str) -> Admitted:
    """Every factor was shown; a password that somebody else chose is still to be replaced. `Any`: the account's row."""
    if row.password_until is not None:
        return _half(unit, row, Purpose.RENEW, address, Owes.PASSWORD)
    return _let_in(unit, row, purpose, address)


def _half(unit: Unit, row: Any, purpose: Purpose, address: str, owed: Owes) -> Admitted:
    """Whoever is asked to enrol is shown a secret that nobody has seen who stood here before. `Any`: the account's row."""
    if owed is Owes.ENROLMENT:
        forget_unconfirmed(unit, row.id)
        revoke_all(unit, row.id, Purpose.HALF)
    journal.write(unit, "sign_in.half", f"account {row.name}", by=_actor(row, address), owes=owed.value)
    return Admitted(*issue(unit, row.id, purpose, address), owed)


def _let_in(unit: Unit, row: Any, purpose: Purpose, address: str, *, factor: bool = False) -> Admitted:
    """Nothing is owed any more; only now are the wrong tries forgotten. `factor`: somebody else has asked for a second one; who
    has an authenticator of ours has shown it by now. `Any`: the account's row."""
    _keep(unit, row.id, failed=0, locked_until=None)
    journal.write(unit, "sign_in", f"account {row.name}", by=_actor(row, address))
    return Admitted(*issue(unit, row.id, purpose, address, factor=factor or row.totp_since is not None))


def _changed(
    unit: Unit, before: Any, kept: str, purpose: Purpose, address: str, *, factor: bool = False
) -> Admitted:
    """The password of the row as it was read `before` gives way; one that was reset since then does not. `Any`: rows."""
    row = _locked(unit, before.id)
    if row.password_hash != before.password_hash:
        raise Fault("signed_out")
    _keep(unit, row.id, password_hash=kept, password_until=None)
    revoke_all(unit, row.id)
    journal.write(unit, "account.password", f"account {row.name}", by=_actor(row, address))
    return _let_in(unit, row, purpose, address, factor=factor)


def _another(row: Any, new: str) -> str:
    """The hash of a password that is not the one before. `Any`: the account's row."""
    kept = hashed(new, account=row.name, field="new_password")
    if matches(row.password_hash, new):
        raise Fault("password_weak", field="new_password")
    return kept


def _factor_owed(row: Any) -> Owes:
    return Owes.CODE if row.totp_since is not None else Owes.ENROLMENT


def _account(unit: Unit, which: Any) -> Any:
    """The account's row, or None. `Any`: a condition, and a row of the columns below."""
    return unit.db.execute(_ROWS.where(which)).one_or_none()


def _locked(unit: Unit, key: int) -> Any:
    """The account's row, ours until the commit. `Any`: a row of the columns below."""
    return unit.db.execute(_ROWS.where(Account.id == key).with_for_update(of=Account)).one()


_ROWS = select(
    *(Account.id, Account.name, Account.password_hash, Account.password_until, Account.totp_since),
    *(Account.totp_secret, Account.totp_step, Account.locked_until, Account.disabled_at, Account.body_id),
    *(Body.code, Body.kind, Body.division),
).join(Body, Body.id == Account.body_id)


def _actor(row: Any, address: str) -> Actor:
    """Who stands at the door. `Any`: the account's row."""
    return Actor(row.id, row.body_id, row.name, row.code, row.kind, row.division, address=address)


def _say_refused(unit: Unit, row: Any, name: str, address: str, code: str) -> None:
    """What is typed as a name may be a password, so that only names of accounts are written down. `Any`: row or None."""
    stranger = Actor(None, None, "?", "", "stranger", NATION, address=address)
    by = stranger if row is None else _actor(row, address)
    journal.write(unit, "sign_in", f"account {by.name}", by=by, result=journal.REFUSED, code=code)


def _keep(unit: Unit, key: int, **values: object) -> None:
    unit.db.execute(update(Account).where(Account.id == key).values(**values))


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


def _for_people(purpose: Purpose) -> None:
    if purpose not in (Purpose.ACCESS, Purpose.SESSION):
        raise ValueError("office tokens are issued by an administrator, not by a password")
