"""Bodies that act: created by an administrator, and given at once what waited for one so near."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.exc import IntegrityError

from services.access import journal
from services.access.permissions import require
from services.channels.announce import notices_handed_over
from services.db.models.casework import WorkItem
from services.db.models.directory import Body
from services.db.models.mail import Notice
from services.directory.divisions import cut, find
from services.directory.roster import Listed
from services.directory.scope import within
from services.runtime import Unit
from workflows.errors import Fault
from workflows.plain import composed, is_line
from workflows.roles import KINDS, ROLES

NATION = "000000"
LONGEST_NAME = 120
_NATIONAL = frozenset({"auditor", "admin", "security"})


def create_body(unit: Unit, kind: str, division: str, name: str) -> int:
    """The body exists under the code `kind.division`, and has the open work it stands nearest to."""
    if kind not in KINDS:
        raise Fault("body_kind", field="kind", kinds="、".join(KINDS))
    place = _place(kind, division)
    require(unit.actor, "bodies.manage", place)
    unit.to_office()
    name, code = _name(name), f"{kind}.{place}"
    if unit.db.scalar(select(Body.id).where(Body.code == code)) is not None:
        raise Fault("body_exists", code=code)
    row = {"code": code, "kind": kind, "division": place, "name": name, "created_at": unit.now}
    try:
        key = unit.db.execute(insert(Body).returning(Body.id), [row]).scalar_one()
    except IntegrityError as twin:
        raise Fault("body_exists", code=code) from twin
    journal.write(unit, "body.create", f"body {code}", division=place)
    unit.runtime.roster.refresh(unit.db, now=True)
    roles = [role.name for role in ROLES.values() if kind in role.kinds]
    if roles:
        _hand_over(unit, WorkItem.role.in_(roles), within(WorkItem.division, place), only=key)
        _forward(unit, Notice.recipient_role.in_(roles), within(Notice.division, place), only=key)
    return key


def list_bodies(unit: Unit) -> list[Listed]:
    """Every body, by code."""
    columns = (Body.id, Body.code, Body.kind, Body.division, Body.name)
    return [Listed(*row) for row in unit.db.execute(select(*columns).order_by(Body.code))]


def readdress(unit: Unit) -> int:
    """What no body was there for goes to the one that is there now; returns how much moved."""
    unit.runtime.roster.refresh(unit.db, now=True)
    return _hand_over(unit, WorkItem.body_id.is_(None)) + _forward(unit, Notice.recipient_id.is_(None))


def _hand_over(unit: Unit, *which: ColumnElement[bool], only: int | None = None) -> int:
    """Open work items go to the nearest body of their role; whoever claimed one elsewhere has it no more."""
    open_ones = (WorkItem.status == "open", *which)
    groups = unit.db.execute(select(WorkItem.role, WorkItem.division).where(*open_ones).distinct())
    moved = 0
    for role, division, body in _nearest(unit, groups, only):
        done = unit.db.execute(
            update(WorkItem)
            .where(*open_ones, WorkItem.role == role, WorkItem.division == division)
            .where(WorkItem.body_id.is_distinct_from(body.id))
            .values(body_id=body.id, assignee_id=None)
        )
        moved += done.rowcount
    return moved


def _forward(unit: Unit, *which: ColumnElement[bool], only: int | None = None) -> int:
    """Notices that nobody has acknowledged go to the nearest body of their role."""
    unread = (Notice.acknowledged_at.is_(None), *which)
    groups = unit.db.execute(select(Notice.recipient_role, Notice.division).where(*unread).distinct())
    moved = 0
    for role, division, body in _nearest(unit, groups, only):
        handed = unit.db.scalars(
            update(Notice)
            .where(*unread, Notice.recipient_role == role, Notice.division == division)
            .where(Notice.recipient_id.is_distinct_from(body.id))
            .values(recipient_id=body.id)
            .returning(Notice.id)
        ).all()
        notices_handed_over(unit, handed)
        moved += len(handed)
    return moved


def _nearest(unit: Unit, groups: Iterable[Any], only: int | None) -> list[tuple[str, str, Listed]]:
    """The body for each (role, division) that has one, or `only` that one. `Any`: rows of two columns."""
    found = []
    for role, division in groups:
        body = unit.runtime.roster.fills(role, division) if role in ROLES else None
        if body is not None and only in (None, body.id):
            found.append((role, division, body))
    return found


def _place(kind: str, division: str) -> str:
    digits = cut(division)
    if digits == NATION and kind in _NATIONAL:
        return NATION
    if digits is None or find(digits) is None:
        raise Fault("division_unknown", field="division", division=division if digits else "?")
    return digits


def _name(given: str) -> str:
    name = composed(given, LONGEST_NAME).strip()
    if not 1 <= len(name) <= LONGEST_NAME or not is_line(name):
        raise Fault(
            "value_bad",
            field="name",
            name="name",
            zh="单位名称为1至120个可见字符。",
            en="1 to 120 visible characters.",
        )
    return name
