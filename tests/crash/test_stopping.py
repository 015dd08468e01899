"""Ctrl-C, or a deployment's SIGTERM, while events pour in: no process is left, and the next start finishes what was accepted."""

import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from services.invariants import Books
from tests.crash.conftest import Note
from tests.crash.offices import busy, drained
from tests.crash.service import Service
from tests.waiting import until

FIRST_EVENTS = 60
OFFICES = 4


@pytest.mark.crash
@pytest.mark.fault("F47")
@pytest.mark.timeout(900)
def test_stopped_under_load_it_leaves_no_process_and_loses_nothing(breakable: Service, note: Note) -> None:
    books, enough, seconds, left = Books(breakable.settings.database), threading.Event(), [], []
    ranges = [range(1000 * office, 1000 * office + 1000) for office in range(OFFICES)]
    with ThreadPoolExecutor(1) as aside:
        offices = aside.submit(busy, breakable.client, 0, ranges, 0.02, lambda: not enough.is_set())
        try:
            for number in (signal.SIGINT, signal.SIGTERM):
                more = books.one("SELECT count(*) FROM inbox") + FIRST_EVENTS
                until(lambda: books.one("SELECT count(*) FROM inbox") >= more, 60, what="some load")  # noqa: B023
                everybody = breakable.everybody()
                assert len(everybody) >= 1 + 4 + breakable.settings.worker_concurrency
                began = time.monotonic()
                assert breakable.stop(number) == 0
                seconds.append(round(time.monotonic() - began, 1))
                left += [
                    one for one in everybody if one.is_running() and one.status() != psutil.STATUS_ZOMBIE
                ]
                breakable.start()
        finally:
            enough.set()
        log = offices.result(300)
    note(seconds=seconds, backlog_s=drained(books), accepted=len(log.accepted), unanswered=log.unanswered)
    assert left == []
    assert max(seconds) <= 60
    assert books.violations(log.accepted) == []
    assert set(log.statuses) <= {202, 409, 503}
