"""Carries out what waits in the outbox."""

from services.doorbell.broker import TASKS
from services.outbox import drain_outbox
from workers.drain import Drain

DRAIN = Drain(TASKS["outbox"], drain_outbox)
