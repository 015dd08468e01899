"""A case in hand: its row and the law's view of it, and what the law made of it on whose word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.runtime import Unit
from workflows.casefile import CaseFile, Standing
from workflows.events import Scalar
from workflows.unfolded import Unfolded


@dataclass(slots=True)
class Docket:
    """A case as the office holds it while it is being moved: the law's view, and the row it came from or will become."""

    file: CaseFile
    row: dict[str, Any]
    """`id` (0 for a new case), seq, tip, status, and for a new case every column."""
    takers: dict[int, dict[str, int]] = field(default_factory=dict)
    is_new: bool = False


@dataclass(slots=True)
class Move:
    """One docket, what the law made of it, and on whose word."""

    docket: Docket
    unfolded: Unfolded
    inbox_id: int | None = None
    papers: Sequence[Mapping[str, Any]] = ()
    opinion: str = ""
    took: tuple[int, str] | None = None
    """(proceeding, step) that a person took, so that the same person cannot decide it."""
    changes: Mapping[str, Any] = field(default_factory=dict)
    """Columns of the case that the registry's event changes: name, address, kind, industry."""


def keys_of(move: Move) -> dict[int, int]:
    """The temporary keys of proceedings opened in this unfolding, and the ids they became."""
    return {-1 - index: standing.key for index, standing in enumerate(move.unfolded.opened)}


def status_of(unit: Unit, file: CaseFile) -> str:
    """closed: nothing can follow; settled: nobody owes anything; open: somebody does."""
    states = [
        unit.runtime.law.definition(one.procedure, one.version).state[one.state] for one in file.standings
    ]
    if all(state.final for state in states):
        return "closed"
    return "settled" if all(state.settled for state in states) else "open"


def facts_of(row: Mapping[str, Any]) -> dict[str, Scalar]:
    """The open drawer of a stored case."""
    return dict(row["facts"])


def standing_of(row: Any) -> Standing:
    """A stored proceeding as the law sees it. `Any`: a row of `Proceeding`'s columns."""
    return Standing(
        key=row.id,
        procedure=row.procedure,
        version=row.version,
        state=row.state,
        revision=row.revision,
        began_on=row.began_on,
        data=dict(row.data),
        on_file=frozenset(row.on_file),
    )
