"""Numbers that belong to a person: found in free text so that they are refused at the door, and hidden where they got in before.

This system needs none of them (CONDUCT 5.3; RELIABILITY S09).
"""

import re
import unicodedata

#: What stands in place of a value that is not shown.
MASK = "●●●"

_GAP = r"[ \-–.]?"
#: Six digits of a place, a birthday of the last two centuries, three digits and a check sign; typed in groups or at one go.
_IDENTITY = (
    r"(?<![0-9A-Za-z])[1-8](?:" + _GAP + r"[0-9]){5}"
    + _GAP + r"(?:1" + _GAP + r"9|2" + _GAP + r"0)(?:" + _GAP + r"[0-9]){2}"
    + _GAP + r"(?:0" + _GAP + r"[1-9]|1" + _GAP + r"[0-2])"
    + _GAP + r"(?:0" + _GAP + r"[1-9]|[12]" + _GAP + r"[0-9]|3" + _GAP + r"[01])"
    + r"(?:" + _GAP + r"[0-9]){3}" + _GAP + r"[0-9Xx](?![0-9A-Za-z])"
)  # fmt: skip
_MOBILE = r"(?<![0-9A-Za-z])(?:(?:\+|00)?86" + _GAP + r")?1[3-9](?:" + _GAP + r"[0-9]){9}(?![0-9A-Za-z])"
_NUMBER = re.compile(f"{_IDENTITY}|{_MOBILE}")


def has_number(text: str) -> bool:
    """Is there an identity card number or a mobile number in it, however it was typed?

    >>> has_number("电话138 0000 0000"), has_number("１１０１０５１９４９１２３１００２Ｘ")
    (True, True)
    >>> has_number("91220204MA00000151"), has_number("船工发〔2026〕1号"), has_number("2026-01-02")
    (False, False, False)
    """
    return _NUMBER.search(unicodedata.normalize("NFKC", text)) is not None


def without_numbers(text: str) -> str:
    """The text with such numbers hidden; text without any is given back as it is.

    >>> without_numbers("吉林路1号，电话13800000000")
    '吉林路1号，电话●●●'
    """
    hidden = _NUMBER.sub(MASK, text)
    return _NUMBER.sub(MASK, unicodedata.normalize("NFKC", hidden)) if has_number(hidden) else hidden
