"""The migrations end where the models stand, on every database, and the way back from an empty one is whole."""

from collections.abc import Callable

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from services.db.base import Base
from services.db.upgrade import config, upgrade
from services.runtime import Runtime


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
