"""The tasks by their wire names. A task carries no argument: the rows it is about are in the database."""

from workers.tasks import deliver, drain_due, drain_inbox, drain_outbox, housekeeping, plan_meetings, seal

#: What works on the house's own rows, and what waits for servers elsewhere: the one may not wait for the other.
INSIDE = (
    drain_inbox.DRAIN,
    drain_outbox.DRAIN,
    drain_due.DRAIN,
    plan_meetings.DRAIN,
    seal.DRAIN,
    housekeeping.DRAIN,
)
OUTSIDE = (deliver.DRAIN,)
DRAINS = INSIDE + OUTSIDE
