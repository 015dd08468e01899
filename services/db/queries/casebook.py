"""Cases as a list: those of the actor's divisions, each with the proceedings that he may see."""

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, exists, select

from services.db.models.casework import Case, Proceeding
from services.db.queries.page import ITEMS, after, cut
from services.db.queries.sight import cases_of, compartments, is_onlooker, proceedings_of
from services.directory.divisions import UnknownDivision
from services.directory.scope import within
from services.runtime import Unit
from workflows.errors import Fault

_CASE = Case.__table__.c
_PROCEEDING = Proceeding.__table__.c


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the asker looks for; an empty word asks for nothing. `name` is any part of the enterprise's
    name."""

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
    conditions = [cases_of(unit.actor), *_asked(wanted, visible)]
    if last is not None:
        conditions.append(Case.id < last)
    found = select(*_CASE).where(*conditions).order_by(Case.id.desc()).limit(ITEMS + 1)
    rows = unit.db.execute(found).mappings().all()
    moving: dict[int, list[dict[str, Any]]] = defaultdict(list)
    if not is_onlooker(unit.actor):
        shown = [row["id"] for row in rows[:ITEMS]]
        inside = select(*_PROCEEDING).where(Proceeding.case_id.in_(shown), visible).order_by(Proceeding.id)
        for one in unit.db.execute(inside):
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
    """The case without what moves in it. `Any`: JSON."""
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


def number(unit: Unit, case_id: int, division: str, opened_at: datetime) -> str:
    """What people call the case by: the county it was placed in, the year it was opened, and its own
    number."""
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
