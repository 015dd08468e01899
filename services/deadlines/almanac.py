"""The calendar a process works with: the shipped years, and over them those an administrator has imported."""

from time import monotonic

from sqlalchemy import Connection, select

from services.db.models.paper import CalendarYear
from workflows.calendars.days import WorkCalendar, published
from workflows.calendars.years import read_year

FRESH_FOR = 5.0

_imports = 0


def read_again() -> None:
    """No almanac of this process trusts what it read before."""
    global _imports
    _imports += 1


class Almanac:
    """Read again when five seconds old, or after an import here.

    What another process begins meanwhile under the old calendar, housekeeping counts again."""

    def __init__(self) -> None:
        self._read_at = float("-inf")
        self._read_after = _imports
        self._calendar = published()
        self._imported: dict[int, str] = {}

    def calendar(self, db: Connection, *, now: bool = False) -> WorkCalendar:
        """The calendar in force, at most five seconds old."""
        if now or self._read_after != _imports or monotonic() - self._read_at > FRESH_FOR:
            self._read_after = _imports
            sheets = {
                row.year: row.sheet for row in db.execute(select(CalendarYear.year, CalendarYear.sheet))
            }
            if sheets != self._imported:
                calendar = published()
                for sheet in sheets.values():
                    calendar = calendar.with_year(read_year(sheet))
                self._calendar, self._imported = calendar, sheets
            self._read_at = monotonic()
        return self._calendar
