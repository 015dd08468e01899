"""What a jurisdiction has decided: dated editions of values, each with its source. Nothing here reads files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from workflows.spans import Span

Value: TypeAlias = int | str | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """One value of one edition. `source` names the article or says that it is our own default."""

    key: str
    value: Value
    source: str
    division: str
    effective: date


@dataclass(frozen=True, slots=True)
class Edition:
    """What `division` decided from `effective` on. A published edition never changes; a new one follows it."""

    division: str
    effective: date
    title: str
    applies_to_pending: bool
    settings: Mapping[str, Setting]


class Policy:
    """The values in force for one place on one day, already inherited from nation down to town."""

    __slots__ = ("_settings", "label")

    def __init__(self, label: str, settings: Mapping[str, Setting]) -> None:
        self.label = label
        self._settings = settings

    def setting(self, key: str) -> Setting:
        """The value with its source. An unknown key is a mistake in a procedure: KeyError."""
        return self._settings[key]

    def number(self, key: str) -> int:
        value = self._settings[key].value
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"policy {key} is {value!r}, not a number")
        return value

    def word(self, key: str) -> str:
        value = self._settings[key].value
        if not isinstance(value, str):
            raise TypeError(f"policy {key} is {value!r}, not a word")
        return value

    def words(self, key: str) -> tuple[str, ...]:
        value = self._settings[key].value
        if not isinstance(value, tuple):
            raise TypeError(f"policy {key} is {value!r}, not a list of words")
        return value

    def span(self, key: str) -> Span | None:
        """The span of a term, or None where the place has set none."""
        word = self.word(key)
        return None if word == "none" else Span.parse(word)

    def fraction(self, key: str) -> Fraction:
        """A share such as 2/3, exact."""
        return Fraction(self.word(key))

    def all(self) -> list[Setting]:
        """Every value, by key."""
        return [self._settings[key] for key in sorted(self._settings)]
