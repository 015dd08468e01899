"""Runs migrations on the one database it is given, one at a time across processes."""

from typing import Any

from alembic import context
from sqlalchemy import text

from services.db import models  # noqa: F401  # every table registers itself
from services.db.base import Base
from services.db.session import Database
from services.db.wall import HOUSE

#: Any number, as long as it is always the same one.
ONE_AT_A_TIME = 7_205_420_204
#: An index on a million rows takes its time.
HOURS = 4 * 3600.0

database = Database(context.config.attributes["database_url"])
with database.engine.connect().execution_options(gongjian_writes=True, gongjian_wall=HOUSE) as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=database.is_sqlite,
        transaction_per_migration=False,
        compare_type=False,
    )
    with context.begin_transaction():
        if not database.is_sqlite:
            line: Any = connection.connection.driver_connection
            line.answer_seconds = HOURS
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL lock_timeout = 0"))  # another's upgrade takes its time
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ONE_AT_A_TIME})
            connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        context.run_migrations()
database.close()
