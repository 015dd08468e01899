"""The migrations end where the models stand, on every database, and the way back from an empty one is whole."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select

from services.actor import SERVICE
from services.db import session
from services.db.base import Base
from services.db.line import Line
from services.db.models.casework import Case, History
from services.db.models.directory import Account
from services.db.upgrade import config, upgrade
from services.runtime import Runtime
from tests.builders import Town
from tests.tampering import tamper
from tests.waiting import until

#: What upgrades of the same database take in turns (services/db/migrations/env.py).
ONE_AT_A_TIME = 7_205_420_204


def test_head_equals_the_models(make_runtime: Callable[..., Runtime]) -> None:
    runtime = make_runtime()
    with runtime.database.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert differences == []


def test_upgrading_twice_changes_nothing(make_runtime: Callable[..., Runtime]) -> None:
    runtime = make_runtime()
    upgrade(runtime.settings)
    with runtime.database.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_there_and_back_again(make_runtime: Callable[..., Runtime]) -> None:
    runtime = make_runtime()
    command.downgrade(config(runtime.settings.database), "base")
    with runtime.database.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    upgrade(runtime.settings)
    with runtime.database.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_what_stood_in_the_tables_stands_there_afterwards(town: Town) -> None:
    town.with_union(town.enterprise())
    database, url = town.runtime.database, town.runtime.settings.database
    kept = [select(Case.id, Case.name, Case.tip), select(History.hash), select(Account.name)]

    def found() -> list[set[object]]:
        with town.runtime.reading(SERVICE) as unit:
            return [set(unit.db.execute(one).all()) for one in kept]

    before = found()
    assert all(before)
    tamper(database, "DELETE FROM journal")  # a journal that holds lines is not left behind
    command.downgrade(config(url), "0002")
    upgrade(town.runtime.settings)
    assert found() == before


def test_an_upgrade_waits_for_another_however_long_that_takes(
    make_runtime: Callable[..., Runtime], monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = make_runtime()
    if runtime.database.is_sqlite:
        pytest.skip("SQLite has one writer, and whoever comes second waits by himself")
    url = runtime.settings.database.replace("+psycopg", "")
    hasty = "-c lock_timeout=100 -c statement_timeout=200"
    monkeypatch.setitem(session._POSTGRES, "options", hasty)
    monkeypatch.setattr(Line, "answer_seconds", 0.3)
    longer_than_any = (
        "SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND NOT granted"
        " AND datname = current_database() AND clock_timestamp() - query_start > interval '0.6 s'"
    )
    with psycopg.connect(url, autocommit=True) as other, ThreadPoolExecutor(1) as thread:
        other.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        second = thread.submit(upgrade, runtime.settings)
        until(lambda: second.done() or other.execute(longer_than_any).fetchone(), 15)
        assert not second.done(), "it went ahead, or gave up"
        other.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])
        second.result()
