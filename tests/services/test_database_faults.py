"""What a database does to a house: it loses its answer, it has no line free, it is too old to be trusted with a log."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import make_url
from structlog.testing import capture_logs

from services.db import session
from services.intake.receive import Unavailable, receive_raw
from services.invariants import Books
from services.runtime import Runtime
from services.settings import Settings
from tests.builders import COUNTY, Counter, assert_problem, found, registered
from tests.conftest import SECRET_KEY
from tests.crash.proxy import Proxy, proxy
from tests.fakes import SilentBells

OFFICE = f"registry.{COUNTY}"
CUTS = 200


@pytest.fixture
def line(database_settings: Settings) -> Iterator[Proxy]:
    if database_settings.database_url is None:
        pytest.skip("SQLite has no line that could be cut")
    url = make_url(database_settings.database_url)
    with proxy(url.host or "127.0.0.1", url.port or 5432) as made:
        yield made


@pytest.fixture
def far(line: Proxy, database_settings: Settings) -> Iterator[Runtime]:
    """A house whose database is at the end of that line."""
    assert database_settings.database_url is not None
    url = make_url(line.url(database_settings.database_url))
    plain = url.update_query_dict({"sslmode": "disable", "gssencmode": "disable"})
    settings = database_settings.model_copy(
        update={"database_url": plain.render_as_string(hide_password=False)}
    )
    made = Runtime(settings, bells=SilentBells())
    found(made)
    yield made
    made.close()


def say(runtime: Runtime, number: int) -> str:
    body = json.dumps(registered(number), ensure_ascii=False).encode()
    return receive_raw(runtime, body, "application/cloudevents+json", {}, OFFICE, "http")[0].status


@pytest.mark.services
@pytest.mark.fault("F18")
def test_whether_a_commit_went_through_is_decided_by_the_repeat(line: Proxy, far: Runtime) -> None:
    """Half of the commits never arrive; of the other half the answer is lost. The office cannot tell, and need not."""
    for number in range(CUTS):
        lost = number % 2 == 0
        line.cut_at(b"COMMIT", reply_lost=lost)
        with pytest.raises(Unavailable):
            say(far, number)
        assert say(far, number) == ("duplicate" if lost else "accepted")
        assert say(far, number) == "duplicate"
    assert line.cuts >= CUTS
    books = Books(far.settings.database)
    assert books.one("SELECT count(*) FROM inbox") == CUTS
    accepted = {(f"/registry/{COUNTY}", registered(number)["id"]) for number in range(CUTS)}
    assert [one for one in books.violations(accepted) if one.invariant != "I6"] == []


@pytest.mark.fault("F49")
def test_who_finds_no_line_free_is_told_to_come_back_and_is_served_when_he_does(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = counter.town.runtime.database
    assert database.engine.pool.timeout() <= 5  # type: ignore[attr-defined]  # QueuePool's
    monkeypatch.setattr(database.engine.pool, "_timeout", 0.1)
    counter.headers(OFFICE)
    with ExitStack() as busy:
        for _ in range(20):
            busy.enter_context(database.engine.connect())
        answer = counter.send(OFFICE, registered(1))
        assert_problem(answer, 503, "database_down")
        assert answer.headers["Retry-After"]
    assert counter.send(OFFICE, registered(1)).json()["receipts"][0]["status"] == "accepted"


@pytest.mark.fault("F24")
def test_an_sqlite_that_could_corrupt_its_log_is_given_none_and_the_log_says_so(
    home: Path, empty_sqlite: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.mkdir()
    (home / "gongjian.db").write_bytes(empty_sqlite)
    monkeypatch.setattr(session, "SAFE_WAL", (99, 0, 0))
    with capture_logs() as told:
        runtime = Runtime(Settings(home=home, secret_key=SECRET_KEY), bells=SilentBells())
    with runtime.database.engine.connect() as connection:
        for pragma, value in (("journal_mode", "truncate"), ("synchronous", 3)):
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
    runtime.close()
    assert {(one["event"], one["journal"]) for one in told} == {("sqlite_without_wal", "TRUNCATE")}


@pytest.mark.fault("F24")
def test_the_sqlite_that_is_shipped_has_its_log(home: Path, empty_sqlite: bytes) -> None:
    home.mkdir()
    (home / "gongjian.db").write_bytes(empty_sqlite)
    runtime = Runtime(Settings(home=home, secret_key=SECRET_KEY), bells=SilentBells())
    with runtime.database.engine.connect() as connection:
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2)):
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
    runtime.close()
