"""The real service, as `gongjian up` runs it, to be broken: its own home, its own ports, its own office."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from httpx2 import Client
from kombu import Connection

from services.access.accounts import create_account
from services.access.tokens import Purpose, issue, issue_office_token
from services.actor import SERVICE
from services.db.upgrade import upgrade
from services.doorbell.broker import broker_url, consumer_options, intake_queue
from services.intake.wire import STRUCTURED
from services.runtime import Runtime
from services.settings import Settings
from tests.builders import COUNTY, found
from tests.fakes import SilentBells

OFFICE = f"registry.{COUNTY}"
FLOWER_USER = "watchman"
FLOWER_PASSWORD = "a password of the tests"
#: What a test presses the service with is no flood: it asks about faults, not about limits.
UNLIMITED = {
    f"GONGJIAN_LIMITS__{name}": "100000"
    for name in ("OFFICE_RATE", "OFFICE_BURST", "STAFF_RATE", "STAFF_BURST")
}
_STOPPED_WITHIN_SECONDS = 60.0


@dataclass(frozen=True)
class Parts:
    """What the service stands on; None is the embedded part."""

    database_url: str | None = None
    broker_url: str | None = None


@dataclass
class Service:
    """A home that has its bodies and an office with a token, and the process that serves it, while one does."""

    settings: Settings
    token: str
    environment: Mapping[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[str] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    def client(self) -> Client:
        """A client that speaks for the registration office."""
        return Client(base_url=self.url, headers={"Authorization": f"Bearer {self.token}"}, timeout=20.0)

    def broker(self) -> Connection:
        """A line on which whoever publishes hears that the broker has it."""
        options = consumer_options(self.settings) | {"confirm_publish": True}
        return Connection(broker_url(self.settings), transport_options=options)

    def publish(self, events: Iterable[dict[str, Any]]) -> None:
        """Each event stands in the intake queue. `Any`: JSON."""
        queue = intake_queue(self.settings)
        with self.broker() as connection:
            producer = connection.Producer()
            for said in events:
                producer.publish(
                    json.dumps(said, ensure_ascii=False).encode(),
                    exchange=queue.exchange,
                    routing_key=said["type"],
                    declare=[queue],
                    content_type=STRUCTURED,
                    content_encoding="utf-8",
                    delivery_mode=2,
                )

    def hire(self, bodies: Sequence[str], each: int) -> list[str]:
        """So many people more in each of the bodies; yields the token of each."""
        with office(self.settings) as runtime, runtime.writing(SERVICE) as unit:
            keys = [
                create_account(unit, f"{body}.{number}", body, None)
                for body in bodies
                for number in range(each)
            ]
            return [issue(unit, key, Purpose.ACCESS)[0] for key in keys]

    def start(self) -> None:
        """It answers."""
        complaints = self.settings.home / "up.err"
        with complaints.open("a") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "api.cli.main", "up"],
                env=self.variables(),
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                process_group=0,
            )
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        assert said == f"READY {self.url}\n", f"{complaints.read_text()[-2000:]}\n{self.log()[-4000:]}"

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ctrl-C, or what a deployment sends; yields the exit code. Nothing of it is left, whatever was done to it."""
        process, self.process = self._living(), None
        left = self._everybody(process) if process.poll() is None else []
        process.send_signal(number)
        _, stubborn = psutil.wait_procs(left, timeout=_STOPPED_WITHIN_SECONDS)
        for one in stubborn:
            one.kill()
        assert process.stdout is not None
        process.stdout.close()
        return process.wait(_STOPPED_WITHIN_SECONDS)

    def family(self) -> dict[str, psutil.Process]:
        """The four children that live just now, by name."""
        found: dict[str, psutil.Process] = {}
        for child in psutil.Process(self._living().pid).children():
            try:
                line = child.cmdline()
            except psutil.Error:  # just dying
                continue
            found |= {word: child for word in ("api.server", "worker", "beat", "flower") if word in line}
        return found

    def everybody(self) -> list[psutil.Process]:
        """Every process of the service, `gongjian up` itself among them."""
        return self._everybody(self._living())

    @contextmanager
    def another(self, role: str) -> Iterator[Path]:
        """One more worker or beat beside the service's own, as a second machine would run it; yields its log."""
        log = self.settings.folder("log") / f"another-{role}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "workers.launch", role],
                env=self.variables() | {"GONGJIAN_HOME": str(self.settings.home.absolute())},
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
        try:
            yield log
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def log(self) -> str:
        return "\n".join(path.read_text() for path in sorted((self.settings.home / "log").glob("*.log")))

    def _living(self) -> "subprocess.Popen[str]":
        assert self.process is not None
        return self.process

    @staticmethod
    def _everybody(process: "subprocess.Popen[str]") -> list[psutil.Process]:
        head = psutil.Process(process.pid)
        return [head, *head.children(recursive=True)]

    def variables(self) -> dict[str, str]:
        """What a process of this service finds in its environment."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GONGJIAN_")}
        return kept | self.settings.as_environment() | UNLIMITED | dict(self.environment)


@contextmanager
def service(home: Path, parts: Parts, environment: Mapping[str, str] | None = None) -> Iterator[Service]:
    """A home with its bodies and its office's token, and the service running in it; nothing of it is left afterwards.

    `environment` stands over the settings: fail points, say."""
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        ports = {"port": one.getsockname()[1], "flower_port": other.getsockname()[1]}
    settings = Settings(
        home=home,
        database_url=parts.database_url,
        broker_url=parts.broker_url,
        flower_user=FLOWER_USER,
        flower_password=FLOWER_PASSWORD,
        **ports,
    )
    settings.folder("log")
    made = Service(settings, furnish(settings), environment or {})
    try:
        made.start()
        yield made
    finally:
        if made.process is not None:
            made.stop()


def furnish(settings: Settings) -> str:
    """Tables, bodies and their accounts, as an administrator makes them; yields the token of the registration office."""
    upgrade(settings)
    with office(settings) as runtime:
        found(runtime)
        with runtime.writing(SERVICE) as unit:
            return issue_office_token(unit, OFFICE)


@contextmanager
def office(settings: Settings) -> Iterator[Runtime]:
    """The use cases, in this process, on the service's own database."""
    runtime = Runtime(settings, bells=SilentBells())
    try:
        yield runtime
    finally:
        runtime.close()
