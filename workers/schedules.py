"""What beat does: it rings, and nothing depends on it. Without beat the workers' own timers are a second
behind."""

from services.doorbell.broker import QUEUES, RING_EXPIRES_SECONDS, TASKS, Options

MINUTE = 60.0
HOUR = 3600.0


def schedule() -> Options:
    """Celery's beat schedule."""
    every = {
        "inbox": MINUTE,
        "outbox": MINUTE,
        "due": MINUTE,
        "deliver": MINUTE,
        "meetings": MINUTE,
        "seal": MINUTE,
        "housekeeping": HOUR,
    }
    return {
        f"ring {name}": {
            "task": TASKS[name],
            "schedule": seconds,
            "options": {"queue": QUEUES[name], "expires": RING_EXPIRES_SECONDS},
        }
        for name, seconds in every.items()
    }
