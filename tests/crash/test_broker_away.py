"""RabbitMQ killed and gone for a while: the counter does not notice, work goes on by the workers' own timers, and
events come over AMQP again as soon as it is back (F09)."""

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from httpx2 import Client

from tests.conftest import NO_POSTGRES, POSTGRES
from tests.crash.checker import Books
from tests.crash.conftest import Note
from tests.crash.offices import Log, busy, event, send
from tests.crash.servers import Node, own_database, own_rabbitmq, rabbitmq_program
from tests.crash.service import Parts, Service, service
from tests.waiting import until

AWAY_SECONDS = float(os.environ.get("GONGJIAN_CRASH_BROKER_SECONDS") or 20)
PROGRAM = rabbitmq_program()
OFFICES = 4
PACE_SECONDS = 0.2
BY_AMQP = 20

pytestmark = [
    pytest.mark.crash,
    pytest.mark.timeout(200 + AWAY_SECONDS),
    pytest.mark.skipif(POSTGRES is None, reason=NO_POSTGRES),
    pytest.mark.skipif(PROGRAM is None, reason="no rabbitmq-server on this machine"),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may start a RabbitMQ of its own"),
]


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    assert PROGRAM is not None
    with own_rabbitmq(PROGRAM, tmp_path / "rabbit") as made:
        yield made


@pytest.fixture
def served(node: Node, tmp_path: Path) -> Iterator[Service]:
    assert POSTGRES is not None
    with own_database(POSTGRES) as database, service(tmp_path / "home", Parts(database, node.url)) as made:
        yield made


def test_a_broker_away_delays_nothing_but_seconds_and_loses_nothing(
    node: Node, served: Service, note: Note
) -> None:
    books, enough = Books(served.settings.database), threading.Event()
    ranges = [range(1000 * office, 1000 * office + 1000) for office in range(OFFICES)]
    with ThreadPoolExecutor(1) as aside:
        _by_amqp(served, 8000)
        with served.client() as client:
            _delay(client, books, 6999)  # so that the counter, too, has a line to the broker that breaks
        _all_applied(books, 8000, 20)
        node.kill()
        offices = aside.submit(busy, served.client, 0, ranges, PACE_SECONDS, lambda: not enough.is_set())
        try:
            delays = _delays(served, books, time.monotonic() + AWAY_SECONDS)
        finally:
            enough.set()
        log = offices.result(60)
    statuses, p50, p99 = dict(log.statuses), log.percentile_ms(50), log.percentile_ms(99)
    until(lambda: books.waiting() == 0, 10, what="what came during the outage is applied during the outage")
    node.start()
    back = time.monotonic()
    _by_amqp(served, 8500)
    _all_applied(books, 8500, 60)
    returned = round(time.monotonic() - back, 1)
    with served.client() as client:
        send(client, event(8999), log, threading.Event())
    until(lambda: books.waiting() == 0, 10, what="every row is worked off")
    note(
        away_s=AWAY_SECONDS, accepted=len(log.accepted), receipts=dict(log.receipts), statuses=statuses,
        unanswered=log.unanswered, p50_ms=p50, p99_ms=p99, applied_within_s=max(delays), probes=len(delays),
        amqp_again_s=returned,
    )  # fmt: skip
    by_amqp = {
        ("/registry/220204", f"registered-{start + n}") for start in (8000, 8500) for n in range(BY_AMQP)
    }
    assert books.violations(log.accepted | by_amqp) == []
    assert statuses == {202: sum(statuses.values())} and log.unanswered == 0
    assert p99 <= 250  # the aim is 50 ms on a machine of its own
    assert max(delays) <= 5
    assert books.rows("SELECT DISTINCT state FROM inbox") == [("applied",)]


def _delays(served: Service, books: Books, until_when: float) -> list[float]:
    """How long each of a row of events took from its acceptance to its application, one after another."""
    found: list[float] = []
    with served.client() as client:
        while time.monotonic() < until_when:
            found.append(_delay(client, books, 7000 + len(found)))
    return found


def _delay(client: Client, books: Books, number: int) -> float:
    assert send(client, event(number), Log(), threading.Event()).status_code == 202
    began = time.monotonic()
    _all_applied(books, number, 20, count=1)
    return round(time.monotonic() - began, 2)


def _by_amqp(served: Service, start: int) -> None:
    served.publish(event(number) for number in range(start, start + BY_AMQP))


def _all_applied(books: Books, start: int, seconds: float, *, count: int = BY_AMQP) -> None:
    names = ", ".join(f"'registered-{number}'" for number in range(start, start + count))
    asked = f"SELECT count(*) FROM inbox WHERE state = 'applied' AND event_id IN ({names})"
    until(lambda: books.one(asked) == count, seconds, what=f"{count} events from {start} on are applied")
