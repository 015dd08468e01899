"""What can befall a service from outside: each fault strikes, holds for a while, and is healed when its block ends.

The rows of `FAULTS` are named as the seeds draw them; a test of one row of RELIABILITY §3 uses the same blocks."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from threading import Event
from typing import TypeVar

import psutil

from services.doorbell.broker import ring_queues
from services.invariants import Books
from tests.crash.proxy import Proxy
from tests.crash.servers import Cluster, Node
from tests.crash.service import Service
from tests.waiting import until

T = TypeVar("T")
PATIENCE_SECONDS = 180.0


@dataclass
class World:
    """A service, its books, and whatever of its ground is ours to break."""

    service: Service
    books: Books
    node: Node | None = None
    cluster: Cluster | None = None
    broker_line: Proxy | None = None
    database_line: Proxy | None = None


Fault = Callable[[World, Random], AbstractContextManager[None]]


def given(part: T | None) -> T:
    """The part of the world that this fault is about."""
    assert part is not None
    return part


def hold(chance: Random, least: float, most: float) -> None:
    """The fault lasts."""
    Event().wait(chance.uniform(least, most))


# -- processes ------------------------------------------------------------------------------------------------


def member(world: World, word: str) -> psutil.Process:
    """One of the service's four children."""
    return until(lambda: world.service.family().get(word), PATIENCE_SECONDS, what=f"a {word}")


def pool_children(world: World) -> list[psutil.Process]:
    """The processes that do the work, once there are any."""

    def living() -> list[psutil.Process]:
        worker = world.service.family().get("worker")
        try:
            return [] if worker is None else worker.children()
        except psutil.NoSuchProcess:
            return []

    return until(living, PATIENCE_SECONDS, what="children of the pool")


@contextmanager
def pool_child_killed(world: World, chance: Random) -> Iterator[None]:
    def kill() -> bool:
        try:
            chance.choice(pool_children(world)).kill()
        except psutil.NoSuchProcess:
            return False
        return True

    until(kill, PATIENCE_SECONDS, what="a child of the pool to kill")
    yield


@contextmanager
def worker_group_killed(world: World, _chance: Random) -> Iterator[None]:
    os.killpg(member(world, "worker").pid, signal.SIGKILL)
    yield


def killed(word: str) -> Fault:
    @contextmanager
    def strike(world: World, _chance: Random) -> Iterator[None]:
        member(world, word).kill()
        yield

    return strike


@contextmanager
def everything_killed(world: World, _chance: Random) -> Iterator[None]:
    """The machine's plug is pulled, as far as processes can tell: all of them at once, and up again."""
    process = given(world.service.process)
    everybody = world.service.everybody()
    process.kill()
    for one in everybody:
        try:
            one.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(everybody, timeout=PATIENCE_SECONDS)
    process.wait(PATIENCE_SECONDS)
    given(process.stdout).close()
    yield
    world.service.start()


@contextmanager
def everything_stopped(world: World, _chance: Random) -> Iterator[None]:
    """As a deployment does it: SIGTERM, and the same service again."""
    assert world.service.stop() == 0
    yield
    world.service.start()


@contextmanager
def frozen(processes: list[psutil.Process]) -> Iterator[None]:
    """SIGSTOP; SIGCONT when the block ends."""
    for one in processes:
        _signal(one, signal.SIGSTOP)
    try:
        yield
    finally:
        for one in processes:
            _signal(one, signal.SIGCONT)


def froze(word: str) -> Fault:
    @contextmanager
    def strike(world: World, chance: Random) -> Iterator[None]:
        with frozen([member(world, word)]):
            hold(chance, 0.5, 4)
            yield

    return strike


@contextmanager
def pool_child_frozen(world: World, chance: Random) -> Iterator[None]:
    with frozen([chance.choice(pool_children(world))]):
        hold(chance, 0.5, 4)
        yield


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return


# -- the broker -----------------------------------------------------------------------------------------------


