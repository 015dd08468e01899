"""The profiles the service is broken on, and the figures that a run leaves behind."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conftest import NO_POSTGRES, POSTGRES
from tests.crash.faults import World
from tests.crash.seeds import world
from tests.crash.servers import own_database, own_virtual_host, postgres_programs, rabbitmq_program
from tests.crash.service import Parts, Service, service
from tests.workers.conftest import RABBIT, needs_rabbit

_FIGURES = pytest.StashKey[list[str]]()
_SERVERS = [pytest.mark.services, pytest.mark.skipif(POSTGRES is None, reason=NO_POSTGRES), needs_rabbit]

#: Why a test cannot have servers of its own here, or None.
NO_SERVERS = (
    "no rabbitmq-server on this machine" if rabbitmq_program() is None
    else "no PostgreSQL server programs on this machine" if postgres_programs() is None
    else "only root may start servers of its own" if os.geteuid() != 0
    else None
)  # fmt: skip
needs_servers = pytest.mark.skipif(NO_SERVERS is not None, reason=NO_SERVERS or "")

Note = Callable[..., None]


@pytest.fixture(scope="session", params=["embedded", pytest.param("servers", marks=_SERVERS)])
def profile(request: pytest.FixtureRequest) -> str:
    """On SQLite with the embedded broker, and on PostgreSQL with RabbitMQ."""
    name: str = request.param
    return name


@pytest.fixture
def parts(profile: str) -> Iterator[Parts]:
    """The parts of the profile, ours alone."""
    with ExitStack() as stack:
        yield parts_of(profile, stack)


@pytest.fixture
def breakable(parts: Parts, tmp_path: Path) -> Iterator[Service]:
    """A service that a test may do anything to."""
    with service(tmp_path / "home", parts) as made:
        yield made


@pytest.fixture(scope="session")
def calm(profile: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that nobody kills, for all tests that only ask it things."""
    with ExitStack() as stack:
        home = tmp_path_factory.mktemp("calm") / "home"
        yield stack.enter_context(service(home, parts_of(profile, stack)))


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A service on a RabbitMQ and a PostgreSQL of our own, which tests may kill, if they leave them healed."""
    with world("PostgreSQL + RabbitMQ", tmp_path_factory.mktemp("ground")) as made:
        yield made


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Note:
    """Keeps a figure for the end of the run."""

    def keep(**figures: object) -> None:
        told = ", ".join(f"{name}={value}" for name, value in figures.items())
        request.config.stash.setdefault(_FIGURES, []).append(f"{request.node.name}: {told}")

    return keep


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash.get(_FIGURES, []):
        terminalreporter.write_line(line)


def parts_of(profile: str, stack: ExitStack) -> Parts:
    """What a service of this profile stands on, ours alone and gone with the stack."""
    if profile == "embedded":
        return Parts()
    assert POSTGRES is not None and RABBIT is not None
    return Parts(
        stack.enter_context(own_database(POSTGRES)),
        stack.enter_context(own_virtual_host(RABBIT)),
    )
