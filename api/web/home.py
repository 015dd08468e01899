"""The workbench (工作台): how much is owed and how pressing it is, what comes first, what others urge. Administrators see by which
commands they work."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.deps import RuntimeDep
from api.web.render import page
from api.web.session import OneUnit, shown
from services.access.permissions import RIGHTS, permits
from services.actor import Actor
from services.db.queries.arrivals import arrivals
from services.db.queries.noticebox import notices, unacknowledged
from services.db.queries.worklist import Asked, pressing, tallies, urged
from services.runtime import Unit

router = APIRouter(route_class=OneUnit, default_response_class=HTMLResponse)

#: How many items a person sees before he goes to the whole list.
FIRST = 10

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
def home(request: Request, runtime: RuntimeDep, actor: Annotated[Actor, shown("home.read")]) -> Response:
    """The first page, for whoever is signed in."""
    if not permits(actor.kind, "work.read"):
        commands = [
            (RIGHTS[right].label.as_dict(), f"gongjian {command}")
            for right, command in COMMANDS.items()
            if permits(actor.kind, right)
        ]
        return page(request, "commands.html", actor=actor, commands=commands)
    with runtime.reading(actor) as unit:
        found = _owed(unit, actor)
    return page(request, "home.html", actor=actor, **found)


def _owed(unit: Unit, actor: Actor) -> dict[str, Any]:
    """`Any`: what the template shows."""
    own = Asked()
    reads = permits(actor.kind, "notices.read")
    return {
        "since": arrivals(unit),
        "counts": tallies(unit, own),
        "first": pressing(unit, own, size=FIRST)["items"],
        "urged": urged(unit),
        "unacknowledged": unacknowledged(unit) if reads else None,
        "latest": notices(unit, "in")["items"][:5] if reads else [],
    }
