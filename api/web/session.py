"""Who looks at a page: a session cookie that scripts cannot read, and a form that must come from our
own pages (S04, S05)."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute

from api.deps import RuntimeDep
from api.problems import FORESEEN, STATUS, fault_of
from api.web.render import page
from services.access.tokens import who_is
from services.actor import SERVICE, Actor
from workflows.errors import Fault

COOKIE = "gongjian_session"


class PageRoute(APIRoute):
    """A fault met on a page is told on a page; who is not signed in is sent to the door."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except FORESEEN as error:
                return _told(request, error)

        return handled


def _told(request: Request, error: Exception) -> Response:
    """What is not a fault after all goes on to the last resort."""
    fault = fault_of(error)
    if fault is None:
        raise error
    if fault.code == "signed_out":
        return RedirectResponse("/login", 303)
    return page(request, "fault.html", status=STATUS[fault.family], fault=fault.text.as_dict(), actor=None)


def viewer(request: Request, runtime: RuntimeDep) -> Actor:
    """Whoever the session stands for."""
    token = request.cookies.get(COOKIE, "")
    with runtime.reading(SERVICE) as unit:
        return who_is(unit, token)


ViewerDep = Annotated[Actor, Depends(viewer)]


def own_form(request: Request) -> None:
    """Refuses a form that another site sent in our reader's name."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise Fault("not_permitted")
    elif origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise Fault("not_permitted")


OwnForm = Depends(own_form)
