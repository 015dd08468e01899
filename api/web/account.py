"""One's own account: where one is signed in, one's password, one's authenticator."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import RuntimeDep, address
from api.web.door import Posted
from api.web.session import SESSION, PageRoute, keep, kept, shown, with_fault
from services.access.second_factor import Enrolment, has_one
from services.access.sessions import end_session, own_sessions
from services.access.sign_in import Admitted, begin_enrolment, change_password, confirm_enrolment
from services.access.tokens import Purpose
from services.actor import Actor
from services.db.again import again
from services.runtime import Runtime
from workflows.errors import Fault

router = APIRouter(prefix="/account", route_class=PageRoute, default_response_class=HTMLResponse)

Myself = Annotated[Actor, shown("credentials.manage")]


@router.get("")
def account_page(
    request: Request, runtime: RuntimeDep, actor: Annotated[Actor, shown("sessions.read")]
) -> Response:
    """Where the reader is signed in, and what he may change."""
    return _account(request, runtime, actor)


@router.post("/sessions/{id}/end")
def end(
    id: str,  # noqa: A002
    request: Request,
    runtime: RuntimeDep,
    actor: Annotated[Actor, shown("sessions.end")],
) -> Response:
    """One of the reader's sign-ins is over."""

    def over() -> None:
        with runtime.writing(actor) as unit:
            end_session(unit, id, kept(request, SESSION))

    again(over)
    return RedirectResponse("/account", 303)


@router.post("/password")
def password(request: Request, runtime: RuntimeDep, actor: Myself, said: Posted) -> Response:
    """A new password; every other sign-in is over."""
    try:
        admitted = again(
            lambda: change_password(
                runtime,
                kept(request, SESSION),
                said["password"],
                said["new_password"],
                Purpose.SESSION,
                address(request),
            )
        )
    except Fault as fault:
        return _account(request, runtime, actor, fault)
    return _goes_on(request, admitted)


@router.post("/authenticator")
def authenticator(request: Request, runtime: RuntimeDep, actor: Myself, said: Posted) -> Response:
    """What to put into an authenticator, once the password was given again."""
    try:
        enrolment = again(
            lambda: begin_enrolment(runtime, kept(request, SESSION), said["password"], address(request))
        )
    except Fault as fault:
        return _account(request, runtime, actor, fault)
    return _account(request, runtime, actor, enrolment=enrolment)


@router.post("/authenticator/confirm")
def confirm(request: Request, runtime: RuntimeDep, actor: Myself, said: Posted) -> Response:
    """The authenticator is asked for from now on."""
    try:
        admitted = again(
            lambda: confirm_enrolment(
                runtime, kept(request, SESSION), said["code"], Purpose.SESSION, address(request)
            )
        )
    except Fault as fault:
        return _account(request, runtime, actor, fault)
    return _goes_on(request, admitted)


def _account(
    request: Request,
    runtime: Runtime,
    actor: Actor,
    fault: Fault | None = None,
    enrolment: Enrolment | None = None,
) -> Response:
    if fault is not None and fault.code == "signed_out":
        raise fault
    with runtime.reading(actor) as unit:
        sessions, has_factor = own_sessions(unit, kept(request, SESSION)), has_one(unit)
    return with_fault(
        request,
        "account.html",
        fault,
        here="/account",
        sessions=sessions,
        has_factor=has_factor,
        enrolment=enrolment,
        actor=actor,
    )


def _goes_on(request: Request, admitted: Admitted) -> Response:
    """The session goes on under a new token."""
    answer = RedirectResponse("/account", 303)
    keep(request, answer, SESSION, admitted.token, admitted.seconds)
    return answer
