"""Rows that fail each time, kill their worker, or never end; and messages whose carrier is killed, slow, or breaks. Each is set
aside after so many tries with the reason on it, and no other row waits for it."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import text

from services.actor import SERVICE
from services.drains import CRASHES, TRIES
from services.intake import envelope as envelopes
from services.intake.receive import receive
from services.invariants import Books
from tests.builders import uscc
from tests.crash.conftest import Note, parts_of
from tests.crash.faults import World, member
from tests.crash.offices import Log, drained, event, send
from tests.crash.service import Service, office, service
from tests.waiting import until

HUNG_SECONDS = 4
PATIENCE_SECONDS = 150

pytestmark = [pytest.mark.crash, pytest.mark.long, pytest.mark.timeout(900)]


class Traps:
    """A service whose fail points can be armed; `rearm` puts back what was sprung."""

    def __init__(self, served: Service, folder: Path) -> None:
        self.served, self._folder, self.sprung = served, folder, 0
        self.books, self._numbers = Books(served.settings.database), iter(range(1, 9999))

    def rearm(self, *points: str, act: str) -> None:
        for point in points:
            if not (self._folder / point).exists():
                self.sprung += (self._folder / f"{point}.hit").exists()
                (self._folder / f"{point}.hit").unlink(missing_ok=True)
                (self._folder / f"{point}.new").write_text(act)
                (self._folder / f"{point}.new").rename(self._folder / point)

    def disarm(self) -> None:
        for armed in self._folder.iterdir():
            armed.unlink(missing_ok=True)

    def sends(self, number: int, kind: str = "registered", **data: Any) -> str:
        """The event's id. `Any`: JSON."""
        said = event(number, kind, **data)
        with self.served.client() as client:
            assert send(client, said, Log(), Event()).status_code == 202
        return str(said["id"])

    def number(self) -> int:
        return next(self._numbers)

    def row(self, event_id: str) -> tuple[Any, ...]:
        """State, code, attempts, deliveries. `Any`: columns."""
        return self.books.rows(
            f"SELECT state, error_code, attempts, deliveries FROM inbox WHERE event_id = '{event_id}'"
        )[0]

    def applied(self, event_id: str) -> None:
        until(lambda: self.row(event_id)[0] == "applied", PATIENCE_SECONDS, what=f"{event_id} is applied")

    def write(self, sql: str, **given: object) -> None:
        """By hand, as no part of the service would."""
        with office(self.served.settings) as runtime, runtime.writing(SERVICE) as unit:
            unit.db.execute(text(sql), given)


@pytest.fixture(scope="module")
def traps(profile: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traps]:
    folder = tmp_path_factory.mktemp("traps")
    armed = {
        "GONGJIAN_TEST": "1",
        "GONGJIAN_FAILPOINTS": str(folder),
        "GONGJIAN_HUNG_SECONDS": str(HUNG_SECONDS),
    }
    with ExitStack() as stack:
        home = tmp_path_factory.mktemp("bad-rows") / "home"
        yield Traps(stack.enter_context(service(home, parts_of(profile, stack), armed)), folder)


@pytest.fixture(autouse=True)
def none_armed(traps: Traps) -> Iterator[None]:
    yield
    traps.disarm()


@pytest.mark.fault("F27")
def test_a_row_that_always_fails_is_set_aside_after_eight_tries_and_no_other_waits_for_it(
    traps: Traps, note: Note
) -> None:
    """What stands in its row cannot be read. The pauses between its tries are cut short by hand: they are minutes."""
    poison = _poisoned(traps, traps.number())
    others = [traps.sends(traps.number()) for _ in range(20)]

    def spent() -> bool:
        traps.write(
            "UPDATE inbox SET due_at = received_at WHERE event_id = :id AND state = 'pending'", id=poison
        )
        return bool(traps.row(poison)[0] == "failed")

    for one in others:
        traps.applied(one)
    until(spent, PATIENCE_SECONDS, what="the poisoned row is set aside")
    state, code, attempts, deliveries = traps.row(poison)
    assert (state, code, attempts) == ("failed", "broken", TRIES)
    assert deliveries >= TRIES
    assert traps.books.violations() == []
    note(attempts=attempts, deliveries=deliveries)


