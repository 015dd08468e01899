"""One's own account: where one is signed in, one's password, one's authenticator, and who stands in while one is away."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import RuntimeDep, address
from api.web.door import Posted
from api.web.session import SESSION, PageRoute, keep, kept, posted, shown, with_fault
from services.access.permissions import permits
from services.access.second_factor import Enrolment, has_one
from services.access.sessions import end_session, own_sessions
from services.access.sign_in import Admitted, begin_enrolment, change_password, confirm_enrolment
from services.access.substitutes import appoint, substitutions
from services.access.substitutes import end as stop
from services.access.tokens import Purpose
from services.actor import Actor
from services.db.again import again
from services.db.queries.page import key_of
from services.db.queries.worklist import colleagues
from services.runtime import Runtime
from workflows.errors import Fault
from workflows.plain import day_of

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


Away = Annotated[Actor, shown("work.act")]
Said = Annotated[dict[str, str], posted("account", "from_on", "until_on")]


@router.post("/substitutes")
def substitute(request: Request, runtime: RuntimeDep, actor: Away, said: Said) -> Response:
    """A colleague stands in for the reader (代理)."""

    def appointed() -> None:
        with runtime.writing(actor) as unit:
            appoint(unit, said["account"], _day(said, "from_on"), _day(said, "until_on"))

    try:
        again(appointed)
    except Fault as fault:
        return _account(request, runtime, actor, fault, away=said)
    return RedirectResponse("/account#away", 303)


@router.post("/substitutes/{id}/end")
def substitute_end(id: str, runtime: RuntimeDep, actor: Away) -> Response:  # noqa: A002
    """The reader is back."""

    def over() -> None:
        with runtime.writing(actor) as unit:
            stop(unit, key_of(id))

    again(over)
    return RedirectResponse("/account#away", 303)


def _day(said: dict[str, str], name: str) -> date:
    found = day_of(said[name])
    if found is None:
        raise Fault("away_days", field=name)
    return found


def _account(
    request: Request,
    runtime: Runtime,
    actor: Actor,
    fault: Fault | None = None,
    enrolment: Enrolment | None = None,
    away: dict[str, str] | None = None,
) -> Response:
    if fault is not None and fault.code == "signed_out":
        raise fault
    with runtime.reading(actor) as unit:
        sessions, has_factor = own_sessions(unit, kept(request, SESSION)), has_one(unit)
        acts = permits(actor.kind, "work.act")
        others, stand_ins = (colleagues(unit), substitutions(unit)) if acts else ([], {})
        today = unit.today.isoformat()
    return with_fault(
        request,
        "account.html",
        fault,
        here="/account",
        sessions=sessions,
        has_factor=has_factor,
        enrolment=enrolment,
        actor=actor,
        colleagues=others,
        stand_ins=stand_ins,
        away=away or {},
        today=today,
    )


def _goes_on(request: Request, admitted: Admitted) -> Response:
    """The session goes on under a new token."""
    answer = RedirectResponse("/account", 303)
    keep(request, answer, SESSION, admitted.token, admitted.seconds)
    return answer
