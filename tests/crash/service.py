"""The real service, as `gongjian up` runs it, to be broken: its own home, its own ports, its own office."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from httpx2 import Client
from kombu import Connection

from services.doorbell.broker import broker_url, consumer_options, intake_queue
from services.intake.wire import STRUCTURED
from services.settings import Settings
from tests.builders import COUNTY

OFFICE = f"registry.{COUNTY}"
FLOWER_USER = "watchman"
FLOWER_PASSWORD = "a password of the tests"
_BODIES = (("registry", "登记机关"), ("union", "总工会"), ("party", "党委"))


@dataclass(frozen=True)
class Parts:
    """What the service stands on; None is the embedded part."""

    database_url: str | None = None
    broker_url: str | None = None


@dataclass
class Service:
    """A home that has its bodies and an office with a token, and the process that serves it."""

    settings: Settings
    token: str
    process: "subprocess.Popen[str]"

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

    def family(self) -> dict[str, psutil.Process]:
        """The four children that live just now, by the word that tells them apart on their command lines."""
        found: dict[str, psutil.Process] = {}
        for child in psutil.Process(self.process.pid).children():
            try:
                line = child.cmdline()
            except psutil.Error:  # just dying
                continue
            found |= {word: child for word in ("uvicorn", "worker", "beat", "flower") if word in line}
        return found

    def everybody(self) -> list[psutil.Process]:
        """Every process of the service, `gongjian up` itself among them."""
        head = psutil.Process(self.process.pid)
        return [head, *head.children(recursive=True)]

    def interrupt(self) -> int:
        """Ctrl-C; yields the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(20)

    def log(self) -> str:
        return "\n".join(path.read_text() for path in sorted((self.settings.home / "log").glob("*.log")))


@contextmanager
def service(home: Path, parts: Parts) -> Iterator[Service]:
    """A home with its bodies and its office's token, and the service running in it."""
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
    with running(settings, _furnish(settings)) as made:
        yield made


@contextmanager
def running(settings: Settings, token: str) -> Iterator[Service]:
    """The service answers; whatever the test did to it, nothing of it is left afterwards."""
    complaints = settings.home / "up.err"
    with complaints.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "api.cli.main", "up"],
            env=_environment(settings),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            process_group=0,
        )
    made = Service(settings, token, process)
    assert process.stdout is not None
    try:
        said = process.stdout.readline()
        assert said == f"READY {made.url}\n", f"{complaints.read_text()}\n{made.log()}"
        yield made
    finally:
        left = made.everybody() if process.poll() is None else []
        process.terminate()
        _, stubborn = psutil.wait_procs(left, timeout=20)
        for one in stubborn:
            one.kill()
        process.wait(20)
        process.stdout.close()


def _furnish(settings: Settings) -> str:
    """Tables, bodies and an office's account, made as an administrator makes them; yields the office's token."""
    _command(settings, "db", "upgrade")

    def body(kind: str, name: str) -> None:
        _command(settings, "body", "create", kind, COUNTY, "--name", f"昌邑区{name}（测试）")

    with ThreadPoolExecutor(len(_BODIES)) as hands:
        list(hands.map(body, *zip(*_BODIES, strict=True)))
    _command(settings, "account", "create", OFFICE, "--body", OFFICE)
    return _command(settings, "account", "token", OFFICE).strip()


def _command(settings: Settings, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "api.cli.main", *arguments],
        env=_environment(settings),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _environment(settings: Settings) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GONGJIAN_")}
    return kept | settings.as_environment()
