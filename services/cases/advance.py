"""A person takes a step. Always in this order: lock the case, check the actor, ask the law, record, write the messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services import failpoints
from services.actor import Actor
from services.cases import answers, load
from services.cases.docket import Docket, Move
from services.cases.hand_over import nobody_there
from services.cases.links import files_named
from services.cases.papers import handed_in
from services.cases.record import record
from services.directory.scope import covers, fills, may_know, may_see
from services.directory.towns import towns_below
from services.documents.store import Sound, store
from services.meetings.books import BOOKS, Taking
from services.reckoning.figures import Asked, reckoned
from services.runtime import Unit
from workflows import forms
from workflows.casefile import Standing
from workflows.definition import Definition, Facts, Step
from workflows.errors import Fault, Refused
from workflows.personal import has_number
from workflows.plain import is_plain, said_back


@dataclass(frozen=True, slots=True)
class StepTaken:
    """What a person hands in for one step. `key` makes a repeat harmless; `expected_revision` refuses a stale page.

    `evidence` names documents that are on file; `papers` come along, and are on file if the step is taken."""

    proceeding_id: int
    step: str
    fields: Mapping[str, object]
    evidence: Sequence[str] = ()
    opinion: str = ""
    expected_revision: int | None = None
    key: str | None = None
    papers: Sequence[Sound] = ()

    def asked(self) -> dict[str, object]:
        """What a repeat under the same key must be the same in."""
        return {
            "p": self.proceeding_id,
            "s": self.step,
            "f": dict(self.fields),
            "e": list(self.evidence),
            "o": self.opinion,
        } | ({"d": [paper.sha256 for paper in self.papers]} if self.papers else {})


@dataclass(frozen=True, slots=True)
class Taken:
    """Where the proceeding stands afterwards."""

    case_id: int
    proceeding_id: int
    state: str
    revision: int

    def as_dict(self) -> dict[str, object]:
        return {
            "case": str(self.case_id),
            "proceeding": str(self.proceeding_id),
            "state": self.state,
            "revision": self.revision,
        }


def take_step(unit: Unit, asked: StepTaken) -> dict[str, Any]:
    """The step stands with everything that follows from it, or a Fault says why nothing changed."""
    docket = load.of_proceeding(unit, asked.proceeding_id)
    if docket is None or not (
        covers(unit.actor.division, docket.file.division) and may_know(unit.actor, docket.row["subject"])
    ):
        raise Fault("not_found")
    answered = answers.given_before(unit, asked.key, asked.asked())
    if answered is not None:
        return answered
    standing = next(one for one in docket.file.standings if one.key == asked.proceeding_id)
    law = unit.runtime.law.definition(standing.procedure, standing.version)
    step = _permitted(unit, docket, standing, law, asked)
    if asked.expected_revision is not None and asked.expected_revision != standing.revision:
        raise Fault("revision_stale")
    if standing.state not in step.sources:
        here = law.state[standing.state].label
        raise Refused("step_not_here", zh=here.zh, en=here.en, step_zh=step.label.zh, step_en=step.label.en)
    check_opinion(asked.opinion)
    division = docket.file.division
    fields = forms.check(
        step,
        asked.fields,
        today=unit.today,
        towns=towns_below(unit, division),
        files=files_named(unit, step, division, asked.fields),
        where="fields.",
    )
    brought = [str(store(unit, paper)) for paper in asked.papers]
    papers = handed_in(unit, step, [*asked.evidence, *brought])
    unfolded = load.unfolding(unit, docket.file).take(
        standing.key,
        step,
        {
            **fields,
            **_kept(unit, docket, standing, step, fields),
            **reckoned(unit, step.reckons, Asked(docket.row["id"], division, standing.began_on)),
        },
        [paper["kind"] for paper in papers],
    )
    failpoints.here("step", "judged")
    if step.moves_file and nobody_there(unit, docket.file.division):
        raise Fault("destination_unlisted", division=docket.file.division)
    record(
        unit,
        [Move(docket, unfolded, papers=papers, opinion=asked.opinion, took=(standing.key, step.name))],
    )
    failpoints.here("step", "recorded")
    taken = Taken(docket.row["id"], standing.key, standing.state, standing.revision).as_dict()
    answers.keep(unit, asked.key, asked.asked(), taken, asked.proceeding_id)
    return taken


def _kept(unit: Unit, docket: Docket, standing: Standing, step: Step, fields: Facts) -> Facts:
    """The office writes its line in the book that the step names, and tells what it found."""
    if not step.keeps:
        return {}
    with unit.as_office():
        return BOOKS[step.keeps](unit, Taking(docket, standing, fields))


def check_opinion(opinion: str) -> None:
    """An opinion is plain text of at most 2,000 characters, without anybody's numbers."""
    if not is_plain(opinion) or len(opinion) > 2000:
        raise Fault("field_text", field="opinion", zh="意见", en="opinion")
    if has_number(opinion):
        raise Fault("field_number", field="opinion", zh="意见", en="opinion")


def _permitted(unit: Unit, docket: Docket, standing: Standing, law: Definition, asked: StepTaken) -> Step:
    division = docket.file.division
    if not may_see(unit, law, standing.state, division):
        raise Fault("not_found")
    step = law.step.get(asked.step)
    if step is None or step.by is None:
        raise Fault("step_unknown", step=said_back(asked.step))
    if not fills(unit, step.by, division):
        raise Fault("step_not_yours", zh=step.by.label.zh, en=step.by.label.en)
    if same_person(unit.actor, step, docket.takers.get(standing.key, {})):
        raise Fault("same_person")
    return step


def same_person(actor: Actor, step: Step, takers: Mapping[str, int]) -> bool:
    """Did this very person take a step that this one decides on?"""
    return any(takers.get(name) == actor.account_id for name in step.not_by)
