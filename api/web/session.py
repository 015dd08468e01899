"""Who looks at a page: a session cookie that scripts cannot read, and a form that must come from our
own pages (S04, S05)."""

import re
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute
from starlette.datastructures import UploadFile

from api.again import Again
from api.deps import Allowed, RuntimeDep, address
from api.exact import form
from api.problems import STATUS
from api.web.render import page
from services.access.tokens import AT_THE_DOOR, look_up, present
from services.actor import Actor
from services.intake.wire import media_of
from workflows.errors import Fault

#: The session; what is owed at the door; what the browser keeps while it is away at the single sign-on; where it wanted to go.
SESSION, OWED, KEEPSAKE, WANTED = "gongjian_session", "gongjian_door", "gongjian_sso", "gongjian_wanted"

_LONGEST = 256
#: The longest form that is kept for somebody whose sign-in is over.
KEPT_BYTES = 1024 * 1024
#: Visible ASCII after one slash: two of them, or a backslash, would lead a browser to another host.
_OWN_PAGE = re.compile(r"/(?!/)[!-\[\]-~]*")


class PageRoute(APIRoute):
    """A fault met on a page is told on a page; who is not signed in is sent to the door. What he had typed he keeps."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """`Any`: as FastAPI declares it."""
        once = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await once(request)
            except Fault as fault:
                if fault.code != "signed_out" or not _may_be_kept(request):
                    raise
                return await _typed(request)

        return handler

    def told(self, request: Request, fault: Fault) -> Response:
        if fault.code == "signed_out":
            return _to_the_door(request)
        actor, _ = getattr(request.state, "asked", (None, ""))
        return with_fault(request, "fault.html", fault, here="", actor=actor)


class OneUnit(Again, PageRoute):
    """A page whose endpoint is one unit of work. Those of the door are several, and what they take serves once."""


def with_fault(request: Request, template: str, fault: Fault | None, **shown: Any) -> Response:
    """The page, with the fault that was met on it, if there is one. `Any`: whatever the template shows."""
    if fault is None:
        return page(request, template, fault=None, **shown)
    answer = page(request, template, status=STATUS[fault.family], fault=fault.text.as_dict(), **shown)
    if request.method == "POST" and shown.get("here"):
        answer.headers["HX-Push-Url"] = shown["here"]  # where it can be read again
    if fault.after is not None:
        answer.headers["Retry-After"] = str(fault.after)
    return answer


def _may_be_kept(request: Request) -> bool:
    """A form of one of our own pages, and not of those on which passwords are typed; with no large file in it, for nobody knows
    yet who sends it."""
    if request.method != "POST" or request.url.path.startswith(("/login", "/logout", "/account")):
        return False
    try:
        own_form(request)
    except Fault:
        return False
    announced = request.headers.get("content-length", "")
    return announced.isdigit() and int(announced) <= KEPT_BYTES


async def _typed(request: Request) -> Response:
    """The page that says that the sign-in is over, with everything that was typed, ready to be sent again once he is back."""
    kind = media_of(request.headers.get("content-type", ""))
    async with request.form(max_files=20, max_fields=200, max_part_size=KEPT_BYTES) as said:
        typed = [(name, value) for name, value in said.multi_items() if isinstance(value, str)]
        files = [
            one.filename for _, one in said.multi_items() if isinstance(one, UploadFile) and one.filename
        ]
    return page(
        request,
        "signed_out.html",
        status=401,
        here="/",
        actor=None,
        kind=kind,
        typed=typed,
        files=files,
        action=request.url.path,
    )


def wanted(request: Request) -> str:
    """The page that the browser asked for before it was sent to the door; else the first one. Never one of another site."""
    said = kept(request, WANTED)
    return said if _OWN_PAGE.fullmatch(said) else "/"


def kept(request: Request, name: str) -> str:
    """What the browser holds of ours under that name, or nothing."""
    return request.cookies.get(_name(request, name), "")[:_LONGEST]


def keep(request: Request, answer: Response, name: str, value: str, seconds: int) -> None:
    """The browser holds it for so long, away from scripts and from other sites."""
    private = _is_private(request)
    answer.set_cookie(
        _name(request, name), value, max_age=seconds, httponly=True, samesite="lax", secure=private
    )


def drop(request: Request, answer: Response, name: str) -> None:
    """The browser forgets it."""
    answer.delete_cookie(_name(request, name), httponly=True, samesite="lax", secure=_is_private(request))


def _to_the_door(request: Request) -> Response:
    """Who was signed in, or half way in, is told that this is over; a page that was wanted is kept until then."""
    at_the_door = request.url.path.startswith("/login")
    over = kept(request, OWED if at_the_door else SESSION)
    answer = RedirectResponse("/login?over=1" if over else "/login", 303)
    page = f"{request.url.path}?{request.url.query}".rstrip("?")
    if request.method == "GET" and not at_the_door and len(page) <= _LONGEST and _OWN_PAGE.fullmatch(page):
        keep(request, answer, WANTED, page, int(AT_THE_DOOR.total_seconds()))
    return answer


def _name(request: Request, name: str) -> str:
    """Behind https no other host may set it or read it (`__Host-`); over plain http, on loopback, a browser refuses that."""
    return f"__Host-{name}" if _is_private(request) else name


def _is_private(request: Request) -> bool:
    return request.url.scheme == "https"


def viewer(request: Request, runtime: RuntimeDep) -> Actor:
    """Whoever the session stands for."""
    return replace(present(runtime, kept(request, SESSION)), address=address(request))


ViewerDep = Annotated[Actor, Depends(viewer)]


class Shown(Allowed):
    """`Allowed` for a page: whoever the session stands for, and what he sends is a form of ours.

    The form is looked at last, so that one of another site stands in the journal under the name it was sent in."""

    async def __call__(self, request: Request, actor: ViewerDep) -> Actor:
        self.asked(request, actor)
        if request.method == "POST":
            own_form(request)
        return actor


def listener(request: Request, runtime: RuntimeDep) -> Actor:
    """Whoever the session stands for; that he listens is no sign of life of his."""
    return replace(look_up(runtime, kept(request, SESSION)), address=address(request))


class Listening(Allowed):
    """`Allowed` for what a page asks by itself, while nobody touches it."""

    async def __call__(self, request: Request, actor: Annotated[Actor, Depends(listener)]) -> Actor:
        self.asked(request, actor)
        return actor


def listening(right: str) -> Any:
    """As `shown`. `Any`: FastAPI's own."""
    return Depends(Listening(right))


