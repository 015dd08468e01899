"""A case as the law sees it: what is open to all, and the proceedings that stand in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from workflows.events import Scalar


@dataclass(slots=True)
class Standing:
    """One proceeding as the law sees it. `key` is its row's id; a proceeding that begins here has a negative one."""

    key: int
    procedure: str
    version: int
    state: str
    revision: int
    began_on: date
    data: dict[str, Scalar] = field(default_factory=dict)
    on_file: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Laid:
    """What the office laid into a file before it asked the law: where it lies, and facts for the open drawer."""

    division: str
    facts: Mapping[str, Scalar]

    def as_dict(self) -> dict[str, Any]:
        """As the history writes it. `Any`: JSON."""
        return {"division": self.division, "facts": dict(self.facts)}


@dataclass(slots=True)
class CaseFile:
    """A case as the law sees it: where it lies, what is open to all, and its proceedings.

    `laid` is what nobody has told the history yet: the next move's first line does, so that the file can be made again from its
    lines alone (services/ledger/replay.py)."""

    division: str
    facts: dict[str, Scalar]
    standings: list[Standing]
    paused: bool = False
    laid: Laid | None = None

    def lay(self, division: str, facts: Mapping[str, Scalar]) -> None:
        """The file lies there from now on, and these facts are in its open drawer."""
        self.division = division
        self.facts.update(facts)
        self.laid = Laid(division, dict(facts))


def new_file(division: str, facts: Mapping[str, Scalar]) -> CaseFile:
    """A file in which nothing stands yet."""
    file = CaseFile(division, {}, [])
    file.lay(division, facts)
    return file
