"""The books of a joint meeting: what the office writes down beside the proceeding when a member proposes, answers, comes or minutes.

A book is written before the law is asked, inside the step's own commit: if the law refuses, nothing of it stays.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, insert, select, update

from services.cases.docket import Docket
from services.db.models.casework import Link, Proceeding
from services.db.models.directory import Body
from services.db.models.meeting import AgendaItem, MeetingMember
from services.meetings import agenda
from services.meetings.members import members, side
from services.meetings.plan import taken
from services.runtime import Unit
from workflows.casefile import Standing
from workflows.definition import Facts
from workflows.errors import Refused
from workflows.events import Scalar
from workflows.procedures.resolution import RESOLUTION


@dataclass(frozen=True, slots=True)
class Taking:
    """A step that is being taken about a meeting."""

    docket: Docket
    standing: Standing
    fields: Facts

    @property
    def case(self) -> int:
        return int(self.docket.row["id"])

    @property
    def division(self) -> str:
        return self.docket.file.division


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting that was held: its file, and on which day."""

    case: int
    on: date


def topic(unit: Unit, taking: Taking) -> Facts:
    """The topic waits for the call; it bears the body that proposed it."""
    _only_members(unit, taking)
    said = str(taking.fields["topic"])
    row = {"case_id": taking.case, "number": None, "kind": "topic", "title_zh": said, "title_en": said}
    unit.db.execute(
        insert(AgendaItem), [row | {"snapshot": {}, "raised_by": unit.actor.body_id, "at": unit.now}]
    )
    return {}


def call(unit: Unit, taking: Taking) -> Facts:
    """The agenda of this moment is frozen; its number of items and its hash stand in the history."""
    before = last_held(unit, taking.standing.data.get("previous"))
    items = agenda.build(unit, taking.case, taking.division, before.on if before else None)
    if not items:
        raise Refused("agenda_empty")
    return {"agenda_items": len(items), "agenda_sha256": agenda.freeze(unit, taking.case, items)}


def new_day(unit: Unit, taking: Taking) -> Facts:
    """None of the bodies sits at another meeting on the new day. Who had answered for the old one is asked again."""
    day = str(taking.fields["meets_on"])
    if taken(unit, taking.division, but=taking.case)(date.fromisoformat(day)):
        raise Refused("meeting_day_taken", day=day)
    unit.db.execute(
        update(MeetingMember)
        .where(MeetingMember.case_id == taking.case)
        .values(answer=None, post=None, answered_at=None, signed_in_at=None)
    )
    return {}


def answer(unit: Unit, taking: Taking) -> Facts:
    """What the actor's body says to the call; saying it again replaces it."""
    _only_members(unit, taking)
    _keep(
        unit,
        taking,
        {"answer": taking.fields["answer"], "post": taking.fields.get("post"), "answered_at": unit.now},
    )
    return {}


def attendance(unit: Unit, taking: Taking) -> Facts:
    """The actor's body is there."""
    _only_members(unit, taking)
    _keep(unit, taking, {"signed_in_at": unit.now})
    return {}


def outcome(unit: Unit, taking: Taking) -> Facts:
    """What came of one item. Written again it replaces what stood there, and the history keeps both."""
    unit.db.execute(
        update(AgendaItem)
        .where(AgendaItem.case_id == taking.case, AgendaItem.number == taking.fields["item"])
        .values(outcome=taking.fields["outcome"], minute=taking.fields["text"])
    )
    return {}


#: Every book that a step may keep.
BOOKS: dict[str, Callable[[Unit, Taking], Facts]] = {
    "topic": topic,
    "agenda": call,
    "new_day": new_day,
    "answer": answer,
    "attendance": attendance,
    "outcome": outcome,
}


def counts(unit: Unit, case: int, division: str) -> dict[str, Scalar]:
    """How many bodies belong to the meeting, how many have signed in, and of which side; items on the agenda, those without an
    outcome, and those that were handed out to nobody yet; and the number of the meeting that was held before this one."""
    belong = members(unit, division)
    came = unit.db.execute(
        select(Body.kind)
        .join(MeetingMember, MeetingMember.body_id == Body.id)
        .where(MeetingMember.case_id == case, MeetingMember.signed_in_at.is_not(None))
        .where(Body.id.in_(belong))
    ).scalars()
    sides = [side(kind) for kind in came]
    items, settled = unit.db.execute(
        select(func.count(), func.count(AgendaItem.outcome)).where(
            AgendaItem.case_id == case, AgendaItem.number.is_not(None)
        )
    ).one()
    return {
        "members": len(belong),
        "present": len(sides),
        "present_union": sides.count("union"),
        "present_party": sides.count("party"),
        "agenda_items": items,
        "agenda_open": items - settled,
        "agenda_ownerless": len(_handed_out(unit, case) - _owned(unit, case)),
        "last_held": _held_before(unit, case),
    }


def _handed_out(unit: Unit, case: int) -> set[int | None]:
    """The numbers of the items whose outcome is that somebody is to do something."""
    items = select(AgendaItem.number).where(AgendaItem.case_id == case, AgendaItem.outcome == "work_item")
    return set(unit.db.execute(items).scalars())


def _owned(unit: Unit, case: int) -> set[int | None]:
    """The numbers of the items for which a matter of its own is on file, with its owner and its day."""
    matters = (
        select(Proceeding.data)
        .join(Link, Link.proceeding_id == Proceeding.id)
        .where(Link.to_case_id == case, Link.name == "meeting", Proceeding.procedure == RESOLUTION.name)
    )
    return {data.get("item") for data in unit.db.execute(matters).scalars()}


def last_held(unit: Unit, previous: object) -> Held | None:
    """The last meeting of the line that was held, from the one that is `previous` on backwards: one that was cancelled is
    passed over. None where none was held yet."""
    seen = set[int]()
    while previous and int(str(previous)) not in seen:
        case = int(str(previous))
        seen.add(case)
        data: Mapping[str, object] = (
            unit.db.execute(select(Proceeding.data).where(Proceeding.case_id == case)).scalar_one_or_none()
            or {}
        )
        day, previous = data.get("held_on"), data.get("previous")
        if isinstance(day, str):
            return Held(case, date.fromisoformat(day))
    return None


def _held_before(unit: Unit, case: int) -> str | None:
    data = unit.db.execute(select(Proceeding.data).where(Proceeding.case_id == case)).scalar_one()
    found = last_held(unit, data.get("previous"))
    return None if found is None else str(found.case)


def _only_members(unit: Unit, taking: Taking) -> None:
    if unit.actor.body_id not in members(unit, taking.division):
        raise Refused("meeting_not_member")


def _keep(unit: Unit, taking: Taking, values: Mapping[str, object]) -> None:
    named = {"case_id": taking.case, "body_id": unit.actor.body_id}
    kept = unit.db.execute(
        update(MeetingMember)
        .where(MeetingMember.case_id == taking.case, MeetingMember.body_id == unit.actor.body_id)
        .values(**values)
    )
    if not kept.rowcount:
        unit.db.execute(insert(MeetingMember), [named | dict(values)])
