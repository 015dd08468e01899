"""Another transaction was in the way: a deadlock, a lost serialization, a lock not had in time. Nothing was changed, so try again.

At most five times and for no longer than five seconds, with a pause of random length before each, so that those who met do not
meet again (RELIABILITY F19). SQLite has one writer and waits by itself.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

T = TypeVar("T")

IN_THE_WAY = frozenset({"40P01", "40001", "55P03"})
TRIES = 5
LONGEST_SECONDS = 5.0
_FIRST_PAUSE_SECONDS = 0.02


def in_the_way(error: DBAPIError) -> bool:
    """Would the same work perhaps go through now?"""
    return getattr(error.orig, "sqlstate", None) in IN_THE_WAY


def pauses() -> Iterator[float]:
    """Seconds to wait before each further try; it ends when no more should be made."""
    ends = time.monotonic() + LONGEST_SECONDS
    for tried in range(1, TRIES):
        if time.monotonic() >= ends:
            return
        yield random.uniform(0, _FIRST_PAUSE_SECONDS * 2**tried)


def again(work: Callable[[], T]) -> T:
    """What `work` yields, which is a whole unit of work with its own commit; its last failure when it never went through."""
    wait = pauses()
    while True:
        try:
            return work()
        except DBAPIError as error:
            pause = next(wait, None) if in_the_way(error) else None
            if pause is None:
                raise
            threading.Event().wait(pause)
