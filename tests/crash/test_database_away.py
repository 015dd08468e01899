"""PostgreSQL killed, silent, or with a frozen worker in the middle of a transaction: who asks is told to come again, nobody is
told "accepted" in vain, and nothing is done twice."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count

import psutil
import psycopg
import pytest
from httpx2 import Response

from services.intake.wire import STRUCTURED
from tests.builders import uscc
from tests.crash.conftest import Note, needs_servers
from tests.crash.faults import World, cut_silently, frozen, given, pool_children
from tests.crash.offices import Log, busy, drained, event, send
from tests.waiting import until

OFFICES = 4
PACE_SECONDS = 0.1
REFUSED_WITHIN_SECONDS = 12.0  # the aim is 5 s, where the service has two cores for itself
_ranges = count(50_000, 5_000)

pytestmark = [pytest.mark.crash, pytest.mark.services, pytest.mark.timeout(900), needs_servers]


@contextmanager
def load(world: World, start: int) -> Iterator[Log]:
    """Offices that do not let go, while the block runs and until each has its answer; their log is filled at the end."""
    enough, log = threading.Event(), Log()
    ranges = [range(start + 1000 * office, start + 1000 * office + 1000) for office in range(OFFICES)]
    with ThreadPoolExecutor(1) as aside:
        offices = aside.submit(
            busy, world.service.client, start, ranges, PACE_SECONDS, lambda: not enough.is_set()
        )
        try:
            yield log
        finally:
            enough.set()
        vars(log).update(vars(offices.result(200)))


def ask(world: World, number: int) -> tuple[Response, float]:
    """One event, said once; the answer, and the seconds it took."""
    began = time.monotonic()
    with world.service.client() as client:
        answer = client.post("/api/v1/events", json=event(number), headers={"Content-Type": STRUCTURED})
    return answer, time.monotonic() - began


@pytest.mark.fault("F16")
@pytest.mark.parametrize("how", ["kill", pytest.param("stop_at_once", marks=pytest.mark.long)])
def test_a_database_that_dies_under_load_costs_only_the_time_it_is_away(
    ground: World, note: Note, how: str
) -> None:
    start, cluster = next(_ranges), given(ground.cluster)
    with load(ground, start) as log:
        _applied(ground, _sent(ground, start + 4000))
        getattr(cluster, how)()
        try:
            answer, _ = ask(ground, start + 4001)
            assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0
            assert answer.headers["content-type"] == "application/problem+json"
        finally:
            cluster.start()
        back = time.monotonic()
        name = _sent(ground, start + 4002)
        first = round(time.monotonic() - back, 1)
        _applied(ground, name)
        applied = round(time.monotonic() - back, 1)
    backlog = drained(ground.books)
    note(
        accepted=len(log.accepted),
        statuses=dict(log.statuses),
        first_202_s=first,
        applied_s=applied,
        backlog_s=backlog,
    )
    assert ground.books.violations(log.accepted) == []
    assert set(log.statuses) <= {202, 409, 503}


@pytest.mark.fault("F14", "F15")
def test_a_silent_database_is_given_up_and_nothing_is_accepted_meanwhile(ground: World, note: Note) -> None:
    start = next(_ranges)
    with load(ground, start) as log:
        _applied(ground, _sent(ground, start + 4000))
        with cut_silently(given(ground.database_line)):
            before = ground.books.one("SELECT count(*) FROM inbox")
            answers = [ask(ground, start + 4010 + number) for number in range(3)]
            assert ground.books.one("SELECT count(*) FROM inbox") == before
        back = time.monotonic()
        _applied(ground, _sent(ground, start + 4001))
        applied = round(time.monotonic() - back, 1)
    backlog = drained(ground.books)
    refused = [round(seconds, 1) for _, seconds in answers]
    note(refused_s=refused, applied_again_s=applied, accepted=len(log.accepted), backlog_s=backlog)
    assert [answer.status_code for answer, _ in answers] == [503] * len(answers)
    assert all(int(answer.headers["Retry-After"]) > 0 for answer, _ in answers)
    assert max(refused) <= REFUSED_WITHIN_SECONDS
    assert ground.books.violations(log.accepted) == []
    assert set(log.statuses) <= {202, 409, 503}


@pytest.mark.fault("F07")
def test_a_worker_frozen_in_mid_transaction_is_put_out_by_the_database(ground: World, note: Note) -> None:
    """The frozen one holds the locks of what it was about to write, until the database ends its idle transaction; another
    does the work, and the frozen one, awake again, finds its own undone."""
    number = next(_ranges)
    _applied(ground, _sent(ground, number))
    with caught_at(ground, number) as (child, let_go):
        began = time.monotonic()
        with frozen([child]):
            let_go()
            until(
                lambda: _state(ground, f"changed-{number}") == "applied",
                60,
                what="another worker does the work",
            )
            seconds = round(time.monotonic() - began, 1)
    drained(ground.books)
    note(freed_and_done_s=seconds)
    assert child.is_running()
    assert _lines(ground, f"changed-{number}") == 1
    with ground.service.client() as client:
        log = Log()
        send(client, event(number, "suspended"), log, threading.Event())
    drained(ground.books)
    assert ground.books.violations(log.accepted) == []


@contextmanager
def caught_at(world: World, number: int) -> Iterator[tuple[psutil.Process, Callable[[], None]]]:
    """A child of the pool, in the middle of the transaction that applies a change of this enterprise: it waits for the lock on
    the case, which is ours until the function is called."""
    with psycopg.connect(given(world.cluster).url) as line, world.service.client() as client:
        line.execute("SELECT set_config('gongjian.house', 'on', true)")  # past the second wall
        line.execute("SELECT id FROM cases WHERE uscc = %s FOR UPDATE", [uscc(number)])
        send(client, event(number, "changed", headcount=7), Log(), threading.Event())
        child = until(lambda: _waiting(world), 30, what="a worker waits for our lock")
        yield child, line.rollback


def _waiting(world: World) -> psutil.Process | None:
    """The child of the pool whose backend waits for a lock, found by the ports of its line through ours."""
    ports = world.books.rows("SELECT client_port FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    by_proxy = given(world.database_line)
    for (port,) in ports:
        knocked = by_proxy.knocker(port)
        for child in pool_children(world):
            if knocked in {one.laddr.port for one in child.net_connections("tcp")}:
                return child
    return None


def _sent(world: World, number: int) -> str:
    said = event(number)
    with world.service.client() as client:
        assert send(client, said, Log(), threading.Event()).status_code == 202
    return str(said["id"])


def _applied(world: World, event_id: str) -> None:
    until(lambda: _state(world, event_id) == "applied", 60, what=f"{event_id} is applied")


def _state(world: World, event_id: str) -> str:
    return str(world.books.one(f"SELECT max(state) FROM inbox WHERE event_id = '{event_id}'"))


def _lines(world: World, event_id: str) -> int:
    return int(
        world.books.one(
            f"SELECT count(*) FROM history JOIN inbox ON inbox.id = inbox_id WHERE event_id = '{event_id}'"
        )
    )
