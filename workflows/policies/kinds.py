"""What kinds of values there are, and whether a place's value may stand where the nation's stands."""

import re

from workflows.policies.bands import Bands
from workflows.policies.model import Setting, Value
from workflows.spans import Span
from workflows.words import Text

_FLAG = Text("true 或 false", "true or false")
_NUMBER = Text("数字", "a number")
_WORDS = Text("词的列表", "a list of words")
_BANDS = Text("分段表，如 [[25, 1, 1], [0, 3, 7]]", "a table of bands such as [[25, 1, 1], [0, 3, 7]]")
_SHARE = Text("分数，如 2/3", "a share such as 2/3")
_NATURAL = Text("按日、月、年计的期限，不能按工作日", "a span in days, months or years, not in working days")
_SPAN = Text("none 或期限，如 30 day", "none or a span such as 30 day")
_WORD = Text("词", "a word")


#: Spans that are counted backwards, or compared with the calendar of nature: there working days mean nothing.
WITHOUT_CALENDAR = frozenset(
    {
        "union.opinion.after",
        "campaign.idle",
        "legal.renew_window",
        "term.completion_max",
        "term.union.remind",
        "term.union.extension_max",
        "term.party.remind",
        "term.party.extension_max",
    }
)


def misfit(national: Setting, value: Value) -> Text | None:
    """Why this value cannot stand for the nation's; None means that it can."""
    if national.choices is None:
        wanted = kind(national.value)
        if kind(value) != wanted:
            return _must_be(wanted)
        in_workdays = national.key in WITHOUT_CALENDAR and isinstance(value, str) and "workday" in value
        return _must_be(_NATURAL) if in_workdays else None
    if isinstance(value, str) and (value in national.choices or not national.choices):
        return None
    allowed = ", ".join(national.choices)
    return _must_be(Text(f"其中之一：{allowed}", f"one of {allowed}") if national.choices else _WORD)


def kind(value: Value) -> Text:
    """The kind of a value, in words."""
    if isinstance(value, bool):
        return _FLAG
    if isinstance(value, int):
        return _NUMBER
    if isinstance(value, tuple):
        return _WORDS
    if isinstance(value, Bands):
        return _BANDS
    if re.fullmatch(r"[0-9]+/[1-9][0-9]*", value):
        return _SHARE
    return _SPAN if value == "none" or _is_span(value) else _WORD


def _must_be(wanted: Text) -> Text:
    return Text(f"应为{wanted.zh}", f"must be {wanted.en}")


def _is_span(value: str) -> bool:
    try:
        Span.parse(value)
    except ValueError:
        return False
    return True
