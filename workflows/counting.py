"""The count of one deadline, day by day on a calendar, saying each thing it does in two languages.

Days, months and years by Civil Code Articles 201 to 203; working days one by one. A suspension stops the count from the
end of the day it is ordered until the end of the day it is lifted.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from workflows.calendars.days import UnknownYear, WorkCalendar
from workflows.spans import Span
from workflows.words import Text

_DAY = timedelta(days=1)
_ZH = "一二三四五六日"
_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Count:
    """Spans run one after the other from an excluded day; `due_on` is the last day so far, if it can be known.

    An `exact` count ends on its very day, so in natural days, months and years it asks no calendar at all.
    """

    def __init__(
        self,
        calendar: WorkCalendar,
        start_on: date,
        paused: Iterable[tuple[date, date]],
        *,
        exact: bool = False,
    ) -> None:
        self.due_on: date | None = None
        self.unknown_year: int | None = None
        self.lines: list[Text] = []
        self._calendar = calendar
        self._exact = exact
        self._cursor = start_on
        self._pauses = list(paused)
        self._years: set[int] = set()

    def say(self, zh: str, en: str) -> None:
        self.lines.append(Text(zh, en))

    def run(self, span: Span) -> None:
        """`span` runs on from where the count stands. Once a year is unknown, nothing more is counted."""
        if self.unknown_year is not None:
            return
        if self._exact:
            span = replace(span, roll=False)
        zh, en = weekday(self._cursor)
        first = self._cursor + _DAY
        self.say(
            f"{zh}当日不计，自次日{first}起算{span.words.zh}",
            f"{en} itself does not count; {span.words.en} from {first}",
        )
        try:
            self._cursor = self._working_days(span) if span.unit == "workday" else self._natural_days(span)
        except UnknownYear as unknown:
            self.due_on, self.unknown_year = None, unknown.year
            self.lines.append(unknown.text)
        else:
            self.due_on = self._cursor

    def bring_forward(self, by: Span) -> None:
        """What falls due ahead of the end. That day stays where it lies: moved on, it would leave less time than meant."""
        if self.due_on is None:
            return
        end = self.due_on
        try:
            self.due_on = (
                self._working_days_before(end, by.amount) if by.unit == "workday" else by.before(end)
            )
        except UnknownYear as unknown:
            self.due_on, self.unknown_year = None, unknown.year
            self.lines.append(unknown.text)
            return
        if by.unit in ("month", "year") and self.due_on.day != end.day:
            self._say_clamped(self.due_on, end.day)
        (end_zh, end_en), (zh, en) = weekday(end), weekday(self.due_on)
        self.say(f"自{end_zh}往前推{by.words.zh}：{zh}", f"{by.words.en} ahead of {end_en}: {en}")

    def conclude(self, provisional_on: date | None = None) -> None:
        """The last day, or that it is unknown with what the weekends alone would make of it; and the calendar it rests on."""
        if self.due_on is None:
            self.say("届满日：未知", "Last day: unknown")
            if provisional_on is not None:
                zh, en = weekday(provisional_on)
                self.say(
                    f"暂定{zh}：未公布的年份只扣除周末，公布并导入后重新推算",
                    f"Provisional: {en}, with weekends alone in the unannounced year; counted again once it is imported",
                )
        else:
            zh, en = weekday(self.due_on)
            self.say(f"届满日：{zh}", f"Last day: {en}")
            if self._exact and not self._years:
                return
            if self.due_on.month == 12 and not self._calendar.knows(self.due_on.year + 1):
                self.say(
                    f"{self.due_on.year + 1}年的放假通知尚未载入，可能改动本年12月的工作日",
                    f"The notice for {self.due_on.year + 1} is not loaded yet and may change working days of this December",
                )
        tables = self._calendar.tables
        for table in (tables[year] for year in sorted(self._years & tables.keys())):
            mark_zh, mark_en = ("（暂定）", " (provisional)") if table.provisional else ("", "")
            self.say(
                f"日历{table.year}{mark_zh}：{table.source}",
                f"Calendar {table.year}{mark_en}: {table.source}",
            )
        self.say(f"日历摘要：{self._calendar.digest}", f"Calendar digest: {self._calendar.digest}")

    def _natural_days(self, span: Span) -> date:
        raw = span.after(self._cursor)
        if span.unit != "day" and raw.day != self._cursor.day:
            self._say_clamped(raw, self._cursor.day)
        zh, en = weekday(raw)
        self.say(f"按日历届满于{zh}", f"By the calendar it ends on {en}")
        while self._pauses:
            stopped, again = self._pauses[0]
            if stopped > raw and self._rolled(raw, span)[0] < stopped:
                break
            del self._pauses[0]
            left = max((raw - stopped).days, 0)
            raw = again + timedelta(days=left)
            self._say_pause(stopped, again, f"余{left}日", f"{left} days left")
        day, rests = self._rolled(raw, span)
        if rests:
            self._say_rolled(raw, day, rests)
        elif self._exact:
            self.say(
                "此期限就在当日届满：遇休息日不顺延，企业歇业时也照常计算",
                "This term ends on its very day: no rest day moves it, and it runs on while the enterprise is suspended",
            )
        elif not span.roll:
            self.say("此期限遇休息日不顺延", "This span stays where it ends, rest day or not")
        elif self._calendar.is_makeup(day):
            zh, en = weekday(day)
            self.say(f"{zh}为调休上班日，按工作日计", f"{en} is a make-up working day and counts as one")
        return day

    def _working_days(self, span: Span) -> date:
        day, left = self._cursor, span.amount
        skipped: list[Text] = []
        makeup: list[date] = []
        while left:
            if self._pauses and day >= self._pauses[0][0]:
                stopped, day = self._pauses.pop(0)
                self._say_pause(stopped, day, f"余{left}个工作日", f"{left} working days left")
                continue
            day += _DAY
            if reason := self._why_rest(day):
                skipped.append(reason)
            else:
                left -= 1
                if self._calendar.is_makeup(day):
                    makeup.append(day)
        if skipped:
            names = _unique(skipped)
            self.say(
                f"扣除休息日{len(skipped)}天：{'、'.join(n.zh for n in names)}",
                f"{len(skipped)} rest days left out: {', '.join(n.en for n in names)}",
            )
        if makeup:
            days = [weekday(one) for one in makeup]
            self.say(
                f"调休上班日计为工作日：{'、'.join(zh for zh, _ in days)}",
                f"Make-up working days counted: {', '.join(en for _, en in days)}",
            )
        while self._pauses and self._pauses[0][0] <= day:
            stopped, again = self._pauses.pop(0)
            self._say_pause(
                stopped,
                again,
                "期限最后一日中止，恢复日即为期末",
                "stopped on its last day, which becomes this one",
            )
            day, rests = self._rolled(again, span)
            if rests:
                self._say_rolled(again, day, rests)
        return day

    def _working_days_before(self, end: date, left: int) -> date:
        day = end
        while left:
            day -= _DAY
            left -= 0 if self._why_rest(day) else 1
        return day

    def _rolled(self, raw: date, span: Span) -> tuple[date, list[Text]]:
        """Art. 203: a last day that is a rest day gives way to the next working day."""
        day, rests = raw, list[Text]()
        while span.roll and (reason := self._why_rest(day)):
            rests.append(reason)
            day += _DAY
        return day, _unique(rests)

    def _why_rest(self, day: date) -> Text | None:
        self._years.add(day.year)
        return self._calendar.why_rest(day)

    def _say_clamped(self, day: date, wanted: int) -> None:
        self.say(
            f"{day.year}年{day.month}月没有{wanted}日，以月末为期",
            f"{day.year}-{day.month:02} has no day {wanted}: its last day stands",
        )

    def _say_rolled(self, raw: date, day: date, rests: list[Text]) -> None:
        (raw_zh, raw_en), (zh, en) = weekday(raw), weekday(day)
        self.say(
            f"{raw_zh}遇{'、'.join(r.zh for r in rests)}，顺延至其后首个工作日{zh}",
            f"{raw_en} meets {', '.join(r.en for r in rests)}: moved to the next working day, {en}",
        )

    def _say_pause(self, stopped: date, again: date, left_zh: str, left_en: str) -> None:
        (stopped_zh, stopped_en), (again_zh, again_en) = weekday(stopped), weekday(again)
        self.say(
            f"{stopped_zh}中止，{again_zh}恢复，自次日起续算：{left_zh}",
            f"Suspended on {stopped_en}, resumed on {again_en}, running on from the next day: {left_en}",
        )


def weekday(day: date) -> tuple[str, str]:
    """`day` with its weekday, in Chinese and in English."""
    return f"{day}（周{_ZH[day.weekday()]}）", f"{_EN[day.weekday()]} {day}"


def _unique(texts: Iterable[Text]) -> list[Text]:
    return list(dict.fromkeys(texts))
