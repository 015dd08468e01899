"""Where an enterprise belongs: the division its office states, else its code's, else what its address plainly names.

Never a guess. What cannot be placed comes back without a division and with the reason, for a person to decide (待分派).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from services.directory.divisions import Division, below, cut, find, full_name, prefix
from services.directory.naming import named
from workflows.words import Text

#: Enterprises registered before this day were given their codes from it on (国发〔2015〕33号), under the divisions of then.
CODES_BEGAN = date(2015, 10, 1)


@dataclass(frozen=True, slots=True)
class Placing:
    """A division's code, or None with the reason. `fault` is set only where the stated division does not exist."""

    division: str | None
    reason: Text
    fault: str | None = None

    @property
    def is_triage(self) -> bool:
        return self.division is None and self.fault is None


def know_the_places() -> None:
    """The tables of divisions and of their names are read now, and not when the first event comes."""
    below("220000")
    named("吉林省吉林市船营区")


@lru_cache(maxsize=4096)  # an event's place is asked for when it comes in and when it is applied
def place(uscc: str, stated: str | None, address: str | None, registered_on: date) -> Placing:
    """The division of the enterprise with this (normal) code, as far as the papers say it."""
    days = (registered_on,) if registered_on >= CODES_BEGAN else (registered_on, CODES_BEGAN)
    if stated is not None and (stated := stated.strip()):
        return _stated(stated, address or "", days)
    code, address = uscc[2:8], address or ""
    home = _real(code, days)
    if home is not None and home.level == "county":
        why = Text(
            f"代码第3至8位{code}是{home.name}", f"Positions 3 to 8 of the code, {code}, are {home.name}"
        )
        return _in_county(home, address, days, why)
    return _by_address(code, home, address, days)


def _stated(stated: str, address: str, days: Iterable[date]) -> Placing:
    division = _real(stated, days)
    if division is not None:
        name = full_name(division.code)
        why = Text(f"登记机关注明：{name}", f"Stated by the office: {name}")
        return (
            _in_county(division, address, days, why)
            if division.level == "county"
            else Placing(division.code, why)
        )
    digits = cut(stated)
    county = _real(digits[:6], days) if digits is not None and len(digits) == 9 else None
    if county is not None and not below(county.code):
        return Placing(
            county.code,
            Text(
                f"登记机关注明{stated}；本系统未载入{county.name}的乡镇，放在{county.name}",
                f"Stated by the office: {stated}; no towns of {county.name} are loaded, so it is placed in {county.name}",
            ),
        )
    why = Text(
        f"区划代码{stated}在登记当时不存在，请核对",
        f"There was no division {stated} at the time of registration: check it",
    )
    return Placing(None, why, fault="division_unknown")


def _by_address(code: str, home: Division | None, address: str, days: Iterable[date]) -> Placing:
    """The code names a province, a city, or no division at all: the address may name one county within."""
    scope = prefix(code) if home is not None else _reach(code, days)
    mentions = [_standing(divisions, days) for divisions in named(address)]
    upper = [mention for mention in mentions if any(one.level in ("province", "city") for one in mention)]
    cities = [one for mention in upper for one in mention if one.level == "city"]
    if (upper and not _within(scope[:2], upper[0])) or (cities and not _within(scope, cities[:1])):
        return _stay(code, home, Text("地址写的是别处", "the address names another place"))
    if len(scope) <= 2 and cities:
        home, scope = cities[0], cities[0].code[:4]
    counties = {
        one.code: one
        for mention in mentions
        for one in mention
        if one.level == "county" and one.code.startswith(scope)
    }
    if len(counties) == 1:
        county = next(iter(counties.values()))
        why = Text(
            f"代码第3至8位{code}不是县区，地址写明{county.name}",
            f"Positions 3 to 8 of the code, {code}, are no county; the address names {county.name}",
        )
        return _in_county(county, address, days, why, mentions)
    if counties:
        names = "、".join(sorted(county.name for county in counties.values()))
        return _stay(code, home, Text(f"地址同时写有{names}", f"the address names {names}"))
    return _stay(code, home, Text("地址没有写明本市的县区", "the address names no county of it"))


def _reach(code: str, days: Iterable[date]) -> str:
    """How far an address may lead when the code names no division: its city if that is real, else its province, else anywhere."""
    return next(
        (prefix(upper) for upper in (code[:4] + "00", code[:2] + "0000") if _real(upper, days) is not None),
        "",
    )


def _stay(code: str, home: Division | None, because: Text) -> Placing:
    if home is None:
        return Placing(
            None,
            Text(
                f"代码第3至8位{code}不是行政区划，{because.zh}，请人工分派",
                f"Positions 3 to 8 of the code, {code}, are no division and {because.en}: a person must place it",
            ),
        )
    return Placing(home.code, Text(f"放在{home.name}：{because.zh}", f"Placed in {home.name}: {because.en}"))


def _in_county(
    county: Division,
    address: str,
    days: Iterable[date],
    why: Text,
    mentions: list[list[Division]] | None = None,
) -> Placing:
    """In the county, or in the one town of it that the address names, unless it names another county of the city too."""
    towns = [town for town in below(county.code) if town.kind != "zone" and town.name in address]
    towns = [
        town
        for town in towns
        if not any(town.name != other.name and town.name in other.name for other in towns)
    ]
    if len(towns) != 1:
        return Placing(county.code, why)
    if mentions is None:
        mentions = [_standing(divisions, days) for divisions in named(address)]
    neighbours = [
        m for m in mentions if _within(county.code[:4], m) and any(one.level == "county" for one in m)
    ]
    if any(county not in mention for mention in neighbours):
        return Placing(county.code, why)
    town = towns[0]
    return Placing(
        town.code, Text(f"{why.zh}，地址写明{town.name}", f"{why.en}; the address names {town.name}")
    )


def _real(code: str, days: Iterable[date]) -> Division | None:
    return next((found for day in days if (found := find(code, day)) is not None), None)


def _within(scope: str, divisions: Iterable[Division]) -> bool:
    return any(division.code.startswith(scope) for division in divisions)


def _standing(divisions: Iterable[Division], days: Iterable[date]) -> list[Division]:
    return [division for division in divisions if any(division.stood(day) for day in days)]
