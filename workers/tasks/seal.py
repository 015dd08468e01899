"""Takes written lines into the ledger, about once a second."""

from datetime import timedelta

from services.doorbell.broker import TASKS
from services.ledger.integrate import AT_ONCE, integrate
from services.runtime import Runtime
from workers.drain import Drain

PAUSE = timedelta(seconds=0.5)


def _seal_once(runtime: Runtime, _limit: int) -> int:
    """All that waits is in, and 0, never “there is more”: a checkpoint a second is enough."""
    taken = integrate(runtime, pause=PAUSE)
    while taken >= AT_ONCE:
        taken = integrate(runtime)
    return 0


DRAIN = Drain(TASKS["seal"], _seal_once)
