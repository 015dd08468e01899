"""What a word from outside may hold, however it came: nothing that hides, breaks, or reads as two things (RELIABILITY 4.9)."""

import re
import unicodedata
from datetime import UTC, date, datetime

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_OURS = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,59}")

#: Control characters, halves of a surrogate pair, and the marks that hide or turn a line around.
_HIDDEN = frozenset({"Cc", "Cs", "Cf"})


def is_plain(value: str) -> bool:
    """No control characters (but line breaks), no direction marks, no lone surrogates: nothing that can hide or break.

    >>> is_plain("越北镇\\n联合工会"), is_plain("a\\u202eb"), is_plain("a\\x00")
    (True, False, False)
    """
    return value.isprintable() or all(
        char in "\n\r\t" or unicodedata.category(char) not in _HIDDEN for char in value
    )


def is_line(value: str) -> bool:
    """Plain, and on one line: what a name, a number or an attribute must be.

    >>> is_line("越北镇"), is_line("越北镇\\n"), is_line("a\\u2028b")
    (True, False, False)
    """
    return value.isprintable() or not any(
        unicodedata.category(char) in _HIDDEN or unicodedata.category(char) in ("Zl", "Zp") for char in value
    )


def composed(value: str, longest: int) -> str:
    """The same text in the one form in which it is kept and compared (NFC). What has more than `longest` code points is given
    back as it came, for the reader to refuse: a row of marks takes its length squared to compose.

    >>> composed("e\\u0301", 2), len(composed("e\\u0301", 1))
    ('é', 2)
    """
    return value if value.isascii() or len(value) > longest else unicodedata.normalize("NFC", value)


def day_of(value: str) -> date | None:
    """The day, if it is a real one written as we write it; 20190102 and 2019-W01-1 name days too, but not so.

    >>> day_of("2019-01-02"), day_of("2019-02-30"), day_of("2019-W01-1")
    (datetime.date(2019, 1, 2), None, None)
    """
    try:
        return date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except ValueError:
        return None


def moment_of(value: str) -> datetime | None:
    """The instant of an RFC 3339 time, in UTC; None for any other way of writing, and outside the calendar.

    >>> moment_of("2019-01-02T09:30:00+08:00")
    datetime.datetime(2019, 1, 2, 1, 30, tzinfo=datetime.timezone.utc)
    >>> moment_of("2019-01-02"), moment_of("0001-01-01T00:00:00+08:00")
    (None, None)
    """
    try:
        return datetime.fromisoformat(value).astimezone(UTC) if _MOMENT.fullmatch(value) else None
    except (ValueError, OverflowError):
        return None


def said_back(name: str) -> str:
    """A name that a sender made up, as a fault may repeat it: one that could be ours as it is, any other as "?".

    >>> said_back("headcuont"), said_back("11010519491231002X"), said_back("张三")
    ('headcuont', '?', '?')
    """
    return name if _OURS.fullmatch(name) else "?"
