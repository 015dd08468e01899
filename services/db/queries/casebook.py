"""Cases as the counter shows them: a list, and one case with what moves in it, what may be done now, and why the rest may not."""

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, RowMapping, exists, select

from services.cases.advance import may_see, same_person
from services.cases.load import unfolding
from services.cases.record import facts_of, standing_of
from services.db.models.casework import Case, Deadline, Proceeding
from services.db.queries.page import ITEMS, after, cut
from services.db.queries.sight import cases_of, compartments, is_onlooker, proceedings_of
from services.directory.divisions import UnknownDivision
from services.directory.scope import drawers, fills, within
from services.directory.towns import towns_below
from services.notices.payload import _coarse as coarse
from services.unit import Unit
from workflows import forms
from workflows.definition import Definition, State
from workflows.errors import CATALOGUE, Fault
from workflows.roles import Compartment
from workflows.runner import explain
from workflows.unfold import CaseFile, Standing, Unfolding

Language = Literal["zh", "en"]

_CASE = Case.__table__.c
_PROCEEDING = Proceeding.__table__.c
_RUNNING = frozenset({"running", "suspended", "met"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the asker looks for; an empty word asks for nothing. `name` is any part of the enterprise's name."""

    uscc: str = ""
    name: str = ""
    division: str = ""
    procedure: str = ""
    state: str = ""


def cases(unit: Unit, wanted: Wanted, cursor: str | None = None) -> dict[str, Any]:
    """A page of the cases in the actor's divisions, newest first, each with those of its proceedings he may see. `Any`: JSON."""
    visible = proceedings_of(unit.actor, unit.runtime.law)
    last = after(cursor)
    conditions = [cases_of(unit.actor), *_asked(wanted, visible)]
    if last is not None:
        conditions.append(Case.id < last)
    rows = (
        unit.db.execute(select(*_CASE).where(*conditions).order_by(Case.id.desc()).limit(ITEMS + 1))
        .mappings()
        .all()
    )
    moving: dict[int, list[dict[str, Any]]] = defaultdict(list)
    if not is_onlooker(unit.actor):
        shown = [row["id"] for row in rows[:ITEMS]]
        found = select(*_PROCEEDING).where(Proceeding.case_id.in_(shown), visible).order_by(Proceeding.id)
        for one in unit.db.execute(found):
            moving[one.case_id].append(_standing(unit, one))
    return cut(rows, lambda row: _head(unit, row) | {"proceedings": moving[row["id"]]})


def case(unit: Unit, case_id: int, language: Language = "zh") -> dict[str, Any]:
    """One case as the contract tells it, for this actor; not_found when it lies outside his divisions. `Any`: JSON."""
    visible = proceedings_of(unit.actor, unit.runtime.law)
    row = (
        unit.db.execute(select(*_CASE).where(Case.id == case_id, cases_of(unit.actor)))
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise Fault("not_found")
    found = unit.db.execute(
        select(*_PROCEEDING).where(Proceeding.case_id == case_id, visible).order_by(Proceeding.id)
    ).all()
    unit.runtime.roster.refresh(unit.db)
    file = CaseFile(row["division"], facts_of(dict(row)), [standing_of(one) for one in found], row["paused"])
    law = unfolding(unit, file)
    terms = _terms(unit, [one.id for one in found], language)
    shown = [
        _proceeding(unit, one, standing, law, terms[one.id])
        for one, standing in zip(found, file.standings, strict=True)
        if may_see(
            unit.actor, unit.runtime.law.definition(one.procedure, one.version), one.state, file.division
        )
    ]
    return _head(unit, row) | {"facts": _open_facts(unit, file.facts), "proceedings": shown}


def head(unit: Unit, case_id: int) -> dict[str, Any]:
    """The case without what moves in it, or not_found."""
    compartments(unit.actor)
    row = (
        unit.db.execute(select(*_CASE).where(Case.id == case_id, cases_of(unit.actor)))
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise Fault("not_found")
    return _head(unit, row)


def number(unit: Unit, case_id: int, division: str, opened_at: datetime) -> str:
    """What people call the case by: the county it was placed in, the year it was opened, and its own number."""
    return f"GJ-{division[:6]}-{opened_at.astimezone(unit.runtime.settings.zone).year}-{case_id:06d}"


def instant(at: datetime | None) -> str | None:
    """A moment as it goes over the wire: UTC, to the second."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at is not None else None


def _asked(wanted: Wanted, visible: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if wanted.uscc:
        asked.append(Case.uscc == unicodedata.normalize("NFKC", wanted.uscc).strip().upper())
    if wanted.name:
        asked.append(Case.name.contains(wanted.name.strip(), autoescape=True))
    if wanted.division:
        asked.append(_below(wanted.division))
    if wanted.procedure or wanted.state:
        moving = [Proceeding.case_id == Case.id, visible]
        moving += [Proceeding.procedure == wanted.procedure] if wanted.procedure else []
        moving += [Proceeding.state == wanted.state] if wanted.state else []
        asked.append(exists().where(*moving).correlate(Case))
    return asked


def _below(division: str) -> ColumnElement[bool]:
    try:
        return within(Case.division, division)
    except UnknownDivision:
        raise Fault(
            "parameter_bad",
            field="division",
            name="division",
            zh="应为6位、9位或12位区划代码",
            en="it must be a division code of 6, 9 or 12 digits",
        ) from None


def _head(unit: Unit, row: RowMapping) -> dict[str, Any]:
    registered = row["registered_on"]
    return {
        "id": str(row["id"]),
        "number": number(unit, row["id"], row["division"], row["opened_at"]),
        "status": row["status"],
        "paused": row["paused"],
        "opened_at": instant(row["opened_at"]),
        "enterprise": {
            "uscc": row["uscc"],
            "name": row["name"],
            "division": row["division"],
            "registered_on": registered.isoformat() if registered else None,
            "type": row["kind"],
            "industry": row["industry"],
            "address": row["address"],
        },
    }


def _standing(unit: Unit, row: Any) -> dict[str, Any]:
    """Where a proceeding stands. `Any`: a row of Proceeding's columns."""
    law = unit.runtime.law.definition(row.procedure, row.version)
    state = law.state[row.state]
    return {
        "id": str(row.id),
        "procedure": row.procedure,
        "title": law.label.as_dict(),
        "version": row.version,
        "revision": row.revision,
        "state": row.state,
        "label": state.label.as_dict(),
        "settled": state.settled or state.final,
        "since": instant(row.since),
    }


def _proceeding(
    unit: Unit, row: Any, standing: Standing, case_law: Unfolding, terms: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    law = unit.runtime.law.definition(row.procedure, row.version)
    division = case_law.case.division
    own = law.compartment in drawers(unit.actor)
    allowed, refused = _steps(unit, row, standing, law, case_law)
    return _standing(unit, row) | {
        "waiting_on": _waiting_on(unit, law.state[row.state], division),
        "facts": dict(row.data) if own else {},
        "deadlines": list(terms) if own else [],
        "allowed": allowed,
        "refused": refused,
    }


def _steps(
    unit: Unit, row: Any, standing: Standing, law: Definition, case_law: Unfolding
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The steps of this state that are this actor's to take: those open to him now, and those closed with the reason."""
    allowed, refused = [], []
    division = case_law.case.division
    for one in explain(law, row.state, case_law.situation(standing)):
        step = one.step
        if step.by is None or not fills(unit.actor, step.by, division):
            continue
        why = CATALOGUE["same_person"][1] if same_person(unit.actor, step, row.takers) else one.why_not
        if why is not None:
            refused.append({"step": step.name, "label": step.label.as_dict(), "why": why.as_dict()})
            continue
        towns = towns_below(unit, division) if any(field.kind == "town" for field in step.fields) else ()
        allowed.append(
            {
                "step": step.name,
                "label": step.label.as_dict(),
                "fields": forms.schema(step, today=unit.today, towns=towns),
                "evidence": [paper.kind for paper in step.evidence],
            }
        )
    return allowed, refused


def _waiting_on(unit: Unit, state: State, division: str) -> dict[str, Any] | None:
    """Who is waited for; None where nothing is owed. `body` is None while nobody has been set up for the role."""
    if state.settled or state.final:
        return None
    if state.work is not None:
        body = unit.runtime.roster.fills(state.work.role.name, division)
        return {
            "body": body.code if body else None,
            "role": state.work.role.name,
            "why": state.work.why.as_dict(),
        }
    return {"body": None, "role": None, "why": state.waits_for.as_dict()} if state.waits_for else None


def _terms(unit: Unit, proceedings: Sequence[int], language: Language) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = unit.db.execute(
        select(
            Deadline.proceeding_id,
            Deadline.term,
            Deadline.state,
            Deadline.due_on,
            Deadline.detail,
            Proceeding.procedure,
            Proceeding.version,
        )
        .join(Proceeding, Proceeding.id == Deadline.proceeding_id)
        .where(Deadline.proceeding_id.in_(proceedings))
        .order_by(Deadline.id)
    )
    for row in rows:
        term = unit.runtime.law.definition(row.procedure, row.version).term[row.term]
        late = row.state not in _RUNNING or (
            row.state == "running" and row.due_on is not None and row.due_on < unit.today
        )
        found[row.proceeding_id].append(
            {
                "term": row.term,
                "label": term.label.as_dict(),
                "due_on": row.due_on.isoformat() if row.due_on else None,
                "derivation": [line[language] for line in row.detail["derivation"]],
                "state": "overdue" if late else row.state,
            }
        )
    return found


def _open_facts(unit: Unit, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The open drawer; which Party form it is stays on the Party side, since it would tell how many members there are."""
    shown = dict(facts)
    if "party_form" in shown and Compartment.PARTY not in drawers(unit.actor):
        shown["party_form"] = coarse(str(shown["party_form"]))
    return shown
