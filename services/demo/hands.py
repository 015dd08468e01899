"""People at work, for the demo and for stories told as tests: real accounts, real documents, real steps, and no shortcut."""

import json
from collections.abc import Mapping
from itertools import count
from typing import Any

from sqlalchemy import ColumnElement, select

from services.access.actors import actor_of
from services.actor import Actor
from services.cases import load
from services.cases.advance import StepTaken, take_step
from services.cases.begin import Begun, begin
from services.db.models.casework import Case, Proceeding
from services.deadlines.fire import drain_due
from services.documents.store import look, store
from services.intake.apply import drain_inbox
from services.intake.receive import receive_raw
from services.outbox import drain_outbox
from services.runtime import Runtime, Unit
from workflows import forms
from workflows.definition import Act, Facts, Step
from workflows.events import REGISTRY_PREFIX

_PAPER = "演示材料，不是真实公文。 Demonstration paper, not a real document.\n"


class Hands:
    """Acts for the accounts of one runtime. Fields that are not given are filled in from the form's own examples."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._actors: dict[str, Actor] = {}
        self._serial = count(1)  # no two papers are alike

    def emit(self, office: str, fact: str, event_id: str, data: Mapping[str, object]) -> None:
        """The office's event is in the inbox; a rejected one is an error in the story."""
        said = {
            "specversion": "1.0",
            "id": event_id,
            "source": f"/{office.replace('.', '/')}",
            "type": f"{REGISTRY_PREFIX}{fact}.v1",
            "time": self.runtime.clock.now().isoformat(),
            "datacontenttype": "application/json",
            "data": dict(data),
        }
        body = json.dumps(said, ensure_ascii=False).encode()
        receipts = receive_raw(self.runtime, body, "application/cloudevents+json", {}, office, "http")
        if receipts[0].status == "rejected":
            raise AssertionError(f"{event_id}: {receipts[0].reason}")

    def settle(self) -> None:
        """Everything that waits to be applied, carried or told is done, as the workers would."""
        while drain_inbox(self.runtime) + drain_outbox(self.runtime) + drain_due(self.runtime):
            continue

    def take(self, account: str, uscc: str, procedure: str, step: str, **fields: object) -> None:
        """The step stands in the enterprise's file, with a document for every kind of evidence it needs."""
        self._take(account, Case.uscc == uscc, procedure, step, fields)

    def take_in(self, account: str, case: int, procedure: str, step: str, **fields: object) -> None:
        """The step stands in the file of this number."""
        self._take(account, Case.id == case, procedure, step, fields)

    def begin(self, account: str, procedure: str, opening: str, **fields: object) -> int:
        """The number of the new file that the account begins."""
        declared = next(
            one
            for law, one in self.runtime.law.begun_by_persons
            if (law.name, one.name) == (procedure, opening)
        )
        with self.runtime.writing(self.actor(account)) as unit:
            papers = self._papers(unit, declared)
            given = examples(unit, declared) | dict(fields)
            begun = begin(unit, Begun(procedure, opening, given, papers))
        return int(begun["case"])

    def _take(
        self,
        account: str,
        where: ColumnElement[bool],
        procedure: str,
        step: str,
        fields: Mapping[str, object],
    ) -> None:
        with self.runtime.writing(self.actor(account)) as unit:
            with unit.as_office():  # a story knows the numbers of files that its people may not see
                row = unit.db.execute(
                    select(Proceeding.id, Proceeding.version)
                    .join(Case, Case.id == Proceeding.case_id)
                    .where(where, Proceeding.procedure == procedure)
                    .order_by(Proceeding.id.desc())
                    .limit(1)
                ).one()
            declared = self.runtime.law.definition(procedure, row.version).step[step]
            papers = self._papers(unit, declared)
            given = examples(unit, declared, _suggested(unit, row.id, declared)) | dict(fields)
            take_step(unit, StepTaken(row.id, step, given, papers))

    def _papers(self, unit: Unit, act: Act) -> list[str]:
        """A document for every kind of evidence, by number."""
        return [
            str(
                store(
                    unit,
                    look(
                        unit.runtime,
                        unit.actor,
                        kind=paper.kind,
                        number=None,
                        issued_on=unit.today,
                        name=f"{paper.kind}.txt",
                        media="text/plain",
                        content=f"{paper.label.zh} {next(self._serial)}\n{_PAPER}".encode(),
                    ),
                )
            )
            for paper in act.evidence
        ]

    def actor(self, account: str) -> Actor:
        if account not in self._actors:
            with self.runtime.reading(Actor(None, None, "", "", "service", "000000")) as unit:
                self._actors[account] = actor_of(unit, account)
        return self._actors[account]


def examples(unit: Unit, act: Act, suggested: Facts = forms.NOTHING) -> dict[str, Any]:
    """The form's own examples, but for towns, other files and codes that may be left out: a story names them. `Any`: JSON."""
    shown = forms.examples(act, today=unit.today, suggested=suggested)
    named = {one.name for one in act.fields if one.kind == "code" and not one.required}
    return {name: value for name, value in shown.items() if name not in named}


def _suggested(unit: Unit, proceeding_id: int, step: Step) -> Facts:
    """What the form makes its examples of: what is on file in this proceeding."""
    if step.suggests is None:
        return forms.NOTHING
    docket = load.of_proceeding(unit, proceeding_id)
    if docket is None:
        raise AssertionError(f"there is no proceeding {proceeding_id}")
    standing = next(one for one in docket.file.standings if one.key == proceeding_id)
    return forms.suggestions(step, load.unfolding(unit, docket.file).situation(standing))
