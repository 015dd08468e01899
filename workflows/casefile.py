"""A case as the law sees it: what is open to all, and the proceedings that stand in it."""

from dataclasses import dataclass, field
from datetime import date

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


@dataclass(slots=True)
class CaseFile:
    """A case as the law sees it: where it lies, what is open to all, and its proceedings."""

    division: str
    facts: dict[str, Scalar]
    standings: list[Standing]
    paused: bool = False
