"""What is found wrong, and how the books are looked at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

# Any below: a driver's rows are what the columns are, and its connections are what it makes them.
Rows = Iterator[tuple[Any, ...]]
Look = Callable[[str], Rows]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was promised."""

    invariant: str
    zh: str
    en: str

    def as_dict(self) -> dict[str, str]:
        return {"invariant": self.invariant, "zh": self.zh, "en": self.en}
