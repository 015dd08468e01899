"""The composition root: one process's settings, law, policies, calendar, database, clock and doorbell, put together once; and
the unit of one use case: one connection, one actor, one moment, one commit.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import Connection, func, select

from services import failpoints
from services.actor import Actor
from services.clock import Clock, SharedClock, SystemClock, legal_day
from services.db.session import Database, let_in, show_out
from services.db.wall import HOUSE, Wall, wall_of
from services.deadlines.almanac import Almanac
from services.directory.placing import know_the_places
from services.directory.roster import Roster
from services.doorbell.broker import Bell
from services.doorbell.ring import Doorbell
from services.editions import book_of
from services.settings import Settings, settings
from workflows.calendars.days import WorkCalendar
from workflows.policies.book import Book
from workflows.registry import LawBook, law_book
from workflows.runner import machine


class Bells(Protocol):
    def ring(self, name: Bell) -> None:
        """Say that there is work of this kind; never blocks, may be lost."""


class Unit:
    """One use case: one connection, one actor, one moment. It commits once, at the end; the doorbells ring after that.

    It begins behind its actor's wall (services/db/wall.py), where nothing can be written.
    """

    __slots__ = ("_is_house", "actor", "bells", "db", "now", "runtime", "today")

    def __init__(self, runtime: "Runtime", db: Connection, actor: Actor, now: datetime) -> None:
        self.runtime, self.db, self.actor, self.now = runtime, db, actor, now
        self.today: date = legal_day(now, runtime.settings.zone)
        self.bells: set[Bell] = set()
        self._is_house = actor.account_id is None

    def to_office(self) -> None:
        """What the person named has been found behind his wall: from here to the commit the office works on it, as the house.

        What a step sets going reaches files, bodies and drawers that he may not see.
        """
        if not self._is_house:
            let_in(self.db)
            self._is_house = True

    @contextmanager
    def as_office(self) -> Iterator[None]:
        """For what the law shows a person of files that he may not open (the choices of a form, a figure), and for the journal."""
        if self._is_house:
            yield
            return
        self.to_office()
        try:
            yield
        finally:
            show_out(self.db)
            self._is_house = False


class Runtime:
    """Everything a use case needs, made once per process. Fault if one of the place's own editions is wrong."""

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
        self.policies = policies or book_of(chosen)
        self.bells: Bells = bells or Doorbell(chosen)
        self.database = Database(chosen.database)
        self.clock: Clock = clock or (SystemClock() if self.database.is_sqlite else SharedClock(self._asked))
        self.roster = Roster()
        self._almanac = Almanac()
        self._walls: dict[tuple[str, str, int | None, int | None], Wall] = {}

    def calendar(self, db: Connection) -> WorkCalendar:
        """The working calendar in force: what shipped, and over it what an administrator imported."""
        return self._almanac.calendar(db)

    def wall(self, actor: Actor) -> Wall:
        """Where the actor stands in the database."""
        if actor.account_id is None:
            return HOUSE
        key = (actor.kind, actor.division, actor.body_id, actor.account_id)
        if key not in self._walls:
            if len(self._walls) > 10_000:
                self._walls.clear()
            self._walls[key] = wall_of(actor, self.law)
        return self._walls[key]

    @contextmanager
    def writing(self, actor: Actor, doing: str | None = None) -> Iterator[Unit]:
        """A use case that changes something: committed whole when the block ends well, else not at all.

        `doing` names it for the fail points."""
        with self.database.writing(self.wall(actor)) as connection:
            unit = Unit(self, connection, actor, self._moment(connection))
            yield unit
            failpoints.here(doing, "written")
        failpoints.here(doing, "committed")
        for bell in unit.bells:
            self.bells.ring(bell)
        failpoints.here(doing, "rung")

    @contextmanager
    def reading(self, actor: Actor) -> Iterator[Unit]:
        """A use case that only looks."""
        with self.database.reading(self.wall(actor)) as connection:
            yield Unit(self, connection, actor, self._moment(connection))

    def _moment(self, db: Connection) -> datetime:
        """Now; the line that is open serves to ask the time, too."""
        if isinstance(self.clock, SharedClock) and self.clock.is_due():
            self.clock.hear(_time_of(db))
        return self.clock.now()

    def _asked(self) -> datetime:
        with self.database.reading(HOUSE) as connection:
            return _time_of(connection)

    def close(self) -> None:
        self.database.close()


def _time_of(db: Connection) -> datetime:
    now: datetime = db.execute(select(func.clock_timestamp())).scalar_one()
    return now


_here: list[Runtime] = []


def runtime() -> Runtime:
    """This process's runtime, made on first use, never before a fork."""
    if not _here:
        _here.append(Runtime(settings()))
        settle(_here[0])
    return _here[0]


def settle(made: Runtime) -> None:
    """All that units of work look up and that never changes is loaded before the first asks for it, and the garbage collector
    need not look through it again and again (a fifth of the time of a list, deploy/handbook/speed.md)."""
    for law in made.law.definitions:
        machine(law)
    know_the_places()
    gc.freeze()


def forget() -> None:
    """After a fork: the parent's connections are not ours; the next `runtime()` makes its own."""
    while _here:
        _here.pop().database.forget_parent()


def adopt(made: Runtime) -> None:
    """Use this runtime in this process: for tests, and for commands that bring their own clock."""
    _here[:] = [made]
