"""Is the database there, and does it have this code's schema? And what lies in the queues that rows are."""

from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select

from services.db.models.casework import Deadline
from services.db.models.mail import Inbox, Outbox
from services.db.upgrade import config


@cache
def head() -> str | None:
    """The newest migration that this code brings."""
    return ScriptDirectory.from_config(config("")).get_current_head()


def at_head(db: Connection) -> bool:
    """Does the database have the schema of this code?"""
    return MigrationContext.configure(db).get_current_revision() == head()


def waiting_rows(db: Connection) -> dict[tuple[str, str], int]:
    """How many rows stand in each state of the inbox, the outbox and the deadlines, but not those that
    are done with."""
    done = {"inbox": "applied", "outbox": "done", "deadlines": "met"}
    counted: dict[tuple[str, str], int] = {}
    for name, column in (("inbox", Inbox.state), ("outbox", Outbox.state), ("deadlines", Deadline.state)):
        for state, count in db.execute(
            select(column, func.count()).where(column != done[name]).group_by(column)
        ):
            counted[name, state] = count
    return counted
