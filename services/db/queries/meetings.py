"""Joint meetings as they are shown: a year's list, and one with its agenda, its members and what it handed out."""

from datetime import date
from typing import Any

from sqlalchemy import RowMapping, Select, select

from services.db.models.casework import Case, Link, Proceeding
from services.db.models.directory import Body
from services.db.models.meeting import MeetingMember
from services.db.queries.casebook import instant
from services.db.queries.page import ITEMS, after, cut, one_of
from services.db.queries.sight import cases_of, own_proceedings_of
from services.directory.divisions import full_name
from services.meetings.agenda import KINDS, build, frozen
from services.meetings.books import last_held
from services.meetings.members import members, side
from services.runtime import Unit
from workflows.errors import Fault
from workflows.procedures.enterprise_meeting import ENTERPRISE_MEETING
from workflows.procedures.joint_meeting import AHEAD, JOINT_MEETING
from workflows.procedures.meeting_steps import OUTCOMES
from workflows.procedures.resolution import RESOLUTION
from workflows.words import Text

#: Where a joint meeting is held: by the bodies of a place, or inside an enterprise (M26, M27).
LEVELS = ("district", "enterprise")
_OUTCOMES = {choice.value: choice.label for choice in OUTCOMES}


def meetings(
    unit: Unit, year: int | None, quarter: int | None, level: str, cursor: str | None = None
) -> dict[str, Any]:
    """A page of the meetings in the actor's sight, the newest file first. `Any`: JSON."""
    one_of("level", level, LEVELS)
    last = after(cursor)
    asked = _of(unit, JOINT_MEETING.name if level == "district" else ENTERPRISE_MEETING.name)
    if level == "district":
        if year is not None:
            asked = asked.where(Proceeding.data["year"].as_integer() == year)
        if quarter is not None:
            asked = asked.where(Proceeding.data["quarter"].as_integer() == quarter)
    elif year is not None or quarter is not None:
        first, end = _months(year, quarter)
        asked = asked.where(Proceeding.data["held_on"].as_string().between(first, end))
    if last is not None:
        asked = asked.where(Case.id < last)
    rows = unit.db.execute(asked.order_by(Case.id.desc()).limit(ITEMS + 1)).mappings().all()
    return cut(rows, lambda row: _meeting(unit, row))


def meeting(unit: Unit, case: int) -> dict[str, Any]:
    """One meeting of a place: agenda (as it would be today, until it is called), members, minutes, what was handed out. `Any`: JSON."""
    row = unit.db.execute(_of(unit, JOINT_MEETING.name).where(Case.id == case)).mappings().one_or_none()
    if row is None:
        raise Fault("not_found")
    return _meeting(unit, row) | {
        "agenda": _agenda(unit, row),
        "members": _members(unit, row),
        "resolutions": _resolutions(unit, case),
    }


def for_calendars(unit: Unit, case: int) -> dict[str, Any] | None:
    """The meeting and its members as its calendar entry needs them, whoever may see it; None when the file is about something else. `Any`: JSON."""
    row = unit.db.execute(_any(JOINT_MEETING.name).where(Case.id == case)).mappings().one_or_none()
    return None if row is None else _meeting(unit, row) | {"members": _members(unit, row)}


def _of(unit: Unit, procedure: str) -> Select[Any]:
    return _any(procedure).where(cases_of(unit.actor), own_proceedings_of(unit.actor))


def _any(procedure: str) -> Select[Any]:
    return (
        select(
            Case.id,
            Case.name,
            Case.division,
            Case.uscc,
            Proceeding.id.label("proceeding"),
            *(
                Proceeding.procedure,
                Proceeding.version,
                Proceeding.state,
                Proceeding.revision,
                Proceeding.data,
            ),
            Proceeding.since,
        )
        .join(Proceeding, Proceeding.case_id == Case.id)
        .where(Proceeding.procedure == procedure)
    )


def _meeting(unit: Unit, row: RowMapping) -> dict[str, Any]:
    law = unit.runtime.law.definition(row["procedure"], row["version"])
    data = row["data"]
    return {
        "id": str(row["id"]),
        "proceeding": str(row["proceeding"]),
        "level": "district" if row["procedure"] == JOINT_MEETING.name else "enterprise",
        "name": row["name"],
        "division": row["division"],
        "place": full_name(row["division"]),
        "state": row["state"],
        "label": law.state[row["state"]].label.as_dict(),
        "revision": row["revision"],
        "year": data.get("year"),
        "quarter": data.get("quarter"),
        "meets_on": data.get("meets_on"),
        "begins_at": data.get("begins_at"),
        "venue": data.get("place"),
        "provisional": bool(data.get("provisional")),
        "moved": data.get("moved") or 0,
        "held_on": data.get("held_on"),
        "is_ahead": row["state"] in AHEAD,
        "since": instant(row["since"]),
    }


