"""What an official paper is (公文): its form, the blanks that a person fills in, and what it may be drafted from.

A form is data, as a procedure is. How it looks on the sheet is the template's business (services/documents), never decided here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from workflows.definition import Facts, Field
from workflows.errors import LawError
from workflows.events import Scalar
from workflows.words import Text

#: How the sheet is laid out (GB/T 9704-2012): 文件格式, 信函格式 (10.1), 纪要格式 (10.3).
Layout: TypeAlias = Literal["document", "letter", "minutes"]
#: To whom a paper goes: up to the superior, down to the local body, across to the other side, to the enterprise, or as typed.
Towards: TypeAlias = Literal["superior", "local", "other_side", "union", "enterprise", "typed"]

#: What every sheet shows, whatever its form: the office fills these in itself.
OFFICE_BLANKS = ("organ", "number", "dated")


@dataclass(frozen=True, slots=True)
class Earlier:
    """A paper that is on file in the same proceeding."""

    kind: str
    label: str
    number: str


@dataclass(frozen=True, slots=True)
class Matter:
    """What a paper may be drafted from. `case` holds the whitelist of a cross-notice (services/notices/payload.py) and nothing else;
    `facts` is the writer's own drawer, and empty where the form is `whitelisted`. `table` is what a joint meeting has on record, by
    the blanks of its minutes."""

    about: str
    case: Mapping[str, Scalar]
    writer: str
    to: str
    today: date
    facts: Facts = field(default_factory=dict)
    earlier: tuple[Earlier, ...] = ()
    table: Facts = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.case.get("name") or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One kind of paper. `suffix` follows the body's own characters in the agency mark (机关代字): 船工 and 发 make 船工发.

    `drafts` fills in what is known; a person may change it all but what `settled` names, which no form shows. Of a `whitelisted`
    one nothing is typed at all: it crosses from one compartment to the other. `answerable`: a code on the sheet opens the page on
    which the enterprise confirms that it has it. `confirmed` names the questions that must be answered by yes.
    """

    name: str
    label: Text
    layout: Layout
    suffix: str
    kinds: frozenset[str]
    towards: Towards
    drafts: Callable[[Matter], Facts]
    fields: tuple[Field, ...] = ()
    settled: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    whitelisted: bool = False
    answerable: bool = False

    def __post_init__(self) -> None:
        free = [one.name for one in self.fields if one.kind == "text"]
        if self.whitelisted and free:
            raise LawError(
                f"form {self.name} crosses compartments, so nothing may be typed: {', '.join(free)}"
            )
        if len(set(self.blanks)) != len(self.blanks):
            raise LawError(f"form {self.name} names a blank twice, or one that is the office's own")

    @property
    def blanks(self) -> tuple[str, ...]:
        """Every name that a template of this form may show."""
        shown = (one.name for one in self.fields if one.kind != "yes_no")
        return (*OFFICE_BLANKS, *self.settled, *shown, *(("qr",) if self.answerable else ()))

    @property
    def needed(self) -> tuple[str, ...]:
        """The names that a template of this form must show: without them it would be no paper of this kind."""
        must = tuple(one.name for one in self.fields if one.required and one.kind != "yes_no")
        return (*OFFICE_BLANKS, *self.settled, *must)


def in_chinese(day: date) -> str:
    """The day as a paper bears it: Arabic numerals, no leading zero.

    >>> in_chinese(date(2026, 1, 5))
    '2026年1月5日'
    """
    return f"{day.year}年{day.month}月{day.day}日"


def number_of(mark: str, year: int, serial: int) -> str:
    """发文字号: the year in hollow brackets, the serial without padding and without 第.

    >>> number_of("船工发", 2026, 5)
    '船工发〔2026〕5号'
    """
    return f"{mark}〔{year}〕{serial}号"
