"""The tasks by their wire names. A task carries no argument: the rows it is about are in the database."""

from workers.tasks import drain_due, drain_inbox, drain_outbox, housekeeping

DRAINS = (drain_inbox.DRAIN, drain_outbox.DRAIN, drain_due.DRAIN, housekeeping.DRAIN)
