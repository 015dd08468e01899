"""Keeps the next quarters' joint meetings planned: twice a minute, and whenever beat asks."""

from services.doorbell.broker import TASKS
from services.meetings.plan import plan
from services.runtime import Runtime
from workers.drain import Drain


def _plan_once(runtime: Runtime, _limit: int) -> int:
    plan(runtime)
    return 0  # never "there is more": once is enough


DRAIN = Drain(TASKS["meetings"], _plan_once, every_seconds=30.0)
