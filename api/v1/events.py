"""Events in: an office posts CloudEvents, and asks later what became of them."""

from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from api.again import Again
from api.asyncapi import EXAMPLE, SIGNATURE, envelope_schema
from api.counter import Post
from api.deps import Bearer, RawBody, RuntimeDep, allowed, allowed_then
from api.gather import Gathered
from api.problems import problem
from api.v1.schemas import EventOut, ReceiptsOut
from services.actor import Actor
from services.db.queries.intake import event
from services.intake import wire
from services.intake.receive import Receipt

router = APIRouter(route_class=Again, prefix="/api/v1", tags=["events"])

_BODY: dict[str, Any] = {  # Any: JSON
    "parameters": [
        {"in": "header", "name": name, "required": False, "schema": schema}
        for name, schema in SIGNATURE["properties"].items()
    ],
    "requestBody": {
        "required": True,
        "description": "One event (structured, or binary with ce- headers), or an array of them (batch).",
        "content": {
            wire.STRUCTURED: {"schema": envelope_schema(), "example": EXAMPLE},
            wire.BATCH: {
                "schema": {"type": "array", "items": envelope_schema(), "maxItems": wire.LARGEST_BATCH},
                "example": [EXAMPLE],
            },
            wire.BINARY: {
                "schema": {
                    "type": "object",
                    "description": "The event's data; ce-id, ce-source, ce-type as headers.",
                }
            },
        },
    },
}


@router.post("/events", status_code=202, response_model=ReceiptsOut, openapi_extra=_BODY)
async def post_events(
    request: Request, bearer: Annotated[Bearer, allowed_then("events.send")], body: RawBody
) -> Response:
    """Every event of the request has a receipt, and what is `accepted` is durable. Nothing is half-
    applied."""
    post = Post(bearer, body)
    posts: Gathered[Post] = request.app.state.posts
    await posts.do(post.sender, post)
    receipts = post.answer()
    only = receipts[0] if len(receipts) == 1 and not post.is_batch else None
    if only is not None and only.status == "rejected" and only.code and only.reason:
        return problem(request, only.code, only.reason, field=only.field)
    return JSONResponse({"receipts": [_receipt(one) for one in receipts]}, 202)


async def name_of_event(source: str, id: str, request: Request) -> tuple[str, str]:  # noqa: A002  # the contract's word
    """(source, id) as they were encoded: a source holds slashes, and a proxy may have decoded them on
    the way."""
    raw: bytes = request.scope.get("raw_path") or b""
    rest = raw.decode("ascii").partition("/api/v1/events/")[2]
    if rest.startswith("/"):
        kind, _, rest = rest[1:].partition("/")
        place, _, rest = rest.partition("/")
        return f"/{unquote(kind)}/{unquote(place)}", unquote(rest)
    encoded, _, event_id = rest.partition("/")
    return unquote(encoded), unquote(event_id)


@router.get("/events/{source:path}/{id:path}", response_model=EventOut)
def get_event(
    runtime: RuntimeDep,
    actor: Annotated[Actor, allowed("events.read")],
    named: Annotated[tuple[str, str], Depends(name_of_event)],
) -> dict[str, Any]:
    """What became of an event: received, applied or failed, its case, and why. `source` is percent-
    encoded."""
    with runtime.reading(actor) as unit:
        return event(unit, *named)


def _receipt(one: Receipt) -> dict[str, Any]:
    return {
        "id": one.id,
        "source": one.source,
        "status": one.status,
        "reason": one.reason.as_dict() if one.reason else None,
    }
