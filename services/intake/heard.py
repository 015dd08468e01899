"""An event as the inbox heard it, with every name under which its file may stand."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.cases import names
from services.directory.placing import Placing
from services.intake.envelope import Envelope
from services.intake.receive import OPENING, placing_of
from services.intake.shapes import fit
from workflows.events import REGISTRY_EVENTS, Scalar


@dataclass(frozen=True, slots=True)
class Heard:
    """One row of the inbox. `placed` is where its enterprise belongs, for news that says so. `Any`: checked JSON."""

    inbox_id: int
    case_key: str
    event: str
    data: Mapping[str, Any]
    office_id: int
    placed: Placing | None

    @property
    def code(self) -> str | None:
        code = self.data.get("uscc")
        return str(code) if code else None

    @property
    def division(self) -> str | None:
        return self.placed.division if self.placed is not None else None

    @property
    def project(self) -> str | None:
        """What a file is known by before its enterprise has a code: the county and the investment office's own reference."""
        reference = self.data.get("reference") or self.data.get("prenotice")
        return names.project(self.division, str(reference)) if reference and self.division else None

    @property
    def names(self) -> list[str]:
        """Under what its file may stand, the surest first: the code, the project, or the name by which people opened it."""
        found = [self.code, self.project]
        if self.code and self.division and self.event in OPENING:
            found.append(names.enterprise(self.division, str(self.data["name"])))
        return [name for name in found if name is not None]


def hear(row: Any) -> Heard:
    """`raw` was checked when it came in; it is fitted again because the shape is what we may rely on. `Any`: an inbox row."""
    event = REGISTRY_EVENTS[row.type]
    data = fit(event, json.loads(bytes(row.raw))["data"])
    if row.placed:
        data |= {"division": row.placed}
    return _placed(row.id, row.case_key, event, data, row.office_id)


def just_heard(inbox_id: int, one: Envelope, office_id: int) -> Heard:
    """An event that stands in the inbox since this very commit."""
    return _placed(inbox_id, one.case_key, one.event, one.data, office_id)


def _placed(inbox_id: int, case_key: str, event: str, data: Mapping[str, Any], office_id: int) -> Heard:
    """`Any`: checked JSON."""
    says_where = event in OPENING or data.get("division")
    return Heard(inbox_id, case_key, event, data, office_id, placing_of(data) if says_where else None)


def plain(data: Mapping[str, Any]) -> dict[str, Scalar]:
    """What an event told, as a history line keeps it: days and lists as text."""
    return {name: _plain(value) for name, value in data.items()}


def _plain(value: Any) -> Scalar:
    if isinstance(value, list):
        return "、".join(value)
    return value.isoformat() if isinstance(value, date) else value
