"""One database per process, and the two ways to begin: reading, or writing (which on SQLite takes the one writer's lock).

Every transaction says as it begins where it stands (services/db/wall.py). One that says nothing is given nothing by PostgreSQL.

SQLite below 3.51.3 can corrupt a WAL under several writers, so an older one runs in TRUNCATE/EXTRA (RELIABILITY 4.6).
"""

import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from services.db.line import Line
from services.db.wall import HOUSE, SAYS, Wall, as_views

SAFE_WAL = (3, 51, 3)
_SQLITE_WAITS_SECONDS = 15

_log = structlog.get_logger(__name__)

_POSTGRES: dict[str, Any] = {
    "connect_timeout": 3,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "application_name": "gongjian",
    "autocommit": True,  # the driver begins nothing: `_begin` does, and says who it is in the same breath
    "options": "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=20000 -c jit=off",
}


class Database:
    """The engine of this process. Make it after the fork, drop it with `close`.

    On SQLite whoever stands behind the wall has an engine of his own, whose connections show him views for tables.
    """

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self.engine = _sqlite(parsed.database) if self.is_sqlite else _postgres(url)
        self._walled = _sqlite(parsed.database, walled=True) if self.is_sqlite else self.engine

    @contextmanager
    def reading(self, wall: Wall) -> Iterator[Connection]:
        """A transaction that writes nothing. PostgreSQL allows it nothing else; on SQLite it rolls back.

        Not on PostgreSQL, for with a rollback the driver forgets every statement that it has prepared on this line, and both
        sides take them apart again (deploy/handbook/speed.md)."""
        with self._standing(wall) as connection, connection.begin() as transaction:
            yield connection
            if self.is_sqlite:
                transaction.rollback()

    @contextmanager
    def writing(self, wall: Wall) -> Iterator[Connection]:
        """A transaction that commits when the block ends well, and else leaves nothing behind."""
        with self._standing(wall, gongjian_writes=True) as connection, connection.begin():
            yield connection

    def _standing(self, wall: Wall, **options: Any) -> Connection:
        """`Any`: execution options."""
        engine = self.engine if wall is HOUSE else self._walled
        return engine.connect().execution_options(gongjian_wall=wall, **options)

    def close(self) -> None:
        self.engine.dispose()
        self._walled.dispose()

    def forget_parent(self) -> None:
        """After a fork: let go of the parent's connections without closing them for the parent."""
        self.engine.dispose(close=False)
        self._walled.dispose(close=False)


def let_in(connection: Connection) -> None:
    """From here on the transaction is the house's."""
    if connection.dialect.name == "sqlite":
        connection.execution_options(schema_translate_map={None: "main"})  # the tables behind the views
    else:
        _say(connection, HOUSE.sets)


def show_out(connection: Connection) -> None:
    """The transaction stands behind its wall again. One that failed or was cut off can see nothing any more as it is."""
    if connection.dialect.name == "sqlite":
        connection.execution_options(schema_translate_map=None)
    elif connection.invalidated:
        return
    elif _driver(connection).info.transaction_status != TransactionStatus.INERROR:
        _say(connection, "SET LOCAL gongjian.house = 'off'")


@contextmanager
def without_waiting(connection: Connection) -> Iterator[None]:
    """Statements in the block are sent without waiting for each answer; a failure shows at the block's end at the latest.

    Only for writes whose answers nobody reads: psycopg's pipeline on PostgreSQL, nothing special on SQLite. What fails at the
    end fails as the same DBAPIError that a statement of its own would have raised.
    """
    if connection.dialect.name == "sqlite":
        yield
        return
    with _faults_of_the_driver(connection), _driver(connection).pipeline():
        yield


def _driver(connection: Connection) -> Any:
    """`Any`: a connection of the driver, which SQLAlchemy does not type."""
    return connection.connection.driver_connection


def _say(connection: Connection, statements: str) -> None:
    """Sent as it is, in one message, past everything that is made for queries."""
    with _faults_of_the_driver(connection):
        _driver(connection).execute(statements, prepare=False)


