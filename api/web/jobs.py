"""Jobs (任务): what the workers have done and what waits, each with its case. It is read from the tables, so a restart forgets nothing."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.deps import RuntimeDep
from api.web.render import page
from api.web.session import OneUnit, shown
from services.actor import Actor
from services.db.queries.jobs import KINDS, STANDS, jobs

router = APIRouter(route_class=OneUnit, default_response_class=HTMLResponse)


@router.get("/jobs")
def job_list(
    request: Request,
    runtime: RuntimeDep,
    actor: Annotated[Actor, shown("jobs.read")],
    kind: str = "inbox",
    stands: str = "",
    cursor: str | None = None,
) -> Response:
    """The jobs of one kind, the newest first."""
    with runtime.reading(actor) as unit:
        found = jobs(unit, kind, stands, cursor)
    return page(
        request,
        "jobs.html",
        actor=actor,
        kind=kind,
        kinds=KINDS,
        stands=stands,
        ways_it_stands=tuple(STANDS),
        **found,
    )
