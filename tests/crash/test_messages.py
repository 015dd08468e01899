"""Messages that nobody can read, that come ten times over, out of order, from older code, or of a name nobody knows: the
worker lives, each effect comes once, and what was refused lies aside to be looked at."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection, Queue

from services.doorbell.broker import (
    QUEUES,
    TASKS,
    dead_rings_queue,
    intake_queue,
    ring_queues,
)
from services.intake.wire import STRUCTURED
from services.invariants import Books
from tests.builders import uscc
from tests.crash.conftest import Note
from tests.crash.faults import World, member
from tests.crash.offices import drained, event
from tests.crash.service import Service
from tests.waiting import until

pytestmark = [pytest.mark.crash, pytest.mark.timeout(900)]

UNREADABLE = (b"", b'{"body"', b"\x80\x04.", b"[" * 5000, b"{}", b'{"id": "\xff"}')
#: What the pool says of a child that did not go by itself.
DIED = " exited with "
KEY = "gongjian.registry.enterprise.registered.v1"


@contextmanager
def unharmed(service: Service) -> Iterator[None]:
    """The worker is the same afterwards, none of its children has died (old ones retire), and rows are worked off as before."""
    world = World(service, Books(service.settings.database))
    before, dead = member(world, "worker").pid, service.log().count(DIED)
    yield
    service.publish([event(_number())])
    drained(world.books)
    assert (member(world, "worker").pid, service.log().count(DIED)) == (before, dead)


@pytest.mark.fault("F25")
def test_messages_that_nobody_can_read_lie_aside_and_harm_nobody(calm: Service, note: Note) -> None:
    limit = calm.settings.limits.event_bytes
    with unharmed(calm), calm.broker() as connection:
        books = Books(calm.settings.database)
        dead = _refused(books)
        for body in (*UNREADABLE, b"x" * (limit + 1)):
            _put(connection, intake_queue(calm.settings), KEY, body, STRUCTURED)
        for queue in ring_queues(calm.settings):
            for body in UNREADABLE:
                _put(connection, queue, queue.routing_key, body, "application/json")
        counted = len(UNREADABLE) + 1
        until(lambda: _refused(books) >= dead + counted, 60, what="each lies among the dead")
    note(intake_dead=counted)


@pytest.mark.fault("F25")
def test_files_that_nobody_can_read_lie_aside_and_harm_nobody(calm: Service) -> None:
    if calm.settings.broker_url is not None:
        pytest.skip("only the embedded broker keeps its messages in files that a hand can reach")
    broker = calm.settings.home / "broker"
    with unharmed(calm):
        before = len(list((broker / "damaged").iterdir()))
        queues = [_folder(broker, name) for name in (*QUEUES.values(), "gongjian.intake")]
        for number, content in enumerate((*UNREADABLE, b"x" * (33 * 1024 * 1024))):
            for queue in queues:
                (queue / f"{number}.msg").write_bytes(content)
        put = len(queues) * (len(UNREADABLE) + 1)
        # an envelope of nothing is whole, and refused by whoever reads what is in it
        until(lambda: len(list((broker / "damaged").iterdir())) >= min(before + put, 200) - len(queues), 60)
        until(lambda: not any(list(queue.glob("?.msg")) for queue in queues), 60, what="none is left waiting")


@pytest.mark.fault("F26")
def test_ten_times_over_and_out_of_order_is_once_and_in_order(calm: Service, note: Note) -> None:
    """Changes may overtake the registration; whatever comes twice is known by its id."""
    books, chance = Books(calm.settings.database), random.Random(26)
    numbers = [_number() for _ in range(3)]
    said = [
        one
        for number in numbers
        for one in (event(number), event(number, "changed", headcount=9), event(number, "suspended"))
    ]
    shuffled = said * 10
    chance.shuffle(shuffled)
    with unharmed(calm):
        calm.publish(shuffled)
        _ring_ten_times(calm)
        ids = {one["id"] for one in said}
        until(lambda: ids <= _applied(books), 150, what="each is applied")
        drained(books)
    rows = [row for row in books.rows("SELECT event_id, id FROM inbox") if row[0] in ids]
    assert len(rows) == len(ids)
    codes = ", ".join(f"'{uscc(number)}'" for number in numbers)
    assert books.one(f"SELECT count(*) FROM cases WHERE uscc IN ({codes})") == len(numbers)
    assert books.violations({(one["source"], one["id"]) for one in said}) == []
    note(sent=len(shuffled), rows=len(rows))


@pytest.mark.fault("F26")
def test_a_task_from_older_code_or_of_an_unknown_name_does_nothing(calm: Service) -> None:
    """Celery's first protocol carried the task in its body; a name that this code does not know goes to the dead letters."""
    queue = next(queue for queue in ring_queues(calm.settings) if queue.name == QUEUES["inbox"])
    told: dict[str, Any] = {"id": "an-old-ring", "args": [], "kwargs": {}, "retries": 0, "eta": None}
    with unharmed(calm), calm.broker() as connection:
        _put(
            connection,
            queue,
            queue.routing_key,
            json.dumps(told | {"task": TASKS["inbox"]}).encode(),
            "application/json",
        )
        dead = _dead(calm, connection)
        headers = {
            "lang": "py",
            "task": "gongjian.of_tomorrow",
            "id": "a-new-ring",
            "argsrepr": "()",
            "kwargsrepr": "{}",
        }
        _put(connection, queue, queue.routing_key, b"[[], {}, {}]", "application/json", headers)
        until(lambda: "an-old-ring" in calm.log(), 60, what="the old ring is heard")
        until(lambda: _dead(calm, connection) > dead, 60, what="the unknown task lies among the dead")
    assert "gongjian.of_tomorrow" in calm.log()


_numbers = iter(range(90_000, 99_000))


def _number() -> int:
    return next(_numbers)


def _ring_ten_times(service: Service) -> None:
    with service.broker() as connection:
        for queue in ring_queues(service.settings):
            task = next(task for name, task in TASKS.items() if QUEUES[name] == queue.name)
            headers = {"lang": "py", "task": task, "id": "the-same", "argsrepr": "()", "kwargsrepr": "{}"}
            for _ in range(10):
                _put(connection, queue, queue.routing_key, b"[[], {}, {}]", "application/json", headers)


def _put(
    connection: Connection,
    queue: Queue,
    key: str,
    body: bytes,
    media: str,
    headers: dict[str, str] | None = None,
) -> None:
    connection.Producer().publish(
        body, exchange=queue.exchange, routing_key=key, declare=[queue], content_type=media, content_encoding="utf-8",
        headers=headers or {}, delivery_mode=2,
    )  # fmt: skip


def _size(connection: Connection, queue: Queue) -> int:
    return int(queue(connection.default_channel).queue_declare(passive=False).message_count)


def _dead(service: Service, connection: Connection) -> int:
    """How many wake-ups lie aside: among RabbitMQ's dead letters, or the embedded broker's damaged files."""
    if service.settings.broker_url is not None:
        return _size(connection, dead_rings_queue(service.settings))
    return len(list((service.settings.home / "broker" / "damaged").iterdir()))


def _refused(books: Books) -> int:
    """How often something came that was refused."""
    return sum(row[0] for row in books.rows("SELECT times FROM dead_letters WHERE state = 'dead'"))


def _applied(books: Books) -> set[str]:
    return {row[0] for row in books.rows("SELECT event_id FROM inbox WHERE state = 'applied'")}


def _folder(broker: Path, queue: str) -> Path:
    return broker / "queues" / f"q-{queue}"