@contextmanager
def _faults_of_the_driver(connection: Connection) -> Iterator[None]:
    """What the driver says itself stands as the DBAPIError that a statement of SQLAlchemy's would have raised."""
    dialect, broken = connection.dialect, connection.dialect.loaded_dbapi.Error
    try:
        yield
    except broken as error:
        gone = dialect.is_disconnect(error, _driver(connection), None)
        raise DBAPIError.instance(None, None, error, broken, connection_invalidated=gone) from error


def _postgres(url: str) -> Engine:
    parsed = make_url(url).set(drivername="postgresql+psycopg")
    engine = create_engine(
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

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: object, _record: object, arguments: Any, named: Any) -> Line:
        return Line.connect(*arguments, **named)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        wall: Wall | None = options.get("gongjian_wall")
        if options.get("isolation_level") == "AUTOCOMMIT":
            return
        if wall is None:
            _say(connection, "BEGIN")
        else:
            _say(connection, f"BEGIN {'' if options.get('gongjian_writes') else 'READ ONLY'}; {wall.sets}")

    return engine


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _sqlite(path: str | None, *, walled: bool = False) -> Engine:
    from pysqlite3 import dbapi2  # the wheel's own SQLite; Debian's is too old for WAL

    if path and path != ":memory:":
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        Path(path).touch(mode=0o600)
    engine = create_engine(
        f"sqlite:///{path}",
        module=dbapi2,
        connect_args={"timeout": _SQLITE_WAITS_SECONDS, "check_same_thread": False},
        pool_size=10,
        max_overflow=10,
        pool_timeout=5,
        json_serializer=_json,
        hide_parameters=True,
    )
    wal = dbapi2.sqlite_version_info >= SAFE_WAL
    if not wal:
        _log.warning("sqlite_without_wal", version=dbapi2.sqlite_version, journal="TRUNCATE")

    @event.listens_for(engine, "connect")
    def _settle(raw: Any, _record: object) -> None:
        raw.isolation_level = None
        cursor = raw.cursor()
        cursor.execute(f"PRAGMA busy_timeout={_SQLITE_WAITS_SECONDS * 1000}")
        cursor.execute(f"PRAGMA journal_mode={'WAL' if wal else 'TRUNCATE'}")
        cursor.execute(f"PRAGMA synchronous={'FULL' if wal else 'EXTRA'}")
        for pragma in (
            "foreign_keys=ON",
            "recursive_triggers=ON",
            "trusted_schema=OFF",
            "cell_size_check=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        for statement in as_views() if walled else ():
            cursor.execute(statement)
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        writes, wall = options.get("gongjian_writes"), options.get("gongjian_wall")
        if walled and wall is not None and connection.info.get("wall") != wall:
            connection.exec_driver_sql(SAYS, wall.told())
            connection.info["wall"] = wall
        if writes:
            _begin_writing(connection)
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _begin_writing(connection: Connection) -> None:
    """The one writer's lock is ours. Whoever has waited long looks as often as whoever came last: SQLite's own wait looks less and
    less often, so that of eight writers one never came to his turn."""
    line, ends = _driver(connection), time.monotonic() + _SQLITE_WAITS_SECONDS
    line.execute("PRAGMA busy_timeout=0")
    try:
        with _faults_of_the_driver(connection):
            while True:
                try:
                    line.execute("BEGIN IMMEDIATE")
                    return
                except connection.dialect.loaded_dbapi.OperationalError as error:
                    if str(error) != "database is locked" or time.monotonic() > ends:
                        raise
                threading.Event().wait(random.uniform(0.001, 0.01))
    finally:
        line.execute(f"PRAGMA busy_timeout={_SQLITE_WAITS_SECONDS * 1000}")


def unhurried(db: Connection) -> None:
    """From here to the end of its transaction a question may take as long as it takes: for a look at all of the books, which no page waits for."""
    if db.dialect.name == "postgresql":
        db.execute(text("SET LOCAL statement_timeout = 0"))
