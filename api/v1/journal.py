"""The journal, for auditors: who did what, when, from where, and what was refused."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from api.deps import RuntimeDep, allowed
from api.v1.door_schemas import JournalOut
from services.actor import Actor
from services.db.queries.journal import Looked, journal

router = APIRouter(prefix="/api/v1/journal", tags=["journal"])


def looked(account: str = "", what: str = "", result: str = "") -> Looked:
    """`what` is a deed (sign_in, account.create …) or a right that was refused; `result`: done or refused."""
    return Looked(account=account, what=what, result=result)


@router.get("", response_model=JournalOut)
def get_journal(
    runtime: RuntimeDep,
    actor: Annotated[Actor, allowed("journal.read")],
    asked: Annotated[Looked, Depends(looked)],
    cursor: str | None = None,
) -> dict[str, Any]:
    """What was done and refused in your divisions, newest first. Steps stand in the history of their case."""
    with runtime.reading(actor) as unit:
        return journal(unit, asked, cursor)
