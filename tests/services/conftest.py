"""An office with the demo's bodies and accounts, on every database there is, on a morning in March 2025."""

from collections.abc import Callable
from datetime import datetime

import pytest

from services.clock import SettableClock
from services.demo.hands import Hands
from services.runtime import Runtime
from tests.builders import found

MORNING = datetime.fromisoformat("2025-03-03T09:00:00+08:00")


@pytest.fixture
def runtime(make_runtime: Callable[..., Runtime]) -> Runtime:
    made = make_runtime(clock=SettableClock(MORNING))
    found(made)
    return made


@pytest.fixture
def hands(runtime: Runtime) -> Hands:
    return Hands(runtime)
