"""The country's divisions (行政区划) with the years in which each code stood, read once from divisions.csv beside this file.

Provinces, cities and counties are those of GB/T 2260, present and past; towns only where the service is in use. Placeholders
such as 市辖区 and development zones are no divisions. Nothing here is written; see SOURCES.md.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal, cast

Level = Literal["province", "city", "county", "town"]


class UnknownDivision(LookupError):
    """No division, present or past, has this code."""


@dataclass(frozen=True, slots=True)
class Division:
    """One code under one name. The years are inclusive; None means before 1980, or still in force."""

    code: str
    name: str
    level: Level
    valid_from: int | None
    valid_to: int | None
    kind: str

    def stood(self, on: date) -> bool:
        """Whether the division was in force at some time in the year of `on`: sources give years, not days."""
        return (self.valid_from is None or self.valid_from <= on.year) and (
            self.valid_to is None or on.year <= self.valid_to
        )


def cut(code: str) -> str | None:
    """The 6 or 9 digits that matter of a 6-, 9- or 12-digit code; None if `code` has no such shape.

    >>> cut("220204102007"), cut("220204000000"), cut("2202")
    ('220204102', '220204', None)
    """
    if len(code) not in (6, 9, 12) or not (code.isascii() and code.isdigit()):
        return None
    return code[:6] if code[6:9] in ("", "000") else code[:9]


def find(code: str, on: date | None = None) -> Division | None:
    """The division that bore `code` on that day; without a day the present one, or else the last that bore it."""
    versions = _table().get(cut(code) or "", ())
    if on is None:
        return versions[-1] if versions else None
    for version in reversed(versions):
        if version.stood(on):
            return version
    return None


def below(code: str, on: date | None = None) -> list[Division]:
    """The divisions directly under `code` that stood on that day; without a day those in force now."""
    return [
        division
        for division in _children().get(cut(code) or "", ())
        if (division.valid_to is None if on is None else division.stood(on))
    ]


def full_name(code: str, on: date | None = None) -> str:
    """The name with all that stands above it, on that day; without a day now, or in the division's last year.

    >>> full_name("220204102")
    '吉林省吉林市船营区越北镇'
    """
    division = _required(code, on)
    return _full_name(division.code, division.valid_to if on is None else on.year)


def prefix(code: str) -> str:
    """What the codes of all divisions under `code` begin with, itself included; the nation's 000000 is the start of all.

    >>> prefix("000000"), prefix("220000"), prefix("220200"), prefix("220204"), prefix("220204102"), prefix("659001")
    ('', '22', '2202', '220204', '220204102', '659001')
    """
    digits = cut(code)
    if digits is None:
        raise UnknownDivision(code)
    if digits == "000000":
        return ""
    return (
        digits[:2] if digits.endswith("0000") else digits.removesuffix("00") if len(digits) == 6 else digits
    )


def level_of(code: str) -> Level:
    return _required(code, None).level


def above(code: str) -> str | None:
    """The code of the division directly over `code`, whether or not that one still stands; None over a province."""
    digits = cut(code) or ""
    if len(digits) == 9:
        return digits[:6]
    city, province = digits[:4] + "00", digits[:2] + "0000"
    if digits not in (city, province) and city in _table():
        return city
    return province if digits != province and province in _table() else None


def everything() -> list[Division]:
    """Every division in every version, by code and then by year."""
    return [version for versions in _table().values() for version in versions]


def _required(code: str, on: date | None) -> Division:
    division = find(code, on)
    if division is None:
        raise UnknownDivision(code)
    return division


@cache
def _full_name(code: str, year: int | None) -> str:
    on = None if year is None else date(year, 1, 1)
    division, upper = find(code, on) or find(code), above(code)
    name = division.name if division else ""
    return name if upper is None else _full_name(upper, year) + name


@cache
def _table() -> dict[str, tuple[Division, ...]]:
    versions = defaultdict[str, list[Division]](list)
    text = files(__package__).joinpath("divisions.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        since, until = (int(row[name]) if row[name] else None for name in ("valid_from", "valid_to"))
        division = Division(row["code"], row["name"], cast(Level, row["level"]), since, until, row["kind"])
        versions[division.code].append(division)
    return {
        code: tuple(sorted(found, key=lambda d: (d.valid_to or 9999, d.valid_from or 0)))
        for code, found in versions.items()
    }


@cache
def _children() -> dict[str, list[Division]]:
    children = defaultdict[str, list[Division]](list)
    for division in everything():
        if upper := above(division.code):
            children[upper].append(division)
    return dict(children)
