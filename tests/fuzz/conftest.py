"""The ground on which everything is tried: a town with a past, served over a socket."""

from collections.abc import Iterator

import pytest

from tests.builders import Town
from tests.fuzz.ground import Ground, lived_in, served


@pytest.fixture
def ground(town: Town) -> Iterator[Ground]:
    lived_in(town)
    with served(town) as ground:
        ground.refresh()
        ground.file_papers()
        yield ground
