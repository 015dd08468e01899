"""The inbox (待办): what is owed, claimed, given back, passed on and urged. Administrators see by which commands they work."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import RuntimeDep
from api.web.render import page
from api.web.session import OneUnit, posted, shown, with_fault
from services.access.permissions import RIGHTS, permits
from services.actor import Actor
from services.cases.work_items import claim, reassign, release, urge
from services.db.queries.page import key_of
from services.db.queries.worklist import VIEWS, colleagues, work_items
from services.runtime import Runtime, Unit
from workflows.errors import Family, Fault

router = APIRouter(route_class=OneUnit, default_response_class=HTMLResponse)

Holder = Annotated[Actor, shown("work.act")]

#: What administrators do on the machine itself, by the right to it.
COMMANDS = {
    "accounts.manage": "account",
    "keys.manage": "key",
    "bodies.manage": "body",
    "calendars.import": "calendar",
    "triage.place": "triage",
    "quarantine.retry": "quarantine",
}


@router.get("/")
def home(
    request: Request,
    runtime: RuntimeDep,
    actor: Annotated[Actor, shown("home.read")],
    view: str = "unit",
    status: str = "open",
    cursor: str | None = None,
) -> Response:
    """The work items of the reader's body, if he may read any; else by which commands he works."""
    if not permits(actor.kind, "work.read"):
        commands = [
            (RIGHTS[right].label.as_dict(), f"gongjian {command}")
            for right, command in COMMANDS.items()
            if permits(actor.kind, right)
        ]
        return page(request, "commands.html", actor=actor, commands=commands)
    return _inbox(request, runtime, actor, view, status, cursor)


Posted = Annotated[dict[str, str], posted("view", "account")]


@router.post("/work-items/{id}/claim")
def post_claim(id: str, request: Request, runtime: RuntimeDep, actor: Holder, said: Posted) -> Response:  # noqa: A002
    """The item is the reader's own (签收)."""
    return _done(request, runtime, actor, said, lambda unit: claim(unit, key_of(id)))


@router.post("/work-items/{id}/release")
def post_release(id: str, request: Request, runtime: RuntimeDep, actor: Holder, said: Posted) -> Response:  # noqa: A002
    """The item is nobody's again (退回)."""
    return _done(request, runtime, actor, said, lambda unit: release(unit, key_of(id)))


@router.post("/work-items/{id}/reassign")
def post_reassign(id: str, request: Request, runtime: RuntimeDep, actor: Holder, said: Posted) -> Response:  # noqa: A002
    """The item is a colleague's (转办)."""
    return _done(request, runtime, actor, said, lambda unit: reassign(unit, key_of(id), said["account"]))


@router.post("/work-items/{id}/urge")
def post_urge(id: str, request: Request, runtime: RuntimeDep, actor: Holder, said: Posted) -> Response:  # noqa: A002
    """The body that holds the item is urged (催办)."""
    return _done(request, runtime, actor, said, lambda unit: urge(unit, key_of(id)))


def _done(
    request: Request, runtime: Runtime, actor: Actor, said: dict[str, str], act: Callable[[Unit], None]
) -> Response:
    """Back to the list it was done from; or that list with the reason why not."""
    view = said["view"] if said["view"] in VIEWS else "unit"
    try:
        with runtime.writing(actor) as unit:
            act(unit)
    except Fault as fault:
        if fault.family not in (
            Family.STALE,
            Family.CONFLICT,
            Family.REFUSED,
            Family.BAD_INPUT,
            Family.TOO_MANY,
        ):
            raise
        return _inbox(request, runtime, actor, view, "open", None, fault)
    return RedirectResponse(f"/?view={view}", 303)


def _inbox(
    request: Request,
    runtime: Runtime,
    actor: Actor,
    view: str,
    status: str,
    cursor: str | None,
    fault: Fault | None = None,
) -> Response:
    with runtime.reading(actor) as unit:
        found = work_items(unit, view, status, cursor)
        others = colleagues(unit) if permits(actor.kind, "work.act") else []
    return with_fault(
        request,
        "home.html",
        fault,
        here="/",
        actor=actor,
        view=view,
        views=VIEWS,
        lies=status,
        colleagues=others,
        **found,
    )
