"""A drain: one call into the office, made again while there is work, by one thread of a process at a time."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from services.runtime import Runtime, runtime

BATCH = 200
#: After fewer rows than that, others may gather for so long: a claim and its commit cost as much for one row as for twenty.
GATHER_SECONDS = 0.1
SLICE_SECONDS = 4.0  # a worker must be able to stop within ten seconds; the timer goes on where a slice ends


@dataclass(frozen=True, slots=True)
class Drain:
    """`call(runtime, limit)` handles up to `limit` rows and says how many."""

    task: str
    call: Callable[[Runtime, int], int]
    every_seconds: float = 1.0
    _alone: threading.Lock = field(default_factory=threading.Lock)
    _stopping: threading.Event = field(default_factory=threading.Event)

    def run(self, *, wait_seconds: float) -> int:
        """The rows that were due are handled, or the time slice is used up; yields how many.

        It ends with an empty batch, not with a short one: of the events of one case only the first is handed
        out.
        Yields 0 too when another thread of this process is at it for longer than we wait."""
        if not self._alone.acquire(timeout=wait_seconds):
            return 0
        try:
            ends, handled = time.monotonic() + SLICE_SECONDS, 0
            while time.monotonic() < ends and not self._stopping.is_set():
                batch = self.call(runtime(), BATCH)
                handled += batch
                if not batch:
                    break
                if batch < BATCH:
                    self._stopping.wait(GATHER_SECONDS)
            return handled
        finally:
            self._alone.release()

    def stop(self) -> None:
        """No new batch begins in this process."""
        self._stopping.set()
