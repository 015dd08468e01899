"""Which day is a working day, read from the year tables beside this file: the holiday notices of the State Council.

A year without a table refuses. Nothing here guesses a holiday, and no library is asked.
"""

import hashlib
from collections.abc import Mapping
from copy import copy
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from workflows.calendars.years import SATURDAY, YearTable, read_year
from workflows.words import Text

WEEKEND = (Text("周六", "Saturday"), Text("周日", "Sunday"))


class UnknownYear(Exception):
    """No table is loaded for `year`, so the question about one of its days has no answer."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.text = Text(
            f"尚未载入{year}年的节假日安排，不能推算。请导入该年日历。",
            f"No holiday table for {year} is loaded, so nothing is computed. Import that year's calendar.",
        )
        super().__init__(self.text.en)


class WorkCalendar:
    """Several year tables read as one calendar; where two speak of the same December day, the later notice wins."""

    __slots__ = ("_digest", "_guesses", "_rest", "_tables", "_work")

    def __init__(self, tables: Mapping[int, YearTable]) -> None:
        self._guesses = False
        self._tables = dict(sorted(tables.items()))
        self._rest: dict[date, Text] = {}
        self._work: set[date] = set()
        for year, table in self._tables.items():
            if year != table.year:
                raise ValueError(f"the table of {table.year} is filed under {year}")
            for day in table.work:
                self._rest.pop(day, None)
            self._work.difference_update(table.rest)
            self._rest.update(table.rest)
            self._work.update(table.work)
        self._digest = hashlib.sha256("\n".join(self._lines()).encode()).hexdigest()[:12]

    @property
    def tables(self) -> Mapping[int, YearTable]:
        return MappingProxyType(self._tables)

    @property
    def digest(self) -> str:
        """Twelve characters that change whenever an answer of this calendar, or its source, may change."""
        return self._digest

    def knows(self, year: int) -> bool:
        return year in self._tables

    def is_workday(self, day: date) -> bool:
        """Whether people work on `day`. Raises UnknownYear where no table speaks for the day's year."""
        if day.year not in self._tables and not self._guesses:
            raise UnknownYear(day.year)
        if day in self._work:
            return True
        return day.weekday() < SATURDAY and day not in self._rest

    def is_makeup(self, day: date) -> bool:
        """Whether `day` is a Saturday or Sunday worked to make up for a holiday (调休上班日)."""
        return day in self._work

    def why_rest(self, day: date) -> Text | None:
        """The holiday or weekend day that `day` is; None when people work. Raises UnknownYear like `is_workday`."""
        if self.is_workday(day):
            return None
        return self._rest.get(day) or WEEKEND[day.weekday() - SATURDAY]

    def with_year(self, table: YearTable) -> "WorkCalendar":
        """A calendar in which `table` stands for its year, replacing any table it had."""
        return WorkCalendar({**self._tables, table.year: table})

    def guessing(self) -> "WorkCalendar":
        """The same tables, but in a year without one only Saturdays and Sundays are off. What it says must be called provisional."""
        guess = copy(self)
        guess._guesses = True
        return guess

    def _lines(self) -> list[str]:
        lines = []
        for year, table in self._tables.items():
            lines.append(f"{year} {table.source} {'provisional' if table.provisional else 'published'}")
            lines += [f"- {day} {table.rest[day].zh} {table.rest[day].en}" for day in sorted(table.rest)]
            lines += [f"+ {day}" for day in sorted(table.work)]
        return lines

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, WorkCalendar)
            and self._digest == other._digest
            and self._guesses == other._guesses
        )

    def __hash__(self) -> int:
        return hash(self._digest)

    def __repr__(self) -> str:
        return f"WorkCalendar({', '.join(map(str, self._tables))}; {self._digest})"


@cache
def published() -> WorkCalendar:
    """The calendar of every year whose notice ships with the house."""
    tables = [
        read_year(entry.read_text(encoding="utf-8"))
        for entry in files(__package__).iterdir()
        if entry.name.startswith("cn-") and entry.name.endswith(".toml")
    ]
    return WorkCalendar({table.year: table for table in tables})
