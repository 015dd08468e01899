"""One process's share of a measurement. Each answers with the CPU-seconds it used."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

from services.runtime import Runtime, settle
from services.settings import Settings
from tests.benchmarks import floor, life
from tests.fakes import SilentBells

#: Lives whose openings and notices the floor writes in one commit, as a worker's drains take many cases at once.
BATCH = 50


def lives(settings: Settings, first: int, count: int, found: life.Furnished) -> float:
    """`count` enterprises, from number `first` on, live their whole lives."""
    began = own_cpu()
    with runtime_of(settings) as runtime:
        life.live(runtime, range(first, first + count), found)
    return own_cpu() - began


def bare_lives(settings: Settings, rows: floor.Rows, first: int, count: int) -> float:
    """The rows of as many lives, by the bare driver."""
    began = own_cpu()
    with runtime_of(settings) as runtime:
        floor.live(runtime, rows, list(floor.shifts(count, first=first)), batch=BATCH)
    return own_cpu() - began


def ready(number: int) -> int:
    """Everything is imported; the clock may start."""
    return number


def own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


@contextmanager
def runtime_of(settings: Settings) -> Iterator[Runtime]:
    made = Runtime(settings, bells=SilentBells())
    settle(made)  # as every process does
    try:
        yield made
    finally:
        made.close()
