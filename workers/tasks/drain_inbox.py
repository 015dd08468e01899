"""Applies the events that wait in the inbox."""

from services.doorbell.broker import TASKS
from services.intake.apply import drain_inbox
from workers.drain import Drain

DRAIN = Drain(TASKS["inbox"], drain_inbox)
