"""Celery's consumer without native delayed delivery: the broker delays nothing here, so 28 queues stay
unmade."""

from celery.worker.consumer import Consumer


class MailRoomConsumer(Consumer):  # type: ignore[misc]  # Celery is untyped
    """The consumer that `celery worker` runs."""

    class Blueprint(Consumer.Blueprint):  # type: ignore[misc]  # as above
        default_steps = tuple(
            step for step in Consumer.Blueprint.default_steps if "delayed_delivery" not in str(step)
        )
