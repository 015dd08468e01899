"""The Celery application: `celery -A workers.app worker`. Which tasks there are, and nothing of what they
do."""

from celery import Celery

from services.doorbell.broker import celery_settings
from services.failpoints import here
from services.settings import settings
from workers import signals
from workers.consumers.registry_events import RegistryEvents
from workers.drain import SLICE_SECONDS, Drain
from workers.schedules import schedule
from workers.tasks import DRAINS


def make_app() -> Celery:
    """The application with its tasks, its consumer of registry events and its schedule."""
    app = Celery("gongjian")
    app.conf.update(celery_settings(settings()))
    app.conf.update(beat_schedule=schedule(), worker_consumer="workers.blueprint:MailRoomConsumer")
    for drain in DRAINS:
        _register(app, drain)
    app.steps["consumer"].add(RegistryEvents)
    signals.connect()
    return app


def _register(app: Celery, drain: Drain) -> None:
    def task() -> int:
        handled = drain.run(wait_seconds=2 * SLICE_SECONDS)
        here("task", "done")
        return handled

    app.task(name=drain.task)(task)


app = make_app()
