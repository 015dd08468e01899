"""One year's holiday notice as a table, and the TOML text in which an administrator writes it down.

Nothing here computes a day: `days.py` does, from these tables alone.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from workflows.words import Text

SATURDAY = 5
_NAMES = {
    name.zh: name
    for name in (
        Text("元旦", "New Year's Day"),
        Text("春节", "Spring Festival"),
        Text("清明节", "Qingming Festival"),
        Text("劳动节", "Labour Day"),
        Text("端午节", "Dragon Boat Festival"),
        Text("中秋节", "Mid-Autumn Festival"),
        Text("国庆节", "National Day"),
    )
}


class CalendarFault(ValueError):
    """A calendar file that cannot be accepted; `text` says what to mend."""

    def __init__(self, zh: str, en: str) -> None:
        self.text = Text(zh, en)
        super().__init__(en)


@dataclass(frozen=True)
class YearTable:
    """What one year's notice says: named days off, make-up working days, and the notice itself.

    A notice may reach back into the December before (New Year's bridge days), never further.
    """

    year: int
    rest: Mapping[date, Text] = field(hash=False)
    work: frozenset[date]
    source: str
    provisional: bool = False

    def __post_init__(self) -> None:
        if not self.source.strip():
            raise CalendarFault(
                "请写明依据的通知（source）。", "Name the notice the table rests on (source)."
            )
        for day in (*self.rest, *self.work):
            if not (day.year == self.year or (day.year == self.year - 1 and day.month == 12)):
                raise CalendarFault(
                    f"{day} 不属于{self.year}年，也不在上一年12月。",
                    f"{day} belongs neither to {self.year} nor to the December before.",
                )
        for day in sorted(self.work):
            if day in self.rest:
                raise CalendarFault(
                    f"{day} 既放假又上班。", f"{day} is listed both as a day off and as a working day."
                )
            if day.weekday() < SATURDAY:
                raise CalendarFault(
                    f"{day} 不是周六、周日，不能列为调休上班日。",
                    f"{day} is no Saturday or Sunday, so it cannot be a make-up working day.",
                )
        object.__setattr__(self, "rest", MappingProxyType(dict(self.rest)))


def read_year(text: str) -> YearTable:
    """The year table that a TOML text declares. Raises CalendarFault, a ValueError, with one clear sentence."""
    try:
        content = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise CalendarFault(f"不是合法的TOML文件：{error}", f"Not valid TOML: {error}") from error
    if unknown := sorted(content.keys() - {"year", "source", "provisional", "rest", "work"}):
        raise CalendarFault(
            f"不认识的栏目：{'、'.join(unknown)}。", f"Unknown entries: {', '.join(unknown)}."
        )
    year, source = content.get("year"), content.get("source")
    if type(year) is not int or not 1949 < year < 2200:
        raise CalendarFault("缺少年份，应写作 year = 2027。", "The year is missing; write year = 2027.")
    if not isinstance(source, str):
        raise CalendarFault("请写明依据的通知（source）。", "Name the notice the table rests on (source).")
    provisional = content.get("provisional", False)
    if not isinstance(provisional, bool):
        raise CalendarFault("provisional 只能是 true 或 false。", "provisional must be true or false.")
    rest = content.get("rest")
    if not isinstance(rest, dict) or not rest:
        raise CalendarFault("没有列出放假日（[rest]）。", "No days off are listed ([rest]).")
    work = content.get("work", {})
    days = work.get("days", []) if isinstance(work, dict) and work.keys() <= {"days"} else None
    if not isinstance(days, list) or not all(
        isinstance(d, date) and not isinstance(d, datetime) for d in days
    ):
        raise CalendarFault(
            "[work] 应写作 days = [2027-02-06]。", "[work] must read days = [2027-02-06], with plain dates."
        )
    if len(set(days)) != len(days):
        raise CalendarFault("调休上班日有重复。", "A make-up working day is listed twice.")
    return YearTable(
        year=year,
        rest={_day(key): _name(key, name) for key, name in rest.items()},
        work=frozenset(days),
        source=source,
        provisional=provisional,
    )


def _day(key: str) -> date:
    try:
        return date.fromisoformat(key)
    except ValueError as error:
        raise CalendarFault(
            f"“{key}”不是存在的日期，应写作 2027-10-01。", f"“{key}” is no real date; write 2027-10-01."
        ) from error


def _name(key: str, name: object) -> Text:
    match name:
        case {"zh": str(zh), "en": str(en), **other} if zh and en and not other:
            return Text(zh, en)
        case str(zh) if zh in _NAMES:
            return _NAMES[zh]
    raise CalendarFault(
        f'{key} 的名称应写作 {{ zh = "国庆节", en = "National Day" }}。',
        f'The name of {key} must read {{ zh = "国庆节", en = "National Day" }}.',
    )
