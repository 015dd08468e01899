"""A joint meeting as an entry of a calendar (RFC 5545): an invitation, its changes, and its cancellation (iTIP, RFC 5546).

The entry is known by one UID for ever; each later one has a higher SEQUENCE. It tells when and where, and no word of the agenda.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

from services.directory.divisions import full_name

PRODUCT = "-//Gongjian//joint meetings//ZH"
#: How long a meeting is put down for; no source says.
LASTS = timedelta(hours=2)
#: When a meeting begins that was called for no hour yet.
MORNING = time(9)

_PARTSTAT = {"comes": "ACCEPTED", "deputy": "DELEGATED", "leave": "DECLINED"}


def invitation(meeting: Mapping[str, Any], now: datetime, zone: ZoneInfo) -> bytes:
    """The one meeting, for those who belong to it: a REQUEST, or a CANCEL once it is off. `Any`: as queries.meetings tells it."""
    is_off = meeting["state"] in ("cancelled", "lapsed")
    calendar = _calendar()
    calendar.add("method", "CANCEL" if is_off else "REQUEST")
    entry = _entry(meeting, now, zone)
    organiser = vCalAddress(f"urn:gongjian:division:{meeting['division']}")
    organiser.params["CN"] = vText(f"{full_name(meeting['division'])}联席会议")
    entry["organizer"] = organiser
    for member in meeting["members"]:
        invited = vCalAddress(f"urn:gongjian:body:{member['body']}")
        invited.params["CN"] = vText(member["name"])
        invited.params["ROLE"] = vText("REQ-PARTICIPANT")
        invited.params["CUTYPE"] = vText("GROUP")
        invited.params["PARTSTAT"] = vText(_PARTSTAT.get(member["answer"] or "", "NEEDS-ACTION"))
        invited.params["RSVP"] = vText("TRUE")
        entry.add("attendee", invited, encode=False)
    calendar.add_component(entry)
    return _written(calendar)


def feed(
    name: str,
    meetings: Sequence[Mapping[str, Any]],
    days: Sequence[Mapping[str, Any]],
    now: datetime,
    zone: ZoneInfo,
) -> bytes:
    """A calendar to be subscribed to: meetings, and work items by the day they are due. `Any`: as the queries tell them."""
    calendar = _calendar()
    calendar.add("x-wr-calname", name)
    calendar.add("method", "PUBLISH")
    for one in meetings:
        calendar.add_component(_entry(one, now, zone))
    for one in days:
        entry = Event()
        entry.add("uid", f"work-{one['id']}@gongjian")
        entry.add("dtstamp", now)
        entry.add("dtstart", date.fromisoformat(one["due_on"]))
        entry.add("summary", f"待办到期：{one['task']['zh']}")
        entry.add("transp", "TRANSPARENT")
        calendar.add_component(entry)
    return _written(calendar)


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    return calendar


def _entry(meeting: Mapping[str, Any], now: datetime, zone: ZoneInfo) -> Event:
    entry = Event()
    entry.add("uid", f"joint-meeting-{meeting['id']}@gongjian")
    entry.add("dtstamp", now)
    entry.add("sequence", meeting["revision"])
    entry.add("summary", f"{full_name(meeting['division'])}{meeting['name']}")
    begins = datetime.combine(
        date.fromisoformat(meeting["meets_on"]),
        time.fromisoformat(meeting["begins_at"]) if meeting["begins_at"] else MORNING,
        tzinfo=zone,
    )
    entry.add("dtstart", begins)
    entry.add("dtend", begins + LASTS)
    if meeting["venue"]:
        entry.add("location", meeting["venue"])
    entry.add("status", _status(meeting))
    if meeting["provisional"]:
        entry.add(
            "description",
            "暂定：该年放假安排尚未公布。 Provisional: that year's holidays are not announced yet.",
        )
    return entry


def _status(meeting: Mapping[str, Any]) -> str:
    if meeting["state"] in ("cancelled", "lapsed"):
        return "CANCELLED"
    return "TENTATIVE" if meeting["state"] in ("planned", "collecting") else "CONFIRMED"


def _written(calendar: Calendar) -> bytes:
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written
