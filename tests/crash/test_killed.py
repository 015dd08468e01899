"""kill -9 of every process that does the work, at random instants under load: nothing lost, nothing twice."""

import os
import random
from threading import Event

import pytest

from services.invariants import Books
from tests.crash.conftest import Note, needs_servers
from tests.crash.faults import World, frozen, member, pool_children
from tests.crash.killer import Killer, shuffled
from tests.crash.offices import Log, busy, drained, event, send
from tests.crash.service import Service
from tests.waiting import until

SEED = int(os.environ.get("GONGJIAN_CRASH_SEED") or random.SystemRandom().randrange(10**6))
LEAST_EVENTS = 300
OFFICES = 4
PACE_SECONDS = 0.2
VICTIMS = {"pool child killed": 2, "worker main killed": 1, "worker group killed": 1, "api killed": 1}

pytestmark = [pytest.mark.crash, pytest.mark.timeout(900)]


@pytest.mark.fault("F04", "F06")
def test_nothing_is_lost_or_done_twice_whoever_is_killed(breakable: Service, note: Note) -> None:
    print(f"GONGJIAN_CRASH_SEED={SEED}")
    books, chance = Books(breakable.settings.database), random.Random(SEED)
    killer = Killer(World(breakable, books), chance, shuffled(chance, VICTIMS))
    killer.start()

    def go_on() -> bool:
        return killer.is_alive() or books.one("SELECT count(*) FROM inbox") < LEAST_EVENTS

    ranges = [range(1000 * office, 1000 * office + 1000) for office in range(OFFICES)]
    log = busy(breakable.client, SEED, ranges, PACE_SECONDS, go_on)
    killer.finish()
    backlog = drained(books)
    states = dict(books.rows("SELECT state, count(*) FROM inbox GROUP BY state"))
    note(
        seed=SEED, accepted=len(log.accepted), receipts=dict(log.receipts), statuses=dict(log.statuses),
        unanswered=log.unanswered, p50_ms=log.percentile_ms(50), p99_ms=log.percentile_ms(99), states=states,
        recovery_s=killer.recoveries, backlog_s=backlog,
    )  # fmt: skip
    assert books.violations(log.accepted) == []
    assert set(log.statuses) <= {202, 409, 503}
    assert states == {"applied": len(log.accepted)}
    assert books.one("SELECT count(*) FROM cases WHERE paused") == 0


@pytest.mark.services
@needs_servers
@pytest.mark.fault("F48")
def test_a_worker_comes_up_while_the_broker_still_holds_the_line_of_the_one_before(ground: World) -> None:
    """A frozen process holds its connection and its exclusive queues; a new worker under the same name would be refused
    until the broker gives the old one up. Each bears a name never used before."""
    old, others = member(ground, "worker"), pool_children(ground)
    with frozen([old, *others]), ground.service.another("worker") as log:
        until(lambda: " ready." in log.read_text(), 90, what="a second worker is ready beside the frozen one")
        assert "RESOURCE_LOCKED" not in log.read_text()
        with ground.service.client() as client:
            accepted = Log()
            send(client, event(48_000), accepted, Event())
        drained(ground.books)
    assert ground.books.violations(accepted.accepted) == []
    assert member(ground, "worker").pid == old.pid
