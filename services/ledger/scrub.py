"""After an erasure the bytes are still in pages that nobody reads any more, until those are written anew. That takes the tables for itself for a
while, so people choose when.
"""

from services.runtime import Runtime

#: Tables in which a value about a person can have left bytes behind.
TABLES = ("history_values", "proceedings", "answers")


def scrub(runtime: Runtime) -> None:
    """The pages of these tables hold what the tables hold, and no more: on PostgreSQL for their owner only; on SQLite the whole file, and the log of its writes.

    What the database server keeps besides, its own log and backups, is the administrator's (runbooks/ledger.md)."""
    line = runtime.database.engine.raw_connection()
    try:
        driver = line.driver_connection
        assert driver is not None
        if runtime.database.is_sqlite:
            cursor = driver.cursor()
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            driver.rollback()
            driver.autocommit = True
            cursor = driver.cursor()
            cursor.execute("SET lock_timeout = 0")
            cursor.execute("SET statement_timeout = 0")
            for table in TABLES:
                cursor.execute(f"VACUUM (FULL) {table}")
        cursor.close()
    finally:
        line.invalidate()
