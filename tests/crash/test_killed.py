"""kill -9 of every process that does the work, at random instants under load: nothing lost, nothing twice (F04 to F06)."""

import os
import random
import time

import pytest

from tests.crash.checker import Books
from tests.crash.conftest import Note
from tests.crash.killer import Killer
from tests.crash.offices import busy
from tests.crash.service import Service
from tests.waiting import until

SEED = int(os.environ.get("GONGJIAN_CRASH_SEED") or random.SystemRandom().randrange(10**6))
LEAST_EVENTS = 300
OFFICES = 4
PACE_SECONDS = 0.2
VICTIMS = {"pool child": 3, "worker main": 1, "worker group": 1, "api": 2}


@pytest.mark.crash
@pytest.mark.timeout(180)
def test_nothing_is_lost_or_done_twice_whoever_is_killed(breakable: Service, note: Note) -> None:
    print(f"GONGJIAN_CRASH_SEED={SEED}")
    books = Books(breakable.settings.database)
    killer = Killer(breakable, books, SEED, VICTIMS)
    killer.start()

    def go_on() -> bool:
        return killer.is_alive() or books.one("SELECT count(*) FROM inbox") < LEAST_EVENTS

    ranges = [range(1000 * office, 1000 * office + 1000) for office in range(OFFICES)]
    log = busy(breakable.client, SEED, ranges, PACE_SECONDS, go_on)
    killer.join()
    if killer.failure is not None:
        raise killer.failure
    healed = time.monotonic()
    until(lambda: books.waiting() == 0, 60, what="every row is worked off")
    backlog = round(time.monotonic() - healed, 1)
    states = dict(books.rows("SELECT state, count(*) FROM inbox GROUP BY state"))
    note(
        seed=SEED, accepted=len(log.accepted), receipts=dict(log.receipts), statuses=dict(log.statuses),
        unanswered=log.unanswered, p50_ms=log.percentile_ms(50), p99_ms=log.percentile_ms(99), states=states,
        recovery_s=killer.recoveries, backlog_s=backlog,
    )  # fmt: skip
    assert books.violations(log.accepted) == []
    assert set(log.statuses) <= {202, 503}
    assert states == {"applied": len(log.accepted)}
    assert books.one("SELECT count(*) FROM cases WHERE paused") == 0
    assert backlog <= 10
