"""Kills the processes of a service at random instants, and waits until work goes on: never politely, always SIGKILL."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from functools import partial

import psutil

from tests.crash.checker import Books
from tests.crash.service import Service
from tests.waiting import until

RECOVERY_SECONDS = 45.0


class Killer(threading.Thread):
    """Goes through its victims in a shuffled order; `recoveries` says how long each was missed.

    Missed until an event that came after the kill is applied: through counter, table and drain."""

    def __init__(self, service: Service, books: Books, seed: int, victims: dict[str, int]) -> None:
        super().__init__(name="killer", daemon=True)
        self._service, self._books = service, books
        self._chance = random.Random(seed)
        self._order = [name for name, times in victims.items() for _ in range(times)]
        self._chance.shuffle(self._order)
        self._rest = threading.Event()
        self.recoveries: list[tuple[str, float]] = []
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            for name in self._order:
                self._rest.wait(self._chance.uniform(0.3, 2.0))
                _KILLS[name](self._service, self._chance)
                began, newest = time.monotonic(), self._newest("")
                until(partial(self._applied_after, newest), RECOVERY_SECONDS, what=f"life after {name}")
                self.recoveries.append((name, round(time.monotonic() - began, 1)))
        except BaseException as failure:
            self.failure = failure
            raise

    def _applied_after(self, inbox_id: int) -> bool:
        return self._newest("WHERE state = 'applied'") > inbox_id

    def _newest(self, which: str) -> int:
        return int(self._books.one(f"SELECT coalesce(max(id), 0) FROM inbox {which}"))


def _pool_child(service: Service, chance: random.Random) -> None:
    def kill() -> bool:
        worker = service.family().get("worker")
        try:
            children = worker.children() if worker is not None else []
            if children:
                chance.choice(children).kill()
        except psutil.NoSuchProcess:
            return False
        return bool(children)

    until(kill, RECOVERY_SECONDS, what="a pool child to kill")


def _of_family(word: str) -> Callable[[Service, random.Random], None]:
    def kill(service: Service, _chance: random.Random) -> None:
        until(lambda: service.family().get(word), RECOVERY_SECONDS, what=f"a {word} to kill").kill()

    return kill


def _whole_group(service: Service, _chance: random.Random) -> None:
    os.killpg(until(lambda: service.family().get("worker"), RECOVERY_SECONDS).pid, signal.SIGKILL)


_KILLS: dict[str, Callable[[Service, random.Random], None]] = {
    "pool child": _pool_child,
    "worker main": _of_family("worker"),
    "worker group": _whole_group,
    "api": _of_family("uvicorn"),
}
