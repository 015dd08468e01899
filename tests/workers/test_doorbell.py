"""The doorbell: it keeps nobody waiting, and it says little however often it is pulled."""

import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kombu import Connection
from kombu.exceptions import OperationalError

from services.doorbell.broker import QUEUES, TASKS, Bell, broker_url, consumer_options, ring_queues
from services.doorbell.ring import Doorbell
from services.settings import Settings
from tests.waiting import until
from tests.workers.conftest import RABBIT, needs_rabbit

BELLS: tuple[Bell, ...] = ("inbox", "outbox", "due")


@pytest.fixture
def settings(home: Path) -> Settings:
    return Settings(home=home, broker_url=None)


@pytest.fixture
def silent_broker() -> Iterator[str]:
    """A door that lets everybody in and never says a word: a frozen broker."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield f"amqp://guest:guest@127.0.0.1:{door.getsockname()[1]}//"


@pytest.fixture
def absent_broker() -> str:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return f"amqp://guest:guest@127.0.0.1:{door.getsockname()[1]}//"


def test_many_rings_become_few_wake_ups_and_the_last_is_heard(settings: Settings) -> None:
    heard: list[tuple[Bell, float]] = []
    bell = Doorbell(settings, open_line=lambda: lambda name: heard.append((name, time.monotonic())))
    ends = time.monotonic() + 0.55
    while time.monotonic() < ends:
        for name in BELLS:
            bell.ring(name)
    after = len(heard)
    until(lambda: len(heard) > after or not bell._pulled, 2)
    for name in BELLS:
        at = [when for rung, when in heard if rung == name]
        assert 2 <= len(at) <= 7
        assert all(later - earlier > 0.09 for earlier, later in itertools.pairwise(at))


def test_a_ring_during_a_publish_is_not_forgotten(settings: Settings) -> None:
    heard: list[Bell] = []
    publishing, go_on = threading.Event(), threading.Event()

    def publish(name: Bell) -> None:
        publishing.set()
        assert go_on.wait(5)
        heard.append(name)

    bell = Doorbell(settings, open_line=lambda: publish)
    bell.ring("inbox")
    assert publishing.wait(5)
    bell.ring("inbox")
    go_on.set()
    until(lambda: heard == ["inbox", "inbox"], 5)


@pytest.mark.parametrize("broker", ["absent_broker", "silent_broker"])
def test_a_broker_that_is_away_or_frozen_keeps_nobody_waiting(
    home: Path, broker: str, request: pytest.FixtureRequest
) -> None:
    bell = Doorbell(Settings(home=home, broker_url=request.getfixturevalue(broker)))
    began = time.monotonic()
    for name in BELLS * 1000:
        bell.ring(name)
    assert time.monotonic() - began < 0.5
    until(lambda: bell.failed.total() >= 1, 15, what="the failure is counted")
    assert bell.sent.total() == 0


def test_a_bell_that_failed_rings_again_when_the_broker_is_back(settings: Settings) -> None:
    heard: list[Bell] = []
    away = threading.Event()
    away.set()

    def publish(name: Bell) -> None:
        if away.is_set():
            raise OperationalError("away")
        heard.append(name)

    bell = Doorbell(settings, open_line=lambda: publish)
    bell.ring("due")
    until(lambda: bell.failed["due"] == 1, 5)
    away.clear()
    bell.ring("due")
    until(lambda: heard == ["due"], 5)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_broke_is_replaced(settings: Settings) -> None:
    heard: list[Bell] = []

    def break_down(_name: Bell) -> None:
        raise ZeroDivisionError

    lines = iter([break_down, heard.append])
    bell = Doorbell(settings, open_line=lambda: next(lines))
    bell.ring("inbox")
    until(lambda: bell._thread is not None and not bell._thread.is_alive(), 5)
    bell.ring("inbox")
    until(lambda: heard == ["inbox"], 5)


def test_a_forked_child_rings_for_itself(
    settings: Settings, in_a_child: Callable[[Callable[[], int]], int]
) -> None:
    bell = Doorbell(settings)
    bell.ring("inbox")
    until(lambda: bell.sent["inbox"] == 1, 10)

    def ring() -> int:
        bell.ring("outbox")
        until(lambda: bell.sent["outbox"] == 1, 10)
        return 0 if bell.sent["inbox"] == 0 else 1

    with bell._changed:  # a lock that somebody holds at the moment of the fork
        assert in_a_child(ring) == 0


@pytest.mark.parametrize("address", [None, pytest.param(RABBIT, marks=[pytest.mark.services, needs_rabbit])])
def test_a_wake_up_is_a_name_and_nothing_else(home: Path, address: str | None) -> None:
    settings = Settings(home=home, broker_url=address)
    with Connection(broker_url(settings), transport_options=consumer_options(settings)) as connection:
        queues = {queue.name: queue(connection.default_channel) for queue in ring_queues(settings)}
        for queue in queues.values():
            queue.declare()
            queue.purge()
        bell = Doorbell(settings)
        for name in BELLS:
            bell.ring(name)
            message = until(queues[QUEUES[name]].get, 10)
            assert message.headers["task"] == TASKS[name] == f"gongjian.drain_{name}"
            assert message.payload[:2] == [[], {}]
            assert len(message.body) <= 200
            assert message.content_type == "application/json"
            assert message.headers["expires"] is not None
            assert message.headers["eta"] is None
            message.ack()


def test_an_unanswered_bell_does_not_fill_the_disk(settings: Settings) -> None:
    bell = Doorbell(settings)
    bell.ring("inbox")
    until(lambda: bell.sent["inbox"], 10)
    limit = ring_queues(settings)[0].queue_arguments["x-max-length"]
    with Connection(broker_url(settings), transport_options=consumer_options(settings)) as connection:
        queue = next(queue for queue in ring_queues(settings) if queue.name == QUEUES["inbox"])
        producer = connection.Producer()
        for number in range(limit + 20):
            producer.publish(
                str(number), exchange=queue.exchange, routing_key=queue.routing_key, declare=[queue]
            )
        assert queue(connection.default_channel).queue_declare().message_count == limit
