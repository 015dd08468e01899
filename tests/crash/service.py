"""The real service, as `gongjian up` runs it, to be broken: its own home and ports, and on servers its own
database and virtual host."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil
from httpx2 import Client
from kombu import Connection
from sqlalchemy import create_engine, make_url, text

from services.doorbell.broker import broker_url, consumer_options
from services.settings import Settings
from tests.builders import COUNTY
from tests.waiting import until

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
        return Connection(broker_url(self.settings), transport_options=consumer_options(self.settings))

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
    """The service answers; whatever the test did to it, nothing of it is left afterwards."""
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
    token = _furnish(settings)
    with (home / "up.err").open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "api.cli.main", "up"],
            env=_environment(settings),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            process_group=0,
        )
    made = Service(settings, token, process)
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert said == f"READY {made.url}\n", f"{(home / 'up.err').read_text()}\n{made.log()}"
        yield made
    finally:
        left = made.everybody() if process.poll() is None else []
        process.terminate()
        psutil.wait_procs(left, timeout=20)
        for one in left:
            if one.is_running():
                one.kill()
        process.wait(20)
        assert process.stdout is not None
        process.stdout.close()


def _furnish(settings: Settings) -> str:
    """Tables, bodies and an office's account, made as an administrator makes them; yields the office's token."""
    _command(settings, "db", "upgrade")
    for kind, name in _BODIES:
        _command(settings, "body", "create", kind, COUNTY, "--name", f"昌邑区{name}（测试）")
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


@contextmanager
def own_database(server: str) -> Iterator[str]:
    """A database that nobody else uses, and that is gone afterwards."""
    admin = create_engine(
        make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    name = f"gongjian_crash_{uuid.uuid4().hex[:12]}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(server).set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


@contextmanager
def own_virtual_host(url: str) -> Iterator[str]:
    """A virtual host of our own where we may make one; else the given one, emptied of our queues."""
    name = f"gongjian_crash_{uuid.uuid4().hex[:12]}"
    user = urlsplit(url).username or "guest"
    mine = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    made = _rabbitmqctl("add_vhost", name) and _rabbitmqctl("set_permissions", "-p", name, user, ".*", ".*", ".*")
    if not made:
        with Connection(url) as connection:
            _forget_queues(connection)
            yield url
            _forget_queues(connection)
        return
    try:
        yield mine
    finally:
        _rabbitmqctl("delete_vhost", name)


def _rabbitmqctl(*arguments: str) -> bool:
    program = shutil.which("rabbitmqctl")
    if program is None:
        return False
    return subprocess.run([program, *arguments], capture_output=True, check=False).returncode == 0


def _forget_queues(connection: Connection) -> None:
    names = ("gongjian.intake", "gongjian.intake.dead", "gongjian.inbox", "gongjian.outbox", "gongjian.due")
    for name in names:
        with connection.channel() as channel:
            try:
                channel.queue_delete(name)
            except connection.channel_errors:  # there was none
                continue


@dataclass
class Node:
    """A RabbitMQ of our own, whose death harms nobody else."""

    program: Path
    folder: Path
    port: int
    dist_port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def start(self) -> None:
        """It runs, on the data it had, and takes connections."""
        plugins, config = self.folder / "enabled_plugins", self.folder / "rabbitmq.conf"
        plugins.write_text("[].\n")
        config.write_text("loopback_users.guest = true\n")
        name = re.sub(r"\W", "", self.folder.name)
        environment = {key: value for key, value in os.environ.items() if not key.startswith("RABBITMQ_")} | {
            "HOME": str(self.folder),
            "RABBITMQ_NODENAME": f"crash{name}{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self.dist_port),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(plugins),
            "RABBITMQ_CONFIG_FILE": str(config),
            "RABBITMQ_CONF_ENV_FILE": os.devnull,
        }
        with (self.folder / "console").open("ab") as console:
            self.process = subprocess.Popen(
                [str(self.program)], env=environment, stdin=subprocess.DEVNULL, stdout=console,
                stderr=subprocess.STDOUT, process_group=0,
            )  # fmt: skip
        until(self._answers, 60, what="our RabbitMQ answers")

    def kill(self) -> None:
        """Every process of it has had SIGKILL, the Erlang machine among them."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def _answers(self) -> bool:
        with Connection(self.url, connect_timeout=2) as line:
            try:
                line.connect()
            except (*line.connection_errors, OSError):
                return False
            return True


@contextmanager
def own_rabbitmq(program: Path, folder: Path) -> Iterator[Node]:
    """A RabbitMQ node in this folder, gone afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        node = Node(program, folder, one.getsockname()[1], other.getsockname()[1])
    folder.mkdir()
    try:
        node.start()
        yield node
    finally:
        node.kill()


def rabbitmq_program() -> Path | None:
    """The server's own start script: Debian's wrapper around it would change the user and lose our environment."""
    for found in (Path("/usr/lib/rabbitmq/bin/rabbitmq-server"), Path(shutil.which("rabbitmq-server") or "")):
        if found.is_file():
            return found
    return None
