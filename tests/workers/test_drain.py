"""Drains and the timer that runs them."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from services.runtime import Runtime
from tests.waiting import until
from workers import drain as drain_module
from workers.drain import BATCH, Drain
from workers.timer import Timer


@pytest.fixture(autouse=True)
def no_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drain_module, "runtime", lambda: None)


def batches(*sizes: int) -> tuple[list[int], Drain]:
    left = list(sizes)

    def call(_runtime: Runtime, limit: int) -> int:
        assert limit == BATCH
        return left.pop(0)

    return left, Drain("test", call)


def test_batches_are_followed_up_until_one_is_empty() -> None:
    left, drain = batches(BATCH, 1, 3, 0, 99)
    assert drain.run(wait_seconds=0) == BATCH + 4
    assert left == [99]


def test_after_a_short_batch_others_may_gather_and_after_a_full_one_nothing_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(drain_module, "GATHER_SECONDS", 60)
    left, drain = batches(BATCH, BATCH, 1, 0)
    thread = threading.Thread(target=drain.run, kwargs={"wait_seconds": 0})
    thread.start()
    until(lambda: left == [0], 10)
    assert thread.is_alive() and left == [0]
    drain.stop()
    thread.join(10)
    assert not thread.is_alive() and left == [0]


def test_a_slice_of_time_ends_an_endless_backlog(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drain_module, "SLICE_SECONDS", 0.05)
    assert Drain("test", lambda _runtime, limit: limit).run(wait_seconds=0) >= BATCH


def test_a_drain_that_was_stopped_begins_no_batch() -> None:
    left, drain = batches(BATCH)
    drain.stop()
    assert drain.run(wait_seconds=0) == 0
    assert left == [BATCH]


def test_one_thread_drains_while_the_other_leaves_it_alone() -> None:
    inside, go_on = threading.Event(), threading.Event()

    def call(_runtime: Runtime, _limit: int) -> int:
        inside.set()
        assert go_on.wait(10)
        return left.pop()

    left = [0, 1, 0, 2]
    drain = Drain("test", call)
    first = threading.Thread(target=drain.run, kwargs={"wait_seconds": 0})
    first.start()
    assert inside.wait(10)
    assert drain.run(wait_seconds=0) == 0
    go_on.set()
    first.join(10)
    assert drain.run(wait_seconds=0) == 1
    assert left == []


def test_the_timer_outlives_a_drain_that_fails_and_goes_on(tmp_path: Path) -> None:
    seen: list[str] = []

    def fail(_runtime: Runtime, _limit: int) -> int:
        raise ConnectionError("the database is away")

    def work(_runtime: Runtime, _limit: int) -> int:
        seen.append("worked")
        return 0

    timer = Timer(
        (Drain("broken", fail, 0.1), Drain("sound", work, 0.1)), tmp_path / "alive", hung_seconds=60
    )
    timer.start()
    until(lambda: len(seen) >= 2 and timer.failures >= 2, 10)
    assert (tmp_path / "alive").exists()
    timer.stop(wait_seconds=15)
    assert not timer.is_alive()


HANGS = """
import sys, threading
from pathlib import Path
from tests.fakes import move_in
move_in()
from workers import timer
from workers.drain import Drain
def hang(_runtime, _limit):
    while True:
        pass
stuck = timer.Timer((Drain("stuck", hang, 0.0),), Path(sys.argv[1]), hung_seconds=0.5)
stuck.start()
threading.Event().wait(30)
sys.exit("nobody noticed")
"""


def test_a_drain_that_hangs_takes_its_process_with_it_and_says_where(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", HANGS, str(tmp_path / "alive")], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "Timeout" in ended.stderr
    assert "in hang" in ended.stderr
