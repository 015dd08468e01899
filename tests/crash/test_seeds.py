"""The random driver, briefly: `make seeds` is the long run."""

import os
from pathlib import Path
from random import SystemRandom

import pytest

from tests.crash.conftest import Note, needs_servers
from tests.crash.seeds import PROFILES, run_seed

SECONDS = float(os.environ.get("GONGJIAN_SECONDS") or 12)
SEED = int(os.environ.get("GONGJIAN_SEED") or SystemRandom().randrange(10**6))

pytestmark = [pytest.mark.crash, pytest.mark.timeout(1200)]

_ON_SERVERS = (pytest.mark.services, needs_servers)
_RUNS = [pytest.param(name, marks=_ON_SERVERS if "RabbitMQ" in name else ()) for name in PROFILES]


@pytest.mark.parametrize("profile", _RUNS)
def test_whatever_the_seed_brings_nothing_is_lost_or_done_twice(
    profile: str, tmp_path: Path, note: Note
) -> None:
    print(f"GONGJIAN_SEED={SEED}")
    figures = run_seed(profile, SEED, SECONDS, tmp_path)
    note(figures=figures.line(), recoveries=figures.recoveries)
    assert figures.violations == []
    assert figures.recoveries
