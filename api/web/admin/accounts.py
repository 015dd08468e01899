"""The accounts of the security administrator's divisions: made, closed, given a temporary password, signed out, freed of a lost
authenticator. Every password stands on one answer and nowhere else."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import RuntimeDep
from api.web.session import OneUnit, posted, shown, with_fault
from services.access import resets
from services.access.accounts import ISSUED_PASSWORD_LIVES, create_account, disable_account
from services.access.passwords import generated
from services.actor import Actor
from services.db.queries.offices import accounts
from services.runtime import Runtime, Unit
from workflows.errors import Family, Fault

router = APIRouter(prefix="/admin/accounts", route_class=OneUnit, default_response_class=HTMLResponse)

Guardian = Annotated[Actor, shown("accounts.manage")]

_HERE = frozenset({Family.BAD_INPUT, Family.CONFLICT, Family.REFUSED})


@router.get("")
def account_list(
    request: Request, runtime: RuntimeDep, actor: Guardian, body: str = "", cursor: str | None = None
) -> Response:
    """The accounts, and the form for a new one."""
    return _list(request, runtime, actor, body=body, cursor=cursor)


@router.post("")
def make(
    request: Request,
    runtime: RuntimeDep,
    actor: Guardian,
    said: Annotated[dict[str, str], posted("name", "body")],
) -> Response:
    """The account exists, with a password that opens nothing but the choice of a new one; it is shown this once."""
    password = generated()
    try:
        with runtime.writing(actor) as unit:
            create_account(unit, said["name"], said["body"], password, own=False)
    except Fault as fault:
        if fault.family not in _HERE and fault.code != "body_unknown":
            raise
        return _list(request, runtime, actor, fault=fault, tried=said)
    return _list(request, runtime, actor, issued=(said["name"], password))


@router.post("/{name}/password")
def new_password(name: str, request: Request, runtime: RuntimeDep, actor: Guardian) -> Response:
    """A temporary password for who forgot his own; every sign-in is over."""
    with runtime.writing(actor) as unit:
        password = resets.reset_password(unit, name)
    return _list(request, runtime, actor, issued=(name, password))


@router.post("/{name}/disable")
def disable(name: str, runtime: RuntimeDep, actor: Guardian) -> Response:
    """Nobody acts by the account any more."""
    return _done(runtime, actor, lambda unit: disable_account(unit, name))


@router.post("/{name}/sign-out")
def sign_out(name: str, runtime: RuntimeDep, actor: Guardian) -> Response:
    """Every sign-in of the account is over."""
    return _done(runtime, actor, lambda unit: resets.sign_out_everywhere(unit, name))


@router.post("/{name}/authenticator")
def take_off(name: str, runtime: RuntimeDep, actor: Guardian) -> Response:
    """The authenticator, which was lost, is taken off."""
    return _done(runtime, actor, lambda unit: resets.take_off_second_factor(unit, name))


def _done(runtime: Runtime, actor: Actor, act: Callable[[Unit], None]) -> Response:
    with runtime.writing(actor) as unit:
        act(unit)
    return RedirectResponse("/admin/accounts", 303)


def _list(
    request: Request,
    runtime: Runtime,
    actor: Actor,
    *,
    body: str = "",
    cursor: str | None = None,
    fault: Fault | None = None,
    tried: dict[str, str] | None = None,
    issued: tuple[str, str] | None = None,
) -> Response:
    with runtime.reading(actor) as unit:
        found = accounts(unit, body, cursor)
    return with_fault(
        request,
        "admin/accounts.html",
        fault,
        here="/admin/accounts",
        actor=actor,
        field=None if fault is None else fault.field,
        asked=body,
        tried=tried or {},
        issued=issued,
        days=ISSUED_PASSWORD_LIVES.days,
        **found,
    )
