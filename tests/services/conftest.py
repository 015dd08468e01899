"""An office with the demo's bodies, on every database there is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.demo.hands import Hands
from services.runtime import Runtime
from tests.offices import DATABASES, office


@pytest.fixture(params=DATABASES)
def runtime(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Runtime]:
    with office(request.param, tmp_path) as made:
        yield made


@pytest.fixture
def hands(runtime: Runtime) -> Hands:
    return Hands(runtime)
