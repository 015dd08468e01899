"""What the security administrator does for somebody who cannot sign in, or must not be signed in any longer.

Each of these deeds ends the account's sign-ins at once. He sees the password that he issues, and nothing but the journal keeps him
from using it himself: signed in with it, he may choose another and be that person, an administrator or an auditor too, until
the person finds that his own password opens nothing. Nobody is asked to agree (deploy/handbook/signing-in.md).
"""

from sqlalchemy import select, update

from services.access import journal
from services.access.accounts import ISSUED_PASSWORD_LIVES, named
from services.access.passwords import generated, hashed
from services.access.second_factor import forget_unconfirmed
from services.access.tokens import revoke_all
from services.db.models.directory import Account
from services.runtime import Unit
from workflows.errors import Fault


def reset_password(unit: Unit, name: str) -> str:
    """A password shown once, good for nothing but choosing a new one within a few days; whoever has it may choose."""
    row = named(unit, name)
    if row.disabled_at is not None:
        raise Fault("account_unknown", field="name", name=name)
    password = generated()
    _set(
        unit,
        row.id,
        password_hash=hashed(password, account=name),
        password_until=unit.now + ISSUED_PASSWORD_LIVES,
        failed=0,
        locked_until=None,
    )
    forget_unconfirmed(unit, row.id)
    journal.write(unit, "account.password_reset", f"account {name}", division=row.division)
    return password


def take_off_second_factor(unit: Unit, name: str) -> None:
    """The account has no authenticator any more: for one that was lost."""
    row = named(unit, name)
    _set(unit, row.id, totp_secret=None, totp_since=None, totp_step=None)
    journal.write(unit, "account.second_factor_off", f"account {name}", division=row.division)


def sign_out_everywhere(unit: Unit, name: str) -> None:
    """Nobody is signed in as this account any more."""
    row = named(unit, name)
    revoke_all(unit, row.id)
    journal.write(unit, "account.sign_out", f"account {name}", division=row.division)


def bind(unit: Unit, name: str, issuer: str, subject: str) -> None:
    """The person whom `issuer` calls `subject` may come in by single sign-on as this account, and as no other."""
    row = named(unit, name)
    for field, value in (("issuer", issuer), ("subject", subject)):
        if not 1 <= len(value) <= 255 or not value.isascii() or not value.isprintable():
            raise Fault(
                "value_bad",
                field=field,
                name=field,
                zh="应为1至255个可见ASCII字符",
                en="it must be 1 to 255 visible ASCII characters",
            )
    taken = select(Account.id).where(
        Account.issuer == issuer, Account.subject == subject, Account.id != row.id
    )
    if unit.db.scalar(taken) is not None:
        raise Fault("identity_taken")
    _set(unit, row.id, issuer=issuer, subject=subject)
    journal.write(
        unit, "account.bind", f"account {name}", division=row.division, issuer=issuer, subject=subject
    )


def unbind(unit: Unit, name: str) -> None:
    """Nobody comes in by single sign-on as this account any more."""
    row = named(unit, name)
    _set(unit, row.id, issuer=None, subject=None)
    journal.write(unit, "account.unbind", f"account {name}", division=row.division)


def _set(unit: Unit, key: int, **values: object) -> None:
    unit.db.execute(update(Account).where(Account.id == key).values(**values))
    revoke_all(unit, key)
