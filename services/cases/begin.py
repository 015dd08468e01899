"""A person begins something that has a file of its own: a joint union, a campaign, a lead that no office reported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, exists, or_, select

from services.cases import answers, load, names
from services.cases.advance import Taken, check_opinion
from services.cases.docket import Docket, Move
from services.cases.links import files_for, files_named
from services.cases.papers import handed_in
from services.cases.record import record
from services.db.models.casework import Case
from services.directory.divisions import level_of
from services.directory.scope import drawers, fills, within
from services.directory.towns import towns_below
from services.documents.store import Sound, store
from services.runtime import Unit
from workflows import forms
from workflows.casefile import new_file
from workflows.definition import Definition, Facts, Opening
from workflows.errors import Fault
from workflows.events import Scalar
from workflows.plain import is_line, said_back
from workflows.subjects import ENTERPRISE


@dataclass(frozen=True, slots=True)
class Begun:
    """What a person hands in to begin a file. `key` makes a repeat harmless.

    `evidence` names documents that are on file; `papers` come along, and are on file if the file is begun."""

    procedure: str
    opening: str
    fields: Mapping[str, object]
    evidence: Sequence[str] = ()
    opinion: str = ""
    key: str | None = None
    papers: Sequence[Sound] = ()

    def asked(self) -> dict[str, object]:
        """What a repeat under the same key must be the same in."""
        asked: dict[str, object] = {"p": self.procedure, "s": self.opening, "f": dict(self.fields)}
        asked |= {"e": list(self.evidence), "o": self.opinion}
        return asked | ({"d": [paper.sha256 for paper in self.papers]} if self.papers else {})


def openings(unit: Unit) -> dict[str, Any]:
    """What this actor may begin, each with its form, in the order of the law book. `Any`: JSON."""
    items = [
        {
            "procedure": law.name,
            "opening": opening.name,
            "label": opening.label.as_dict(),
            "subject": opening.subject.name,
            "fields": forms.schema(
                opening, today=unit.today, towns=_towns(unit, opening), files=_files(unit, opening)
            ),
            "evidence": [paper.kind for paper in opening.evidence],
        }
        for law, opening in _persons(unit)
        if opening.label is not None
        and opening.subject is not None
        and forms.nothing_to_choose(opening, _files(unit, opening)) is None
    ]
    return {"items": items, "next": None}


def begin(unit: Unit, asked: Begun) -> dict[str, Any]:
    """The new file stands, with the proceeding that the person began; or a Fault says why nothing was begun."""
    law, opening = _known(unit, asked)
    answered = answers.given_before(unit, asked.key, asked.asked())
    if answered is not None:
        return answered
    check_opinion(asked.opinion)
    fields = forms.check(
        opening,
        asked.fields,
        today=unit.today,
        towns=_towns(unit, opening),
        files=files_named(unit, opening, unit.actor.division, asked.fields),
        where="fields.",
    )
    if not is_line(str(fields["name"])):
        raise Fault("field_text", field="fields.name", zh="名称", en="name")
    division = str(fields.get("town") or unit.actor.division)
    if opening.by is not None and not fills(unit, opening.by, division):
        raise Fault("step_not_yours", zh=opening.by.label.zh, en=opening.by.label.en)
    brought = [str(store(unit, paper)) for paper in asked.papers]
    papers = handed_in(unit, opening, [*asked.evidence, *brought])
    docket = _new(unit, opening, fields, division)
    unfolded = load.unfolding(unit, docket.file).begin(
        law, opening, fields, [paper["kind"] for paper in papers]
    )
    standing = docket.file.standings[0]
    move = Move(docket, unfolded, papers=papers, opinion=asked.opinion, took=(standing.key, opening.name))
    record(unit, [move])
    begun = Taken(docket.row["id"], standing.key, standing.state, standing.revision).as_dict()
    answers.keep(unit, asked.key, asked.asked(), begun, standing.key)
    return begun


def _persons(unit: Unit) -> list[tuple[Definition, Opening]]:
    """The openings that the actor's body may take, for its own division or one below."""
    opened = drawers(unit.actor)
    return [
        (law, opening)
        for law, opening in unit.runtime.law.begun_by_persons
        if law.compartment in opened
        and opening.by is not None
        and (fills(unit, opening.by, unit.actor.division) or _towns(unit, opening))
    ]


def _known(unit: Unit, asked: Begun) -> tuple[Definition, Opening]:
    for law, opening in _persons(unit):
        if (law.name, opening.name) == (asked.procedure, asked.opening):
            return law, opening
    for law, opening in unit.runtime.law.begun_by_persons:
        if (law.name, opening.name) == (asked.procedure, asked.opening):
            raise Fault("not_permitted")
    raise Fault("opening_unknown", name=f"{said_back(asked.procedure)}/{said_back(asked.opening)}")


def _new(unit: Unit, opening: Opening, fields: Facts, division: str) -> Docket:
    """The new file's row. A body without a place in the form lies where the person's own body does."""
    subject, name = opening.subject or ENTERPRISE, str(fields["name"])
    about_enterprise = subject is ENTERPRISE
    code = fields.get("uscc") if about_enterprise else None
    provisional = names.enterprise(division, name) if about_enterprise and not code else None
    if subject.one_a_place:
        provisional = names.the_only(subject.name, division)
        unit.to_office()
        if unit.db.execute(select(exists().where(Case.provisional == provisional))).scalar_one():
            raise Fault("one_a_place", field="fields.name", zh=subject.label.zh, en=subject.label.en)
    same = [
        Case.provisional == names.enterprise(division, name),
        and_(within(Case.division, division[:6]), Case.name == name, Case.subject == subject.name),
        *([Case.uscc == code] if code else []),
    ]
    unit.to_office()
    if about_enterprise and unit.db.execute(select(exists().where(or_(*same)))).scalar_one():
        raise Fault("case_exists", field="fields.uscc" if code else "fields.name")
    facts: dict[str, Scalar] = {"placed": level_of(division) == "town"}
    if about_enterprise:
        facts |= {"union_form": "none", "party_form": "none", "category": str(code)[:2] if code else "91"}
    row = {"id": 0, "subject": subject.name, "uscc": code, "provisional": provisional, "name": name}
    row |= {"registered_on": None, "address": None, "kind": None, "industry": None}
    return Docket(new_file(division, facts), row, is_new=True)


def _towns(unit: Unit, opening: Opening) -> list[tuple[str, str]]:
    """The places for which the actor's body may begin this."""
    return [
        (code, name)
        for code, name in towns_below(unit, unit.actor.division)
        if opening.by is not None and fills(unit, opening.by, code)
    ]


def _files(unit: Unit, opening: Opening) -> forms.Files:
    return files_for(unit, opening, unit.actor.division)
