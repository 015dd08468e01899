"""Cases as a list: those of the actor's divisions, each with the proceedings that he may see."""

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, exists, func, select, true

from services.actor import Actor
from services.db.models.casework import Case, NamePart, Proceeding
from services.db.queries.page import ITEMS, after, below, cut, one_of
from services.db.queries.sight import cases_of, compartments, is_onlooker, own_proceedings_of, proceedings_of
from services.directory.scope import may_see, within
from services.runtime import Unit
from workflows.errors import Fault
from workflows.personal import without_numbers
from workflows.subjects import SUBJECTS

_CASE = Case.__table__.c
_PROCEEDING = Proceeding.__table__.c


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the asker looks for; an empty word asks for nothing. `name` is any part of the enterprise's
    name."""

    subject: str = ""
    uscc: str = ""
    name: str = ""
    division: str = ""
    procedure: str = ""
    state: str = ""


def cases(unit: Unit, wanted: Wanted, cursor: str | None = None) -> dict[str, Any]:
    """A page of cases, newest first. Onlookers are told the enterprise and how far it is, no more.
    `Any`: JSON."""
    visible = proceedings_of(unit.actor, unit.runtime.law)
    last = after(cursor)
    conditions = [cases_of(unit.actor), *_asked(unit, wanted)]
    if last is not None:
        conditions.append(Case.id < last)
    pair = wanted.name.strip()[:2]
    if len(pair) == 2:
        conditions = [_called(pair, unit.actor, last, conditions)]
    found = select(*_CASE).where(*conditions).order_by(Case.id.desc()).limit(ITEMS + 1)
    rows = unit.db.execute(found).mappings().all()
    moving: dict[int, list[dict[str, Any]]] = defaultdict(list)
    if not is_onlooker(unit.actor):
        places = {row["id"]: row["division"] for row in rows[:ITEMS]}
        inside = select(*_PROCEEDING).where(Proceeding.case_id.in_(places), visible).order_by(Proceeding.id)
        for one in unit.db.execute(inside):
            law = unit.runtime.law.definition(one.procedure, one.version)
            if may_see(unit, law, one.state, places[one.case_id]):
                moving[one.case_id].append(standing(unit, one))
    return cut(rows, lambda row: head_of(unit, row) | {"proceedings": moving[row["id"]]})


def seen(unit: Unit, case_id: int) -> RowMapping:
    """The case's row, or not_found when it lies outside the actor's divisions."""
    compartments(unit.actor)
    found = select(*_CASE).where(Case.id == case_id, cases_of(unit.actor))
    row = unit.db.execute(found).mappings().one_or_none()
    if row is None:
        raise Fault("not_found")
    return row


def head_of(unit: Unit, row: RowMapping) -> dict[str, Any]:
    """The case without what moves in it. An office that only reports is not told since when there is a file: one older than
    the registration would tell that workers asked for a union. `Any`: JSON."""
    registered = row["registered_on"]
    return {
        "id": str(row["id"]),
        "subject": row["subject"],
        "number": number(unit, row["id"], row["opened_in"], row["opened_at"]),
        "status": row["status"],
        "paused": row["paused"],
        "opened_at": None if is_onlooker(unit.actor) else instant(row["opened_at"]),
        "enterprise": {
            "uscc": row["uscc"],
            "name": row["name"],
            "division": row["division"],
            "registered_on": registered.isoformat() if registered else None,
            "type": row["kind"],
            "industry": row["industry"],
            "address": without_numbers(row["address"]) if row["address"] else None,
        },
    }


def standing(unit: Unit, row: Any) -> dict[str, Any]:
    """Where a proceeding stands. `Any`: a row of Proceeding's columns, and JSON."""
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


def number(unit: Unit, case_id: int, opened_in: str, opened_at: datetime) -> str:
    """What people call the case by: the county and the year it was opened in, and its own number. No move changes it."""
    return f"GJ-{opened_in}-{opened_at.astimezone(unit.runtime.settings.zone).year}-{case_id:06d}"


def instant(at: datetime | None) -> str | None:
    """A moment as it goes over the wire: UTC, to the second."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at is not None else None


def _asked(unit: Unit, wanted: Wanted) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    law = unit.runtime.law.definitions
    if wanted.uscc:
        asked.append(Case.uscc == unicodedata.normalize("NFKC", wanted.uscc).strip().upper())
    if wanted.subject:
        asked.append(Case.subject == one_of("subject", wanted.subject, sorted(SUBJECTS)))
    if wanted.name:
        asked.append(Case.name.icontains(wanted.name.strip(), autoescape=True))
    if wanted.division:
        asked.append(below(Case.division, wanted.division))
    if wanted.procedure or wanted.state:
        moving = [Proceeding.case_id == Case.id, own_proceedings_of(unit.actor)]
        if wanted.procedure:
            one_of("procedure", wanted.procedure, sorted({one.name for one in law}))
            moving.append(Proceeding.procedure == wanted.procedure)
        if wanted.state:
            states = {name for one in law if wanted.procedure in ("", one.name) for name in one.state}
            moving.append(Proceeding.state == one_of("state", wanted.state, sorted(states)))
        asked.append(exists().where(*moving).correlate(Case))
    return asked


def _called(
    pair: str, actor: Actor, last: int | None, conditions: Sequence[ColumnElement[bool]]
) -> ColumnElement[bool]:
    """A page of the files that bear these two signs and meet the conditions: asked file by file, newest first, so that it is
    as soon there for a word that many bear."""
    file = select(true()).where(Case.id == NamePart.case_id, *conditions).correlate(NamePart)
    page = select(NamePart.case_id).where(
        NamePart.part == func.lower(pair),
        within(NamePart.division, actor.division),
        file.scalar_subquery().is_(True),
    )
    if last is not None:
        page = page.where(NamePart.case_id < last)
    return Case.id.in_(page.order_by(NamePart.case_id.desc()).limit(ITEMS + 1))
