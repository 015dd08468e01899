"""What a joint meeting has on record, put as its minutes put it: who came, who asked for leave, and each item with its outcome."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from services.db.models.directory import Body
from services.db.models.meeting import MeetingMember
from services.meetings.agenda import frozen
from services.meetings.members import members
from services.runtime import Unit
from workflows.definition import Facts
from workflows.procedures.meeting_steps import OUTCOMES

_OUTCOMES = {choice.value: choice.label.zh for choice in OUTCOMES}


def on_record(unit: Unit, case: Mapping[str, Any], data: Mapping[str, Any]) -> Facts:
    """A draft of the minutes by the names of their blanks. It is whole: what is too long for its blank the form says, and a person
    shortens it. `Any`: rows."""
    said = {
        row.body_id: row
        for row in unit.db.execute(
            select(*MeetingMember.__table__.c).where(MeetingMember.case_id == case["id"])
        )
    }
    came, missing = [], []
    for body in unit.db.execute(
        select(Body.id, Body.name).where(Body.id.in_(members(unit, case["division"]))).order_by(Body.code)
    ):
        one = said.get(body.id)
        if one is not None and one.signed_in_at is not None:
            came.append(body.name + (f"（{one.post}）" if one.post else ""))
        else:
            missing.append(body.name)
    lines = [
        f"{item.number}. {item.title_zh}。"
        + (f"{_OUTCOMES[item.outcome]}：{item.minute}" if item.outcome else "")
        for item in frozen(unit, case["id"])
    ]
    return {
        "title": f"{case['name']}纪要",
        "day": str(data.get("held_on") or data.get("meets_on") or unit.today.isoformat()),
        "venue": str(data.get("place") or ""),
        "present": "、".join(came),
        "absent": "、".join(missing),
        "text": "\n".join(["会议议定事项如下：", *lines]),
    }
