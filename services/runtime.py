"""The composition root: one process's settings, law, policies, calendar, database, clock and doorbell, put together once; and
the unit of one use case: one connection, one actor, one moment, one commit.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import Connection

from services.actor import Actor
from services.clock import Clock, SystemClock, legal_day
from services.db.session import Database
from services.deadlines.almanac import Almanac
from services.directory.roster import Roster
from services.doorbell.broker import Bell
from services.doorbell.ring import Doorbell
from services.settings import Settings, settings
from workflows.calendars.days import WorkCalendar
from workflows.policies.book import Book
from workflows.policies.book import published as published_policies
from workflows.registry import LawBook, law_book


class Bells(Protocol):
    def ring(self, name: Bell) -> None:
        """Say that there is work of this kind; never blocks, may be lost."""


class Unit:
    """One use case: one connection, one actor, one moment. It commits once, at the end; the doorbells ring after that."""

    __slots__ = ("actor", "bells", "db", "now", "runtime", "today")

    def __init__(self, runtime: "Runtime", db: Connection, actor: Actor, now: datetime) -> None:
        self.runtime, self.db, self.actor, self.now = runtime, db, actor, now
        self.today: date = legal_day(now, runtime.settings.zone)
        self.bells: set[Bell] = set()


class Runtime:
    """Everything a use case needs, made once per process."""

    def __init__(
        self,
        chosen: Settings,
        *,
        law: LawBook | None = None,
        policies: Book | None = None,
        clock: Clock | None = None,
        bells: Bells | None = None,
    ) -> None:
        self.settings = chosen
        self.law = law or law_book()
        self.policies = policies or published_policies()
        self.clock: Clock = clock or SystemClock()
        self.bells: Bells = bells or Doorbell(chosen)
        self.database = Database(chosen.database)
        self.roster = Roster()
        self._almanac = Almanac()

    def calendar(self, db: Connection) -> WorkCalendar:
        """The working calendar in force: what shipped, and over it what an administrator imported."""
        return self._almanac.calendar(db)

    @contextmanager
    def writing(self, actor: Actor) -> Iterator[Unit]:
        """A use case that changes something: committed whole when the block ends well, else not at all."""
        with self.database.writing() as connection:
            unit = Unit(self, connection, actor, self.clock.now())
            yield unit
        for bell in unit.bells:
            self.bells.ring(bell)

    @contextmanager
    def reading(self, actor: Actor) -> Iterator[Unit]:
        """A use case that only looks."""
        with self.database.reading() as connection:
            yield Unit(self, connection, actor, self.clock.now())

    def close(self) -> None:
        self.database.close()


_here: list[Runtime] = []


def runtime() -> Runtime:
    """This process's runtime, made on first use, never before a fork."""
    if not _here:
        _here.append(Runtime(settings()))
    return _here[0]


def forget() -> None:
    """After a fork: the parent's connections are not ours; the next `runtime()` makes its own."""
    while _here:
        _here.pop().database.forget_parent()


def adopt(made: Runtime) -> None:
    """Use this runtime in this process: for tests, and for commands that bring their own clock."""
    _here[:] = [made]
