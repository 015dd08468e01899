"""An office with the demo's bodies and accounts, on every database there is, on a morning in March 2025."""

from collections.abc import Callable
from datetime import datetime

import pytest

from services.clock import SettableClock
from services.demo.hands import Hands
from services.runtime import Runtime
from tests.builders import found, joins
from tests.services.news import DEPARTMENTS, LISTENER, REQUEST
from workflows.registry import LawBook

MORNING = datetime.fromisoformat("2025-03-03T09:00:00+08:00")


@pytest.fixture
def runtime(make_runtime: Callable[..., Runtime]) -> Runtime:
    made = make_runtime(clock=SettableClock(MORNING))
    found(made)
    return made


@pytest.fixture
def listening(make_runtime: Callable[..., Runtime]) -> Runtime:
    """An office with the county's departments, whose law only listens and lets people open a file."""
    made = make_runtime(clock=SettableClock(MORNING), law=LawBook((LISTENER, REQUEST)))
    found(made)
    for kind in DEPARTMENTS:
        joins(made, kind)
    return made


@pytest.fixture
def hands(runtime: Runtime) -> Hands:
    return Hands(runtime)
