"""What time it is: asked once, at the start of a use case. Tests and the demo hand in a clock of their own."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic
from typing import Protocol
from zoneinfo import ZoneInfo

ASKED_EVERY_SECONDS = 30.0


class Clock(Protocol):
    def now(self) -> datetime:
        """This moment, aware, in UTC."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class SharedClock:
    """The clock of the database that several machines work on: what is due is due for all of them at once.

    It is asked every half minute; in between this process counts the seconds itself. The machine's own clock may be wrong, or
    jump, and nothing is done early or late for it.
    """

    def __init__(self, ask: Callable[[], datetime], steady: Callable[[], float] = monotonic) -> None:
        self._ask, self._steady = ask, steady
        self._heard: tuple[datetime, float] | None = None

    def is_due(self) -> bool:
        """Is it time to ask again?"""
        return self._heard is None or self._steady() - self._heard[1] >= ASKED_EVERY_SECONDS

    def hear(self, said: datetime) -> None:
        """The database says that it is this moment."""
        self._heard = (said.astimezone(UTC), self._steady())

    def now(self) -> datetime:
        if self._heard is None or self.is_due():
            self._heard = (self._ask().astimezone(UTC), self._steady())
        said, since = self._heard
        return said + timedelta(seconds=self._steady() - since)


class SettableClock:
    """A clock that stands where it was put until somebody moves it."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        return self._at

    def move_to(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        self._at += by


def legal_day(at: datetime, zone: ZoneInfo) -> date:
    """The day on which a moment falls where the law is applied."""
    return at.astimezone(zone).date()


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a last day is over (24:00: Civil Code Art 203)."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone).astimezone(UTC)


def wire(at: datetime) -> str:
    """A moment as entries of the ledger write it: UTC, to the microsecond, always as long.

    >>> wire(datetime(2026, 3, 2, 1, tzinfo=UTC))
    '2026-03-02T01:00:00.000000Z'
    """
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
