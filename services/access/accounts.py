"""Accounts: one for each person, or for one office's machine; made and closed by a security administrator."""

import re
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from services.access import journal
from services.access.passwords import hashed
from services.access.permissions import require
from services.db.models.casework import WorkItem
from services.db.models.directory import Account, Body, Token
from services.directory.scope import covers
from services.runtime import Unit
from workflows.errors import Fault
from workflows.plain import said_back

#: Whoever was given a password has so long to replace it by his own.
ISSUED_PASSWORD_LIVES = timedelta(days=3)

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]{1,58})[a-z0-9]")


def is_name(name: str) -> bool:
    """Can an account be called this?

    >>> is_name("union.220204"), is_name("ab"), is_name("Union"), is_name("工会")
    (True, False, False, False)
    """
    return _NAME.fullmatch(name) is not None


def bears(unit: Unit, name: str) -> bool:
    """Is, or was, there an account of this name?"""
    return is_name(name) and unit.db.scalar(select(Account.id).where(Account.name == name)) is not None


def create_account(unit: Unit, name: str, body_code: str, password: str | None, *, own: bool = True) -> int:
    """The account exists and acts for that body. Without a password only a token opens it.

    A password that is not the person's `own` opens nothing but the choice of a new one, and that for a few days."""
    if not is_name(name):
        raise Fault(
            "value_bad",
            field="name",
            name="name",
            zh="账号为3至60位小写字母、数字、点或短横线，首尾须为字母或数字。",
            en="3 to 60 lower-case letters, digits, dots or hyphens, with a letter or digit at both ends.",
        )
    if not body_code.isprintable():
        raise Fault("body_unknown", field="body", code="?")
    body = unit.db.execute(select(Body.id, Body.division).where(Body.code == body_code)).one_or_none()
    if body is None:
        raise Fault("body_unknown", field="body", code=body_code[:60])
    require(unit.actor, "accounts.manage", body.division)
    if unit.db.scalar(select(Account.id).where(Account.name == name)) is not None:
        raise Fault("account_exists", field="name", name=name)
    row = {"name": name, "body_id": body.id, "failed": 0, "created_at": unit.now}
    row["password_hash"] = None if password is None else hashed(password, account=name)
    row["password_until"] = None if own else unit.now + ISSUED_PASSWORD_LIVES
    try:
        key = unit.db.execute(insert(Account).returning(Account.id), [row]).scalar_one()
    except IntegrityError as twin:
        raise Fault("account_exists", field="name", name=name) from twin
    journal.write(unit, "account.create", f"account {name}", division=body.division, body=body_code)
    return key


def disable_account(unit: Unit, name: str) -> None:
    """Nobody acts by this account any more: its tokens are gone, what it had claimed is free again."""
    row = named(unit, name)
    unit.to_office()
    unit.db.execute(
        update(Account)
        .where(Account.id == row.id, Account.disabled_at.is_(None))
        .values(disabled_at=unit.now)
    )
    unit.db.execute(delete(Token).where(Token.account_id == row.id))
    unit.db.execute(
        update(WorkItem)
        .where(WorkItem.assignee_id == row.id, WorkItem.status == "open")
        .values(assignee_id=None)
    )
    journal.write(unit, "account.disable", f"account {name}", division=row.division)


def named(unit: Unit, name: str) -> Any:
    """The account's id, `disabled_at`, kind and division, locked until the commit, for who manages it; a Fault when there is
    none in his jurisdiction. `Any`: a row of four columns."""
    require(unit.actor, "accounts.manage")
    row = None
    if is_name(name):
        row = unit.db.execute(
            select(Account.id, Account.disabled_at, Body.kind, Body.division)
            .join(Body, Body.id == Account.body_id)
            .where(Account.name == name)
            .with_for_update(of=Account)
        ).one_or_none()
    if row is None or not covers(unit.actor.division, row.division):
        raise Fault("account_unknown", field="name", name=said_back(name))
    return row
