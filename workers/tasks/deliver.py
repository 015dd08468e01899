"""Carries messages over the channels of bodies."""

from services.channels.deliver import deliver
from services.doorbell.broker import TASKS
from workers.drain import Drain

DRAIN = Drain(TASKS["deliver"], deliver)
