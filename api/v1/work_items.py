"""Work items (待办): the lists, and claim, release, reassign, urge."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from api.again import Again
from api.deps import RuntimeDep, allowed, described, json_body
from api.v1.schemas import ReassignIn, WorkItemOut, WorkItemsOut
from services.actor import Actor
from services.cases.work_items import claim, reassign, release, urge
from services.db.queries.page import key_of
from services.db.queries.worklist import work_item, work_items

router = APIRouter(route_class=Again, prefix="/api/v1/work-items", tags=["work items"])

Holder = Annotated[Actor, allowed("work.act")]


@router.get("", response_model=WorkItemsOut)
def get_work_items(
    runtime: RuntimeDep,
    actor: Annotated[Actor, allowed("work.read")],
    view: str = "unit",
    status: str = "open",
    cursor: str | None = None,
) -> dict[str, Any]:
    """`view`: mine, unit, waiting (what your body waits for) or started; `status`: open or done."""
    with runtime.reading(actor) as unit:
        return work_items(unit, view, status, cursor)


@router.post("/{id}/claim", response_model=WorkItemOut)
def post_claim(id: str, runtime: RuntimeDep, actor: Holder) -> dict[str, Any]:  # noqa: A002
    """The item is yours (签收)."""
    with runtime.writing(actor) as unit:
        claim(unit, key_of(id))
        return work_item(unit, key_of(id))


@router.post("/{id}/release", response_model=WorkItemOut)
def post_release(id: str, runtime: RuntimeDep, actor: Holder) -> dict[str, Any]:  # noqa: A002
    """The item is nobody's again."""
    with runtime.writing(actor) as unit:
        release(unit, key_of(id))
        return work_item(unit, key_of(id))


@router.post("/{id}/reassign", response_model=WorkItemOut, openapi_extra=described(ReassignIn))
def post_reassign(
    id: str,  # noqa: A002
    runtime: RuntimeDep,
    actor: Holder,
    said: Annotated[ReassignIn, Depends(json_body(ReassignIn))],
) -> dict[str, Any]:
    """The item is a colleague's (转办)."""
    with runtime.writing(actor) as unit:
        reassign(unit, key_of(id), said.account)
        return work_item(unit, key_of(id))


@router.post("/{id}/urge", response_model=WorkItemOut)
def post_urge(id: str, runtime: RuntimeDep, actor: Holder) -> dict[str, Any]:  # noqa: A002
    """The body that holds the item is urged (催办), at most once in 24 hours."""
    with runtime.writing(actor) as unit:
        urge(unit, key_of(id))
        return work_item(unit, key_of(id))
