"""Finds who an account acts as, by its name: for the command line and the demo, which run on the machine itself."""

from sqlalchemy import select

from services.actor import Actor
from services.db.models.directory import Account, Body
from services.runtime import Unit
from workflows.errors import Fault


def actor_of(unit: Unit, name: str) -> Actor:
    """The person behind the account; an unknown or disabled one is a Fault."""
    row = unit.db.execute(
        select(Account.id, Account.body_id, Body.code, Body.kind, Body.division, Body.name)
        .join(Body, Body.id == Account.body_id)
        .where(Account.name == name, Account.disabled_at.is_(None))
    ).one_or_none()
    if row is None:
        raise Fault("account_unknown", name=name[:60])
    return Actor(row.id, row.body_id, name, row.code, row.kind, row.division, row.name)
