"""Notices (通报) between bodies: the boxes, acknowledging, answering."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from api.again import Again
from api.deps import RuntimeDep, allowed, described, json_body
from api.v1.schemas import AnswerIn, NoticeOut, NoticesOut
from services.actor import Actor
from services.db.queries.noticebox import notice, notices
from services.db.queries.page import key_of
from services.notices.respond import acknowledge, answer

router = APIRouter(route_class=Again, prefix="/api/v1/notices", tags=["notices"])

Recipient = Annotated[Actor, allowed("notices.act")]


@router.get("", response_model=NoticesOut)
def get_notices(
    runtime: RuntimeDep,
    actor: Annotated[Actor, allowed("notices.read")],
    box: str = "in",
    status: str | None = None,
    cursor: str | None = None,
) -> dict[str, Any]:
    """`box`: in or out; `status`: delivered, acknowledged or answered."""
    with runtime.reading(actor) as unit:
        return notices(unit, box, status, cursor)


@router.post("/{id}/acknowledge", response_model=NoticeOut)
def post_acknowledge(id: str, runtime: RuntimeDep, actor: Recipient) -> dict[str, Any]:  # noqa: A002
    """The notice is acknowledged (签收)."""
    with runtime.writing(actor) as unit:
        acknowledge(unit, key_of(id))
        return notice(unit, key_of(id))


@router.post("/{id}/answer", response_model=NoticeOut, openapi_extra=described(AnswerIn))
def post_answer(
    id: str,  # noqa: A002
    runtime: RuntimeDep,
    actor: Recipient,
    said: Annotated[AnswerIn, Depends(json_body(AnswerIn))],
) -> dict[str, Any]:
    """The notice is answered: accepted, rejected or not applicable, with the reason."""
    with runtime.writing(actor) as unit:
        answer(unit, key_of(id), said.outcome, said.reason)
        return notice(unit, key_of(id))
