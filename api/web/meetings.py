"""Joint meetings (联席会议): a year by its quarters, and calendars to subscribe to. One meeting is worked at on the page of its file."""

from collections import defaultdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.deps import RuntimeDep
from api.v1.meetings import CALENDAR
from api.web.session import OneUnit, posted, shown, with_fault
from services.access.permissions import permits
from services.actor import Actor
from services.db.queries.meetings import meeting, meetings
from services.db.queries.page import key_of
from services.meetings.invitation import invitation
from services.meetings.subscriptions import subscribe
from services.runtime import Runtime

router = APIRouter(prefix="/meetings", route_class=OneUnit, default_response_class=HTMLResponse)

Reader = Annotated[Actor, shown("meetings.read")]
Year = Annotated[int | None, Query(ge=1990, le=2200)]


@router.get("")
def year_page(
    request: Request, runtime: RuntimeDep, actor: Reader, year: Year = None, cursor: str | None = None
) -> Response:
    """The year's meetings of each place, by quarters; and those inside enterprises."""
    return _year(request, runtime, actor, year, cursor)


@router.post("/calendar")
def post_calendar(
    request: Request,
    runtime: RuntimeDep,
    actor: Annotated[Actor, shown("calendar.subscribe")],
    said: Annotated[dict[str, str], posted("whose")],
) -> Response:
    """An address for a calendar, shown this once."""
    with runtime.writing(actor) as unit:
        token = subscribe(unit, said["whose"])
    path = f"{str(request.base_url).rstrip('/')}/api/v1/calendar/{token}.ics"
    return _year(request, runtime, actor, None, None, given=path)


@router.get("/{id}.ics")
def entry(runtime: RuntimeDep, actor: Reader, id: str) -> Response:  # noqa: A002
    """The meeting as an entry for a calendar."""
    with runtime.reading(actor) as unit:
        found = meeting(unit, key_of(id))
        body = invitation(found, unit.now, runtime.settings.zone)
    return Response(
        body,
        media_type=CALENDAR,
        headers={"Content-Disposition": f'attachment; filename="meeting-{key_of(id)}.ics"'},
    )


def _year(
    request: Request,
    runtime: Runtime,
    actor: Actor,
    year: int | None,
    cursor: str | None,
    given: str | None = None,
) -> Response:
    with runtime.reading(actor) as unit:
        year = year or unit.today.year
        found = meetings(unit, year, None, "district", cursor)
        inside = meetings(unit, year, None, "enterprise")["items"]
    places: dict[str, dict[int, Any]] = defaultdict(dict)
    for one in found["items"]:
        places[one["place"]].setdefault(one["quarter"], one)  # the newest file comes first
    return with_fault(
        request,
        "meetings.html",
        None,
        here="/meetings",
        actor=actor,
        year=year,
        places=dict(sorted(places.items())),
        inside=inside,
        next=found["next"],
        given=given,
        may_begin=permits(actor.kind, "files.open"),
        may_subscribe=permits(actor.kind, "calendar.subscribe"),
    )
