"""What people begin themselves: the list of openings, and beginning one, which makes a file of its own."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from api.again import Again
from api.deps import RuntimeDep, allowed, described, idempotency_key, json_body
from api.v1.schemas import BeginIn, OpeningsOut, StepOut
from services.actor import Actor
from services.cases.begin import Begun, begin, openings

router = APIRouter(route_class=Again, prefix="/api/v1/openings", tags=["openings"])

Founder = Annotated[Actor, allowed("files.open")]


@router.get("", response_model=OpeningsOut)
def get_openings(runtime: RuntimeDep, actor: Founder) -> dict[str, Any]:
    """What you may begin now, each with its form."""
    with runtime.reading(actor) as unit:
        return openings(unit)


@router.post("/{procedure}/{opening}", response_model=StepOut, openapi_extra=described(BeginIn))
def post_opening(
    procedure: str,
    opening: str,
    runtime: RuntimeDep,
    actor: Founder,
    said: Annotated[BeginIn, Depends(json_body(BeginIn))],
    key: Annotated[str | None, Depends(idempotency_key)],
) -> dict[str, Any]:
    """A new file is begun, or the problem says why not."""
    asked = Begun(procedure, opening, said.fields, said.evidence, said.opinion, key)
    with runtime.writing(actor) as unit:
        return begin(unit, asked)
