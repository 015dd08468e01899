"""Breaks a service and what it stands on, one fault after another, and waits each time until work goes on."""

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from random import Random

from services.invariants import Unreadable
from tests.crash.faults import FAULTS, World
from tests.waiting import until

RECOVERY_SECONDS = 180.0


class Killer(threading.Thread):
    """Goes through the faults that `order` names; `recoveries` says how long work was missed after each was healed.

    Missed until an event that came after the healing is applied: through counter, table and drain."""

    def __init__(self, world: World, chance: Random, order: Iterator[str]) -> None:
        super().__init__(name="killer", daemon=True)
        self._world, self._chance, self._order = world, chance, order
        self._rest = threading.Event()
        self.recoveries: list[tuple[str, float]] = []
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            for name in self._order:
                self._rest.wait(self._chance.uniform(0.3, 2.0))
                with FAULTS[name](self._world, self._chance):
                    pass
                began = time.monotonic()
                newest = until(
                    partial(self._looked, "max(id)"), RECOVERY_SECONDS, what=f"the tables after {name}"
                )
                until(partial(self._applied_after, newest), RECOVERY_SECONDS, what=f"life after {name}")
                self.recoveries.append((name, round(time.monotonic() - began, 1)))
        except BaseException as failure:
            self.failure = failure
            raise

    def finish(self) -> None:
        """Every fault was healed, and work went on after each."""
        self.join()
        if self.failure is not None:
            raise self.failure

    def _applied_after(self, inbox_id: int) -> bool:
        return (self._looked("max(id) FILTER (WHERE state = 'applied')") or -1) > inbox_id

    def _looked(self, what: str) -> int | None:
        """None while the database cannot be asked."""
        try:
            return int(self._world.books.one(f"SELECT coalesce({what}, 0) + 0 FROM inbox")) or -1
        except Unreadable:
            return None


def shuffled(chance: Random, victims: dict[str, int]) -> Iterator[str]:
    """Each as often as it says, in an order of chance."""
    order = [name for name, times in victims.items() for _ in range(times)]
    chance.shuffle(order)
    return iter(order)


def drawn(chance: Random, names: list[str], go_on: Callable[[], bool]) -> Iterator[str]:
    """Any of them, again and again, until told to stop."""
    while go_on():
        yield chance.choice(names)
