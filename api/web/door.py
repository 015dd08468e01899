"""The door: account and password, then a code, an authenticator to enrol or a password of one's own, each asked only when it
is owed; or the single sign-on, where the house has one."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import RuntimeDep, address
from api.exact import form
from api.rates import Knock
from api.web.session import (
    KEEPSAKE,
    OWED,
    SESSION,
    WANTED,
    OwnForm,
    PageRoute,
    drop,
    keep,
    kept,
    wanted,
    with_fault,
)
from services.access import sign_on
from services.access.sessions import sign_out
from services.access.sign_in import (
    Admitted,
    Owes,
    begin_enrolment,
    confirm_enrolment,
    owes,
    renew_password,
    show_code,
    sign_in,
)
from services.access.tokens import AT_THE_DOOR, Purpose
from services.actor import SERVICE
from services.db.again import again
from services.runtime import Runtime
from workflows.errors import Fault

router = APIRouter(route_class=PageRoute, default_response_class=HTMLResponse)

BACK = "/login/sso/back"
_LONGEST = 1024


async def posted(request: Request) -> dict[str, str]:
    """The form as it was filled in. It is asynchronous because a body is read as it arrives."""
    known = ("account", "password", "code", "new_password")
    async with form(request, "application/x-www-form-urlencoded", *known) as said:
        return {name: str(said.get(name, ""))[:_LONGEST] for name in known}


Posted = Annotated[dict[str, str], Depends(posted)]


@router.get("/login")
def login_page(request: Request, runtime: RuntimeDep, over: str = "") -> Response:
    """The first question; `over` when an earlier sign-in has come to its end."""
    return _login(request, runtime, None, over=bool(over))


@router.post("/login", dependencies=[OwnForm, Knock])
def login(request: Request, runtime: RuntimeDep, said: Posted) -> Response:
    """A session of its own for every sign-in, the next question, or the form again with the reason."""
    try:
        admitted = again(
            lambda: sign_in(
                runtime, said["account"][:60], said["password"], Purpose.SESSION, address(request)
            )
        )
    except Fault as fault:
        return _login(request, runtime, fault)
    return _let_in(request, runtime, admitted)


@router.get("/login/next")
def next_page(request: Request, runtime: RuntimeDep) -> Response:
    """What is still owed."""
    return _next(request, runtime, None)


@router.post("/login/next", dependencies=[OwnForm, Knock])
def show_next(request: Request, runtime: RuntimeDep, said: Posted) -> Response:
    """What was owed is shown: in, or the next question, or the same one again with the reason."""
    token, here = kept(request, OWED), address(request)
    with runtime.reading(SERVICE) as unit:
        owed = owes(unit, token)
    try:
        match owed:
            case Owes.CODE:
                admitted = again(lambda: show_code(runtime, token, said["code"], Purpose.SESSION, here))
            case Owes.ENROLMENT:
                admitted = again(
                    lambda: confirm_enrolment(runtime, token, said["code"], Purpose.SESSION, here)
                )
            case Owes.PASSWORD:
                admitted = again(
                    lambda: renew_password(runtime, token, said["new_password"], Purpose.SESSION, here)
                )
    except Fault as fault:
        if fault.code == "signed_out":
            raise
        return _next(request, runtime, fault)
    return _let_in(request, runtime, admitted)


@router.get("/login/sso", dependencies=[Knock])
def go(request: Request, runtime: RuntimeDep) -> Response:
    """On the way to the single sign-on, with a keepsake by which the browser is known when it comes back."""
    begun = sign_on.begin(runtime, _back(request))
    answer = RedirectResponse(begun.address, 303)
    keep(request, answer, KEEPSAKE, begun.keepsake, int(AT_THE_DOOR.total_seconds()))
    return answer


@router.get(BACK, dependencies=[Knock])
def come_back(request: Request, runtime: RuntimeDep) -> Response:
    """Back from there with what it says. The keepsake serves once."""
    try:
        admitted = sign_on.finish(
            runtime, _back(request), kept(request, KEEPSAKE), _said(request.query_params), address(request)
        )
        answer = _let_in(request, runtime, admitted)
    except Fault as fault:
        answer = _login(request, runtime, fault)
    drop(request, answer, KEEPSAKE)
    return answer


@router.post("/logout", dependencies=[OwnForm])
def logout(request: Request, runtime: RuntimeDep) -> Response:
    """The session is over, here and in the table; the browser forgets what it holds of ours."""
    again(lambda: sign_out(runtime, kept(request, SESSION), address(request)))
    answer = RedirectResponse("/login", 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    drop(request, answer, SESSION)
    return answer


def _login(request: Request, runtime: Runtime, fault: Fault | None, *, over: bool = False) -> Response:
    sso = runtime.settings.oidc.issuer is not None
    return with_fault(request, "login.html", fault, here="/login", over=over, sso=sso, actor=None)


def _next(request: Request, runtime: Runtime, fault: Fault | None) -> Response:
    token = kept(request, OWED)
    with runtime.reading(SERVICE) as unit:
        owed = owes(unit, token)
    return with_fault(
        request,
        "next.html",
        fault,
        here="/login/next",
        owed=owed.value,
        enrolment=again(lambda: begin_enrolment(runtime, token, address=address(request)))
        if owed is Owes.ENROLMENT
        else None,
        actor=None,
    )


def _let_in(request: Request, runtime: Runtime, admitted: Admitted) -> Response:
    """Whoever was signed in by this browser before is signed out: a session is never carried on (S04)."""
    if admitted.owes is not None:
        answer = RedirectResponse("/login/next", 303)
        keep(request, answer, OWED, admitted.token, admitted.seconds)
        return answer
    before = kept(request, SESSION)
    if before:
        again(lambda: sign_out(runtime, before, address(request)))
    answer = RedirectResponse(wanted(request), 303)
    keep(request, answer, SESSION, admitted.token, admitted.seconds)
    drop(request, answer, OWED)
    drop(request, answer, WANTED)
    return answer


def _back(request: Request) -> str:
    return str(request.url.replace(path=BACK, query="", fragment=""))


def _said(params: Mapping[str, str]) -> dict[str, str]:
    return {name: params[name][:_LONGEST] for name in ("state", "code", "iss") if name in params}
