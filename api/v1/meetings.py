"""Joint meetings: a year's list, one with its agenda, its entry for a calendar; and calendars to subscribe to."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from api.again import Again
from api.deps import RuntimeDep, allowed, described, json_body
from api.rates import Knock
from api.v1.meeting_schemas import AddressOut, MeetingOut, MeetingsOut, SubscribeIn
from services.actor import Actor
from services.db.queries.meetings import meeting, meetings
from services.db.queries.page import key_of
from services.meetings.invitation import invitation
from services.meetings.subscriptions import fetched, subscribe

router = APIRouter(route_class=Again, prefix="/api/v1", tags=["meetings"])

Reader = Annotated[Actor, allowed("meetings.read")]

CALENDAR = "text/calendar"
_ENTRY: dict[int | str, dict[str, Any]] = {200: {"content": {CALENDAR: {"schema": {"type": "string"}}}}}


@router.get("/meetings", response_model=MeetingsOut)
def get_meetings(
    runtime: RuntimeDep,
    actor: Reader,
    year: Annotated[int | None, Query(ge=1990, le=2200)] = None,
    quarter: Annotated[int | None, Query(ge=1, le=4)] = None,
    level: str = "district",
    cursor: str | None = None,
) -> dict[str, Any]:
    """`level`: district, the meetings of a place; or enterprise, those inside an enterprise, by the day of the last one held."""
    with runtime.reading(actor) as unit:
        return meetings(unit, year, quarter, level, cursor)


@router.get("/meetings/{id}.ics", response_class=Response, responses=_ENTRY)
def get_entry(runtime: RuntimeDep, actor: Reader, id: str) -> Response:  # noqa: A002
    """The meeting for a calendar: an invitation, or its cancellation (RFC 5545, RFC 5546)."""
    with runtime.reading(actor) as unit:
        found = meeting(unit, key_of(id))
        return Response(invitation(found, unit.now, runtime.settings.zone), media_type=CALENDAR)


@router.get("/meetings/{id}", response_model=MeetingOut)
def get_meeting(runtime: RuntimeDep, actor: Reader, id: str) -> dict[str, Any]:  # noqa: A002
    """One meeting. Until it is called its agenda is what it would be today."""
    with runtime.reading(actor) as unit:
        return meeting(unit, key_of(id))


@router.post("/calendar", status_code=201, response_model=AddressOut, openapi_extra=described(SubscribeIn))
def post_calendar(
    runtime: RuntimeDep,
    actor: Annotated[Actor, allowed("calendar.subscribe")],
    said: Annotated[SubscribeIn, Depends(json_body(SubscribeIn))],
) -> dict[str, str]:
    """An address for one's own days (`mine`) or one's body's (`ours`), shown once, good for a year; it is ended like a sign-in."""
    with runtime.writing(actor) as unit:
        return {"path": f"/api/v1/calendar/{subscribe(unit, said.whose)}.ics"}


@router.get("/calendar/{token}.ics", response_class=Response, responses=_ENTRY, dependencies=[Knock])
def get_calendar(runtime: RuntimeDep, token: str) -> Response:
    """The calendar behind an address that `POST /calendar` gave. Whoever knows the address may read it, so it is not to be passed on."""
    return Response(fetched(runtime, token), media_type=CALENDAR)
