"""Beat only rings: without one, and with two, deadlines fire in time, never early, and once."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Event
from typing import Any

import pytest
from sqlalchemy import select, update

from services.actor import SERVICE
from services.db.models.casework import Case, Deadline
from services.invariants import Books
from tests.builders import uscc
from tests.crash.conftest import Note
from tests.crash.faults import World, frozen, member
from tests.crash.offices import Log, drained, event, send
from tests.crash.service import Service, office
from tests.waiting import until

AHEAD = timedelta(seconds=3)
LATEST_SECONDS = 30.0  # the promise is 5 s, where the service has two cores for itself
_numbers = count(70_000)

pytestmark = [pytest.mark.crash, pytest.mark.long, pytest.mark.timeout(900)]


def none(served: Service) -> AbstractContextManager[Any]:
    """Beat is there and does nothing. `Any`: what the block yields is not asked."""
    return frozen([member(World(served, Books(served.settings.database)), "beat")])


def two(served: Service) -> AbstractContextManager[Any]:
    """`Any`: as above."""
    return served.another("beat")


@pytest.mark.fault("F08")
@pytest.mark.parametrize("beats", [none, two])
def test_deadlines_fire_in_time_and_once_without_a_beat_and_with_two(
    calm: Service, note: Note, beats: Callable[[Service], AbstractContextManager[Any]]
) -> None:
    books, numbers = Books(calm.settings.database), [next(_numbers) for _ in range(3)]
    with calm.client() as client:
        for number in numbers:
            send(client, event(number), Log(), Event())
    drained(books)
    with beats(calm):
        due = _move_last_days(calm, numbers)
        until(lambda: _over(books, numbers) == len(numbers), 60, what="every term that is over has been told")
        later = until(
            lambda: datetime.now(UTC) - due > timedelta(seconds=8),
            60,
            what="the workers look a few times more",
        )
        assert later
    fired = _fired(books, numbers)
    late = [(at - due).total_seconds() for at in fired]
    note(fired=len(fired), late_s=[round(one, 1) for one in late])
    assert len(fired) == len(numbers)
    assert min(late) >= 0
    assert max(late) <= LATEST_SECONDS
    assert books.violations() == []


def _move_last_days(served: Service, numbers: list[int]) -> datetime:
    """Every term of these enterprises is over in a few seconds, by the clock that the workers go by; yields when."""
    with office(served.settings) as runtime, runtime.writing(SERVICE) as unit:
        due = unit.now + AHEAD
        cases = select(Case.id).where(Case.uscc.in_([uscc(number) for number in numbers]))
        running = update(Deadline).where(Deadline.case_id.in_(cases), Deadline.fire_at.is_not(None))
        unit.db.execute(running.where(Deadline.state == "running").values(fire_at=due))
    return due


def _codes(numbers: list[int]) -> str:
    return ", ".join(f"'{uscc(number)}'" for number in numbers)


def _over(books: Books, numbers: list[int]) -> int:
    return int(
        books.one(
            "SELECT count(*) FROM deadlines JOIN cases ON cases.id = case_id WHERE deadlines.state = 'overdue'"
            f" AND uscc IN ({_codes(numbers)})"
        )
    )


def _fired(books: Books, numbers: list[int]) -> list[datetime]:
    """When each case was told that its first term is over."""
    lines = books.rows(
        f"SELECT canon FROM history JOIN cases ON cases.id = case_id WHERE uscc IN ({_codes(numbers)})"
    )
    told = [json.loads(bytes(line)) for (line,) in lines]
    return [
        datetime.fromisoformat(line["at"]).astimezone(UTC)
        for line in told
        if str(line["cause"]).startswith("term.")
    ]
