"""What opens a file, or joins the one that waits: a registration, a pre-notice, a department's report."""

from collections.abc import Mapping
from typing import Any

from services.cases import load
from services.cases.docket import Docket
from services.directory.divisions import level_of
from services.directory.scope import covers
from services.intake.heard import Heard
from services.intake.outcome import Outcome, already, moved, reaches, unchanged, unknown, unplaced
from services.runtime import Unit
from workflows.casefile import new_file
from workflows.events import Event, Scalar
from workflows.roles import KINDS
from workflows.subjects import ENTERPRISE
from workflows.words import Text


def registered(unit: Unit, one: Heard, docket: Docket | None, project: str | None) -> Outcome:
    """The enterprise's file is open: a new one, or the one that a pre-notice, a report or a request opened before.

    A new one bears the `project` it was notified under, so that no late pre-notice opens a second. (L-2)
    """
    if docket is None:
        return _opened(unit, one, project, {"placed": _reason(one)})
    if docket.row["registered_on"] is not None:
        return already(one, docket)
    return _joined(unit, one, docket)


def prenotified(unit: Unit, one: Heard, docket: Docket | None) -> Outcome:
    """A file is open for a project whose enterprise has no code yet. (L-1)"""
    return _opened(unit, one, one.project, {}) if docket is None else already(one, docket)


def reported(unit: Unit, one: Heard, docket: Docket | None) -> Outcome:
    """A department knows an enterprise: a file is open for it. To one that is open it adds what nobody has told there yet."""
    told = {"placed": _reason(one), "reported_by": _department(unit, one).zh}
    if one.data.get("note"):
        told["note"] = one.data["note"]
    if docket is None:
        return _opened(unit, one, None, told)
    return _completed(unit, one, docket) if reaches(unit, one, docket) else unknown(one)


def _opened(unit: Unit, one: Heard, provisional: str | None, told: Mapping[str, Scalar]) -> Outcome:
    if one.division is None:
        return unplaced(one)
    row = {"id": 0, "subject": ENTERPRISE.name, "uscc": one.code, "provisional": provisional}
    row |= {"registered_on": one.data.get("registered_on"), **columns(one.data)}
    facts: dict[str, Scalar] = {"union_form": "none", "party_form": "none", "category": "91"}
    if one.event == "registry.reported":
        facts["reported"] = True
    docket = Docket(new_file(one.division, facts | _facts(one, one.division)), row, is_new=True)
    return moved(one, docket, load.unfolding(unit, docket.file).follow(Event(one.event, told)))


def _joined(unit: Unit, one: Heard, docket: Docket) -> Outcome:
    """The file that waited is the registered enterprise's from here on, and lies where that one does.

    What a change has told in the meantime is newer than the registration, and stands.
    """
    file = docket.file
    if one.division is None and not reaches(unit, one, docket):
        return unplaced(one)
    before, division = file.division, _nearer(file.division, one.division)
    told = {name: value for name, value in columns(one.data).items() if value is not None}
    changes = {name: value for name, value in told.items() if name not in file.facts}
    changes |= {"uscc": one.code, "registered_on": one.data["registered_on"]}
    facts = _facts(one, division)
    file.lay(division, facts)
    law = load.unfolding(unit, file)
    unfolded = law.follow(Event(one.event, {"placed": _reason(one)}))
    if not unfolded.entries:  # nobody waited for it, and it is true all the same
        law.amend("registered", _REGISTERED, facts, cause=one.event)
    if division != before:
        unfolded.placed = division
    return moved(one, docket, unfolded, changes)


_REGISTERED = Text(
    "登记机关通报企业完成登记，并入本案卷",
    "The registration office reported the registration; it joined this file",
)


def _completed(unit: Unit, one: Heard, docket: Docket) -> Outcome:
    """What the registry does not say is taken over where it is still missing: the headcount, and the code of a file without."""
    facts, items = dict[str, Scalar](), list[Text]()
    if docket.row["uscc"] is None:
        facts |= {"uscc": one.code, "category": str(one.code)[:2]}
        items.append(Text("统一社会信用代码", "unified social credit code"))
    if one.data.get("headcount") is not None and docket.file.facts.get("headcount") is None:
        facts["headcount"] = one.data["headcount"]
        items.append(Text("从业人数", "headcount"))
    if docket.row["registered_on"] is None and "reported" not in docket.file.facts:
        facts["reported"] = True  # from now on offices may know of the file
        items.append(Text("企业情况", "the enterprise"))
    if not facts:
        return unchanged(one, docket)
    who = _department(unit, one)
    says = Text(
        f"{who.zh}通报：{'、'.join(item.zh for item in items)}",
        f"Reported by the {who.en}: {', '.join(item.en for item in items)}",
    )
    law = load.unfolding(unit, docket.file)
    law.amend("reported", says, facts, cause=one.event)
    return moved(one, docket, law.result, {"uscc": one.code})


def columns(data: Mapping[str, Any]) -> dict[str, Any]:
    """The registered items that have a column of their own; a blank one was not said. `Any`: text or None."""
    named = {"name": "name", "address": "address", "kind": "type", "industry": "industry"}
    return {column: data.get(name) or None for column, name in named.items()}


def _facts(one: Heard, division: str) -> dict[str, Scalar]:
    facts: dict[str, Scalar] = {"placed": level_of(division) == "town"}
    if one.code is not None:
        facts["category"] = one.code[:2]
    if one.data.get("headcount") is not None:
        facts["headcount"] = one.data["headcount"]
    if one.data.get("registered_on") is not None:
        facts["registered_on"] = one.data["registered_on"].isoformat()
    return facts


def _nearer(stands: str, stated: str | None) -> str:
    """Where the registry says no more than the county or city, the file stays in the town of it where it is."""
    return stands if stated is None or covers(stated, stands) else stated


def _reason(one: Heard) -> str | None:
    return one.placed.reason.zh if one.placed is not None else None


def _department(unit: Unit, one: Heard) -> Text:
    office = unit.runtime.roster.body(one.office_id)
    return KINDS[office.kind].label if office is not None else Text("部门", "department")
