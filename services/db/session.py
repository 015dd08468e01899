"""One engine per process, and the two ways to begin: reading, or writing (which on SQLite takes the one writer's lock).

SQLite below 3.51.3 can corrupt a WAL under several writers, so an older one runs in TRUNCATE/EXTRA (RELIABILITY 4.6).
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

SAFE_WAL = (3, 51, 3)

_POSTGRES: dict[str, Any] = {
    "connect_timeout": 3,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "application_name": "gongjian",
    "options": "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=20000",
}


class Database:
    """The engine of this process. Make it after the fork, drop it with `close`."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self.engine = _sqlite(parsed.database) if self.is_sqlite else _postgres(url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that writes nothing and always rolls back."""
        with self.engine.connect() as connection, connection.begin() as transaction:
            yield connection
            transaction.rollback()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that commits when the block ends well, and else leaves nothing behind."""
        with self.engine.connect().execution_options(gongjian_writes=True) as connection, connection.begin():
            yield connection

    def close(self) -> None:
        self.engine.dispose()

    def forget_parent(self) -> None:
        """After a fork: let go of the parent's connections without closing them for the parent."""
        self.engine.dispose(close=False)


@contextmanager
def without_waiting(connection: Connection) -> Iterator[None]:
    """Statements in the block are sent without waiting for each answer; a failure shows at the block's end at the latest.

    Only for writes whose answers nobody reads: psycopg's pipeline on PostgreSQL, nothing special on SQLite.
    """
    if connection.dialect.name == "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    with driver.pipeline():
        yield


def _postgres(url: str) -> Engine:
    parsed = make_url(url).set(drivername="postgresql+psycopg")
    return create_engine(
        parsed,
        pool_pre_ping=False,
        pool_size=10,
        max_overflow=10,
        pool_timeout=5,
        pool_recycle=1800,
        pool_use_lifo=True,
        connect_args=_POSTGRES,
        insertmanyvalues_page_size=2000,
        hide_parameters=True,
        json_serializer=_json,
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _sqlite(path: str | None) -> Engine:
    from pysqlite3 import dbapi2  # the wheel's own SQLite; Debian's is too old for WAL

    if path and path != ":memory:":
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        Path(path).touch(mode=0o600)
    engine = create_engine(
        f"sqlite:///{path}",
        module=dbapi2,
        connect_args={"timeout": 15, "check_same_thread": False},
        pool_size=10,
        max_overflow=10,
        pool_timeout=15,
        json_serializer=_json,
        hide_parameters=True,
    )
    wal = dbapi2.sqlite_version_info >= SAFE_WAL

    @event.listens_for(engine, "connect")
    def _settle(raw: Any, _record: object) -> None:
        raw.isolation_level = None
        cursor = raw.cursor()
        cursor.execute("PRAGMA busy_timeout=15000")
        cursor.execute(f"PRAGMA journal_mode={'WAL' if wal else 'TRUNCATE'}")
        cursor.execute(f"PRAGMA synchronous={'FULL' if wal else 'EXTRA'}")
        for pragma in (
            "foreign_keys=ON",
            "recursive_triggers=ON",
            "trusted_schema=OFF",
            "cell_size_check=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("gongjian_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
