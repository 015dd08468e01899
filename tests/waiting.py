"""Waiting for something that other processes do, without sleeping: look, and look again, until a deadline."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_LOOK_EVERY_SECONDS = 0.05


def until(condition: Callable[[], T | None], seconds: float, *, what: str = "") -> T:
    """Yields the first true thing the condition says; fails the test when there is none in time."""
    never = threading.Event()
    ends = time.monotonic() + seconds
    while True:
        if found := condition():
            return found
        if time.monotonic() >= ends:
            raise AssertionError(f"not within {seconds} s: {what or condition}")
        never.wait(_LOOK_EVERY_SECONDS)
