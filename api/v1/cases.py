"""Cases: the list, one case with what may be done now, and its history."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from api.again import Again
from api.deps import LanguageDep, RuntimeDep, allowed, described, json_body
from api.v1.schemas import CaseOut, CasesOut, HistoryOut, NamesOut, ReasonIn
from services.actor import Actor
from services.cases.names_read import read_names
from services.db.queries.casebook import Wanted, cases
from services.db.queries.history import history
from services.db.queries.one_case import case
from services.db.queries.page import key_of

router = APIRouter(route_class=Again, prefix="/api/v1", tags=["cases"])

Reader = Annotated[Actor, allowed("cases.read")]


def wanted(
    uscc: str = "",
    name: str = "",
    division: str = "",
    procedure: str = "",
    state: str = "",
    subject: str = "",
) -> Wanted:
    """`name` is any part of the enterprise's name; `division` finds everything below it; `subject` is what the file is
    about: enterprise, joint_union, federation, campaign …"""
    return Wanted(subject=subject, uscc=uscc, name=name, division=division, procedure=procedure, state=state)


@router.get("/cases", response_model=CasesOut)
def get_cases(
    runtime: RuntimeDep, actor: Reader, asked: Annotated[Wanted, Depends(wanted)], cursor: str | None = None
) -> dict[str, Any]:
    """The cases in your jurisdiction, newest first."""
    with runtime.reading(actor) as unit:
        return cases(unit, asked, cursor)


@router.get("/cases/{id}", response_model=CaseOut)
def get_case(id: str, runtime: RuntimeDep, actor: Reader, spoken: LanguageDep) -> dict[str, Any]:  # noqa: A002
    """One case: what moves in it, who is waited for, until when and why, and which steps are yours to
    take now."""
    with runtime.reading(actor) as unit:
        return case(unit, key_of(id), spoken)


@router.get("/cases/{id}/history", response_model=HistoryOut)
def get_history(
    id: str,  # noqa: A002
    runtime: RuntimeDep,
    actor: Annotated[Actor, allowed("history.read")],
    as_of: str | None = None,
    cursor: str | None = None,
) -> dict[str, Any]:
    """The lines you may read, in order, up to a moment (`as_of=2019-01-02T09:30:00Z`) or the end of a day."""
    with runtime.reading(actor) as unit:
        return history(unit, key_of(id), as_of=as_of, cursor=cursor)


@router.post("/cases/{id}/names", response_model=NamesOut, openapi_extra=described(ReasonIn))
def post_names(
    id: str,  # noqa: A002
    runtime: RuntimeDep,
    actor: Annotated[Actor, allowed("names.read")],
    said: Annotated[ReasonIn, Depends(json_body(ReasonIn))],
) -> dict[str, Any]:
    """What the history hides because persons may stand in it, shown for a reason that is written down with your name."""
    with runtime.writing(actor) as unit:
        return read_names(unit, key_of(id), said.reason)
