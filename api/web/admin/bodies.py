"""The bodies of the administrator's divisions, and a new one."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import RuntimeDep
from api.web.session import OneUnit, posted, shown, with_fault
from services.actor import Actor
from services.db.queries.offices import bodies
from services.directory.bodies import create_body
from services.runtime import Runtime
from workflows.errors import Family, Fault
from workflows.roles import KINDS

router = APIRouter(prefix="/admin/bodies", route_class=OneUnit, default_response_class=HTMLResponse)

Founder = Annotated[Actor, shown("bodies.manage")]

#: Told beside the form; whatever else goes wrong has a page of its own.
_HERE = frozenset({Family.BAD_INPUT, Family.CONFLICT, Family.REFUSED})


@router.get("")
def body_list(
    request: Request,
    runtime: RuntimeDep,
    actor: Founder,
    division: str = "",
    cursor: str | None = None,
    made: str = "",
) -> Response:
    """The bodies, and the form for a new one; `made` is the one that was made just now."""
    return _list(request, runtime, actor, division=division, cursor=cursor, made=made)


@router.post("")
def make(
    request: Request,
    runtime: RuntimeDep,
    actor: Founder,
    said: Annotated[dict[str, str], posted("kind", "division", "name")],
) -> Response:
    """The body exists, and has at once what waited for one so near."""
    try:
        with runtime.writing(actor) as unit:
            key = create_body(unit, said["kind"], said["division"], said["name"])
            body = runtime.roster.body(key)
    except Fault as fault:
        if fault.family not in _HERE:
            raise
        return _list(request, runtime, actor, fault=fault, tried=said)
    return RedirectResponse(f"/admin/bodies?made={body.code if body else ''}", 303)


def _list(
    request: Request,
    runtime: Runtime,
    actor: Actor,
    *,
    division: str = "",
    cursor: str | None = None,
    made: str = "",
    fault: Fault | None = None,
    tried: dict[str, str] | None = None,
) -> Response:
    with runtime.reading(actor) as unit:
        found = bodies(unit, division, cursor)
        unit.runtime.roster.refresh(unit.db)
        known = unit.runtime.roster.by_code(made)
    return with_fault(
        request,
        "admin/bodies.html",
        fault,
        here="/admin/bodies",
        actor=actor,
        field=None if fault is None else fault.field,
        kinds={name: kind.label.as_dict() for name, kind in KINDS.items()},
        asked=division,
        made=known.name if known else "",
        tried=tried or {},
        **found,
    )
