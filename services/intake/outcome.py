"""What an event means for its case: a new case, a moved one, a wait for the registration, or triage for a person."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_

from services.cases import load
from services.cases.docket import Docket, Move
from services.db.models.casework import Case
from services.directory.divisions import level_of
from services.directory.scope import covers
from services.intake.receive import placing_of
from services.intake.shapes import fit
from services.runtime import Unit
from workflows.errors import Fault
from workflows.events import REGISTRY_EVENTS, Event, Scalar
from workflows.unfold import CaseFile, Unfolded
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


@dataclass(frozen=True, slots=True)
class _Said:
    inbox_id: int
    case_key: str
    event: str
    data: Mapping[str, Any]
    office_id: int


def decide(unit: Unit, rows: Sequence[Any]) -> list[Outcome]:
    """An outcome for each row, in order; the cases they touch are locked first, in the order of their ids."""
    unit.runtime.roster.refresh(unit.db)
    said = [_read(row) for row in rows]
    dockets = _dockets(unit, said)
    outcomes = []
    for one in said:
        outcome = _decide(unit, one, dockets)
        if outcome.move is not None:
            outcome.move.inbox_id = one.inbox_id
            for name in (one.case_key, _provisional(one)):
                if name is not None:
                    dockets[name] = outcome.move.docket
        outcomes.append(outcome)
    return outcomes


def _read(row: Any) -> _Said:
    """`raw` was checked when it came in; it is fitted again because the shape is what we may rely on."""
    event = REGISTRY_EVENTS[row.type]
    data = fit(event, json.loads(bytes(row.raw))["data"])
    return _Said(
        row.id, row.case_key, event, data | {"division": row.placed} if row.placed else data, row.office_id
    )


def _provisional(one: _Said) -> str | None:
    """The name a case has before it has a code: the county and the investment office's own reference."""
    reference = one.data.get("reference") or one.data.get("prenotice")
    if reference is None:
        return None
    division = placing_of(one.data).division
    return f"{division[:6]}#{reference}" if division else None


def _dockets(unit: Unit, said: Sequence[_Said]) -> dict[str, Docket]:
    codes = [one.data["uscc"] for one in said if "uscc" in one.data]
    references = [name for one in said if (name := _provisional(one)) is not None]
    conditions = [Case.uscc.in_(codes)] + ([Case.provisional.in_(references)] if references else [])
    found: dict[str, Docket] = {}
    for docket in load.locked(unit, or_(*conditions)):
        for name in (docket.row["uscc"], docket.row["provisional"]):
            if name is not None:
                found[name] = docket
    return found


def _decide(unit: Unit, one: _Said, dockets: Mapping[str, Docket]) -> Outcome:
    docket = dockets.get(one.case_key)
    provisional = _provisional(one)
    if docket is None and provisional is not None:
        docket = dockets.get(provisional)
    if one.event == "registry.registered":
        return _registered(unit, one, docket)
    if one.event == "registry.prenotified":
        return _prenotified(unit, one, docket, provisional)
    if docket is None:
        fault = Fault("case_unknown")
        return Outcome(one.inbox_id, one.case_key, "waiting", code=fault.code, reason=fault.text)
    office = unit.runtime.roster.body(one.office_id)
    if office is None or not covers(office.division, docket.file.division):
        fault = Fault("outside_jurisdiction", division=docket.file.division)
        return Outcome(one.inbox_id, one.case_key, "failed", code=fault.code, reason=fault.text)
    if one.event == "registry.changed":
        return _changed(unit, one, docket)
    law = load.unfolding(unit, docket.file)
    return _moved(one, docket, law.follow(Event(one.event, _plain(one.data))))


def _registered(unit: Unit, one: _Said, docket: Docket | None) -> Outcome:
    if docket is not None and docket.row["uscc"] is not None:
        return _already(
            one,
            docket,
            Text("该企业已有案卷，没有新建", "This enterprise has a file already; none was added"),
        )
    placed = placing_of(one.data)
    if placed.division is None:
        return Outcome(one.inbox_id, one.case_key, "triage", code="triage", reason=placed.reason)
    if docket is None:
        docket = _new(one.data, placed.division)
    facts = _facts(one.data, placed.division)
    docket.file.facts.update(facts)
    changes: dict[str, Any] = {}
    if not docket.is_new:
        docket.file.division = placed.division
        changes = _columns(one.data) | {"uscc": one.data["uscc"], "registered_on": one.data["registered_on"]}
    unfolded = load.unfolding(unit, docket.file).follow(Event(one.event, {"placed": placed.reason.zh}))
    outcome = _moved(one, docket, unfolded)
    if outcome.move is not None:
        outcome.move.changes = changes
    return outcome


