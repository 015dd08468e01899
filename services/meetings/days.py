"""On which day a place's joint meeting falls: the rule of its policy, moved off rest days and off the bodies' other meetings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from workflows.calendars.days import WorkCalendar
from workflows.policies.model import Policy

QUARTER_MONTHS = 3


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a year, 1 to 4."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter in which the day lies.

        >>> Quarter.of(date(2026, 11, 21))
        Quarter(year=2026, number=4)
        """
        return cls(day.year, (day.month - 1) // QUARTER_MONTHS + 1)

    @property
    def next(self) -> "Quarter":
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def first_day(self) -> date:
        return date(self.year, QUARTER_MONTHS * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        return self.next.first_day - timedelta(days=1)


def day_by_rule(quarter: Quarter, policy: Policy) -> date:
    """Such as the third Wednesday of the quarter's last month, whatever day that is."""
    month = quarter.first_day.month - 1 + policy.number("meeting.month")
    first = date(quarter.year, month, 1)
    to_weekday = (policy.number("meeting.weekday") - first.isoweekday()) % 7
    return first + timedelta(days=to_weekday + 7 * (policy.number("meeting.week") - 1))


def planned_day(
    quarter: Quarter, policy: Policy, calendar: WorkCalendar, taken: Callable[[date], bool]
) -> tuple[date, bool]:
    """The day, and whether it is provisional: in a year whose holiday notice is not out yet only the weekends are known.

    From the day by rule on the first that is worked and not taken, and none later than the quarter; else the last such day before.
    """
    by_rule = day_by_rule(quarter, policy)
    provisional = not calendar.knows(by_rule.year)
    known = calendar.guessing() if provisional else calendar
    later = (by_rule + timedelta(days=n) for n in range((quarter.last_day - by_rule).days + 1))
    earlier = (by_rule - timedelta(days=n) for n in range(1, (by_rule - quarter.first_day).days + 1))
    for day in (*later, *earlier):
        if known.is_workday(day) and not taken(day):
            return day, provisional
    raise ValueError(f"no day of {quarter} is both worked and free")
