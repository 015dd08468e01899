"""A real worker over the fake office: it drains by the doorbell, and by its own clock when there is no
broker."""

import os
import pickle
import signal
import socket
from pathlib import Path

import psutil
import pytest
from kombu import Connection

from services.doorbell.broker import QUEUES, TASKS, broker_url, consumer_options, ring_queues
from services.doorbell.ring import Doorbell
from services.settings import Settings
from tests.waiting import until
from tests.workers.conftest import RABBIT, MailRoom, needs_rabbit

TABLES = ("inbox", "outbox", "due", "deliver")


class Trap:
    """Unpickled, it makes a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.folder),)


def fill(room: MailRoom, count: int) -> None:
    for table in TABLES:
        for number in range(count):
            room.office.add(table, f"{number:05d}")


def is_drained(room: MailRoom) -> bool:
    return all(not room.office.rows(table) for table in TABLES)


def test_a_ring_is_answered_at_once(any_mail_room: MailRoom) -> None:
    any_mail_room.start_worker()
    Doorbell(any_mail_room.settings).ring("outbox")
    until(lambda: "Task gongjian.drain_outbox" in any_mail_room.log.read_text(), 20)


def test_more_rows_than_a_batch_are_drained(any_mail_room: MailRoom) -> None:
    fill(any_mail_room, 450)
    any_mail_room.start_worker()
    until(lambda: is_drained(any_mail_room), 20)
    until((any_mail_room.settings.home / "run" / "worker.alive").exists, 5)


def test_without_broker_and_without_beat_the_timer_drains(mail_room: MailRoom) -> None:
    mail_room.start_worker()
    broker = mail_room.settings.home / "broker"
    broker.rename(broker.with_name("gone"))
    fill(mail_room, 3)
    until(lambda: is_drained(mail_room), 10)


def test_a_worker_starts_draining_while_rabbitmq_is_away(mail_room: MailRoom) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        absent = f"amqp://guest:guest@127.0.0.1:{door.getsockname()[1]}//"
    room = MailRoom(Settings(home=mail_room.settings.home, broker_url=absent))
    fill(room, 3)
    try:
        with pytest.raises(AssertionError, match="ready"):
            room.start_worker(seconds=3)
        until(lambda: is_drained(room), 10)
    finally:
        room.stop_all()


@pytest.mark.services
@needs_rabbit
def test_a_queue_that_stands_there_otherwise_is_as_a_broker_that_is_away(home: Path) -> None:
    """It ended the worker: RabbitMQ answers 406, and only what is said of the line itself was waited for."""
    room = MailRoom(Settings(home=home, broker_url=RABBIT))
    room.settings.folder("run")
    fill(room, 3)
    with room.connection() as line:
        channel = line.default_channel
        channel.queue_delete(QUEUES["due"])
        channel.queue_declare(QUEUES["due"], durable=True, auto_delete=False)
        try:
            with pytest.raises(AssertionError, match="ready"):
                room.start_worker(seconds=5)
            until(lambda: "PRECONDITION_FAILED" in room.log.read_text(), 60)
            until(lambda: is_drained(room), 60)
            channel.queue_delete(QUEUES["due"])
            until(lambda: " ready." in room.log.read_text(), 60, what="the worker has its queues")
            assert room.started[0].poll() is None
        finally:
            room.stop_all()
            channel.queue_delete(QUEUES["due"])


def test_a_worker_stops_in_good_time_and_leaves_nobody(any_mail_room: MailRoom) -> None:
    worker = any_mail_room.start_worker()
    until((any_mail_room.settings.home / "run" / "worker.alive").exists, 10)
    children = psutil.Process(worker.pid).children(recursive=True)
    assert len(children) >= 2
    worker.terminate()
    assert worker.wait(8) == 0
    assert not [child for child in children if child.is_running()]


def test_a_pool_child_killed_outright_is_replaced_and_drains(mail_room: MailRoom) -> None:
    worker = mail_room.start_worker(concurrency=1)
    alive = mail_room.settings.home / "run" / "worker.alive"
    until(alive.exists, 10)
    (child,) = psutil.Process(worker.pid).children()
    os.kill(child.pid, signal.SIGKILL)
    fill(mail_room, 3)
    until(lambda: is_drained(mail_room), 20)
    assert worker.poll() is None


def test_an_unknown_task_and_a_pickle_are_refused_and_harm_nobody(any_mail_room: MailRoom) -> None:
    settings = any_mail_room.settings
    any_mail_room.start_worker()
    queue = next(queue for queue in ring_queues(settings) if queue.name == QUEUES["inbox"])
    with Connection(broker_url(settings), transport_options=consumer_options(settings)) as connection:
        producer = connection.Producer()
        headers = {"lang": "py", "task": "os.system", "id": "1", "argsrepr": "()", "kwargsrepr": "{}"}
        to = {"exchange": queue.exchange, "routing_key": queue.routing_key, "declare": [queue]}
        producer.publish([["true"], {}, {}], serializer="json", headers=headers, **to)
        pickled = pickle.dumps(Trap(settings.home / "trap"))
        named = headers | {"task": TASKS["inbox"]}
        producer.publish(
            pickled,
            content_type="application/x-python-serialize",
            content_encoding="binary",
            headers=named,
            **to,
        )
    until(lambda: "unregistered task" in any_mail_room.log.read_text(), 20)
    until(lambda: "ContentDisallowed" in any_mail_room.log.read_text(), 20)
    Doorbell(settings).ring("due")
    until(lambda: "Task gongjian.drain_due" in any_mail_room.log.read_text(), 20)
    assert not (settings.home / "trap").exists()