@contextmanager
def broker_killed(world: World, chance: Random) -> Iterator[None]:
    node = given(world.node)
    node.kill()
    try:
        hold(chance, 0, 3)
        yield
    finally:
        node.start()


@contextmanager
def broker_wiped(world: World, _chance: Random) -> Iterator[None]:
    node = given(world.node)
    node.wipe()
    try:
        yield
    finally:
        node.start()


@contextmanager
def broker_alarmed(world: World, chance: Random) -> Iterator[None]:
    node = given(world.node)
    node.alarm(raised=True)
    try:
        hold(chance, 1, 4)
        yield
    finally:
        node.alarm(raised=False)


@contextmanager
def broker_cut_silently(world: World, chance: Random) -> Iterator[None]:
    with cut_silently(given(world.broker_line)):
        hold(chance, 2, 8)
        yield


@contextmanager
def cut_silently(line: Proxy) -> Iterator[None]:
    """Bytes go nowhere and nobody is told; what was open stays deaf for ever."""
    line.swallow()
    try:
        yield
    finally:
        line.heal()


@contextmanager
def rubbish(world: World, chance: Random) -> Iterator[None]:
    """Messages that nobody can read, in a queue of wake-ups."""
    queue = chance.choice(ring_queues(world.service.settings))
    with world.service.broker() as connection:
        for body in (b"", b'{"task"', os.urandom(200), b"[]" * 4000):
            connection.Producer().publish(
                body, exchange=queue.exchange, routing_key=queue.routing_key, declare=[queue],
                content_type=chance.choice(["application/json", "text/plain", "application/x-python-serialize"]),
                content_encoding="binary",
            )  # fmt: skip
    yield


@contextmanager
def files_torn(world: World, chance: Random) -> Iterator[None]:
    """Files that nobody can read, among the embedded broker's."""
    queues = list((world.service.settings.home / "broker" / "queues").iterdir())
    for content in (b"", b'{"body"', os.urandom(200), b"{}"):
        path: Path = chance.choice(queues) / f"0.{chance.getrandbits(64):x}.msg"
        path.write_bytes(content)
    yield


# -- the database ---------------------------------------------------------------------------------------------


@contextmanager
def database_killed(world: World, chance: Random) -> Iterator[None]:
    cluster = given(world.cluster)
    cluster.kill() if chance.random() < 0.5 else cluster.stop_at_once()
    try:
        hold(chance, 0, 3)
        yield
    finally:
        cluster.start()


@contextmanager
def database_cut_silently(world: World, chance: Random) -> Iterator[None]:
    with cut_silently(given(world.database_line)):
        hold(chance, 1, 4)
        yield


@contextmanager
def database_lines_reset(world: World, chance: Random) -> Iterator[None]:
    """Every connection to the database is reset, and a commit's answer may be lost with it. Who only reads commits, too, so it is not
    always the next."""
    line = given(world.database_line)
    line.cut_at(b"COMMIT", nth=chance.randint(1, 6))
    yield
    line.cut()


PROCESSES: dict[str, Fault] = {
    "pool child killed": pool_child_killed,
    "worker main killed": killed("worker"),
    "worker group killed": worker_group_killed,
    "api killed": killed("api.server"),
    "beat killed": killed("beat"),
    "everything killed": everything_killed,
    "everything stopped": everything_stopped,
    "pool child frozen": pool_child_frozen,
    "worker main frozen": froze("worker"),
    "api frozen": froze("api.server"),
    "rubbish": rubbish,
}
FOLDER: dict[str, Fault] = {"files torn": files_torn}
GROUND: dict[str, Fault] = {
    "broker killed": broker_killed,
    "broker wiped": broker_wiped,
    "broker alarmed": broker_alarmed,
    "broker cut silently": broker_cut_silently,
    "database killed": database_killed,
    "database cut silently": database_cut_silently,
    "database lines reset": database_lines_reset,
}
FAULTS: dict[str, Fault] = PROCESSES | FOLDER | GROUND
EMBEDDED = sorted(PROCESSES | FOLDER)
SERVERS = sorted(PROCESSES | GROUND)
