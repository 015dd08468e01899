"""What happens when processes begin and end: nothing of the parent's database survives a fork, and each child
gets a timer."""

import os
from typing import Any

from celery import signals

from services.doorbell.broker import consumer_options, is_embedded, publisher_options
from services.runtime import forget, runtime
from services.settings import settings
from workers.press import PRESS
from workers.tasks import INSIDE, OUTSIDE
from workers.timer import Timer

_timers: list[Timer] = []


def connect() -> None:
    """Celery calls us."""
    signals.worker_init.connect(_before_the_children, weak=False)
    signals.worker_process_init.connect(_child_begins, weak=False)
    signals.worker_process_shutdown.connect(_child_ends, weak=False)
    signals.beat_init.connect(_beat_begins, weak=False)


# Any below: Celery sends its own objects as free-form keyword arguments.


def _before_the_children(sender: Any, **_sent: Any) -> None:
    """The main process takes events in, so it uses the database; no child may be forked with a line to it
    open.

    On the embedded broker Celery looks for messages for two seconds, twice, before it obeys a stop signal."""
    os.register_at_fork(before=_hang_up)
    if is_embedded(settings()):
        sender.app.conf.broker_transport_options = consumer_options(settings()) | {"longest_wait": 0.25}


def _hang_up() -> None:
    runtime().close()


def _child_begins(**_sent: Any) -> None:
    forget()
    runtime()  # made before there are two threads to make it
    alive = settings().folder("run") / "worker.alive"
    inside = Timer(INSIDE, alive, hung_seconds=settings().hung_seconds)
    #: Each of its tries has its own time limit, and its lease outlasts that: a slow server is no reason to end a process.
    outside = Timer(OUTSIDE, None, hung_seconds=None, name="delivery-timer")
    pressed = settings().folder("run") / "press.alive"
    press = Timer((PRESS,), pressed, hung_seconds=None, name="press-timer")
    _timers[:] = [outside, press, inside]
    for timer in _timers:
        timer.start()


def _child_ends(**_sent: Any) -> None:
    """What leaves the house, and a sheet in hand, are taken up again later; only a commit is waited for."""
    for timer in _timers:
        timer.stop(wait_seconds=5.0 if timer is _timers[-1] else 0)


def _beat_begins(sender: Any, **_sent: Any) -> None:
    """Beat only rings, so a frozen broker may not hold it."""
    sender.app.conf.broker_transport_options = publisher_options(settings())
