"""Tidies up: once an hour, and whenever beat asks."""

from services.doorbell.broker import TASKS
from services.housekeeping import tidy
from services.runtime import Runtime
from workers.drain import Drain


def _tidy_once(runtime: Runtime, _limit: int) -> int:
    tidy(runtime)
    return 0  # never "there is more": once is enough


DRAIN = Drain(TASKS["housekeeping"], _tidy_once, every_seconds=3600.0)
