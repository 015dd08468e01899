"""What a jurisdiction has decided: dated editions of values, each with its source. Nothing here reads files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from workflows.policies.bands import Bands
from workflows.spans import Span
from workflows.words import Text

NATION = "000000"

Value: TypeAlias = int | str | bool | tuple[str, ...] | Bands


class EditionFault(ValueError):
    """An edition that cannot be accepted; `text` names its file and its key, and says what to mend."""

    def __init__(self, where: str, key: str, why: Text) -> None:
        named = f"{key} " if key else ""
        self.text = Text(f"{where}：{named}{why.zh}。", f"{where}: {named}{why.en}.")
        super().__init__(self.text.en)


@dataclass(frozen=True, slots=True)
class Setting:
    """One value of one edition. `source` names the article or says that it is our own default.

    `choices`, in the nation's first edition alone: the words a place may choose from, none of them meaning any word.
    Where there are none to speak of (None), a place's value must be of the kind of the nation's.
    """

    key: str
    value: Value
    source: str
    division: str
    effective: date
    choices: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """What `division` decided from `effective` on. A published edition never changes; a new one follows it.

    `where` is the file it was read from.
    """

    division: str
    effective: date
    title: str
    applies_to_pending: bool
    settings: Mapping[str, Setting]
    where: str = ""


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

    def band(self, key: str, number: int) -> tuple[int, int]:
        """The least and the most that the table gives for this number."""
        value = self._settings[key].value
        if not isinstance(value, Bands):
            raise TypeError(f"policy {key} is {value!r}, not a table of bands")
        return value.band(number)

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
