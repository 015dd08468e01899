"""Servers for the service to stand on: a database and a virtual host of our own, and a whole RabbitMQ and PostgreSQL that may die."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
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
        with (self.folder / "console").open("ab") as console:
            self.process = subprocess.Popen(
                [str(self.program)], env=self._environment(), stdin=subprocess.DEVNULL, stdout=console,
                stderr=subprocess.STDOUT, process_group=0,
            )  # fmt: skip
        until(self._answers, 180, what="our RabbitMQ answers")

    def kill(self) -> None:
        """Every process of it has had SIGKILL, the Erlang machine among them."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def wipe(self) -> None:
        """Killed, and its data gone: what starts next is a new, empty node."""
        self.kill()
        shutil.rmtree(self.folder / "data")

    def stand_down(self) -> None:
        """It has taken leave of everybody in good order, and takes nobody in."""
        self._ctl("stop_app")

    def stand_up(self) -> None:
        """It takes connections again."""
        self._ctl("start_app")
        until(self._answers, 180, what="our RabbitMQ answers")

    def alarm(self, *, raised: bool) -> None:
        """A memory alarm is raised, or over: while it is, whoever publishes is blocked."""
        self._ctl("set_vm_memory_high_watermark", "0.00001" if raised else "0.6")

    def _ctl(self, *arguments: str) -> None:
        program = self.program.with_name("rabbitmqctl")
        done = subprocess.run(
            [str(program), *arguments], env=self._environment(), capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()

    def _environment(self) -> dict[str, str]:
        return {key: value for key, value in os.environ.items() if not key.startswith("RABBITMQ_")} | {
            "HOME": str(self.folder),
            "RABBITMQ_NODENAME": f"gongjian_crash_{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self.dist_port),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "enabled_plugins"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": os.devnull,
        }

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


@dataclass
class Cluster:
    """A PostgreSQL of our own, whose death harms nobody else."""

    programs: Path
    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """For an ordinary role: a superuser would pass through row-level security."""
        return f"postgresql://gongjian:gongjian@127.0.0.1:{self.port}/gongjian"

    def make(self) -> None:
        """An empty cluster with one role and one database."""
        subprocess.run(
            [str(self.programs / "initdb"), "-D", str(self.folder), "-U", "postgres", "-A", "trust", "-E", "UTF8",
             "--locale=C.UTF-8", "--data-checksums"],
            user=_POSTGRES_USER, capture_output=True, check=True, cwd="/",
        )  # fmt: skip

    def start(self) -> None:
        """It runs, on the data it had, and takes connections."""
        with (self.folder.parent / "postgres.log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(self.programs / "postgres"), "-D", str(self.folder), "-p", str(self.port), "-h", "127.0.0.1",
                 "-k", "", "-c", "max_connections=80"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, user=_POSTGRES_USER, process_group=0, cwd="/",
            )  # fmt: skip
        until(self._answers, 180, what="our PostgreSQL answers")

    def kill(self) -> None:
        """Its postmaster has had SIGKILL; its children see that and go."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def stop_at_once(self) -> None:
        """As `pg_ctl stop -m immediate` does it: every backend quits without a checkpoint."""
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()
            self.process = None

    def found(self) -> None:
        """The service's role and database."""
        with psycopg.connect(self._admin, autocommit=True) as line:
            line.execute("CREATE ROLE gongjian LOGIN PASSWORD 'gongjian'")
            line.execute("CREATE DATABASE gongjian OWNER gongjian")

    @property
    def _admin(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._admin, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


_POSTGRES_USER = "postgres"


@contextmanager
def own_postgres(programs: Path) -> Iterator[Cluster]:
    """A PostgreSQL cluster with the service's database in it, gone afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        port = one.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="gongjian-crash-"))
    shutil.chown(folder, _POSTGRES_USER)
    cluster = Cluster(programs, folder / "data", port)
    try:
        cluster.make()
        cluster.start()
        cluster.found()
        yield cluster
    finally:
        cluster.stop_at_once()
        shutil.rmtree(folder, ignore_errors=True)


def postgres_programs() -> Path | None:
    """The folder of the server's own programs, the newest that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    return found[-1].parent if found else None
