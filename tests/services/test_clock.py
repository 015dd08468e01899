"""Clocks: one for all who work on one database, whatever their machines say."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from services.actor import SERVICE
from services.clock import ASKED_EVERY_SECONDS, SharedClock, SystemClock
from services.db.models.casework import Deadline
from services.deadlines.fire import drain_due
from services.demo.hands import Hands
from services.runtime import Runtime
from tests.builders import COUNTY, found, registered

NOON = datetime(2028, 2, 29, 4, 0, tzinfo=UTC)


def test_between_two_askings_the_seconds_are_counted() -> None:
    said, passed = [NOON - timedelta(hours=1), NOON], 100.0
    clock = SharedClock(said.pop, lambda: passed)
    assert clock.now() == NOON
    passed += ASKED_EVERY_SECONDS - 1
    assert not clock.is_due()
    assert clock.now() == NOON + timedelta(seconds=ASKED_EVERY_SECONDS - 1)
    passed += 1
    assert clock.now() == NOON - timedelta(hours=1), "it was put right, and everybody follows"


def test_what_was_heard_in_passing_need_not_be_asked() -> None:
    clock = SharedClock(lambda: pytest.fail("nobody should ask"), lambda: 0.0)
    clock.hear(NOON)
    assert clock.now() == NOON


@pytest.fixture(params=[timedelta(minutes=2), timedelta(hours=1), timedelta(hours=-1)], ids=str)
def wrong(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[timedelta]:
    """The machine's clock is wrong by so much."""
    by: timedelta = request.param
    monkeypatch.setattr(SystemClock, "now", lambda _self: datetime.now(UTC) + by)
    yield by


@pytest.mark.fault("F33")
@pytest.mark.usefixtures("wrong")
def test_a_worker_whose_machine_has_the_wrong_time_is_neither_early_nor_late(
    make_runtime: Callable[..., Runtime],
) -> None:
    """On SQLite there is one machine, and its clock is everybody's; a database server's clock is that of all machines on it."""
    runtime = make_runtime()
    if runtime.database.is_sqlite:
        assert isinstance(runtime.clock, SystemClock)
        return
    found(runtime)
    hands = Hands(runtime)
    hands.emit(f"registry.{COUNTY}", "registered", "e1", registered(1)["data"])
    hands.settle()
    due = _move_last_days(runtime, timedelta(seconds=30))
    assert due and drain_due(runtime) == 0
    _move_last_days(runtime, timedelta(seconds=-1))
    assert drain_due(runtime) > 0
    with runtime.reading(SERVICE) as unit:
        assert abs(unit.now - unit.db.execute(select(func.clock_timestamp())).scalar_one()) < timedelta(
            seconds=2
        )


def _move_last_days(runtime: Runtime, ahead: timedelta) -> int:
    """Every term that runs is over in so long, by the database's clock; yields how many there are."""
    with runtime.writing(SERVICE) as unit:
        moved = update(Deadline).where(Deadline.state == "running", Deadline.fire_at.is_not(None))
        return unit.db.execute(moved.values(fire_at=func.clock_timestamp() + ahead)).rowcount
