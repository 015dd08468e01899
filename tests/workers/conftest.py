"""Homes, brokers and processes for the tests of the mail room."""

import os
import re
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from kombu import Connection

from services.doorbell.broker import (
    INTAKE,
    INTAKE_DEAD,
    broker_url,
    consumer_options,
    intake_dead_queue,
    intake_queue,
)
from services.settings import Settings
from tests.fakes import Office
from tests.waiting import until

RABBIT = os.environ.get("GONGJIAN_TEST_BROKER_URL")
needs_rabbit = pytest.mark.skipif(RABBIT is None, reason="no RabbitMQ: GONGJIAN_TEST_BROKER_URL is not set")


@dataclass
class MailRoom:
    """A home with its broker and a fake office, and the workers started in it."""

    settings: Settings
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def office(self) -> Office:
        return Office(self.settings.home)

    @property
    def log(self) -> Path:
        return self.settings.home / "worker.log"

    def connection(self) -> Connection:
        return Connection(broker_url(self.settings), transport_options=consumer_options(self.settings))

    def confirming_connection(self) -> Connection:
        options = consumer_options(self.settings)
        if self.settings.broker_url is not None:
            options = options | {"confirm_publish": True}
        return Connection(broker_url(self.settings), transport_options=options)

    def start_worker(self, *, concurrency: int = 2, seconds: float = 30) -> subprocess.Popen[bytes]:
        """A worker over the fake office, ready to consume."""
        node = f"test-{uuid.uuid4().hex}@%h"
        with self.log.open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "tests.workers.mail_room_alone", "worker", "--pool=prefork",
                 f"--concurrency={concurrency}", f"--hostname={node}", "--without-gossip", "--without-mingle",
                 "--task-events", "--loglevel=info"],
                env=dict(os.environ) | self.settings.as_environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
            )  # fmt: skip
        self.started.append(worker)
        until(
            lambda: re.search(rf"{node[:-2]}\S* ready\.", self.log.read_text()),
            seconds,
            what="the worker is ready",
        )
        return worker

    def stop_all(self) -> None:
        for worker in self.started:
            if worker.poll() is None:
                os.killpg(worker.pid, signal.SIGKILL)
                worker.wait()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def mail_room(home: Path) -> Iterator[MailRoom]:
    """On the embedded broker."""
    room = MailRoom(Settings(home=home, broker_url=None))
    room.settings.folder("run")
    yield room
    room.stop_all()


@pytest.fixture(
    params=[
        "embedded",
        pytest.param("rabbitmq", marks=[pytest.mark.services, needs_rabbit]),
    ]
)
def any_mail_room(request: pytest.FixtureRequest, home: Path) -> Iterator[MailRoom]:
    """On each of the two brokers."""
    room = MailRoom(Settings(home=home, broker_url=RABBIT if request.param == "rabbitmq" else None))
    room.settings.folder("run")
    _empty(room)
    yield room
    room.stop_all()
    _empty(room)


@pytest.fixture
def in_a_child() -> Callable[[Callable[[], int]], int]:
    """Runs something in a forked child and yields its exit code."""

    def run(body: Callable[[], int]) -> int:
        child = os.fork()
        if child == 0:
            code = 70
            try:
                code = body()
            finally:
                os._exit(code)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    return run


def _empty(room: MailRoom) -> None:
    with room.connection() as connection:
        channel = connection.default_channel
        for queue in (intake_queue(room.settings), intake_dead_queue(room.settings)):
            queue(channel).declare()
        for name in (INTAKE, INTAKE_DEAD):
            channel.queue_purge(name)
