"""The calendar a process works with: the shipped years, and over them the years an administrator has imported."""

from time import monotonic

from sqlalchemy import Connection, select

from services.db.models.paper import CalendarYear
from workflows.calendars.days import WorkCalendar, published
from workflows.calendars.years import read_year

FRESH_FOR = 5.0


class Almanac:
    """Read again when five seconds old; an import elsewhere recomputes open deadlines itself, so nothing is missed."""

    def __init__(self) -> None:
        self._read_at = float("-inf")
        self._calendar = published()
        self._imported: dict[int, str] = {}

    def calendar(self, db: Connection, *, now: bool = False) -> WorkCalendar:
        if now or monotonic() - self._read_at > FRESH_FOR:
            sheets = {row.year: row.sheet for row in db.execute(select(CalendarYear.year, CalendarYear.sheet))}
            if sheets != self._imported:
                calendar = published()
                for sheet in sheets.values():
                    calendar = calendar.with_year(read_year(sheet))
                self._calendar, self._imported = calendar, sheets
            self._read_at = monotonic()
        return self._calendar
