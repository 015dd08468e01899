"""A unit of work that only looks: it can change nothing, and costs the database no more the hundredth time than it must."""

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from services.actor import SERVICE
from services.db.models.directory import Body
from tests.builders import Town


def test_who_only_reads_leaves_nothing_behind(town: Town) -> None:
    try:
        with town.runtime.reading(SERVICE) as unit:
            unit.db.execute(update(Body).values(name="无"))
    except DBAPIError:
        assert not town.runtime.database.is_sqlite  # PostgreSQL does not even let him write
    with town.runtime.reading(SERVICE) as unit:
        assert unit.db.scalar(select(func.count()).where(Body.name == "无")) == 0


@pytest.mark.services
def test_what_is_asked_again_and_again_stays_prepared(town: Town) -> None:
    """The driver prepares a statement that it was given some times, and forgets it with a rollback."""
    if town.runtime.database.is_sqlite:
        pytest.skip("SQLite's driver keeps its statements anyway")
    for _ in range(10):
        with town.runtime.reading(SERVICE) as unit:
            unit.db.execute(select(Body.id)).all()
    with town.runtime.reading(SERVICE) as unit:
        prepared = text(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT bodies.id%'"
        )
        assert unit.db.scalar(prepared) > 0
