"""What people begin themselves (发起): each opening with its form, drawn from the procedure like every other."""

import secrets
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from api.deps import RuntimeDep
from api.web.session import PageRoute, shown, with_fault
from api.web.steps import ELSEWHERE, Filled, papers_of, read_form, to_case
from services.actor import Actor
from services.cases.begin import Begun, begin, openings
from services.db.again import again
from services.runtime import Runtime
from workflows.errors import Fault

router = APIRouter(prefix="/begin", route_class=PageRoute, default_response_class=HTMLResponse)

Founder = Annotated[Actor, shown("files.open")]


async def filled(request: Request, actor: Founder) -> Filled:
    """The form, read only for whoever may begin anything. It is asynchronous because a body is read as it arrives."""
    return await read_form(request, actor)


@router.get("")
def begin_page(request: Request, runtime: RuntimeDep, actor: Founder) -> Response:
    """What the reader may begin now."""
    return _page(request, runtime, actor)


@router.post("/{procedure}/{opening}")
def post_begin(
    procedure: str,
    opening: str,
    request: Request,
    runtime: RuntimeDep,
    actor: Founder,
    said: Annotated[Filled, Depends(filled)],
) -> Response:
    """The file is begun, and shown; or the form again with the reason and with what was typed."""
    try:
        asked = Begun(
            procedure,
            opening,
            said.facts(),
            opinion=said.opinion,
            key=said.key,
            papers=papers_of(runtime, actor, said),
        )

        def begun() -> dict[str, Any]:
            with runtime.writing(actor, "step") as unit:
                return begin(unit, asked)

        done = again(begun)
    except Fault as fault:
        if fault.family in ELSEWHERE:
            raise
        return _page(request, runtime, actor, fault, f"{procedure}/{opening}", said.typed)
    return to_case(done)


def _page(
    request: Request,
    runtime: Runtime,
    actor: Actor,
    fault: Fault | None = None,
    tried: str = "",
    typed: Mapping[str, str] | None = None,
) -> Response:
    with runtime.reading(actor) as unit:
        found = openings(unit)["items"]
    return with_fault(
        request,
        "begin.html",
        fault,
        here="/begin",
        actor=actor,
        items=found,
        again=tried if any(tried == f"{one['procedure']}/{one['opening']}" for one in found) else "",
        typed=typed or {},
        field=None if fault is None else fault.field,
        fresh=secrets.token_urlsafe(12),
    )
