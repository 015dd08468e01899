"""Homes, databases and runtimes for all tests. SQLite always; PostgreSQL where
GONGJIAN_TEST_DATABASE_URL names one."""

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine, make_url, text

from services.clock import Clock, SettableClock
from services.db.base import Base
from services.db.session import Database
from services.db.upgrade import upgrade
from services.runtime import Runtime
from services.settings import Settings
from tests.builders import BEGAN, UNHURRIED, Counter, Town, counter_of, found
from tests.fakes import SilentBells

POSTGRES = os.environ.get("GONGJIAN_TEST_DATABASE_URL")
NO_POSTGRES = "no PostgreSQL: GONGJIAN_TEST_DATABASE_URL is not set"
SECRET_KEY = SecretStr("what-the-tests-seal-their-secrets-with")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home."""
    return tmp_path / "home"


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An SQLite database with today's tables and no rows, to be copied."""
    where = tmp_path_factory.mktemp("empty")
    upgrade(Settings(home=where, database_url=None))
    database = Database(Settings(home=where, database_url=None).database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return (where / "gongjian.db").read_bytes()


@pytest.fixture(scope="session")
def fresh_postgres() -> Iterator[str]:
    """A PostgreSQL database of this session's own, with today's tables; gone afterwards."""
    assert POSTGRES is not None
    server = make_url(POSTGRES).set(drivername="postgresql+psycopg")
    name = f"gongjian_test_{uuid.uuid4().hex[:12]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    upgrade(Settings(database_url=url))
    yield url
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def database_settings(request: pytest.FixtureRequest, home: Path) -> Settings:
    """Settings of a home whose database has its tables and no rows."""
    if request.param == "sqlite":
        home.mkdir(mode=0o700, exist_ok=True)
        (home / "gongjian.db").write_bytes(request.getfixturevalue("empty_sqlite"))
        return Settings(home=home, database_url=None, secret_key=SECRET_KEY, limits=UNHURRIED)
    if POSTGRES is None:
        pytest.skip(NO_POSTGRES)
    url = request.getfixturevalue("fresh_postgres")
    _empty(url)
    return Settings(home=home, database_url=url, secret_key=SECRET_KEY, limits=UNHURRIED)


@pytest.fixture
def make_runtime(database_settings: Settings) -> Iterator[Callable[..., Runtime]]:
    """Makes runtimes on the test's database; all are closed at the end. `clock` and whatever else
    Runtime takes."""
    made: list[Runtime] = []

    def make(clock: Clock | None = None, **more: Any) -> Runtime:
        made.append(Runtime(database_settings, clock=clock, bells=SilentBells(), **more))
        return made[-1]

    yield make
    for runtime in made:
        runtime.close()


@pytest.fixture
def town(make_runtime: Callable[..., Runtime]) -> Town:
    """A small town whose clock stands still until it is moved."""
    clock = SettableClock(BEGAN)
    runtime = make_runtime(clock=clock)
    found(runtime)
    return Town(runtime, clock)


@pytest.fixture
def counter(town: Town) -> Iterator[Counter]:
    """The town's counter, over HTTP."""
    with counter_of(town) as made:
        yield made


@pytest.fixture
def client(counter: Counter) -> Any:
    """The bare HTTP client of the town's counter. `Any`: TestClient."""
    return counter.client


#: Tables that the database itself lets nobody change.
SEALED = ("history", "journal", "log_leaves", "log_checkpoints", "log_cosignatures")


def _empty(url: str) -> None:
    """No table holds a row, and each counts from one again.

    Row by row: of tables that hold hardly any, TRUNCATE takes a hundred times as long, for it makes the files of each anew."""
    emptied = [f"DELETE FROM {table.name}" for table in reversed(Base.metadata.sorted_tables)]
    with psycopg.connect(url.replace("+psycopg", "")) as line:
        line.execute(
            "; ".join(
                [
                    "SET LOCAL gongjian.house = 'on'",
                    *(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_change" for table in SEALED),
                    *emptied,
                    *(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change" for table in SEALED),
                    "SELECT setval(seqrelid, seqstart, false) FROM pg_sequence",
                ]
            )
        )