def shown(right: str) -> Any:
    """Every page names its right so, as endpoints do by `allowed`. `Any`: FastAPI's own."""
    return Depends(Shown(right))


def own_form(request: Request) -> None:
    """Refuses a form that another site sent in our reader's name.

    A browser says where a form comes from in one header or several: at least one must say it, and none anything else."""
    site = request.headers.get("sec-fetch-site")
    pages = [request.headers[name] for name in ("origin", "referer") if name in request.headers]
    ours = [site in ("same-origin", "none")] if site is not None else []
    ours += [_is_ours(request, page) for page in pages]
    if not ours or not all(ours):
        raise Fault("foreign_form")


def _is_ours(request: Request, said: str) -> bool:
    """Is it an address of this site? A proxy that ends TLS may not say so, then the host alone must do."""
    try:
        address = urlsplit(said)
    except ValueError:
        return False
    schemes = ("https",) if _is_private(request) else ("http", "https")
    return address.scheme in schemes and address.netloc == request.headers.get("host")


OwnForm = Depends(own_form)


def posted(*known: str) -> Any:
    """A dependency: what was filled in under these names, "" where nothing was. `Any`: FastAPI's own."""

    async def read(request: Request) -> dict[str, str]:
        async with form(request, "application/x-www-form-urlencoded", *known) as said:
            return {name: str(said.get(name, "")) for name in known}

    return Depends(read)
