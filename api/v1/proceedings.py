"""Taking a step."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from api.again import Again
from api.deps import RuntimeDep, allowed, described, idempotency_key, json_body
from api.v1.schemas import StepIn, StepOut
from services.actor import Actor
from services.cases.advance import StepTaken, take_step
from services.db.queries.page import key_of

router = APIRouter(route_class=Again, prefix="/api/v1/proceedings", tags=["proceedings"])


@router.post("/{id}/steps/{step}", response_model=StepOut, openapi_extra=described(StepIn))
def post_step(
    id: str,  # noqa: A002
    step: str,
    runtime: RuntimeDep,
    actor: Annotated[Actor, allowed("steps.take")],
    said: Annotated[StepIn, Depends(json_body(StepIn))],
    key: Annotated[str | None, Depends(idempotency_key)],
) -> dict[str, Any]:
    """The step is taken with all that follows from it, or the problem says why nothing changed."""
    asked = StepTaken(
        proceeding_id=key_of(id),
        step=step,
        fields=said.fields,
        evidence=said.evidence,
        opinion=said.opinion,
        expected_revision=said.expected_revision,
        key=key,
    )
    with runtime.writing(actor, "step") as unit:
        return take_step(unit, asked)
