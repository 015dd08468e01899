"""A file that goes over to another place takes its open work and its unfinished notices with it: they are addressed anew."""

from collections.abc import Sequence

from sqlalchemy import bindparam, or_, select, update

from services.cases.docket import Move
from services.db.models.casework import WorkItem
from services.db.models.mail import Notice
from services.runtime import Unit
from workflows.notices import ASKING
from workflows.roles import UNION_SUPERIOR

_ITEM = (
    update(WorkItem)
    .where(WorkItem.id == bindparam("key"))
    .values(division=bindparam("to_division"), body_id=bindparam("to_body"), assignee_id=None)
)
_NOTICE = (
    update(Notice)
    .where(Notice.id == bindparam("key"))
    .values(
        division=bindparam("to_division"),
        sender_id=bindparam("from_body"),
        recipient_id=bindparam("to_body"),
    )
)


def hand_over(unit: Unit, moves: Sequence[Move]) -> None:
    """What is still owed in a file is owed by the bodies of the place where it lies now. What is done stays as it was."""
    for move in moves:
        division = move.unfolded.placed
        if division is not None and not move.docket.is_new:
            _items(unit, [one.key for one in move.docket.file.standings], division)
            _notices(unit, move.docket.row["id"], division)


def nobody_there(unit: Unit, division: str) -> bool:
    """A file goes only where a union federation of this service can take it in hand."""
    unit.runtime.roster.refresh(unit.db)
    return unit.runtime.roster.fills(UNION_SUPERIOR.name, division) is None


def _items(unit: Unit, proceedings: Sequence[int], division: str) -> None:
    found = select(WorkItem.id, WorkItem.role).where(
        WorkItem.proceeding_id.in_(proceedings), WorkItem.status == "open", WorkItem.division != division
    )
    rows = [
        {"key": row.id, "to_division": division, "to_body": _body(unit, row.role, division)}
        for row in unit.db.execute(found)
    ]
    if rows:
        unit.db.execute(_ITEM, rows)


def _notices(unit: Unit, case_id: int, division: str) -> None:
    found = select(Notice.id, Notice.sender_role, Notice.recipient_role).where(
        Notice.case_id == case_id,
        Notice.status != "answered",
        or_(Notice.acknowledged_at.is_(None), Notice.kind.in_(ASKING)),
        Notice.division != division,
    )
    rows = [
        {
            "key": row.id,
            "to_division": division,
            "from_body": _body(unit, row.sender_role, division),
            "to_body": _body(unit, row.recipient_role, division),
        }
        for row in unit.db.execute(found)
    ]
    if rows:
        unit.db.execute(_NOTICE, rows)


def _body(unit: Unit, role: str, division: str) -> int | None:
    body = unit.runtime.roster.fills(role, division)
    return body.id if body else None
