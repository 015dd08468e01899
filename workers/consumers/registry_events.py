"""Takes registration offices' events from the broker. A message is answered for only after it is in the database, as an event or
among the dead letters with its cause; while the database is away it stays with the broker."""

import logging
from typing import Any

import amqp
from celery import bootsteps
from kombu import Consumer, Message
from kombu.exceptions import KombuError

from services.doorbell.broker import dead_rings_queue, intake_dead_queue, intake_queue
from services.failpoints import here
from services.intake.dead_letters import Letter, keep_dead
from services.intake.receive import Unavailable, receive_raw
from services.runtime import runtime
from services.settings import settings
from workers.consumers.amqp_events import http_envelope
from workflows.errors import Fault
from workflows.words import Text

log = logging.getLogger(__name__)

PAUSE_SECONDS = 5.0
PREFETCH = 20


class RegistryEvents(bootsteps.ConsumerStep):  # type: ignore[misc]  # Celery is untyped
    """A step of the worker's main process, which has a channel of its own."""

    requires = ("celery.worker.consumer:Tasks",)

    # Any below: `worker` is Celery's consumer and `channel` kombu's channel, both untyped.

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self._worker = worker
        self._round = 0
        self.consumers: list[Consumer] | None = None

    def get_consumers(self, channel: Any) -> list[Consumer]:
        channel.basic_qos(0, PREFETCH, False)
        for queue in (dead_rings_queue(settings()), intake_dead_queue(settings())):
            queue(channel).declare()
        return [Consumer(channel, queues=[intake_queue(settings())], on_message=self._answer)]

    def start(self, worker: Any) -> None:
        self._round += 1
        super().start(worker)

    def stop(self, worker: Any) -> None:
        self._round += 1
        super().stop(worker)

    def _answer(self, message: Message) -> None:
        if not self.consumers:  # on the way out: the broker gives it to us again
            return
        try:
            take_in(message)
        except (Unavailable, KombuError, amqp.AMQPError, OSError) as away:
            log.warning("registry events wait: pause=%.0fs cause=%s", PAUSE_SECONDS, away)
            self._pause()

    def _pause(self) -> None:
        """Nothing is consumed for a while; what we hold goes back to the broker with our channel."""
        consumers, self.consumers = self.consumers, None
        paused = self._round

        def let_go() -> None:
            if (
                self._round != paused
            ):  # the line broke meanwhile, and our channel with it: the new one is not ours to close
                return
            self.consumers = consumers
            self._close(self._worker)
            self.consumers = None
            self._worker.timer.call_after(PAUSE_SECONDS, self._worker.call_soon, (go_on,))

        def go_on() -> None:
            if self._round != paused:  # a new connection has started us already
                return
            try:
                self.start(self._worker)
            except self._worker.connection.connection_errors:
                raise  # Celery connects anew, and starts us
            except (KombuError, amqp.AMQPError) as refused:  # a channel's: the loop would drop us silently
                log.warning("registry events still wait: pause=%.0fs cause=%s", PAUSE_SECONDS, refused)
                self._pause()

        self._worker.call_soon(let_go)


def take_in(message: Message) -> None:
    """The message is on file or among the dead, and answered for. Raises while neither can be."""
    body = message.body.encode() if isinstance(message.body, str) else bytes(message.body)
    try:
        cause = _receive(message, body)
    except Fault as fault:
        cause = fault.code, fault.text
    if cause is not None:
        _bury(message, body, *cause)
    here("amqp", "kept")
    message.ack()


def _receive(message: Message, body: bytes) -> tuple[str, Text] | None:
    """None when every event of the message is on file; else why one is not."""
    limit = settings().limits.event_bytes
    if len(body) > limit:
        raise Fault("too_large", limit=limit.human_readable())
    envelope = http_envelope(message.content_type, message.headers or {})
    try:
        receipts = receive_raw(
            runtime(), body, envelope.content_type, envelope.headers, office=None, channel="amqp", signed=True
        )
    except (Unavailable, Fault):
        raise
    except (
        Exception
    ) as bug:  # one message may not stop the intake of all others: it is kept, with our fault as cause
        log.exception("a registry event could not be taken in")
        raise Fault("broken") from bug
    for receipt in receipts:
        if receipt.status == "rejected":
            return receipt.code or "broken", receipt.reason or Fault("broken").text
    return None


def _bury(message: Message, body: bytes, code: str, why: Text) -> None:
    """The message lies among the dead as it came, with its cause, for a person to deal with."""
    try:
        content_type, headers = http_envelope(message.content_type, message.headers or {})
        letter = Letter.of(content_type, headers, body, largest=settings().limits.event_bytes)
    except Fault:  # its attributes cannot be told in the words of HTTP
        letter = Letter.of("", None, body, largest=settings().limits.event_bytes)
    keep_dead(runtime(), letter, code, why)
    log.info("registry event set aside: code=%s", code)
