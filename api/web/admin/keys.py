"""The keys with which the offices of the security administrator's divisions sign what they send."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import RuntimeDep
from api.web.render import page
from api.web.session import OneUnit, posted, shown, with_fault
from services.access.keys import LIVE, add_key, list_keys, retire_key
from services.actor import Actor
from services.db.queries.offices import offices
from services.runtime import Runtime
from workflows.errors import Family, Fault

router = APIRouter(prefix="/admin/keys", route_class=OneUnit, default_response_class=HTMLResponse)

Guardian = Annotated[Actor, shown("keys.manage")]

_HERE = frozenset({Family.BAD_INPUT, Family.CONFLICT, Family.REFUSED})


@router.get("")
def office_list(
    request: Request, runtime: RuntimeDep, actor: Guardian, cursor: str | None = None
) -> Response:
    """The offices that send, each with how many keys of it are live."""
    with runtime.reading(actor) as unit:
        found = offices(unit, cursor)
    return page(request, "admin/offices.html", actor=actor, **found)


@router.get("/{office}")
def key_list(office: str, request: Request, runtime: RuntimeDep, actor: Guardian) -> Response:
    """The keys of one office."""
    return _keys(request, runtime, actor, office)


@router.post("/{office}")
def add(
    office: str,
    request: Request,
    runtime: RuntimeDep,
    actor: Guardian,
    said: Annotated[dict[str, str], posted("public")],
) -> Response:
    """One more key; a shared secret is shown this once."""
    try:
        with runtime.writing(actor) as unit:
            key, secret = add_key(unit, office, said["public"].strip() or None)
    except Fault as fault:
        if fault.family not in _HERE:
            raise
        return _keys(request, runtime, actor, office, fault=fault, tried=said["public"])
    return _keys(request, runtime, actor, office, added=(key, secret))


@router.post("/{office}/{key}/retire")
def retire(office: str, key: str, runtime: RuntimeDep, actor: Guardian) -> Response:
    """The key counts for nothing any more."""
    with runtime.writing(actor) as unit:
        retire_key(unit, key)
    return RedirectResponse(f"/admin/keys/{office}", 303)


def _keys(
    request: Request,
    runtime: Runtime,
    actor: Actor,
    office: str,
    *,
    fault: Fault | None = None,
    tried: str = "",
    added: tuple[str, str | None] | None = None,
) -> Response:
    with runtime.reading(actor) as unit:
        keys = list_keys(unit, office)
        unit.runtime.roster.refresh(unit.db)
    return with_fault(
        request,
        "admin/keys.html",
        fault,
        here=f"/admin/keys/{office}",
        actor=actor,
        office=office,
        keys=keys,
        most=LIVE,
        live=sum(one.retired_at is None for one in keys),
        tried=tried,
        added=added,
    )
