"""SQLite under those who die while they write, and under those who read for long (F21, F23).

A child is killed before its n-th statement, for every n; and by its own limit on the size of files, in the middle of a write, for
limits all over the log. GONGJIAN_CRASH_WRITES says how many of the second kind."""

import json
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pysqlite3 import dbapi2
from sqlalchemy import event

from services.clock import SettableClock
from services.deadlines.fire import drain_due
from services.drains import LEASE
from services.intake.apply import drain_inbox
from services.intake.receive import receive_raw
from services.invariants import Books
from services.outbox import drain_outbox
from services.runtime import Runtime
from services.settings import Settings
from tests.builders import BEGAN, COUNTY, found, registered
from tests.conftest import SECRET_KEY
from tests.crash.conftest import Note
from tests.fakes import SilentBells

OFFICE = f"registry.{COUNTY}"
TORN = int(os.environ.get("GONGJIAN_CRASH_WRITES") or 25)
WRITERS, EACH = 8, 25
WAL_BYTES = 256 * 2**20

pytestmark = [pytest.mark.crash, pytest.mark.timeout(900)]


@pytest.fixture
def settings(tmp_path: Path, empty_sqlite: bytes) -> Settings:
    """A home with its bodies."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "gongjian.db").write_bytes(empty_sqlite)
    made = Settings(home=home, secret_key=SECRET_KEY)
    runtime = office(made)
    found(runtime)
    runtime.close()
    return made


def office(settings: Settings) -> Runtime:
    return Runtime(settings, clock=SettableClock(BEGAN), bells=SilentBells())


def say(runtime: Runtime, number: int) -> str:
    body = json.dumps(registered(number), ensure_ascii=False).encode()
    return receive_raw(runtime, body, "application/cloudevents+json", {}, OFFICE, "http")[0].status


def settle(runtime: Runtime) -> None:
    while drain_inbox(runtime) + drain_outbox(runtime) + drain_due(runtime):
        continue


def child(work: Callable[[], None]) -> int:
    """A process that does this work and nothing else. SQLite must not be open here: its locks do not go through a fork."""
    sys.stdout.flush()
    number = os.fork()
    if number == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException:  # noqa: BLE001  # nothing of pytest's may run on here; the exit code and the traceback tell
            traceback.print_exc(file=sys.__stderr__)
        finally:
            os._exit(code)
    return number


def ended(number: int) -> int:
    """How it ended: 0, or minus the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])


def in_a_child(work: Callable[[], None]) -> int:
    return ended(child(work))


def whole(settings: Settings, accepted: set[str]) -> None:
    """The file is sound, and the books say what they were told."""
    with closing(dbapi2.connect(settings.home / "gongjian.db")) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
    expected = {(f"/registry/{COUNTY}", event_id) for event_id in accepted}
    found = Books(settings.database).violations(expected)
    assert [one for one in found if one.invariant != "I6"] == []


def recovered(settings: Settings, number: int) -> str:
    """What the office hears when it says the event again; afterwards everything is done."""
    runtime = office(settings)
    receipt = say(runtime, number)
    clock = runtime.clock
    assert isinstance(clock, SettableClock)
    for _ in range(4):  # a lease may have been left behind on any of its rows
        settle(runtime)
        clock.advance(LEASE)
    runtime.close()
    return receipt


@pytest.mark.fault("F21")
def test_a_writer_killed_before_any_of_its_statements_leaves_a_whole_database(
    settings: Settings, note: Note
) -> None:
    ends, number, receipts = -signal.SIGKILL, 0, set[str]()
    while ends == -signal.SIGKILL:
        number += 1

        def work(number: int = number) -> None:
            runtime, left = office(settings), [number]

            def count(*_: Any) -> None:
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

            for name in ("before_cursor_execute", "commit"):
                event.listen(runtime.database.engine, name, count)
            say(runtime, number)
            settle(runtime)

        ends = in_a_child(work)
        whole(settings, set())
        receipts.add(recovered(settings, number))
        whole(settings, {registered(number)["id"]})
    assert ends == 0
    assert receipts == {"accepted", "duplicate"}, "before the commit it was new, after it a repeat"
    books = Books(settings.database)
    assert books.one("SELECT count(*) FROM cases") == number
    assert books.waiting() == 0
    note(statements=number - 1)


@pytest.mark.fault("F21")
def test_a_writer_killed_in_the_middle_of_a_write_leaves_a_whole_database(
    settings: Settings, note: Note
) -> None:
    size = (settings.home / "gongjian.db").stat().st_size
    killed = 0
    for number in range(1, TORN + 1):
        limit = 40_000 + number * 6_007  # bytes; never the end of a page

        def work(number: int = number, limit: int = limit) -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            runtime = office(settings)
            with runtime.database.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_autocheckpoint=0")  # the log alone grows
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            for again in range(1, 50):
                say(runtime, number * 100 + again)
                settle(runtime)

        ends = in_a_child(work)
        assert ends == -signal.SIGXFSZ, "the limit was met in the middle of a write"
        killed += 1
        whole(settings, set())
        assert recovered(settings, number * 100) in {"accepted", "duplicate"}
        whole(settings, set())
    assert Books(settings.database).waiting() == 0
    note(killed=killed, database_bytes=size)


@pytest.mark.fault("F23")
def test_a_long_reader_and_eight_writers_wait_for_each_other_and_nobody_is_told_locked(
    settings: Settings, note: Note
) -> None:
    begun, done = os.pipe(), os.pipe()

    def read() -> None:
        """A reader who sees one moment, from before the first writer until after the last."""
        with closing(dbapi2.connect(settings.home / "gongjian.db", isolation_level=None)) as reader:
            reader.execute("BEGIN")
            seen = reader.execute("SELECT count(*) FROM inbox").fetchone()
            os.write(begun[1], b"!")
            os.close(done[1])  # so that it ends too when nobody is left to say so
            os.read(done[0], 1)
            assert reader.execute("SELECT count(*) FROM inbox").fetchone() == seen

    def write(writer: int) -> None:
        runtime = office(settings)
        for number in range(EACH):
            assert say(runtime, 1000 * writer + number) == "accepted"
            drain_inbox(runtime)

    reader = child(read)
    os.read(begun[0], 1)
    writers = [child(partial(write, writer)) for writer in range(1, WRITERS + 1)]
    assert [ended(one) for one in writers] == [0] * WRITERS
    wal = (settings.home / "gongjian.db-wal").stat().st_size
    os.write(done[1], b"!")
    assert ended(reader) == 0
    assert wal < WAL_BYTES
    recovered(settings, 1)
    said = {
        registered(1000 * writer + number)["id"] for writer in range(1, WRITERS + 1) for number in range(EACH)
    }
    whole(settings, said)
    assert Books(settings.database).one("SELECT count(*) FROM cases") == WRITERS * EACH + 1
    note(wal_bytes=wal)
