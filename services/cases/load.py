"""Fetches a case for moving, locked, with its proceedings as the law sees them."""

from typing import Any

from sqlalchemy import ColumnElement, select

from services.cases.record import Docket, facts_of, standing_of
from services.db.models.casework import Case, Proceeding
from services.unit import Unit
from workflows.unfold import CaseFile, Unfolding

_CASE = Case.__table__.c
_PROCEEDING = Proceeding.__table__.c


def locked(unit: Unit, *conditions: ColumnElement[bool]) -> list[Docket]:
    """The cases that meet the conditions, each locked until the commit, in the order of their ids."""
    rows = unit.db.execute(select(*_CASE).where(*conditions).order_by(Case.id).with_for_update()).mappings().all()
    dockets = {row["id"]: Docket(_file(dict(row)), dict(row)) for row in rows}
    if dockets:
        found = unit.db.execute(
            select(*_PROCEEDING).where(Proceeding.case_id.in_(dockets)).order_by(Proceeding.id)
        )
        for one in found:
            docket = dockets[one.case_id]
            docket.file.standings.append(standing_of(one))
            docket.takers[one.id] = dict(one.takers)
    return list(dockets.values())


def of_proceeding(unit: Unit, proceeding_id: int) -> Docket | None:
    """The case that holds a proceeding, locked."""
    owner = select(Proceeding.case_id).where(Proceeding.id == proceeding_id).scalar_subquery()
    found = locked(unit, Case.id == owner)
    return found[0] if found else None


def unfolding(unit: Unit, file: CaseFile) -> Unfolding:
    """The case in the hands of the law, under the policies of its place, the calendar in force, and today."""
    policies, division, today = unit.runtime.policies, file.division, unit.today
    return Unfolding(
        unit.runtime.law,
        file,
        policy_of=lambda begun: policies.policy(division, begun, today=today),
        calendar=unit.runtime.calendar(unit.db),
        today=today,
    )


def _file(row: dict[str, Any]) -> CaseFile:
    return CaseFile(row["division"], facts_of(row), [], row["paused"])