def _agenda(unit: Unit, row: RowMapping) -> list[dict[str, Any]]:
    """What stands on the table; of a meeting that was cancelled uncalled, nothing."""
    unit.runtime.roster.refresh(unit.db)
    if row["data"].get("agenda_sha256"):
        return [
            _item(
                unit, one.number, one.kind, Text(one.title_zh, one.title_en), one.about_case_id, one.raised_by
            )
            | {"outcome": _outcome(one.outcome), "minute": one.minute}
            for one in frozen(unit, row["id"])
        ]
    if row["state"] not in AHEAD:
        return []
    with unit.as_office():  # what is put before both sides was made for both to see
        before = last_held(unit, row["data"].get("previous"))
        found = build(unit, row["id"], row["division"], before.on if before else None)
    return [
        _item(unit, number, one.kind, one.title, one.about, one.raised_by) | {"outcome": None, "minute": None}
        for number, one in enumerate(found, 1)
    ]


def _item(
    unit: Unit, number: int, kind: str, title: Text, about: int | None, raised_by: int | None
) -> dict[str, Any]:
    body = unit.runtime.roster.body(raised_by)
    return {
        "number": number,
        "kind": kind,
        "label": KINDS[kind].as_dict(),
        "title": title.as_dict(),
        "case": str(about) if about else None,
        "raised_by": body.code if body else None,
    }


def _outcome(value: str | None) -> dict[str, str] | None:
    return None if value is None else {"value": value, **_OUTCOMES[value].as_dict()}


def _members(unit: Unit, row: RowMapping) -> list[dict[str, Any]]:
    said = {
        one.body_id: one
        for one in unit.db.execute(
            select(*MeetingMember.__table__.c).where(MeetingMember.case_id == row["id"])
        )
    }
    belong = members(unit, row["division"])
    bodies = unit.db.execute(
        select(Body.id, Body.code, Body.kind, Body.name).where(Body.id.in_(belong)).order_by(Body.code)
    )
    found = []
    for body in bodies:
        one = said.get(body.id)
        found.append(
            {
                "body": body.code,
                "name": body.name,
                "side": side(body.kind),
                "answer": one.answer if one else None,
                "post": one.post if one else None,
                "signed_in_at": instant(one.signed_in_at) if one and one.signed_in_at else None,
            }
        )
    return found


def _resolutions(unit: Unit, case: int) -> list[dict[str, Any]]:
    """What the meeting handed out, in the order of its agenda; a file that lies outside the actor's divisions is not told of."""
    with unit.as_office():
        linked = unit.db.scalars(
            select(Link.case_id).where(Link.to_case_id == case, Link.name == "meeting")
        ).all()
    rows = unit.db.execute(_of(unit, RESOLUTION.name).where(Case.id.in_(linked)).order_by(Case.id)).mappings()
    return [
        {
            "id": str(row["id"]),
            "name": row["name"],
            "item": row["data"].get("item"),
            "owner": row["data"].get("owner"),
            "due_on": row["data"].get("due_on"),
            "state": row["state"],
            "label": RESOLUTION.state[row["state"]].label.as_dict(),
        }
        for row in rows
    ]


def _months(year: int | None, quarter: int | None) -> tuple[str, str]:
    if year is None:
        raise Fault(
            "parameter_bad", field="year", name="year", zh="请同时给出年份", en="name the year as well"
        )
    first, last = (1, 12) if quarter is None else (3 * quarter - 2, 3 * quarter)
    return f"{year}-{first:02}-01", f"{year}-{last:02}-31"


def upcoming(unit: Unit) -> dict[str, Any] | None:
    """The next meeting at which the actor's own body sits, with the days until then; None where none is ahead. `Any`: JSON."""
    rows = unit.db.execute(
        _of(unit, JOINT_MEETING.name).where(Case.division == unit.actor.division, Proceeding.state.in_(AHEAD))
    ).mappings()
    ahead = [_meeting(unit, row) for row in rows if row["data"].get("meets_on", "") >= unit.today.isoformat()]
    if not ahead:
        return None
    first = min(ahead, key=lambda one: one["meets_on"])
    return first | {"days": (date.fromisoformat(first["meets_on"]) - unit.today).days}


def dated(unit: Unit) -> list[dict[str, Any]]:
    """Every meeting of a place at which the actor's own body sits, planned, called, held or cancelled. `Any`: JSON."""
    rows = unit.db.execute(
        _of(unit, JOINT_MEETING.name)
        .where(Case.division == unit.actor.division)
        .order_by(Case.id.desc())
        .limit(100)
    ).mappings()
    return [_meeting(unit, row) for row in rows]
