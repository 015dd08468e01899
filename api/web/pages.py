"""A few plain pages, enough to see that the service works; the workplace is a house of its own."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import LanguageDep, RuntimeDep
from api.problems import STATUS
from api.web.render import page
from api.web.session import COOKIE, OwnForm, PageRoute, ViewerDep
from services.access.sign_in import sign_in
from services.access.tokens import Purpose, revoke
from services.actor import SERVICE
from services.db.queries.casebook import Wanted, cases
from services.db.queries.history import history
from services.db.queries.one_case import case
from services.db.queries.page import key_of
from services.db.queries.worklist import VIEWS, work_items
from workflows.errors import Fault

router = APIRouter(route_class=PageRoute, default_response_class=HTMLResponse)


@router.get("/login")
def login_page(request: Request) -> Response:
    """The door."""
    return page(request, "login.html", fault=None, actor=None)


async def posted(request: Request) -> tuple[str, str]:
    """The two words of the login form. It is asynchronous because a body is read as it arrives."""
    async with request.form(max_files=0, max_fields=4, max_part_size=4096) as form:
        account, password = form.get("account", ""), form.get("password", "")
    return str(account)[:60], str(password)[:1024]


@router.post("/login", dependencies=[OwnForm])
def login(
    request: Request, runtime: RuntimeDep, said: Annotated[tuple[str, str], Depends(posted)]
) -> Response:
    """A session of its own for every sign-in, or the form again with the reason."""
    try:
        token, lives = sign_in(runtime, *said, Purpose.SESSION)
    except Fault as fault:
        return page(
            request, "login.html", status=STATUS[fault.family], fault=fault.text.as_dict(), actor=None
        )
    answer = RedirectResponse("/", 303)
    answer.set_cookie(
        COOKIE, token, max_age=lives, httponly=True, samesite="lax", secure=request.url.scheme == "https"
    )
    return answer


@router.post("/logout", dependencies=[OwnForm])
def logout(request: Request, runtime: RuntimeDep) -> Response:
    """The session is over, here and in the table."""
    with runtime.writing(SERVICE) as unit:
        revoke(unit, request.cookies.get(COOKIE, "")[:128])
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return answer


@router.get("/")
def home(
    request: Request, runtime: RuntimeDep, actor: ViewerDep, view: str = "unit", cursor: str | None = None
) -> Response:
    """The open work items of the reader's body."""
    if actor.kind == "admin":
        return page(request, "home.html", actor=actor, view=view, views=(), items=[], next=None)
    with runtime.reading(actor) as unit:
        found = work_items(unit, view, "open", cursor)
    return page(request, "home.html", actor=actor, view=view, views=VIEWS, **found)


@router.get("/cases")
def case_list(
    request: Request,
    runtime: RuntimeDep,
    actor: ViewerDep,
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
    actor: ViewerDep,
    spoken: LanguageDep,
    cursor: str | None = None,
) -> Response:
    """One case: where it stands, until when and why, what is open to the reader, and how it came there."""
    with runtime.reading(actor) as unit:
        found: dict[str, Any] = case(unit, key_of(id), spoken)
        lines = history(unit, key_of(id), cursor=cursor)
    return page(request, "case.html", actor=actor, case=found, lines=lines["items"], next=lines["next"])
