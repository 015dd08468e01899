"""Somebody must see what a file says about persons: he says why, it is written down with his name, and then it is shown."""

from typing import Any

from services.access import journal
from services.access.permissions import require
from services.db.queries.history import names
from services.runtime import Unit
from workflows.errors import Fault
from workflows.personal import has_number
from workflows.plain import composed, is_line
from workflows.words import Text

LONGEST = 200

_REASON = Text("理由", "reason")


def read_names(unit: Unit, case_id: int, reason: str) -> dict[str, Any]:
    """What the history of one case hides from this actor, and a line in the journal that says why he saw it. `Any`: JSON."""
    require(unit.actor, "names.read")
    found = names(unit, case_id)
    journal.write(unit, "names.read", f"case {case_id}", reason=checked_reason(reason), values=len(found))
    return {"items": found, "next": None}


def checked_reason(reason: str) -> str:
    """The stated reason, if it is one line without anybody's numbers. Faults: `field_missing`, `field_length`, `field_text`, `field_number`."""
    said = composed(reason, LONGEST).strip()
    if not said:
        raise Fault("field_missing", field="reason", zh=_REASON.zh, en=_REASON.en)
    if len(said) > LONGEST:
        raise Fault("field_length", field="reason", zh=_REASON.zh, en=_REASON.en, high=LONGEST)
    if not is_line(said):
        raise Fault("field_text", field="reason", zh=_REASON.zh, en=_REASON.en)
    if has_number(said):
        raise Fault("field_number", field="reason", zh=_REASON.zh, en=_REASON.en)
    return said
