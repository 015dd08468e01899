"""The book of editions: reads the TOML beside it and answers what is in force where and when.

A place inherits from the places above it (nation → province → city → county → town); the nearer edition wins, and of one
place's editions the latest that has begun.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from workflows.policies.model import Edition, Policy, Setting, Value
from workflows.spans import Span

NATION = "000000"


def lineage(division: str) -> tuple[str, ...]:
    """The places a division inherits from, the nation first.

    >>> lineage("220204102")
    ('000000', '220000', '220200', '220204', '220204102')
    """
    steps = [NATION, division[:2] + "0000", division[:4] + "00", division[:6], division[:9]]
    real = [step for step in steps if step == NATION or (len(step) in (6, 9) and step[:2] != "00")]
    return tuple(dict.fromkeys(real))


class Book:
    """All editions known to this process."""

    def __init__(self, editions: Iterable[Edition]) -> None:
        self._by_place: dict[str, list[Edition]] = {}
        for edition in sorted(editions, key=lambda one: one.effective):
            self._by_place.setdefault(edition.division, []).append(edition)
        self._known: dict[tuple[str, date, date], Policy] = {}
        nation = self._by_place.get(NATION, [])
        if not nation:
            raise ValueError("a book of policies needs a national edition")
        self._keys = frozenset(nation[0].settings)
        for edition in (one for many in self._by_place.values() for one in many):
            stray = set(edition.settings) - self._keys
            if stray:
                raise ValueError(
                    f"edition {edition.division} {edition.effective}: no such keys {sorted(stray)}"
                )
            for key, setting in edition.settings.items():
                wanted = _shape(nation[0].settings[key].value)
                if _shape(setting.value) != wanted:
                    raise ValueError(
                        f"edition {edition.division} {edition.effective}: {key} must be {wanted}"
                    )

    def policy(self, division: str, on: date, *, today: date | None = None) -> Policy:
        """What holds for a proceeding of `division` begun `on`: later editions count only if they say so themselves."""
        today = today or on
        known = self._known.get((division, on, today))
        if known is None:
            if len(self._known) > 20_000:
                self._known.clear()
            known = self._known[division, on, today] = self._resolve(division, on, today)
        return known

    def _resolve(self, division: str, on: date, today: date) -> Policy:
        settings: dict[str, Setting] = {}
        used: list[str] = []
        for place in lineage(division):
            for index, edition in enumerate(self._by_place.get(place, ())):
                begun = edition.effective <= on or (place == NATION and index == 0)
                if begun or (edition.applies_to_pending and edition.effective <= today):
                    settings.update(edition.settings)
                    used.append(f"{place}@{edition.effective.isoformat()}")
        return Policy("+".join(used), settings)


def read_edition(text: str, *, where: str) -> Edition:
    """An edition from its TOML text; ValueError names the key that is wrong."""
    raw = tomllib.loads(text)
    match raw.pop("edition", None):
        case {"division": str(division), "effective": date() as effective, "title": str(title), **rest}:
            pending = rest.get("applies_to_pending", False)
        case _:
            raise ValueError(f"{where}: [edition] needs division, effective and title")
    if not isinstance(pending, bool):
        raise ValueError(f"{where}: applies_to_pending is true or false")
    settings = {
        key: Setting(key, _value(where, key, entry), _source(where, key, entry), division, effective)
        for key, entry in _leaves(raw)
    }
    return Edition(division, effective, title, pending, settings)


@cache
def published() -> Book:
    """The book of the editions that ship with the house."""
    folder = files("workflows.policies")
    sheets = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name
    )
    return Book(read_edition(sheet.read_text("utf-8"), where=sheet.name) for sheet in sheets)


def _leaves(raw: Mapping[str, object], prefix: str = "") -> Iterable[tuple[str, Mapping[str, object]]]:
    for key, entry in raw.items():
        if not isinstance(entry, dict):
            raise ValueError(f"{prefix}{key}: write value and source")
        if "value" in entry:
            if set(entry) - {"value", "source"}:
                raise ValueError(
                    f"{prefix}{key}: a key with a value cannot hold others: {sorted(set(entry) - {'value', 'source'})}"
                )
            yield prefix + key, entry
        else:
            yield from _leaves(entry, f"{prefix}{key}.")


def _value(where: str, key: str, entry: Mapping[str, object]) -> Value:
    value = entry["value"]
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(str(one) for one in value)
    if isinstance(value, int | str):
        return value
    raise ValueError(f"{where}: {key} must be a number, a word, true or false, or a list of words")


def _shape(value: Value) -> str:
    """What kind of value it is; a local one must be of the same kind as the nation's."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int):
        return "a number"
    if isinstance(value, tuple):
        return "a list of words"
    if re.fullmatch(r"[0-9]+/[1-9][0-9]*", value):
        return "a share such as 2/3"
    return "none or a span such as 30 day" if value == "none" or _is_span(value) else "a word"


def _is_span(value: str) -> bool:
    try:
        Span.parse(value)
    except ValueError:
        return False
    return True


def _source(where: str, key: str, entry: Mapping[str, object]) -> str:
    source = entry.get("source")
    if not isinstance(source, str) or not source:
        raise ValueError(f"{where}: {key} has no source")
    return source
