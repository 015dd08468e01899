"""Notices (通报) that came to the reader's body or that it sent: read, acknowledged (签收), answered (答复)."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import RuntimeDep
from api.web.session import OneUnit, posted, shown, with_fault
from services.access.permissions import permits
from services.actor import Actor
from services.db.queries.arrivals import arrivals
from services.db.queries.noticebox import BOXES, notices
from services.db.queries.page import key_of
from services.db.queries.worklist import owed_by_others
from services.notices.respond import OUTCOMES, acknowledge, answer
from services.runtime import Runtime, Unit
from workflows.errors import Family, Fault
from workflows.notices import ASKING

router = APIRouter(prefix="/notices", route_class=OneUnit, default_response_class=HTMLResponse)

Recipient = Annotated[Actor, shown("notices.act")]

#: Told on the list itself; whatever else goes wrong has a page of its own.
_HERE = frozenset({Family.STALE, Family.CONFLICT, Family.REFUSED, Family.BAD_INPUT})


@router.get("")
def notice_list(
    request: Request,
    runtime: RuntimeDep,
    actor: Annotated[Actor, shown("notices.read")],
    box: str = "in",
    status: str = "",
    cursor: str | None = None,
) -> Response:
    """The notices of one box, the newest first."""
    return _list(request, runtime, actor, box, cursor, status=status)


Posted = Annotated[dict[str, str], posted("outcome", "reason")]


@router.post("/{id}/acknowledge")
def post_acknowledge(
    id: str,  # noqa: A002
    request: Request,
    runtime: RuntimeDep,
    actor: Recipient,
) -> Response:
    """The notice is acknowledged."""
    return _done(request, runtime, actor, lambda unit: acknowledge(unit, key_of(id)))


@router.post("/{id}/answer")
def post_answer(
    id: str,  # noqa: A002
    request: Request,
    runtime: RuntimeDep,
    actor: Recipient,
    said: Posted,
) -> Response:
    """The notice is answered, with the reason."""
    outcome, reason = said["outcome"], said["reason"].replace("\r\n", "\n")
    return _done(
        request, runtime, actor, lambda unit: answer(unit, key_of(id), outcome, reason), tried=(id, said)
    )


def _done(
    request: Request,
    runtime: Runtime,
    actor: Actor,
    act: Callable[[Unit], None],
    tried: tuple[str, dict[str, str]] | None = None,
) -> Response:
    try:
        with runtime.writing(actor) as unit:
            act(unit)
    except Fault as fault:
        if fault.family not in _HERE:
            raise
        return _list(request, runtime, actor, "in", None, fault, tried)
    return RedirectResponse("/notices", 303)


def _list(
    request: Request,
    runtime: Runtime,
    actor: Actor,
    box: str,
    cursor: str | None,
    fault: Fault | None = None,
    tried: tuple[str, dict[str, str]] | None = None,
    status: str = "",
) -> Response:
    with runtime.reading(actor) as unit:
        found = notices(unit, box, status or None, cursor)
        since = arrivals(unit)
        sent = [one["proceeding"] for one in found["items"] if box == "out" and one["proceeding"]]
        owed = owed_by_others(unit, sent) if sent and permits(actor.kind, "work.act") else {}
    return with_fault(
        request,
        "notices.html",
        fault,
        here="/notices",
        actor=actor,
        box=box,
        boxes=BOXES,
        owed=owed,
        since=since,
        asked_status=status,
        asking=ASKING,
        outcomes=tuple(OUTCOMES),
        may_act=box == "in" and permits(actor.kind, "notices.act"),
        tried=tried,
        **found,
    )
