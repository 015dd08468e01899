"""Cases: the list, one case with what may be done now, and its history."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from api.deps import ActorDep, LanguageDep, RuntimeDep
from api.v1.schemas import CaseOut, CasesOut, HistoryOut
from services.db.queries.casebook import Wanted, cases
from services.db.queries.history import history
from services.db.queries.one_case import case
from services.db.queries.page import key_of

router = APIRouter(prefix="/api/v1", tags=["cases"])


def wanted(
    uscc: str = "", name: str = "", division: str = "", procedure: str = "", state: str = ""
) -> Wanted:
    """`name` is any part of the enterprise's name; `division` finds everything below it."""
    return Wanted(uscc=uscc, name=name, division=division, procedure=procedure, state=state)


@router.get("/cases", response_model=CasesOut)
def get_cases(
    runtime: RuntimeDep, actor: ActorDep, asked: Annotated[Wanted, Depends(wanted)], cursor: str | None = None
) -> dict[str, Any]:
    """The cases in your jurisdiction, newest first."""
    with runtime.reading(actor) as unit:
        return cases(unit, asked, cursor)


@router.get("/cases/{id}", response_model=CaseOut)
def get_case(id: str, runtime: RuntimeDep, actor: ActorDep, spoken: LanguageDep) -> dict[str, Any]:  # noqa: A002
    """One case: what moves in it, who is waited for, until when and why, and which steps are yours to
    take now."""
    with runtime.reading(actor) as unit:
        return case(unit, key_of(id), spoken)


@router.get("/cases/{id}/history", response_model=HistoryOut)
def get_history(
    id: str,  # noqa: A002
    runtime: RuntimeDep,
    actor: ActorDep,
    as_of: str | None = None,
    cursor: str | None = None,
) -> dict[str, Any]:
    """The lines you may read, in order, up to a moment (`as_of=2019-01-02T09:30:00Z`) or the end of a day."""
    with runtime.reading(actor) as unit:
        return history(unit, key_of(id), as_of=as_of, cursor=cursor)
