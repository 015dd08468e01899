"""Figures that bodies have reported, each with what it was counted of: the files behind it, the days between which they count, and of how many.

A figure is recorded with its step and never worked out anew (decision 0014). What is counted here is counted from the records as they are now; where
the two differ, that is a question for people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from services.db.models.casework import Case, Proceeding
from services.db.queries.sight import cases_of, own_proceedings_of
from services.directory.scope import covers
from services.reckoning.paper_unions import Founded, founded, in_question
from services.runtime import Unit
from workflows.procedures.campaign import CAMPAIGN_AREA
from workflows.words import Text

FOUNDED, DOUBTED, COUNTED = "unions_founded", "unions_in_question", "unions_that_count"
FIGURES = {
    FOUNDED: Text("新建工会", "Unions founded"),
    DOUBTED: Text("其中有疑问", "Of these, in question"),
    COUNTED: Text("计入的", "Of these, counted"),
}


@dataclass(frozen=True, slots=True)
class Published:
    """The figures of one report: of which division, and of which days, both of them in it."""

    proceeding: int
    case: int
    name: str
    division: str
    first: date
    last: date
    figures: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Member:
    """One of the files that a figure counts."""

    union: Founded
    name: str
    in_question: bool


def published(unit: Unit) -> list[Published]:
    """Every report that this actor may read, the newest first."""
    rows = unit.db.execute(
        select(Proceeding.id, Proceeding.case_id, Proceeding.data, Proceeding.began_on, Proceeding.since)
        .add_columns(Case.name, Case.division)
        .join(Case, Case.id == Proceeding.case_id)
        .where(
            Proceeding.procedure == CAMPAIGN_AREA.name, cases_of(unit.actor), own_proceedings_of(unit.actor)
        )
        .order_by(Proceeding.id.desc())
    )
    zone = unit.runtime.settings.zone
    return [
        Published(
            proceeding=row.id,
            case=row.case_id,
            name=row.name,
            division=row.division,
            first=row.began_on,
            last=row.since.astimezone(zone).date(),
            figures={name: int(row.data[name]) for name in FIGURES},
        )
        for row in rows
        if FOUNDED in row.data
    ]


def behind(unit: Unit, report: Published) -> list[Member]:
    """The files that make its figures, as the records say now, by their numbers."""
    if not covers(unit.actor.division, report.division):
        return []
    unions = [one for one in founded(unit, report.division, report.first) if one.on <= report.last]
    doubted = in_question(unit, report.division, unions)
    names = {
        row.id: row.name
        for row in unit.db.execute(
            select(Case.id, Case.name).where(Case.id.in_([one.case_id for one in unions]))
        )
    }
    return [Member(one, names[one.case_id], one.case_id in doubted) for one in unions]


def now(members: list[Member]) -> dict[str, int]:
    """The same figures, counted from these files."""
    doubted = sum(one.in_question for one in members)
    return {FOUNDED: len(members), DOUBTED: doubted, COUNTED: len(members) - doubted}
