"""Accounts: one for each person, or for one office's machine; made and closed by an administrator."""

import re
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from services.access.passwords import hashed
from services.access.permissions import require_administrator
from services.db.models.casework import WorkItem
from services.db.models.directory import Account, Body, Token
from services.runtime import Unit
from workflows.errors import Fault

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]{1,58})[a-z0-9]")


def is_name(name: str) -> bool:
    """Can an account be called this?

    >>> is_name("union.220204"), is_name("ab"), is_name("Union"), is_name("工会")
    (True, False, False, False)
    """
    return _NAME.fullmatch(name) is not None


def create_account(unit: Unit, name: str, body_code: str, password: str | None) -> int:
    """The account exists and acts for that body. Without a password only a token opens it."""
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
    require_administrator(unit, body.division)
    if unit.db.scalar(select(Account.id).where(Account.name == name)) is not None:
        raise Fault("account_exists", field="name", name=name)
    row = {"name": name, "body_id": body.id, "failed": 0, "created_at": unit.now}
    row["password_hash"] = None if password is None else hashed(password, account=name)
    try:
        return unit.db.execute(insert(Account).returning(Account.id), [row]).scalar_one()
    except IntegrityError as twin:
        raise Fault("account_exists", field="name", name=name) from twin


def disable_account(unit: Unit, name: str) -> None:
    """Nobody acts by this account any more: its tokens are gone, what it had claimed is free again."""
    row = named(unit, name)
    require_administrator(unit, row.division)
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


def named(unit: Unit, name: str) -> Any:
    """The account's id, `disabled_at` and division, locked until the commit; a Fault when there is none.

    `Any`: a row of three columns."""
    row = None
    if is_name(name):
        row = unit.db.execute(
            select(Account.id, Account.disabled_at, Body.division)
            .join(Body, Body.id == Account.body_id)
            .where(Account.name == name)
            .with_for_update(of=Account)
        ).one_or_none()
    if row is None:
        raise Fault("account_unknown", field="name", name=name[:60] if name.isprintable() else "?")
    return row
