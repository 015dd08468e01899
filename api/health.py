"""Is the counter alive, is it ready, and what does it measure."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST

from api.deps import RuntimeDep
from services.actor import SERVICE
from services.db.queries.readiness import at_head
from workflows.errors import Fault

router = APIRouter(tags=["health"])


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz")
def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.head("/readyz", include_in_schema=False)
@router.get("/readyz")
def readyz(runtime: RuntimeDep) -> dict[str, str]:
    """The database can be reached and has this code's schema; else 503."""
    with runtime.reading(SERVICE) as unit:
        if not at_head(unit.db):
            raise Fault("busy")
    return {"status": "ready"}


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def metrics(request: Request, runtime: RuntimeDep) -> Response:
    """For Prometheus. Counts and seconds only; no name, no id."""
    return Response(request.app.state.measures.page(runtime), media_type=CONTENT_TYPE_LATEST)


@router.get("/asyncapi.json", response_class=JSONResponse)
def asyncapi(request: Request) -> JSONResponse:
    """How events and notices look, by HTTP and by AMQP."""
    return JSONResponse(request.app.state.asyncapi)
