"""A line to PostgreSQL that has gone silent is given up."""

from contextlib import AbstractContextManager

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from services.db import line as line_module
from services.db.session import Database
from services.db.wall import HOUSE
from tests.conftest import NO_POSTGRES, POSTGRES
from tests.crash.proxy import Proxy, proxy

pytestmark = [pytest.mark.services, pytest.mark.skipif(POSTGRES is None, reason=NO_POSTGRES)]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_module, "GREETING_SECONDS", 0.3)
    monkeypatch.setattr(line_module, "ANSWER_SECONDS", 0.5)


def through() -> tuple[AbstractContextManager[Proxy], str]:
    assert POSTGRES is not None
    there = make_url(POSTGRES)
    made = proxy(there.host or "127.0.0.1", there.port or 5432)
    return made, POSTGRES


@pytest.mark.usefixtures("impatient")
def test_who_begins_on_a_silent_line_is_told_so_and_the_line_is_not_used_again() -> None:
    made, url = through()
    with made as between:
        database = Database(between.url(url))
        with database.reading(HOUSE) as connection:
            assert connection.scalar(text("SELECT 1")) == 1
        between.swallow()
        with pytest.raises(OperationalError) as silent, database.reading(HOUSE):
            pass
        assert silent.value.connection_invalidated
        between.heal()
        with database.reading(HOUSE) as connection:
            assert connection.scalar(text("SELECT 2")) == 2
        database.close()


@pytest.mark.usefixtures("impatient")
def test_who_waits_in_the_middle_is_told_so_too() -> None:
    made, url = through()
    with made as between:
        database = Database(between.url(url))
        with pytest.raises(OperationalError) as silent, database.writing(HOUSE) as connection:
            between.swallow()
            connection.execute(text("SELECT 1"))
        assert silent.value.connection_invalidated
        database.close()


@pytest.mark.usefixtures("impatient")
def test_an_error_that_the_server_tells_of_leaves_the_line_open() -> None:
    assert POSTGRES is not None
    with line_module.Line.connect(POSTGRES, autocommit=True) as line:
        line.execute("SET statement_timeout = 100")
        with pytest.raises(psycopg.errors.QueryCanceled):
            line.execute("SELECT pg_sleep(5)")
        assert not line.closed
