"""Is the database there, and does it have this code's schema? And what lies in the queues that rows are."""

from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from services.db.upgrade import config

#: Each part is answered by an index, so that what is done with, which grows for ever, is not read.
WAITING = """
    SELECT 'inbox', state, count(*) FROM inbox WHERE state < 'applied' OR state > 'applied' GROUP BY state
    UNION ALL SELECT 'outbox', state, count(*) FROM outbox WHERE state = 'pending' GROUP BY state
    UNION ALL SELECT 'outbox', state, count(*) FROM outbox WHERE state NOT IN ('pending','done') GROUP BY state
    UNION ALL SELECT 'deadlines', state, count(*) FROM deadlines WHERE state = 'running' GROUP BY state
    UNION ALL SELECT 'deadlines', state, count(*) FROM deadlines WHERE state NOT IN ('running','met') GROUP BY state
    UNION ALL SELECT 'deliveries', state, count(*) FROM deliveries WHERE settled_at IS NULL GROUP BY state
    UNION ALL SELECT 'deliveries', state, count(*) FROM deliveries WHERE state = 'given_up' GROUP BY state
"""


@cache
def head() -> str | None:
    """The newest migration that this code brings."""
    return ScriptDirectory.from_config(config("")).get_current_head()


def at_head(db: Connection) -> bool:
    """Does the database have the schema of this code?"""
    return MigrationContext.configure(db).get_current_revision() == head()


def waiting_rows(db: Connection) -> dict[tuple[str, str], int]:
    """How many rows stand in each state of the inbox, the outbox, the deadlines and the deliveries, but not those that
    are done with."""
    return {(table, state): count for table, state, count in db.execute(text(WAITING))}
