"""The board of a supervisor (督办): for each body in his divisions how much is open and how pressing it is, what it has done this
month, and how much of that came late; and the items behind each of these numbers. What lies in a drawer that he may not open is
neither counted nor shown."""

from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, String, cast, func, literal, null, select, union_all

from services.clock import end_of_day
from services.db.models.casework import WorkItem
from services.db.models.directory import Body
from services.db.queries.page import ITEMS, behind, cut, one_of
from services.db.queries.urgency import BANDS, Urgency
from services.db.queries.worklist import MOST_COUNTED, in_sight, ranked, urgeable
from services.directory.scope import covers, drawers, within
from services.runtime import Unit
from workflows.errors import Fault
from workflows.roles import KINDS, ROLES

#: The numbers of a body: its open items by band, those done this month, and those of them that were done after their day.
CELLS = (*BANDS, "done", "late")
#: Stands for the items that wait for a body that does not exist yet.
NOBODY = "none"

_ACTING = {kind for role in ROLES.values() for kind in role.kinds}


def board(unit: Unit, cursor: str | None = None, size: int = ITEMS) -> dict[str, Any]:
    """A page of the bodies by code, each with its numbers, counted up to a thousand; first what waits for no body. One statement.

    A body that takes no steps, or whose drawers he may not all open, is listed only where something was counted: of the latter,
    nought would not be the whole truth.
    `Any`: JSON."""
    last, cells = behind(cursor), _cells(unit)
    columns = (Body.id, Body.code, Body.name, Body.kind)
    bodies = select(
        *columns, *(_count(unit, cells[one], WorkItem.body_id == Body.id).label(one) for one in CELLS)
    ).where(within(Body.division, unit.actor.division), Body.code > last)
    page = [bodies]
    if not last:
        named: list[Any] = [literal("", String).label(name) for name in ("code", "name", "kind")]
        named.insert(0, cast(null(), BigInteger).label("id"))
        counts = (_count(unit, cells[one], *_nobodys(unit)).label(one) for one in CELLS)
        page.append(select(*named, *counts))
    both = union_all(*page)
    found = unit.db.execute(both.order_by(both.selected_columns["code"]).limit(size + 1)).mappings().all()
    answer = cut(found, lambda row: dict(row), key="code", size=size)
    opened = drawers(unit.actor)
    answer["items"] = [
        one
        for one in answer["items"]
        if any(one[cell] for cell in CELLS) or (one["kind"] in _ACTING and KINDS[one["kind"]].opens <= opened)
    ]
    return answer


def supervised(unit: Unit, body: str, cell: str, cursor: str | None = None) -> dict[str, Any]:
    """A page of the items behind one number of the board, each with whether the actor's body may urge it. `Any`: JSON."""
    one_of("band", cell, CELLS)
    unit.runtime.roster.refresh(unit.db)
    conditions = [*_cells(unit)[cell], *_held_by(unit, body), in_sight(unit.actor)]
    found = ranked(unit, conditions, Urgency(unit), cursor, is_open=cell in BANDS)
    may = urgeable(unit, found["items"])
    return found | {"items": [one | {"may_urge": one["id"] in may} for one in found["items"]]}


def _held_by(unit: Unit, code: str) -> list[ColumnElement[bool]]:
    if code == NOBODY:
        return _nobodys(unit)
    body = unit.runtime.roster.by_code(code)
    if body is None or not covers(unit.actor.division, body.division):
        raise Fault("not_found")
    return [WorkItem.body_id == body.id]


def _nobodys(unit: Unit) -> list[ColumnElement[bool]]:
    return [WorkItem.body_id.is_(None), within(WorkItem.division, unit.actor.division)]


def _cells(unit: Unit) -> dict[str, list[ColumnElement[bool]]]:
    urgency, columns = Urgency(unit), WorkItem.__table__.c
    first = unit.today.replace(day=1)
    found: dict[str, list[ColumnElement[bool]]]
    found = {band: [columns.status == "open", urgency.within(band)] for band in BANDS}
    begun = end_of_day(first - timedelta(days=1), unit.runtime.settings.zone)
    done = [columns.status == "done", columns.closed_at >= begun]
    return found | {"done": done, "late": [*done, urgency.late(first)]}


def _count(
    unit: Unit, conditions: list[ColumnElement[bool]], *whose: ColumnElement[bool]
) -> ColumnElement[int]:
    """How many there are, found by an index of the body's items, and no further than one can read."""
    items: Select[Any] = select(literal(1).label("one")).where(*conditions, *whose, in_sight(unit.actor))
    first = items.correlate(Body).limit(MOST_COUNTED).subquery()
    return select(func.count()).select_from(first).scalar_subquery()
