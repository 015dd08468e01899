"""What an official paper is about: a case that the writer may see, and of it only what may stand on a paper of that form.

A form that crosses compartments is given the whitelist of a cross-notice and nothing else, so nothing else can come onto the sheet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from services.actor import Actor
from services.cases.docket import facts_of, standing_of
from services.cases.load import unfolding
from services.db.models.casework import Proceeding
from services.db.models.paper import Document, Filing
from services.db.queries.casebook import seen
from services.db.queries.sight import proceedings_of
from services.directory.scope import drawers, may_see
from services.meetings.record import on_record
from services.notices.payload import payload
from services.runtime import Unit
from workflows.casefile import CaseFile
from workflows.definition import Evidence, Facts
from workflows.errors import Fault
from workflows.papers.model import Earlier, Form, Matter
from workflows.plain import said_back
from workflows.procedures.joint_meeting import JOINT_MEETING

_ROLES = {
    "superior": {"union": "union_superior"},
    "local": {"union": "union_local"},
    "other_side": {"union": "party_local"},
    "union": {"investment": "union_local"},
}
#: The same for every kind of Party body.
_PARTY_ROLES = {"superior": "party_superior", "local": "party_local", "other_side": "union_local"}


@dataclass(frozen=True, slots=True)
class Subject:
    """The case and, where there is one, the proceeding in it and the evidence that the paper is to be."""

    case: Mapping[str, Any]  # Any: a row
    file: CaseFile
    proceeding: Any  # a row of Proceeding's columns, or None
    evidence: Evidence | None


def subject_of(unit: Unit, form: Form, case_id: int, proceeding_id: int | None, kind: str) -> Subject:
    """What a paper of this form would be about; not_found where the writer may not see it, a Fault where it cannot be written."""
    if unit.actor.kind not in form.kinds:
        raise Fault("paper_not_yours", zh=form.label.zh, en=form.label.en)
    row = dict(seen(unit, case_id))
    found = unit.db.execute(
        select(*Proceeding.__table__.c)
        .where(Proceeding.case_id == case_id, proceedings_of(unit.actor, unit.runtime.law))
        .order_by(Proceeding.id)
    ).all()
    file = CaseFile(row["division"], facts_of(row), [standing_of(one) for one in found], row["paused"])
    if proceeding_id is None:
        if kind:
            raise Fault("paper_kind", field="kind", kind=said_back(kind), zh=form.label.zh, en=form.label.en)
        return Subject(row, file, None, None)
    proceeding = next((one for one in found if one.id == proceeding_id), None)
    if proceeding is None:
        raise Fault("not_found")
    law = unit.runtime.law.definition(proceeding.procedure, proceeding.version)
    if not may_see(unit, law, proceeding.state, file.division):
        raise Fault("not_found")
    evidence = next(
        (one for act in law.acts for one in act.evidence if one.kind == kind and one.form == form.name), None
    )
    if evidence is None:
        raise Fault("paper_kind", field="kind", kind=said_back(kind), zh=form.label.zh, en=form.label.en)
    return Subject(row, file, proceeding, evidence)


def matter_of(unit: Unit, form: Form, subject: Subject) -> Matter:
    """What may be drafted from."""
    name = str(subject.case["name"])
    about = subject.evidence.about if subject.evidence is not None else ""
    return Matter(
        about=(about or "{name}有关事项").format(name=name),
        case=payload(subject.case, subject.file, unit.today),
        writer=unit.actor.body_name,
        to=_addressee(unit, form, subject.file.division),
        today=unit.today,
        facts={} if form.whitelisted else _own_facts(unit, subject),
        earlier=() if form.whitelisted else _earlier(unit, subject),
        table=_table(unit, subject),
    )


def _table(unit: Unit, subject: Subject) -> Facts:
    """What a joint meeting has on record, where the paper is about one."""
    if subject.proceeding is None or subject.proceeding.procedure != JOINT_MEETING.name:
        return {}
    return on_record(unit, subject.case, subject.proceeding.data)


def _own_facts(unit: Unit, subject: Subject) -> Facts:
    """The proceeding's own drawer, if it is the writer's."""
    if subject.proceeding is None:
        return {}
    law = unit.runtime.law.definition(subject.proceeding.procedure, subject.proceeding.version)
    if law.compartment not in drawers(unit.actor):
        return {}
    standing = next(one for one in subject.file.standings if one.key == subject.proceeding.id)
    return unfolding(unit, subject.file).situation(standing).facts


def _earlier(unit: Unit, subject: Subject) -> tuple[Earlier, ...]:
    """The papers on file in this proceeding, in the order in which they came."""
    if subject.proceeding is None:
        return ()
    rows = unit.db.execute(
        select(Document.kind, Document.number)
        .join(Filing, Filing.document_id == Document.id)
        .where(Filing.proceeding_id == subject.proceeding.id)
        .order_by(Filing.seq, Document.id)
    )
    known = unit.runtime.law.evidence
    return tuple(
        Earlier(row.kind, known[row.kind].label.zh, row.number or "") for row in rows if row.kind in known
    )


def _addressee(unit: Unit, form: Form, division: str) -> str:
    """The name of the body that the paper goes to, where that is known by where the enterprise lies."""
    role = _role(unit.actor, form)
    unit.runtime.roster.refresh(unit.db)
    found = unit.runtime.roster.fills(role, division) if role else None
    return found.name if found is not None and found.id != unit.actor.body_id else ""


def _role(actor: Actor, form: Form) -> str:
    by_kind = _ROLES.get(form.towards, {})
    return by_kind.get(actor.kind) or (
        _PARTY_ROLES.get(form.towards, "") if actor.kind in ("party", "minying", "orgdept") else ""
    )
