"""Each pool child's own clock: once a second it drains by itself, so neither broker nor beat is needed for
correctness."""

import faulthandler
import logging
import random
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from workers.drain import Drain

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 10.0


class Timer(threading.Thread):
    """Runs the drains as they come due, until stopped; touches `alive` at each tick for all to see.

    Without `hung_seconds` the drains see to their own end: one process can watch one timer only."""

    def __init__(
        self,
        drains: Sequence[Drain],
        alive: Path | None,
        *,
        hung_seconds: float | None,
        name: str = "drain-timer",
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._drains = drains
        self._hung_seconds = hung_seconds
        self._alive = alive
        self._stop_asked = threading.Event()
        self.failures = 0

    def run(self) -> None:
        due = {
            drain.task: time.monotonic() + random.uniform(0, drain.every_seconds) for drain in self._drains
        }
        pause = TICK_SECONDS
        while not self._stop_asked.wait(pause):
            if self._alive is not None:
                self._alive.touch(mode=0o600)
            ready = [drain for drain in self._drains if due[drain.task] <= time.monotonic()]
            calm = [self._run_one(drain) for drain in ready]
            due |= {drain.task: time.monotonic() + drain.every_seconds - TICK_SECONDS for drain in ready}
            pause = TICK_SECONDS if all(calm) else min(pause * 2, LONGEST_PAUSE_SECONDS)

    def stop(self, *, wait_seconds: float) -> None:
        """No drain begins; the one that runs has been waited for, if it was quick."""
        self._stop_asked.set()
        for drain in self._drains:
            drain.stop()
        self.join(wait_seconds)

    def _run_one(self, drain: Drain) -> bool:
        """False when the drain failed. One that hangs takes this process with it, with all stacks in the log:
        its
        row was counted before the work began, so the office sets it aside after the third time."""
        if self._hung_seconds is not None:
            faulthandler.dump_traceback_later(
                self._hung_seconds, exit=True, file=sys.__stderr__ or sys.stderr
            )
        try:
            drain.run(wait_seconds=0)
        except (
            Exception
        ):  # the timer outlives whatever a drain can raise; each failure is logged and slows it down
            self.failures += 1
            log.exception("drain failed: task=%s failures=%d", drain.task, self.failures)
            return False
        finally:
            if self._hung_seconds is not None:
                faulthandler.cancel_dump_traceback_later()
        return True
