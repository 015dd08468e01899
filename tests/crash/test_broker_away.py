"""RabbitMQ killed, stopped, wiped, alarmed, or silent: the counter does not notice, work goes on by the workers' own timers, and
events come over AMQP again as soon as it is back."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from httpx2 import Client

from tests.crash.conftest import Note, needs_servers
from tests.crash.faults import World, cut_silently, given, member
from tests.crash.offices import Log, busy, drained, event, send
from tests.waiting import until

AWAY_SECONDS = float(os.environ.get("GONGJIAN_CRASH_BROKER_SECONDS") or 5)
OFFICES = 4
PACE_SECONDS = 0.2
BY_AMQP = 20
_ranges = count(20_000, 6_000)

pytestmark = [pytest.mark.crash, pytest.mark.services, pytest.mark.timeout(900 + AWAY_SECONDS), needs_servers]


@contextmanager
def alarmed(world: World) -> Iterator[None]:
    given(world.node).alarm(raised=True)
    try:
        yield
    finally:
        given(world.node).alarm(raised=False)


@contextmanager
def dead(world: World) -> Iterator[None]:
    given(world.node).kill()
    try:
        yield
    finally:
        given(world.node).start()


@contextmanager
def stopped(world: World) -> Iterator[None]:
    given(world.node).stand_down()
    try:
        yield
    finally:
        given(world.node).stand_up()


@contextmanager
def wiped(world: World) -> Iterator[None]:
    given(world.node).wipe()
    try:
        yield
    finally:
        given(world.node).start()


@contextmanager
def silent(world: World) -> Iterator[None]:
    with cut_silently(given(world.broker_line)):
        yield


@pytest.mark.fault("F09", "F10", "F11", "F12", "F13")
@pytest.mark.parametrize(
    "trouble",
    [dead, silent, *(pytest.param(one, marks=pytest.mark.long) for one in (stopped, alarmed, wiped))],
)
def test_a_broker_in_trouble_delays_nothing_but_seconds_and_loses_nothing(
    ground: World, note: Note, trouble: Callable[[World], Any]
) -> None:
    """`Any`: a block of the fault. What waited in a broker that was wiped was confirmed by it and is lost with it: so the
    events over AMQP are all taken in before the trouble begins, and others are sent after it."""
    books, start, enough = ground.books, next(_ranges), threading.Event()
    worker = member(ground, "worker").pid
    ranges = [range(start + 1000 * office, start + 1000 * office + 1000) for office in range(OFFICES)]
    before, after, probes = start + 5000, start + 5100, count(start + 5200)
    _by_amqp(ground, before)
    with ThreadPoolExecutor(1) as aside, ground.service.client() as client:
        _delay(client, ground, next(probes))  # so that the counter, too, has a line to the broker
        with trouble(ground):
            offices = aside.submit(
                busy, ground.service.client, start, ranges, PACE_SECONDS, lambda: not enough.is_set()
            )
            try:
                ends, delays = time.monotonic() + AWAY_SECONDS, [_delay(client, ground, next(probes))]
                while time.monotonic() < ends:
                    delays.append(_delay(client, ground, next(probes)))
            finally:
                enough.set()
            log = offices.result(120)
            backlog = drained(books)
        back = time.monotonic()
        _by_amqp(ground, after)
    returned = round(time.monotonic() - back, 1)
    note(
        accepted=len(log.accepted), statuses=dict(log.statuses), unanswered=log.unanswered, backlog_s=backlog,
        p50_ms=log.percentile_ms(50), p99_ms=log.percentile_ms(99), applied_within_s=max(delays), probes=len(delays),
        amqp_again_s=returned,
    )  # fmt: skip
    drained(books)
    by_amqp = {
        ("/registry/220204", f"registered-{first + n}") for first in (before, after) for n in range(BY_AMQP)
    }
    assert books.violations(log.accepted | by_amqp) == []
    assert set(log.statuses) <= {202, 409} and log.unanswered == 0
    assert books.rows("SELECT DISTINCT state FROM inbox") == [("applied",)]
    assert member(ground, "worker").pid == worker


def _delay(client: Client, world: World, number: int) -> float:
    """How long an event took from its acceptance to its application."""
    assert send(client, event(number), Log(), threading.Event()).status_code == 202
    began = time.monotonic()
    _all_applied(world, number, 1)
    return round(time.monotonic() - began, 2)


def _by_amqp(world: World, start: int) -> None:
    """They are published, and applied within the time in which a worker finds its broker again."""
    until(lambda: _published(world, start), 90, what="the broker takes events")
    _all_applied(world, start, BY_AMQP)


def _published(world: World, start: int) -> bool:
    try:
        world.service.publish(event(number) for number in range(start, start + BY_AMQP))
    except OSError:
        return False
    return True


def _all_applied(world: World, start: int, many: int) -> None:
    names = ", ".join(f"'registered-{number}'" for number in range(start, start + many))
    asked = f"SELECT count(*) FROM inbox WHERE state = 'applied' AND event_id IN ({names})"
    until(lambda: world.books.one(asked) == many, 90, what=f"{many} events from {start} on are applied")
