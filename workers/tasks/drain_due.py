"""Acts on the deadlines that have come due."""

from services.deadlines.fire import drain_due
from services.doorbell.broker import TASKS
from workers.drain import Drain

DRAIN = Drain(TASKS["due"], drain_due)
