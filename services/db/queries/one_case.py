"""One case as the contract tells it: what moves in it, who is waited for, what may be done now, and
why the rest may not."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import select

from services.cases.advance import same_person
from services.cases.docket import facts_of, standing_of
from services.cases.hand_over import nobody_there
from services.cases.links import files_for
from services.cases.load import unfolding
from services.db.models.casework import Deadline, Proceeding
from services.db.queries.casebook import head_of, seen, standing
from services.db.queries.hidden import veiled
from services.db.queries.sight import is_onlooker, proceedings_of
from services.directory.scope import drawers, fills, may_see
from services.directory.towns import towns_below
from services.notices.payload import coarse
from services.reckoning.figures import Asked, reckoned
from services.runtime import Unit
from workflows import forms
from workflows.casefile import CaseFile, Standing
from workflows.definition import STAY, Definition, Situation, State, Step
from workflows.errors import CATALOGUE
from workflows.roles import Compartment
from workflows.runner import explain
from workflows.unfold import Unfolding

Language = Literal["zh", "en"]

_PROCEEDING = Proceeding.__table__.c


def case(unit: Unit, case_id: int, language: Language = "zh") -> dict[str, Any]:
    """The case for this actor; not_found when it lies outside his divisions. `Any`: JSON."""
    row = seen(unit, case_id)
    visible = proceedings_of(unit.actor, unit.runtime.law)
    found = unit.db.execute(
        select(*_PROCEEDING).where(Proceeding.case_id == case_id, visible).order_by(Proceeding.id)
    ).all()
    unit.runtime.roster.refresh(unit.db)
    file = CaseFile(row["division"], facts_of(dict(row)), [standing_of(one) for one in found], row["paused"])
    law = unfolding(unit, file)
    terms = _terms(unit, [one.id for one in found], language)
    shown = [
        _proceeding(unit, one, here, law, terms[one.id])
        for one, here in zip(found, file.standings, strict=True)
        if may_see(unit, _law(unit, one), one.state, file.division)
    ]
    return head_of(unit, row) | {"facts": _open_facts(unit, file.facts), "proceedings": shown}


def _law(unit: Unit, row: Any) -> Definition:
    return unit.runtime.law.definition(row.procedure, row.version)


def _proceeding(
    unit: Unit, row: Any, here: Standing, case_law: Unfolding, terms: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """A guest, for whom only a step waits here, is shown the step and neither facts nor deadlines."""
    law = _law(unit, row)
    own = law.compartment in drawers(unit.actor)
    running = {term["term"] for term in terms if term["state"] in ("running", "suspended")}
    allowed, refused = _steps(unit, row, here, law, case_law, running)
    facts, masked = veiled(row.data if own else {}, law.personal)
    return standing(unit, row) | {
        "waiting_on": _waiting_on(
            unit, law.state[row.state], case_law.situation(here), case_law.case.division
        ),
        "facts": facts,
        "masked": masked,
        "deadlines": list(terms) if own else [],
        "allowed": allowed,
        "refused": refused,
    }


def _steps(
    unit: Unit, row: Any, here: Standing, law: Definition, case_law: Unfolding, running: Collection[str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The steps of this state that are this actor's: those open to him now, those closed with the reason.
    Steps that move on stand before those that stay, and what gives the matter up stands last, so that who always takes the first comes to the end."""
    allowed, refused = [], []
    division = case_law.case.division
    mine = {
        step.name
        for step in law.steps
        if step.by is not None and row.state in step.sources and fills(unit, step.by, division)
    }
    names = {name: None for step in law.steps if step.name in mine for name in step.reckons}
    situation = case_law.situation(
        here, extra=reckoned(unit, names, Asked(row.case_id, division, here.began_on))
    )
    explained = [one for one in explain(law, row.state, situation) if one.step.name in mine]
    for one in sorted(explained, key=lambda one: _place(one.step, row.state)):
        step = one.step
        files = files_for(unit, step, division)
        why = one.why_not or forms.nothing_to_choose(step, files)
        if step.extends and step.extends not in running:
            label = law.term[step.extends].label
            why = CATALOGUE["term_not_running"][1].filled(zh=label.zh, en=label.en)
        there = situation.word(step.moves_file) if step.moves_file else ""
        if why is None and there and nobody_there(unit, there):
            why = CATALOGUE["destination_unlisted"][1].filled(division=there)
        if same_person(unit.actor, step, row.takers):
            why = CATALOGUE["same_person"][1]
        if why is not None:
            refused.append({"step": step.name, "label": step.label.as_dict(), "why": why.as_dict()})
            continue
        towns = towns_below(unit, division) if any(field.kind == "town" for field in step.fields) else ()
        allowed.append(
            {
                "step": step.name,
                "label": step.label.as_dict(),
                "fields": forms.schema(
                    step,
                    today=unit.today,
                    towns=towns,
                    files=files,
                    suggested=forms.suggestions(step, situation),
                ),
                "evidence": [paper.kind for paper in step.evidence],
            }
        )
    return allowed, refused


def _place(step: Step, state: str) -> int:
    """Where a step stands among those offered: what moves on, what stays, what gives the matter up."""
    return 2 if step.gives_up else int(step.target in (STAY, state))


def _waiting_on(unit: Unit, state: State, situation: Situation, division: str) -> dict[str, Any] | None:
    """Who is waited for; None where nothing is owed. `body` is None while nobody is there for the role."""
    if state.settled or state.final:
        return None
    work = next((work for work in state.works if work.due(situation)), None)
    if work is not None:
        body = unit.runtime.roster.fills(work.role.name, division)
        return {"body": body.code if body else None, "role": work.role.name, "why": work.why.as_dict()}
    return {"body": None, "role": None, "why": state.waits_for.as_dict()} if state.waits_for else None


def _terms(unit: Unit, proceedings: Sequence[int], language: Language) -> dict[int, list[dict[str, Any]]]:
    """A term whose last day is over is overdue, even in the seconds before the mail room says so."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    columns = (Deadline.proceeding_id, Deadline.term, Deadline.state, Deadline.due_on, Deadline.detail)
    rows = unit.db.execute(
        select(*columns, Proceeding.procedure, Proceeding.version)
        .join(Proceeding, Proceeding.id == Deadline.proceeding_id)
        .where(Deadline.proceeding_id.in_(proceedings))
        .order_by(Deadline.id)
    )
    for row in rows:
        term = _law(unit, row).term[row.term]
        over = row.state == "running" and row.due_on is not None and row.due_on < unit.today
        late = "met" if term.reminder else "overdue"
        found[row.proceeding_id].append(
            {
                "term": row.term,
                "label": term.label.as_dict(),
                "due_on": row.due_on.isoformat() if row.due_on else None,
                "provisional_on": row.detail.get("provisional_on"),
                "derivation": [line[language] for line in row.detail["derivation"]],
                "state": late if over else row.state,
            }
        )
    return found


def _open_facts(unit: Unit, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Which Party form it is stays on the Party side: the finer word would tell how many members there
    are."""
    if is_onlooker(unit.actor):
        return {}
    shown = dict(facts)
    if "party_form" in shown and Compartment.PARTY not in drawers(unit.actor):
        shown["party_form"] = coarse(str(shown["party_form"]))
    return shown
