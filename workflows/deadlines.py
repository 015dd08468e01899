"""When a legal span ends, and the lines that explain it: Civil Code Articles 200 to 204, one working calendar, no guess.

A deadline keeps its facts (start, span, pauses, extensions), so a new calendar can be laid under it at any time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from workflows.calendars.days import WorkCalendar
from workflows.counting import Count, weekday
from workflows.spans import Span
from workflows.words import Text


@dataclass(frozen=True, slots=True)
class Deadline:
    """A span running from a day. `due_on` is None while it is suspended, or while `unknown_year` has no calendar.

    `paused` holds (day suspended, day resumed) pairs; `extended` holds (span, reason) pairs in the order granted.
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

    @property
    def is_running(self) -> bool:
        return self.suspended_on is None


def start(start_on: date, span: Span, calendar: WorkCalendar, *, citation: str) -> Deadline:
    """A deadline that runs from the day after `start_on` (Art. 201: the day of the event does not count).

    >>> from workflows.calendars.days import published
    >>> start(date(2025, 9, 23), Span(15, "day"), published(), citation="民法典第203条").due_on
    datetime.date(2025, 10, 9)
    """
    bare = Deadline(start_on, span, citation, None, None, None, (), (), ())
    return recompute(bare, calendar)


def suspend(deadline: Deadline, on: date) -> Deadline:
    """The clock stands still from the end of `on`. A deadline already past stays past; the fact is kept."""
    if deadline.suspended_on is not None:
        raise ValueError(f"suspended since {deadline.suspended_on} already")
    if on < _latest(deadline):
        raise ValueError(f"cannot suspend on {on}: the clock stood otherwise until {_latest(deadline)}")
    lapsed = deadline.due_on is not None and deadline.due_on < on
    return replace(
        deadline,
        suspended_on=on,
        due_on=deadline.due_on if lapsed else None,
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
    count = Count(calendar, deadline.start_on, deadline.paused)
    count.run(deadline.span)
    for by, reason in deadline.extended:
        count.say(f"延长{by.words.zh}：{reason}", f"Extended by {by.words.en}: {reason}")
        count.run(by)
    count.conclude()
    count.say(f"依据：{deadline.citation}", f"Rule: {deadline.citation}")
    counted = replace(
        deadline,
        due_on=count.due_on,
        unknown_year=count.unknown_year,
        suspended_on=None,
        derivation=tuple(count.lines),
    )
    return counted if deadline.suspended_on is None else suspend(counted, deadline.suspended_on)


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
    }


def from_json(kept: Mapping[str, Any]) -> Deadline:
    """The deadline that `to_json` wrote down. `Any`: the shape was ours when it was kept."""
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
