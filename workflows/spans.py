"""A legal span: so many days, working days, months or years, and whether its last day moves off a rest day."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, cast, get_args

from workflows.words import Text

Unit = Literal["day", "workday", "month", "year"]

_LIMIT: dict[Unit, int] = {"day": 36_525, "workday": 25_000, "month": 1_200, "year": 100}
_WORDS: dict[Unit, Text] = {
    "day": Text("{n}日", "{n} day{s}"),
    "workday": Text("{n}个工作日", "{n} working day{s}"),
    "month": Text("{n}个月", "{n} month{s}"),
    "year": Text("{n}年", "{n} year{s}"),
}
_WRITTEN = re.compile(r"([1-9][0-9]{0,5}) (day|workday|month|year)s?( fixed)?")


@dataclass(frozen=True, slots=True)
class Span:
    """`roll` False means that the last day stays where it falls, rest day or not (written "30 day fixed").

    >>> str(Span.parse("5 workday")), str(Span.parse("30 day fixed"))
    ('5 workday', '30 day fixed')
    """

    amount: int
    unit: Unit
    roll: bool = True

    def __post_init__(self) -> None:
        if self.unit not in get_args(Unit):
            raise ValueError(f"{self.unit!r} is no unit of a span: day, workday, month or year")
        if not 1 <= self.amount <= _LIMIT[self.unit]:
            raise ValueError(f"a span of {self.amount} {self.unit} is not between 1 and {_LIMIT[self.unit]}")

    @classmethod
    @lru_cache(maxsize=1024)
    def parse(cls, written: str) -> "Span":
        """The span that `written` names, such as "30 day" or "1 month"; ValueError otherwise."""
        match = _WRITTEN.fullmatch(written.strip())
        if match is None:
            raise ValueError(f"{written!r} is no span: write 5 workday, 30 day, 1 month or 1 year")
        return cls(int(match[1]), cast(Unit, match[2]), roll=match[3] is None)

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}{'' if self.roll else ' fixed'}"

    @property
    def words(self) -> Text:
        return _WORDS[self.unit].filled(n=self.amount, s="" if self.amount == 1 else "s")

    def after(self, day: date) -> date:
        """The raw last day, counted from the day after `day`; months and years by Art. 202. Not for working days.

        >>> Span(1, "month").after(date(2026, 1, 31))
        datetime.date(2026, 2, 28)
        """
        if self.unit == "workday":
            raise ValueError("working days are counted on a calendar")
        if self.unit == "day":
            return day + timedelta(days=self.amount)
        return _corresponding(day, self._months)

    def before(self, day: date) -> date:
        """The day that lies the span ahead of `day`: the corresponding one, or the month's last. Not for working days.

        >>> Span(3, "month").before(date(2029, 5, 31))
        datetime.date(2029, 2, 28)
        """
        if self.unit == "workday":
            raise ValueError("working days are counted on a calendar")
        if self.unit == "day":
            return day - timedelta(days=self.amount)
        return _corresponding(day, -self._months)

    @property
    def _months(self) -> int:
        return self.amount * (12 if self.unit == "year" else 1)


def _corresponding(day: date, months: int) -> date:
    """The day of that number so many months on, or the last of a month that has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
