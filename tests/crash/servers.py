"""Servers for the service to stand on: a database and a virtual host of our own, and a whole RabbitMQ that may die."""

import os
import shutil
import signal
import socket
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from kombu import Connection
from sqlalchemy import create_engine, make_url, text

from tests.waiting import until


@contextmanager
def own_database(server: str) -> Iterator[str]:
    """A database that nobody else uses, and that is gone afterwards."""
    admin = create_engine(make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    name = f"gongjian_crash_{uuid.uuid4().hex[:12]}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield (
            make_url(server).set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        )
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
    made = _rabbitmqctl("add_vhost", name) and _rabbitmqctl(
        "set_permissions", "-p", name, user, ".*", ".*", ".*"
    )
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
        environment = {key: value for key, value in os.environ.items() if not key.startswith("RABBITMQ_")} | {
            "HOME": str(self.folder),
            "RABBITMQ_NODENAME": f"gongjian_crash_{self.port}@localhost",
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
