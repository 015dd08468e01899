"""The doorbell: tells the workers that rows are waiting, without ever keeping the caller. It is only a hint:
the rows are in the database, and each worker looks by itself once a second."""

import logging
import os
import threading
from collections import Counter
from collections.abc import Callable
from weakref import WeakSet

import amqp
from celery import Celery
from kombu.exceptions import KombuError

from services.doorbell.broker import (
    QUEUES,
    RING_EXPIRES_SECONDS,
    TASKS,
    Bell,
    celery_settings,
    publisher_options,
)
from services.settings import Settings

log = logging.getLogger(__name__)

Publish = Callable[[Bell], None]

PAUSE_SECONDS = 0.1
PAUSE_AFTER_FAILURE_SECONDS = 1.0


class Doorbell:
    """Coalesces rings: however often a bell is pulled, at most ten wake-ups of its kind leave in a second."""

    def __init__(self, settings: Settings, *, open_line: Callable[[], Publish] | None = None) -> None:
        self._open_line = open_line or (lambda: _line_to_the_broker(settings))
        self._thread: threading.Thread | None = None
        self._begin()
        _DOORBELLS.add(self)

    def ring(self, name: Bell) -> None:
        """A worker will hear of it soon, if the broker lives. Returns at once, and never fails."""
        with self._changed:
            self._pulled.add(name)
            self._changed.notify()
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._answer, name="doorbell", daemon=True)
                try:
                    self._thread.start()
                except RuntimeError as at_the_limit:  # no thread to be had, or the interpreter is going down
                    self._missed(name, at_the_limit)

    def _begin(self) -> None:
        """As new: after a fork the child has no thread of ours, and perhaps a lock that nobody will open."""
        self._changed = threading.Condition()
        self._pulled: set[Bell] = set()
        self._thread = None
        self.sent: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()

    def _answer(self) -> None:
        publish = self._open_line()
        rest = threading.Event()  # never set: waiting on it is how this thread pauses
        while True:
            with self._changed:
                while not self._pulled:
                    self._changed.wait()
                pulled, self._pulled = sorted(self._pulled), set()
            pause = PAUSE_SECONDS
            for name in pulled:
                try:
                    publish(name)
                    self.sent[name] += 1
                except _BROKER_TROUBLE as trouble:
                    pause = PAUSE_AFTER_FAILURE_SECONDS
                    self._missed(name, trouble)
            rest.wait(pause)

    def _missed(self, name: str, cause: Exception) -> None:
        self.failed[name] += 1
        log.info("doorbell not heard: bell=%s cause=%s failed=%d", name, cause, self.failed[name])


_BROKER_TROUBLE = (KombuError, amqp.AMQPError, OSError)
_DOORBELLS: WeakSet[Doorbell] = WeakSet()


def _line_to_the_broker(settings: Settings) -> Publish:
    app = Celery("gongjian.doorbell", set_as_current=False)
    app.conf.update(
        celery_settings(settings)
        | {
            "broker_transport_options": publisher_options(settings),
            "broker_connection_timeout": 3,
            "broker_pool_limit": 1,
        }
    )

    def publish(name: Bell) -> None:
        app.send_task(
            TASKS[name], queue=QUEUES[name], expires=RING_EXPIRES_SECONDS, retry=False, ignore_result=True
        )

    return publish


def _begin_all_again() -> None:
    for doorbell in _DOORBELLS:
        doorbell._begin()  # our own


os.register_at_fork(after_in_child=_begin_all_again)