@pytest.mark.fault("F28")
def test_a_row_that_kills_its_worker_is_set_aside_after_three_and_the_worker_lives(
    traps: Traps, note: Note
) -> None:
    number = traps.number()
    traps.applied(traps.sends(number))
    main = member(World(traps.served, traps.books), "worker").pid
    traps.rearm("inbox.decided", act="kill")
    crashing = traps.sends(number, "changed", headcount=7)

    def spent() -> bool:
        traps.rearm("inbox.decided", act="kill")
        return bool(traps.row(crashing)[0] == "failed")

    until(spent, PATIENCE_SECONDS, what="the crashing row is set aside")
    traps.disarm()
    traps.applied(traps.sends(traps.number()))
    assert traps.row(crashing) == ("failed", "crashed", 0, CRASHES)
    assert member(World(traps.served, traps.books), "worker").pid == main
    assert traps.books.violations() == []
    note(kills=traps.row(crashing)[3])


@pytest.mark.fault("F29")
def test_a_row_that_never_ends_is_ended_by_force_and_set_aside_after_three(traps: Traps, note: Note) -> None:
    """The gentle limit interrupts a claim, and its row is tried alone; the hard one ends the process with it."""
    number = traps.number()
    traps.applied(traps.sends(number))
    hanging = ("inbox.found", "inbox.decided")
    traps.rearm(*hanging, act="delay 600")
    hung = traps.sends(number, "changed", headcount=8)

    def spent() -> bool:
        traps.rearm(*hanging, act="delay 600")
        return bool(traps.row(hung)[0] == "failed")

    until(spent, PATIENCE_SECONDS, what="the hanging row is set aside")
    traps.disarm()
    other = traps.sends(traps.number())
    traps.applied(other)
    drained(traps.books)
    assert traps.row(hung)[1] in ("crashed", "broken", "busy")
    assert traps.books.violations() == []
    note(code=traps.row(hung)[1], attempts=traps.row(hung)[2], deliveries=traps.row(hung)[3])


@pytest.mark.fault("F30", "F31", "F32")
@pytest.mark.parametrize(
    ("point", "act"),
    [
        ("outbox.noticed", "delay 4"),  # F30: a slow carrier, within its lease
        ("outbox.written", "kill"),  # F31: between sending and marking, were they two things
        ("outbox.committed", "raise"),  # F32: done, and then told that it was not
    ],
)
def test_a_notice_arrives_once_whatever_befalls_its_carrier(traps: Traps, point: str, act: str) -> None:
    """The only way out today is a row in another body's box, written in the commit that marks the message as carried, so
    nothing lies between sending and marking, and no outside receiver can be slow, dead, or of two minds. A channel to the
    outside (mail, SMS, a webhook) is a later issue; its lease of three time-outs, its key that a receiver knows again, and its
    channels kept apart belong to it and to these rows.
    """
    traps.rearm(point, act=act)
    number = traps.number()
    traps.applied(traps.sends(number))
    until(lambda: (traps._folder / f"{point}.hit").exists(), PATIENCE_SECONDS, what=f"{point} is reached")
    others = [traps.sends(traps.number()) for _ in range(3)]
    for one in others:
        traps.applied(one)
    drained(traps.books)
    codes = f"'{uscc(number)}'"
    boxes = traps.books.rows(
        "SELECT outbox.dedupe, count(notices.id) FROM outbox JOIN cases ON cases.id = outbox.case_id"
        f" LEFT JOIN notices ON notices.outbox_id = outbox.id WHERE cases.uscc IN ({codes}) GROUP BY outbox.dedupe"
    )
    assert boxes and {count for _, count in boxes} == {1}
    assert traps.books.violations() == []


def _poisoned(traps: Traps, number: int) -> str:
    """An event that was taken in and put off, whose row was then spoilt, and is due now."""
    said = event(number)
    with office(traps.served.settings) as runtime, runtime.writing(SERVICE) as unit:
        arrived = envelopes.check(json.loads(json.dumps(said)), today=unit.today)
        receive(unit, [arrived], office=None, channel="http", hold=timedelta(hours=1))
    traps.write(
        "UPDATE inbox SET raw = :raw, due_at = received_at WHERE event_id = :id",
        raw=b'{"spoilt',
        id=said["id"],
    )
    return str(said["id"])
