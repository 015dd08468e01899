"""When a legal span ends, and the lines that explain it: Civil Code Articles 200 to 204, one working calendar, no guess.

A deadline keeps its facts (start, span, pauses, extensions), so a new calendar can be laid under it at any time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from workflows.calendars.days import WorkCalendar
from workflows.counting import Count, weekday
from workflows.spans import Span
from workflows.words import Text


@dataclass(frozen=True, slots=True)
class Deadline:
    """A span running from a day. `due_on` is None while it is suspended, or while `unknown_year` has no calendar.

    `paused` holds (day suspended, day resumed) pairs; `extended` holds (span, reason) pairs in the order granted.
    `ahead`: it falls due so much before the end of all that. `exact`: it ends on its very day, and does not stand still
    when the enterprise suspends operation (歇业): officers stay in office then, and a day that a person has set is that day.
    `citation` is the rule, 中文 / English. `recorded_on` is the day on which it was put on file, where it counts from an earlier one. `provisional_on` is what the
    weekends alone would make of a last day in an unannounced year; nothing fires on it.
    """

    start_on: date
    span: Span
    citation: str
    due_on: date | None
    unknown_year: int | None
    suspended_on: date | None
    paused: tuple[tuple[date, date], ...]
    extended: tuple[tuple[Span, str], ...]
    derivation: tuple[Text, ...]
    ahead: Span | None = None
    exact: bool = False
    recorded_on: date | None = None
    provisional_on: date | None = None

    @property
    def is_running(self) -> bool:
        return self.suspended_on is None


def start(
    start_on: date,
    span: Span,
    calendar: WorkCalendar,
    *,
    citation: str,
    ahead: Span | None = None,
    exact: bool = False,
    recorded_on: date | None = None,
) -> Deadline:
    """A deadline that runs from the day after `start_on` (Art. 201: the day of the event does not count).

    >>> from workflows.calendars.days import published
    >>> start(date(2025, 9, 23), Span(15, "day"), published(), citation="民法典第203条").due_on
    datetime.date(2025, 10, 9)
    """
    recorded_on = None if recorded_on == start_on else recorded_on
    bare = Deadline(start_on, span, citation, None, None, None, (), (), (), ahead, exact, recorded_on)
    return _begun_alike(bare, calendar)


@lru_cache(maxsize=4096)
def _begun_alike(bare: Deadline, calendar: WorkCalendar) -> Deadline:
    """What begins on one day with the same span ends alike, in however many cases: it is counted once."""
    return recompute(bare, calendar)


def suspend(deadline: Deadline, on: date) -> Deadline:
    """The clock stands still from the end of `on`. A deadline already past stays past; the fact is kept.

    An exact one is returned as it is: it runs on.
    """
    if deadline.exact:
        return deadline
    if deadline.suspended_on is not None:
        raise ValueError(f"suspended since {deadline.suspended_on} already")
    if on < _latest(deadline):
        raise ValueError(f"cannot suspend on {on}: the clock stood otherwise until {_latest(deadline)}")
    lapsed = deadline.due_on is not None and deadline.due_on < on
    return replace(
        deadline,
        suspended_on=on,
        due_on=deadline.due_on if lapsed else None,
        provisional_on=None,
        derivation=(*deadline.derivation, _standing_still(on, lapsed=lapsed)),
    )


def resume(deadline: Deadline, on: date, calendar: WorkCalendar) -> Deadline:
    """What was left on the day of suspension runs again from the day after `on`."""
    if deadline.suspended_on is None:
        raise ValueError("this deadline is not suspended")
    if on < deadline.suspended_on:
        raise ValueError(f"cannot resume on {on}: suspended on {deadline.suspended_on}")
    paused = (*deadline.paused, (deadline.suspended_on, on))
    return recompute(replace(deadline, suspended_on=None, paused=paused), calendar)


def extend(deadline: Deadline, by: Span, reason: str, calendar: WorkCalendar) -> Deadline:
    """`by` runs on from the last day of the span before it, and `reason` is kept with it."""
    if not reason.strip():
        raise ValueError("an extension needs its reason")
    return recompute(replace(deadline, extended=(*deadline.extended, (by, reason))), calendar)


def recompute(deadline: Deadline, calendar: WorkCalendar) -> Deadline:
    """The same facts under `calendar`. Doing it twice changes nothing more."""
    count = _counted(deadline, calendar)
    provisional_on = None
    if count.unknown_year is not None:
        provisional_on = _counted(deadline, calendar.guessing()).due_on
    count.conclude(provisional_on)
    rule = Text.read(deadline.citation)
    count.say(f"依据：{rule.zh}", f"Rule: {rule.en}")
    counted = replace(
        deadline,
        due_on=count.due_on,
        unknown_year=count.unknown_year,
        suspended_on=None,
        derivation=tuple(count.lines),
        provisional_on=provisional_on,
    )
    return counted if deadline.suspended_on is None else suspend(counted, deadline.suspended_on)


def _counted(deadline: Deadline, calendar: WorkCalendar) -> Count:
    count = Count(calendar, deadline.start_on, deadline.paused, exact=deadline.exact)
    if deadline.recorded_on is not None:
        (day_zh, day_en), (zh, en) = weekday(deadline.start_on), weekday(deadline.recorded_on)
        count.say(
            f"{zh}登记，按登记的日期{day_zh}起算",
            f"Put on file on {en}; it counts from the day on record, {day_en}",
        )
    count.run(deadline.span)
    for by, reason in deadline.extended:
        count.say(f"延长{by.words.zh}：{reason}", f"Extended by {by.words.en}: {reason}")
        count.run(by)
    if deadline.ahead is not None:
        count.bring_forward(deadline.ahead)
    return count


def to_json(deadline: Deadline) -> dict[str, Any]:
    """Plain values that `from_json` turns back into an equal deadline."""
    return {
        "start_on": deadline.start_on.isoformat(),
        "span": str(deadline.span),
        "citation": deadline.citation,
        "due_on": deadline.due_on and deadline.due_on.isoformat(),
        "unknown_year": deadline.unknown_year,
        "suspended_on": deadline.suspended_on and deadline.suspended_on.isoformat(),
        "paused": [[stopped.isoformat(), again.isoformat()] for stopped, again in deadline.paused],
        "extended": [[str(by), reason] for by, reason in deadline.extended],
        "derivation": [line.as_dict() for line in deadline.derivation],
        "ahead": deadline.ahead and str(deadline.ahead),
        "exact": deadline.exact,
        "recorded_on": deadline.recorded_on and deadline.recorded_on.isoformat(),
        "provisional_on": deadline.provisional_on and deadline.provisional_on.isoformat(),
    }


def from_json(kept: Mapping[str, Any]) -> Deadline:
    """The deadline that `to_json` wrote down; what older rows do not have yet stands at its default.

    `Any`: the shape was ours when it was kept.
    """
    return Deadline(
        start_on=date.fromisoformat(kept["start_on"]),
        span=Span.parse(kept["span"]),
        citation=kept["citation"],
        due_on=_day(kept["due_on"]),
        unknown_year=kept["unknown_year"],
        suspended_on=_day(kept["suspended_on"]),
        paused=tuple(
            (date.fromisoformat(stopped), date.fromisoformat(again)) for stopped, again in kept["paused"]
        ),
        extended=tuple((Span.parse(by), reason) for by, reason in kept["extended"]),
        derivation=tuple(Text(line["zh"], line["en"]) for line in kept["derivation"]),
        ahead=Span.parse(kept["ahead"]) if kept.get("ahead") else None,
        exact=kept.get("exact", False),
        recorded_on=_day(kept.get("recorded_on")),
        provisional_on=_day(kept.get("provisional_on")),
    )


def _day(word: str | None) -> date | None:
    return None if word is None else date.fromisoformat(word)


def _latest(deadline: Deadline) -> date:
    return deadline.paused[-1][1] if deadline.paused else deadline.start_on


def _standing_still(on: date, *, lapsed: bool) -> Text:
    zh, en = weekday(on)
    if lapsed:
        return Text(
            f"{zh}中止时期限已经届满，不再影响届满日",
            f"Suspended on {en}, after the last day: no effect on it",
        )
    return Text(
        f"{zh}起中止，恢复后继续计算余下的期间", f"Suspended on {en}; what is left runs on after resumption"
    )
