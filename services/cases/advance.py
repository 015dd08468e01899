"""A person takes a step. Always in this order: lock the case, check the actor, ask the law, record, write the messages."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select

from services.actor import Actor
from services.cases import load
from services.cases.docket import Docket, Move
from services.cases.record import record
from services.db.models.paper import Answer, Document
from services.directory.scope import covers, drawers, fills
from services.directory.towns import towns_below
from services.runtime import Unit
from workflows import forms
from workflows.definition import Definition, Step
from workflows.errors import Fault, Refused
from workflows.events import canonical
from workflows.unfold import Standing

_PAPERS = select(Document.id, Document.kind, Document.number, Document.sha256).where(
    Document.id.in_(bindparam("ids", expanding=True)), Document.body_id == bindparam("body")
)


@dataclass(frozen=True, slots=True)
class StepTaken:
    """What a person hands in for one step. `key` makes a repeat harmless; `expected_revision` refuses a stale page."""

    proceeding_id: int
    step: str
    fields: Mapping[str, object]
    evidence: Sequence[str] = ()
    opinion: str = ""
    expected_revision: int | None = None
    key: str | None = None


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
    if docket is None or not covers(unit.actor.division, docket.file.division):
        raise Fault("not_found")
    answered = _answered(unit, asked)
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
    if not forms.is_plain(asked.opinion) or len(asked.opinion) > 2000:
        raise Fault("field_text", field="opinion", zh="意见", en="opinion")
    fields = forms.check(step, asked.fields, today=unit.today, towns=towns_below(unit, docket.file.division))
    papers = _papers(unit, step, asked.evidence)
    unfolded = load.unfolding(unit, docket.file).take(
        standing.key, step, fields, [paper["kind"] for paper in papers]
    )
    record(
        unit,
        [Move(docket, unfolded, papers=papers, opinion=asked.opinion, took=(standing.key, step.name))],
    )
    taken = Taken(docket.row["id"], standing.key, standing.state, standing.revision).as_dict()
    _remember(unit, asked, taken)
    return taken


def may_see(unit: Unit, law: Definition, state: str, division: str) -> bool:
    """Own drawers always; another's only while a step there waits for this very body."""
    if law.compartment in drawers(unit.actor):
        return True
    return any(
        step.by is not None and state in step.sources and fills(unit, step.by, division) for step in law.steps
    )


def _permitted(unit: Unit, docket: Docket, standing: Standing, law: Definition, asked: StepTaken) -> Step:
    division = docket.file.division
    if not may_see(unit, law, standing.state, division):
        raise Fault("not_found")
    step = law.step.get(asked.step)
    if step is None or step.by is None:
        raise Fault("step_unknown", step=asked.step[:60] if asked.step.isprintable() else "?")
    if not fills(unit, step.by, division):
        raise Fault("step_not_yours", zh=step.by.label.zh, en=step.by.label.en)
    if same_person(unit.actor, step, docket.takers.get(standing.key, {})):
        raise Fault("same_person")
    return step


def same_person(actor: Actor, step: Step, takers: Mapping[str, int]) -> bool:
    """Did this very person take a step that this one decides on?"""
    return any(takers.get(name) == actor.account_id for name in step.not_by)


def _papers(unit: Unit, step: Step, ids: Sequence[str]) -> list[Mapping[str, Any]]:
    """The documents handed in, all from the actor's own body, and every kind the step needs among them."""
    papers: list[Mapping[str, Any]] = []
    if ids:
        wanted = {}
        for given in ids:
            if not (given.isascii() and given.isdigit() and len(given) < 19):
                raise Fault(
                    "evidence_unknown", field="evidence", id=given[:30] if given.isprintable() else "?"
                )
            wanted[int(given)] = given
        found = unit.db.execute(_PAPERS, {"ids": sorted(wanted), "body": unit.actor.body_id}).mappings()
        papers = [dict(row) for row in found]
        for missing in wanted.keys() - {paper["id"] for paper in papers}:
            raise Fault("evidence_unknown", field="evidence", id=wanted[missing])
    kinds = {paper["kind"] for paper in papers}
    lacking = [paper.label for paper in step.evidence if paper.kind not in kinds]
    if lacking:
        raise Fault(
            "evidence_missing",
            field="evidence",
            zh="、".join(one.zh for one in lacking),
            en=", ".join(one.en for one in lacking),
        )
    return papers


def _digest(asked: StepTaken) -> bytes:
    body = {
        "p": asked.proceeding_id,
        "s": asked.step,
        "f": dict(asked.fields),
        "e": list(asked.evidence),
        "o": asked.opinion,
    }
    return hashlib.sha256(canonical(body)).digest()


def _answered(unit: Unit, asked: StepTaken) -> dict[str, Any] | None:
    """The answer already given to this key, if any; looked up under the case's lock, so twins wait for each other."""
    if asked.key is None or unit.actor.account_id is None:
        return None
    row = unit.db.execute(
        select(Answer.digest, Answer.answer).where(
            Answer.account_id == unit.actor.account_id, Answer.key == asked.key
        )
    ).one_or_none()
    if row is None:
        return None
    if bytes(row.digest) != _digest(asked):
        raise Fault("idempotency_conflict")
    return dict(row.answer)


def _remember(unit: Unit, asked: StepTaken, taken: dict[str, Any]) -> None:
    if asked.key is not None and unit.actor.account_id is not None:
        row = {
            "account_id": unit.actor.account_id,
            "key": asked.key,
            "digest": _digest(asked),
            "answer": taken,
        }
        unit.db.execute(insert(Answer), [row | {"at": unit.now, "proceeding_id": asked.proceeding_id}])
