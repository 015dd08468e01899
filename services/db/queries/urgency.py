"""How pressing an item is: overdue, due today, due soon, later, or without a day; and how many working days are left.

Soon is so many working days as the setting says (three, where nothing is said). A day whose year no calendar speaks for is counted with
Saturdays and Sundays off, and called provisional.
"""

from datetime import date, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Select, case, func, select

from services.clock import end_of_day
from services.db.models.casework import WorkItem
from services.runtime import Unit

Band = Literal["overdue", "today", "soon", "later", "none"]
BANDS: tuple[Band, ...] = get_args(Band)

#: As far as days are counted one by one; what lies further off is told by its day alone.
FARTHEST_DAYS = 120


class Urgency:
    """The bands of one day, by the calendar in force; made once a request."""

    def __init__(self, unit: Unit) -> None:
        calendar = unit.runtime.calendar(unit.db)
        self._knows, self._calendar = calendar.knows, calendar.guessing()
        self.today, self._zone = unit.today, unit.runtime.settings.zone
        self.soon_until = self._after(unit.runtime.settings.soon_working_days)

    def band(self, due: date | None) -> Band:
        """The band of an item that is due on that day, or on none."""
        if due is None:
            return "none"
        if due <= self.today:
            return "today" if due == self.today else "overdue"
        return "soon" if due <= self.soon_until else "later"

    def left(self, due: date | None) -> int | None:
        """Working days from today to the last one, today not counted; below nought when it is over. None where that is far off."""
        if due is None or abs((due - self.today).days) > FARTHEST_DAYS:
            return None
        first, last = sorted((self.today, due))
        days = sum(
            self._calendar.is_workday(first + timedelta(days=one))
            for one in range(1, (last - first).days + 1)
        )
        return days if due >= self.today else -days

    def is_provisional(self, due: date | None) -> bool:
        """Whether the days up to it were counted without the notice of its year."""
        return due is not None and not self._knows(due.year)

    def within(self, band: Band) -> ColumnElement[bool]:
        """The items of a band, as a condition."""
        return self._conditions(WorkItem.__table__.c.due_on)[band]

    def late(self, since: date) -> ColumnElement[bool]:
        """Of the items closed on or after that day, which is not long ago: those that were closed after their day."""
        columns, zone = WorkItem.__table__.c, self._zone
        days = [since + timedelta(days=one) for one in range((self.today - since).days + 1)]
        over = [(columns.closed_at < end_of_day(day, zone), columns.due_on < day) for day in days]
        return case(*over, else_=columns.due_on < self.today).is_(True)

    def counts_of(self, items: Select[Any]) -> Select[Any]:
        """How many of these items (which give their `due_on`) lie in each band; one row."""
        rows = items.subquery()
        found = self._conditions(rows.c.due_on)
        counted: list[Any] = [func.count(case((found[band], 1))).label(band) for band in BANDS]
        return select(*counted).select_from(rows)

    def _conditions(self, due: ColumnElement[Any]) -> dict[Band, ColumnElement[bool]]:
        return {
            "overdue": due < self.today,
            "today": due == self.today,
            "soon": (due > self.today) & (due <= self.soon_until),
            "later": due > self.soon_until,
            "none": due.is_(None),
        }

    def _after(self, working_days: int) -> date:
        day = self.today
        while working_days > 0:
            day += timedelta(days=1)
            working_days -= self._calendar.is_workday(day)
        return day
