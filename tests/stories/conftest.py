"""A town with its bodies and a clock that the story moves."""

import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from services.actor import SERVICE
from services.clock import SettableClock
from services.db.models.casework import Case, Deadline, History, Proceeding, WorkItem
from services.db.models.mail import Notice
from services.demo.hands import Hands
from services.demo.town import REGISTRY
from services.runtime import Runtime
from tests.builders import found
from workflows.policies.book import Book


class Story:
    """One enterprise's life, told day by day."""

    def __init__(self, runtime: Runtime, clock: SettableClock, uscc: str) -> None:
        self.runtime, self.clock, self.uscc, self.hands = runtime, clock, uscc, Hands(runtime)

    def on(self, day: str) -> None:
        """The morning of a day, after everything that fell due before it."""
        moment = datetime.combine(date.fromisoformat(day), time(9), tzinfo=self.runtime.settings.zone)
        self.clock.move_to(moment)
        self.hands.settle()

    def later(self, days: int) -> None:
        self.clock.advance(timedelta(days=days))
        self.hands.settle()

    def registered(self, name: str, day: str, **more: object) -> None:
        data = {"uscc": self.uscc, "name": name, "registered_on": day, "division": "220204102"}
        self.hands.emit(REGISTRY, "registered", f"story-{self.uscc}", data | more)
        self.hands.settle()

    def hears(self, fact: str, **data: object) -> None:
        self.hands.emit(REGISTRY, fact, f"{fact}-{self.clock.now():%Y%m%d}", {"uscc": self.uscc} | data)
        self.hands.settle()

    def does(self, account: str, procedure: str, step: str, **fields: object) -> None:
        self.hands.take(account, self.uscc, procedure, step, **fields)
        self.hands.settle()

    def begins(self, account: str, procedure: str, opening: str, **fields: object) -> int:
        """Something that people begin themselves gets a file of its own; its number."""
        case = self.hands.begin(account, procedure, opening, **fields)
        self.hands.settle()
        return case

    def does_in(self, case: int, account: str, procedure: str, step: str, **fields: object) -> None:
        """A step in another file than the enterprise's own."""
        self.hands.take_in(account, case, procedure, step, **fields)
        self.hands.settle()

    def states(self, case: int | None = None) -> dict[str, str]:
        """Where each procedure stands in the enterprise's file, or in the one of this number; a later proceeding of one
        name replaces an earlier."""
        return {
            row.procedure: row.state
            for row in self._rows(Proceeding.procedure, Proceeding.state, order=Proceeding.id, case=case)
        }

    def facts(self, procedure: str, case: int | None = None) -> dict[str, Any]:
        """What the newest proceeding of a procedure has on file. `Any`: plain values."""
        rows = self._rows(Proceeding.procedure, Proceeding.data, order=Proceeding.id, case=case)
        return dict([row.data for row in rows if row.procedure == procedure][-1])

    def status(self) -> str:
        return str(self._rows(Case.status)[0].status)

    def line(self) -> list[str]:
        """The history as steps, in order."""
        return [
            json.loads(row.canon)["step"] for row in self._rows(History.canon, History.seq, order=History.seq)
        ]

    def open_work(self) -> set[tuple[str, str]]:
        """(role, reason) of every open work item in the enterprise's file."""
        return self.work_in(None)

    def work_in(self, case: int | None) -> set[tuple[str, str]]:
        """(role, reason) of every open work item in the file of this number."""
        return {
            (row.role, row.reason)
            for row in self._rows(WorkItem.role, WorkItem.reason, WorkItem.status, case=case)
            if row.status == "open"
        }

    def notices(self) -> list[str]:
        return [row.kind for row in self._rows(Notice.kind, Notice.id, order=Notice.id)]

    def deadlines(self) -> dict[str, tuple[str, date | None]]:
        return {
            row.term: (row.state, row.due_on)
            for row in self._rows(Deadline.term, Deadline.state, Deadline.due_on, order=Deadline.id)
        }

    def _rows(self, *columns: Any, order: Any = None, case: int | None = None) -> list[Any]:
        """`Any`: whatever columns the story asks for."""
        table = columns[0].class_
        with self.runtime.reading(SERVICE) as unit:
            question = select(*columns).where(Case.uscc == self.uscc if case is None else Case.id == case)
            if table is not Case:
                question = question.join(Case, Case.id == table.case_id)
            return list(unit.db.execute(question.order_by(order if order is not None else Case.id)))


@pytest.fixture
def tell(make_runtime: Callable[..., Runtime]) -> Callable[..., Story]:
    """Begins a story on a day, in a town of its own; `book` is for places that decide otherwise."""

    def begin(day: str, *, uscc: str = "91220204MA00000151", book: Book | None = None) -> Story:
        clock = SettableClock(
            datetime.combine(date.fromisoformat(day), time(9), tzinfo=ZoneInfo("Asia/Shanghai"))
        )
        runtime = make_runtime(clock=clock, policies=book)
        found(runtime)
        return Story(runtime, clock, uscc)

    return begin
