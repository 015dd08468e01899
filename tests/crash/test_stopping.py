"""Ctrl-C while events pour in: no process is left, and the next start finishes what was accepted (F47)."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from tests.crash.checker import Books
from tests.crash.conftest import Note
from tests.crash.offices import busy
from tests.crash.service import Service, running
from tests.waiting import until

FIRST_EVENTS = 60
OFFICES = 4


@pytest.mark.crash
@pytest.mark.timeout(120)
def test_ctrl_c_under_load_leaves_no_process_and_loses_nothing(breakable: Service, note: Note) -> None:
    books, enough = Books(breakable.settings.database), threading.Event()
    ranges = [range(1000 * office, 1000 * office + 1000) for office in range(OFFICES)]
    with ThreadPoolExecutor(1) as aside:
        offices = aside.submit(busy, breakable.client, 0, ranges, 0.0, lambda: not enough.is_set())
        try:
            until(lambda: books.one("SELECT count(*) FROM inbox") >= FIRST_EVENTS, 30, what="some load")
            everybody = breakable.everybody()
            assert len(everybody) >= 1 + 4 + breakable.settings.worker_concurrency
            began = time.monotonic()
            code = breakable.interrupt()
            seconds = round(time.monotonic() - began, 1)
            left = [one for one in everybody if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
            pending = books.waiting()
            with running(breakable.settings, breakable.token):
                enough.set()
                log = offices.result(60)
                until(lambda: books.waiting() == 0, 20, what="the next service works off what was left")
        finally:
            enough.set()
    note(
        seconds=seconds,
        left=len(left),
        pending=pending,
        accepted=len(log.accepted),
        unanswered=log.unanswered,
    )
    assert (code, left) == (0, [])
    assert seconds <= 10
    assert books.violations(log.accepted) == []
    assert set(log.statuses) <= {202, 503}