def _already(one: _Said, docket: Docket, reason: Text) -> Outcome:
    """The case is open; the event adds nothing to it and says so."""
    known = docket.row["id"]
    return Outcome(
        one.inbox_id, one.case_key, "applied", known_case=known, code="already_open", reason=reason
    )


def _prenotified(unit: Unit, one: _Said, docket: Docket | None, provisional: str | None) -> Outcome:
    if docket is not None:
        return _already(one, docket, Text("该项目已通报过", "This project has been notified already"))
    placed = placing_of(one.data)
    if placed.division is None:
        return Outcome(one.inbox_id, one.case_key, "triage", code="triage", reason=placed.reason)
    docket = _new(one.data, placed.division)
    docket.row["provisional"] = provisional
    docket.file.facts.update(_facts(one.data, placed.division))
    return _moved(one, docket, load.unfolding(unit, docket.file).follow(Event(one.event)))


def _changed(unit: Unit, one: _Said, docket: Docket) -> Outcome:
    """The registry's facts follow; a move is told to the unions, and no file is re-keyed by itself."""
    law = load.unfolding(unit, docket.file)
    changes = {name: value for name, value in _columns(one.data).items() if value is not None}
    told: dict[str, Scalar] = dict(changes)
    if one.data.get("headcount") is not None:
        told["headcount"] = one.data["headcount"]
    division = one.data.get("division")
    moved = division is not None and not str(docket.file.division).startswith(str(division)[:6])
    if moved:
        told["moved_to"] = division
    says = Text("登记事项变更：{zh}", "Registered items changed: {en}").filled(
        zh="、".join(_ITEMS[name].zh for name in told), en=", ".join(_ITEMS[name].en for name in told)
    )
    law.amend("changed", says, told, cause=one.event)
    law.follow(Event(one.event))
    unfolded = law.follow(Event("registry.moved")) if moved else law.result
    outcome = _moved(one, docket, unfolded)
    if outcome.move is not None:
        outcome.move.changes = changes
    return outcome


_ITEMS: dict[str, Text] = {
    "name": Text("名称", "name"),
    "address": Text("住所", "address"),
    "kind": Text("类型", "type"),
    "industry": Text("行业", "industry"),
    "headcount": Text("从业人数", "headcount"),
    "moved_to": Text("迁移", "move"),
}


def _moved(one: _Said, docket: Docket, unfolded: Unfolded) -> Outcome:
    """An event that nobody answers changes nothing, and says so."""
    if not unfolded.entries:
        reason = Text("对现有程序没有影响", "It changes nothing in the procedures as they stand")
        return Outcome(
            one.inbox_id,
            one.case_key,
            "applied",
            known_case=docket.row["id"],
            code="no_effect",
            reason=reason,
        )
    return Outcome(one.inbox_id, one.case_key, "applied", move=Move(docket, unfolded))


def _new(data: Mapping[str, Any], division: str) -> Docket:
    row = {"id": 0, "uscc": data.get("uscc"), "provisional": None, "registered_on": data.get("registered_on")}
    file = CaseFile(division, {"union_form": "none", "party_form": "none"}, [])
    return Docket(file, row | _columns(data), is_new=True)


def _columns(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": data.get("name"),
        "address": data.get("address"),
        "kind": data.get("type"),
        "industry": data.get("industry"),
    }


def _facts(data: Mapping[str, Any], division: str) -> dict[str, Scalar]:
    code = data.get("uscc")
    facts: dict[str, Scalar] = {
        "placed": level_of(division) == "town",
        "category": str(code)[:2] if code else "91",
    }
    if data.get("headcount") is not None:
        facts["headcount"] = data["headcount"]
    return facts


def _plain(data: Mapping[str, Any]) -> dict[str, Scalar]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in data.items()}
