"""What an event means for its file: each kind of news has its own module; here their files are found, locked and handed out."""

from collections.abc import Mapping, Sequence

from services.cases import load, names
from services.cases.docket import Docket
from services.intake.changed import changed
from services.intake.first_news import prenotified, registered, reported
from services.intake.heard import Heard, plain
from services.intake.outcome import Outcome, moved, reaches, unknown
from services.runtime import Unit
from workflows.events import Event


def decide(unit: Unit, heard: Sequence[Heard]) -> list[Outcome]:
    """An outcome for each event, each about another file; those are locked first, in the order of their ids."""
    unit.runtime.roster.refresh(unit.db)
    dockets = _dockets(unit, heard)
    return [_decide(unit, one, dockets) for one in heard]


def _dockets(unit: Unit, heard: Sequence[Heard]) -> dict[str, Docket]:
    codes = {one.code for one in heard if one.code}
    others = {name for one in heard for name in one.names} - codes
    return {name: docket for docket in load.known_as(unit, codes, others) for name in _names(docket)}


def _names(docket: Docket) -> list[str]:
    return [name for name in (docket.row["uscc"], docket.row["provisional"]) if name is not None]


def _decide(unit: Unit, one: Heard, dockets: Mapping[str, Docket]) -> Outcome:
    docket = _file_of(one, dockets)
    if one.event == "registry.registered":
        free = one.project if one.project not in dockets else None
        return registered(unit, one, docket, free)
    if one.event == "registry.prenotified":
        return prenotified(unit, one, docket)
    if one.event == "registry.reported":
        return reported(unit, one, docket)
    if docket is None or not _told_of(docket) or not reaches(unit, one, docket):
        return unknown(one)
    if one.event == "registry.changed":
        return changed(unit, one, docket)
    return moved(one, docket, load.unfolding(unit, docket.file).follow(Event(one.event, plain(one.data))))


def _told_of(docket: Docket) -> bool:
    """Has an office told of this enterprise? A file that people opened before is answered like one that is not there: that it
    is would tell that workers asked for a union (CONDUCT 5.2-5). The event waits for the registration."""
    row, facts = docket.row, docket.file.facts
    return row["registered_on"] is not None or names.is_a_project(row["provisional"]) or "reported" in facts


def _file_of(one: Heard, dockets: Mapping[str, Docket]) -> Docket | None:
    """The first file that one of its names leads to; never that of an enterprise with another code."""
    for name in one.names:
        docket = dockets.get(name)
        if docket is not None and (one.code is None or docket.row["uscc"] in (None, one.code)):
            return docket
    return None
