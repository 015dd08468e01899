"""Fetches a case for moving, locked, with its proceedings as the law sees them."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, bindparam, or_, select

from services.cases.docket import Docket, facts_of, standing_of
from services.db.among import among
from services.db.models.casework import Case, Proceeding
from services.runtime import Unit
from workflows.casefile import CaseFile
from workflows.unfold import Unfolding

_CASES = select(*Case.__table__.c).order_by(Case.id).with_for_update(key_share=True)
_BY_IDS = _CASES.where(among(Case.id, "ids"))
_BY_CODES = _CASES.where(among(Case.uscc, "codes"))
_BY_NAMES = _CASES.where(
    or_(
        among(Case.uscc, "codes"),
        among(Case.provisional, "names"),
    )
)
_BY_PROCEEDING = _CASES.where(
    Case.id == select(Proceeding.case_id).where(Proceeding.id == bindparam("proceeding")).scalar_subquery()
)
_ALL = select(*Proceeding.__table__.c).order_by(Proceeding.id)
_PROCEEDINGS = _ALL.where(among(Proceeding.case_id, "cases"))
_OF_ONE = _ALL.where(Proceeding.case_id == bindparam("case"))


def locked(unit: Unit, *conditions: ColumnElement[bool]) -> list[Docket]:
    """The cases that meet the conditions, each locked until the commit, in the order of their ids."""
    return _dockets(unit, unit.db.execute(_CASES.where(*conditions)).mappings().all())


def known_as(unit: Unit, codes: Collection[str], names: Collection[str]) -> list[Docket]:
    """The cases under these codes or provisional names, as above."""
    asked = {"codes": sorted(codes)} | ({"names": sorted(names)} if names else {})
    return _dockets(unit, unit.db.execute(_BY_NAMES if names else _BY_CODES, asked).mappings().all())


def by_ids(unit: Unit, ids: Collection[int]) -> dict[int, Docket]:
    """The cases with these ids, locked, by id."""
    rows = unit.db.execute(_BY_IDS, {"ids": sorted(set(ids))}).mappings().all()
    return {docket.row["id"]: docket for docket in _dockets(unit, rows)}


def of_proceeding(unit: Unit, proceeding_id: int) -> Docket | None:
    """The case that holds a proceeding, locked and whole, if the actor's wall lets him find it."""
    rows = unit.db.execute(_BY_PROCEEDING, {"proceeding": proceeding_id}).mappings().all()
    unit.to_office()
    return next(iter(_dockets(unit, rows)), None)


def _dockets(unit: Unit, rows: Sequence[RowMapping]) -> list[Docket]:
    found = {row["id"]: Docket(_file(dict(row)), dict(row)) for row in rows}
    if found:
        cases = list(found)
        query, named = (_PROCEEDINGS, {"cases": cases}) if len(cases) > 1 else (_OF_ONE, {"case": cases[0]})
        for one in unit.db.execute(query, named):
            docket = found[one.case_id]
            docket.file.standings.append(standing_of(one))
            docket.takers[one.id] = dict(one.takers)
    return list(found.values())


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
