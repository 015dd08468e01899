"""People at work, for the demo and for stories told as tests: real accounts, real documents, real steps, and no shortcut."""

import json
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from services.access.actors import actor_of
from services.actor import Actor
from services.cases.advance import StepTaken, take_step
from services.db.models.casework import Case, Proceeding
from services.deadlines.fire import drain_due
from services.documents.store import store
from services.intake.apply import drain_inbox
from services.intake.receive import receive_raw
from services.outbox import drain_outbox
from services.runtime import Runtime
from workflows.definition import Field
from workflows.events import REGISTRY_PREFIX

_PAPER = "演示材料，不是真实公文。 Demonstration paper, not a real document.\n"


class Hands:
    """Acts for the accounts of one runtime. Fields that are not given are filled in from the form's own examples."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._actors: dict[str, Actor] = {}

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
        """The step stands, with a document for every kind of evidence it needs."""
        actor = self.actor(account)
        with self.runtime.writing(actor) as unit:
            row = unit.db.execute(
                select(Proceeding.id, Proceeding.version)
                .join(Case, Case.id == Proceeding.case_id)
                .where(Case.uscc == uscc, Proceeding.procedure == procedure)
                .order_by(Proceeding.id.desc())
                .limit(1)
            ).one()
            declared = self.runtime.law.definition(procedure, row.version).step[step]
            papers = [
                store(
                    unit,
                    kind=paper.kind,
                    number=None,
                    issued_on=unit.today,
                    name=f"{paper.kind}.txt",
                    media="text/plain",
                    content=(paper.label.zh + "\n" + _PAPER).encode(),
                )[0]
                for paper in declared.evidence
            ]
            filled = {one.name: self._example(one) for one in declared.fields if one.kind != "town"} | fields
            take_step(unit, StepTaken(row.id, step, filled, [str(paper) for paper in papers]))

    def actor(self, account: str) -> Actor:
        if account not in self._actors:
            with self.runtime.reading(Actor(None, None, "", "", "service", "000000")) as unit:
                self._actors[account] = actor_of(unit, account)
        return self._actors[account]

    def _example(self, field: Field) -> object:
        if field.kind != "date":
            return field.example
        days = field.example if isinstance(field.example, int) else 0
        return (
            self.runtime.clock.now().astimezone(self.runtime.settings.zone).date() + timedelta(days=days)
        ).isoformat()
