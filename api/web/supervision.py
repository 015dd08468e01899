"""Supervision (督办): how the bodies below stand, and the items behind every number; to be looked at, and urged where the law of
urging allows it."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import RuntimeDep
from api.web.render import page
from api.web.session import OneUnit, posted, shown, with_fault
from services.access.permissions import permits
from services.actor import Actor
from services.cases.work_items import urge
from services.db.queries.page import key_of
from services.db.queries.supervision import CELLS, NOBODY, board, supervised
from services.db.queries.urgency import BANDS
from services.runtime import Runtime
from workflows.errors import Family, Fault

router = APIRouter(prefix="/supervision", route_class=OneUnit, default_response_class=HTMLResponse)

Supervisor = Annotated[Actor, shown("supervision.read")]

_HERE = frozenset({Family.STALE, Family.CONFLICT, Family.REFUSED, Family.TOO_MANY})


@router.get("")
def supervision(
    request: Request, runtime: RuntimeDep, actor: Supervisor, cursor: str | None = None
) -> Response:
    """The bodies and their numbers."""
    with runtime.reading(actor) as unit:
        found, month = board(unit, cursor), unit.today.month
    return page(request, "supervision.html", actor=actor, cells=CELLS, nobody=NOBODY, month=month, **found)


@router.get("/items")
def items(
    request: Request,
    runtime: RuntimeDep,
    actor: Supervisor,
    body: str = NOBODY,
    band: str = "overdue",
    cursor: str | None = None,
) -> Response:
    """The items behind one number."""
    return _items(request, runtime, actor, body, band, cursor)


@router.post("/items/{id}/urge")
def post_urge(
    id: str,  # noqa: A002
    request: Request,
    runtime: RuntimeDep,
    actor: Annotated[Actor, shown("work.act")],
    said: Annotated[dict[str, str], posted("body", "band")],
) -> Response:
    """The body that holds the item is urged (催办); back to the list that it was done from, or that list with the reason why not."""
    band = said["band"] if said["band"] in CELLS else "overdue"
    try:
        with runtime.writing(actor) as unit:
            urge(unit, key_of(id))
    except Fault as fault:
        if fault.family not in _HERE or not permits(actor.kind, "supervision.read"):
            raise
        return _items(request, runtime, actor, said["body"], band, None, fault)
    return RedirectResponse(f"/supervision/items?body={said['body']}&band={band}", 303)


def _items(
    request: Request,
    runtime: Runtime,
    actor: Actor,
    body: str,
    band: str,
    cursor: str | None,
    fault: Fault | None = None,
) -> Response:
    with runtime.reading(actor) as unit:
        found = supervised(unit, body, band, cursor)
    kinds = {one.name: one.label.as_dict() for one in runtime.law.definitions}
    return with_fault(
        request,
        "supervised.html",
        fault,
        here="/supervision/items",
        actor=actor,
        held_by=body,
        nobody=NOBODY,
        band=band,
        cells=CELLS,
        is_open=band in BANDS,
        may_act=permits(actor.kind, "work.act"),
        kinds=kinds,
        **found,
    )
