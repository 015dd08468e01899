"""What became of one event: it moved a file, it changed nothing, it waits, or a person must say where it belongs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.cases.docket import Docket, Move
from services.directory.scope import covers
from services.intake.heard import Heard
from services.runtime import Unit
from workflows.errors import Fault
from workflows.unfolded import Unfolded
from workflows.words import Text


@dataclass(slots=True)
class Outcome:
    """One inbox row's fate. `move` is what to record; a row that changes nothing has none."""

    inbox_id: int
    case_key: str
    state: str
    move: Move | None = None
    known_case: int | None = None
    code: str | None = None
    reason: Text | None = None

    @property
    def case_id(self) -> int | None:
        return self.move.docket.row["id"] if self.move is not None else self.known_case


def moved(
    one: Heard, docket: Docket, unfolded: Unfolded, changes: Mapping[str, Any] | None = None
) -> Outcome:
    """The file is moved, and these of its columns with it. An event that nobody answers changes nothing, and says so."""
    if not unfolded.entries:
        return _nothing(
            one,
            docket,
            "no_effect",
            Text("对现有程序没有影响", "It changes nothing in the procedures as they stand"),
        )
    docket.row.update(changes or {})
    move = Move(docket, unfolded, inbox_id=one.inbox_id, changes=changes or {})
    return Outcome(one.inbox_id, one.case_key, "applied", move=move)


def unchanged(one: Heard, docket: Docket) -> Outcome:
    """The file says all of it already."""
    return _nothing(
        one,
        docket,
        "no_effect",
        Text("与案卷所载相同，没有变化", "The file says the same already; nothing changed"),
    )


#: Why a registration opens nothing.
ALREADY = Text("该企业已有案卷，没有新建", "This enterprise has a file already; none was added")


def already(one: Heard, docket: Docket) -> Outcome:
    """The file is open; the event adds nothing to it."""
    return _nothing(one, docket, "already_open", ALREADY)


def unplaced(one: Heard) -> Outcome:
    """Nobody can tell where the enterprise belongs: a person places it (待分派)."""
    reason = one.placed.reason if one.placed is not None else None
    return Outcome(one.inbox_id, one.case_key, "triage", code="triage", reason=reason)


def unknown(one: Heard) -> Outcome:
    """There is no file yet; the event waits for it (decision 0009)."""
    fault = Fault("case_unknown")
    return Outcome(one.inbox_id, one.case_key, "waiting", code=fault.code, reason=fault.text)


def reaches(unit: Unit, one: Heard, docket: Docket) -> bool:
    """Does the file lie in the jurisdiction of the office that spoke? Any other is for it as if there were none (S07)."""
    office = unit.runtime.roster.body(one.office_id)
    return office is not None and covers(office.division, docket.file.division)


def _nothing(one: Heard, docket: Docket, code: str, reason: Text) -> Outcome:
    known = docket.row["id"] or None
    return Outcome(one.inbox_id, one.case_key, "applied", known_case=known, code=code, reason=reason)
