"""A few plain pages, enough to see that the service works; the workplace is a house of its own."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from api.again import Again
from api.deps import LanguageDep, RuntimeDep
from api.exact import form
from api.web.render import page
from api.web.session import PageRoute, shown
from services.access.permissions import permits
from services.actor import Actor
from services.cases.names_read import read_names
from services.db.queries.casebook import Wanted, cases
from services.db.queries.history import history
from services.db.queries.one_case import case
from services.db.queries.page import key_of
from services.db.queries.worklist import VIEWS, work_items


class OneUnit(Again, PageRoute):
    """A page whose endpoint is one unit of work. Those of the door are several, and what they take serves once."""


router = APIRouter(route_class=OneUnit, default_response_class=HTMLResponse)

Reader = Annotated[Actor, shown("cases.read")]


@router.get("/")
def home(
    request: Request,
    runtime: RuntimeDep,
    actor: Annotated[Actor, shown("home.read")],
    view: str = "unit",
    cursor: str | None = None,
) -> Response:
    """The open work items of the reader's body, if he may read any."""
    if not permits(actor.kind, "work.read"):
        return page(request, "home.html", actor=actor, view=view, views=(), items=[], next=None)
    with runtime.reading(actor) as unit:
        found = work_items(unit, view, "open", cursor)
    return page(request, "home.html", actor=actor, view=view, views=VIEWS, **found)


@router.get("/cases")
def case_list(
    request: Request,
    runtime: RuntimeDep,
    actor: Reader,
    name: str = "",
    uscc: str = "",
    division: str = "",
    cursor: str | None = None,
) -> Response:
    """The cases of the reader's jurisdiction, and a search among them."""
    asked = Wanted(uscc=uscc, name=name, division=division)
    with runtime.reading(actor) as unit:
        found = cases(unit, asked, cursor)
    return page(request, "cases.html", actor=actor, asked=asked, **found)


@router.get("/cases/{id}")
def case_page(
    id: str,  # noqa: A002
    request: Request,
    runtime: RuntimeDep,
    actor: Reader,
    spoken: LanguageDep,
    cursor: str | None = None,
) -> Response:
    """One case: where it stands, until when and why, what is open to the reader, and how it came there."""
    with runtime.reading(actor) as unit:
        found: dict[str, Any] = case(unit, key_of(id), spoken)
        lines = history(unit, key_of(id), cursor=cursor)
    return page(
        request,
        "case.html",
        actor=actor,
        case=found,
        lines=lines["items"],
        next=lines["next"],
        may_ask=permits(actor.kind, "names.read"),
    )


async def reason(request: Request) -> str:
    """The one word of the form. It is asynchronous because a body is read as it arrives."""
    async with form(request, "application/x-www-form-urlencoded", "reason") as said:
        return str(said.get("reason", ""))


@router.post("/cases/{id}/names")
def names_page(
    id: str,  # noqa: A002
    request: Request,
    runtime: RuntimeDep,
    actor: Annotated[Actor, shown("names.read")],
    why: Annotated[str, Depends(reason)],
) -> Response:
    """What the history hides because persons may stand in it; that it was seen, and why, stands in the journal."""
    with runtime.writing(actor) as unit:
        found = read_names(unit, key_of(id), why)
    return page(request, "names.html", actor=actor, case=id, why=why, items=found["items"])
