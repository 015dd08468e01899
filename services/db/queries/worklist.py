"""Work items (待办) as lists: mine, my body's, those my body waits for, and those of what I have started."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, exists, nulls_last, or_, select, true
from sqlalchemy.orm import aliased

from services.access.substitutes import stands_in_for
from services.actor import Actor
from services.db.models.casework import Case, History, Proceeding, WorkItem
from services.db.models.directory import Account
from services.db.queries.casebook import instant, number
from services.db.queries.page import ITEMS, after, cut, one_of
from services.db.queries.sight import cases_of, compartments
from services.db.queries.urgency import BANDS, Urgency
from services.runtime import Unit
from workflows.errors import Fault
from workflows.plain import day_of

VIEWS = ("mine", "unit", "waiting", "started")
STATUSES = ("open", "done")

#: Nobody needs to know how many more there are.
MOST_COUNTED = 1000

_ITEM = WorkItem.__table__.c
_OTHER = aliased(WorkItem)


def work_items(unit: Unit, view: str, status: str, cursor: str | None = None) -> dict[str, Any]:
    """A page of items, the oldest first while open and the newest first when done. `Any`: JSON."""
    one_of("view", view, VIEWS)
    one_of("status", status, STATUSES)
    last, is_open = after(cursor), status == "open"
    order = WorkItem.id if is_open else WorkItem.id.desc()
    page = select(WorkItem.id).where(WorkItem.status == status, _VIEW[view](unit), in_sight(unit.actor))
    if last is not None:
        page = page.where(WorkItem.id > last if is_open else WorkItem.id < last)
    shown = _visible(unit.actor).where(WorkItem.id.in_(page.order_by(order).limit(ITEMS + 1))).order_by(order)
    unit.runtime.roster.refresh(unit.db)
    return cut(unit.db.execute(shown).mappings().all(), lambda row: _item(unit, row))


@dataclass(frozen=True, slots=True)
class Asked:
    """Which items somebody asks for; an empty word asks for nothing. `band` is how pressing, `free` those that nobody has claimed."""

    view: str = "unit"
    status: str = "open"
    band: str = ""
    procedure: str = ""
    free: bool = False


def pressing(unit: Unit, asked: Asked, cursor: str | None = None, size: int = ITEMS) -> dict[str, Any]:
    """A page of open items, the most pressing first: by their day, those without one last. Each with its band and the working days
    that are left. What is done comes newest first. `Any`: JSON."""
    urgency = Urgency(unit)
    conditions = _conditions(unit, asked, urgency)
    return ranked(unit, conditions, urgency, cursor, is_open=asked.status == "open", size=size)


def ranked(
    unit: Unit,
    conditions: Sequence[ColumnElement[bool]],
    urgency: Urgency,
    cursor: str | None,
    *,
    is_open: bool,
    size: int = ITEMS,
) -> dict[str, Any]:
    """A page of the items that these conditions let through, in the order of `pressing`. `Any`: JSON."""
    page = select(WorkItem.id).where(*conditions)
    columns = WorkItem.__table__.c
    order: tuple[ColumnElement[Any], ...]
    if is_open:
        order = (nulls_last(columns.due_on.asc()), columns.id.asc())
        if cursor:
            page = page.where(_behind(cursor))
    else:
        order = (columns.id.desc(),)
        last = after(cursor)
        if last is not None:
            page = page.where(WorkItem.id < last)
    chosen = page.order_by(*order).limit(size + 1)
    rows = (
        unit.db.execute(_visible(unit.actor).where(WorkItem.id.in_(chosen)).order_by(*order)).mappings().all()
    )
    unit.runtime.roster.refresh(unit.db)

    def shown(row: RowMapping) -> dict[str, Any]:
        due = row["due_on"]
        told = {
            "band": urgency.band(due),
            "left": urgency.left(due),
            "provisional": urgency.is_provisional(due),
            "late": _was_late(unit, row),
        }
        return _item(unit, row) | told

    found = cut(rows, shown, size=size)
    if found["next"] and is_open:
        due = rows[size - 1]["due_on"]
        found["next"] = f"{due:%Y%m%d}-{found['next']}" if due else f"-{found['next']}"
    return found


def _was_late(unit: Unit, row: RowMapping) -> bool:
    """Done after its day: that stays said, whoever looks later."""
    if row["due_on"] is None or row["closed_at"] is None:
        return False
    done_on: date = row["closed_at"].astimezone(unit.runtime.settings.zone).date()
    due_on: date = row["due_on"]
    return done_on > due_on


def tallies(unit: Unit, asked: Asked) -> dict[str, int]:
    """How many open items each band holds, by band, of the first thousand most pressing ones that are asked for."""
    urgency = Urgency(unit)
    due = WorkItem.__table__.c.due_on
    items = select(due).where(*_conditions(unit, replace(asked, band=""), urgency))
    first = items.order_by(nulls_last(due.asc())).limit(MOST_COUNTED)
    return dict(unit.db.execute(urgency.counts_of(first)).mappings().one())


def urged(unit: Unit, size: int = 5) -> list[dict[str, Any]]:
    """The open items of the actor's body that others have urged, the latest first. `Any`: JSON."""
    columns = WorkItem.__table__.c
    conditions = (
        columns.status == "open",
        _unit(unit),
        columns.urged_at.is_not(None),
        in_sight(unit.actor),
    )
    page = select(columns.id).where(*conditions).order_by(columns.urged_at.desc()).limit(size)
    rows = unit.db.execute(_visible(unit.actor).where(columns.id.in_(page)).order_by(columns.urged_at.desc()))
    return [_item(unit, row) for row in rows.mappings()]


def _conditions(unit: Unit, asked: Asked, urgency: Urgency) -> list[ColumnElement[bool]]:
    one_of("view", asked.view, VIEWS)
    one_of("status", asked.status, STATUSES)
    found = [WorkItem.status == asked.status, _VIEW[asked.view](unit), in_sight(unit.actor)]
    if asked.band:
        one_of("band", asked.band, BANDS)
        found += [urgency.within(band) for band in BANDS if band == asked.band]
    if asked.procedure:
        names = sorted({one.name for one in unit.runtime.law.definitions})
        of_kind = Proceeding.procedure == one_of("procedure", asked.procedure, names)
        found.append(exists().where(Proceeding.id == WorkItem.proceeding_id, of_kind).correlate(WorkItem))
    if asked.free:
        found.append(WorkItem.assignee_id.is_(None))
    return found


def _behind(cursor: str) -> ColumnElement[bool]:
    """What comes after the item that a cursor names by its day and id."""
    day, _, key = cursor.partition("-")
    last, columns = after(key or "?"), WorkItem.__table__.c
    if not day:
        return columns.due_on.is_(None) & (columns.id > last)
    found = day_of(f"{day[:4]}-{day[4:6]}-{day[6:]}")
    if found is None:
        after("?")
    same_day = (columns.due_on == found) & (columns.id > last)
    return or_(columns.due_on > found, same_day, columns.due_on.is_(None))


def work_item(unit: Unit, item_id: int) -> dict[str, Any]:
    """One item that the actor may see, or not_found."""
    row = unit.db.execute(_visible(unit.actor).where(WorkItem.id == item_id)).mappings().one_or_none()
    if row is None:
        raise Fault("not_found")
    unit.runtime.roster.refresh(unit.db)
    return _item(unit, row)


def owed_by_others(unit: Unit, proceedings: Sequence[str]) -> dict[str, str]:
    """By proceeding, the open item in it that another body holds and the actor's waits for: what he may urge."""
    found = select(WorkItem.proceeding_id, WorkItem.id).where(
        WorkItem.proceeding_id.in_([int(one) for one in proceedings]),
        WorkItem.status == "open",
        WorkItem.body_id.is_not(None),
        concerned(unit.actor),
        in_sight(unit.actor),
    )
    return {str(row.proceeding_id): str(row.id) for row in unit.db.execute(found)}


def colleagues(unit: Unit) -> list[str]:
    """The other people of the actor's body, by the names of their accounts."""
    found = select(Account.name).where(
        Account.body_id == unit.actor.body_id,
        Account.id != unit.actor.account_id,
        Account.disabled_at.is_(None),
    )
    return list(unit.db.scalars(found.order_by(Account.name)))


def visible(actor: Actor) -> ColumnElement[bool]:
    """An item of a case in his divisions, addressed to his own body or lying in a drawer he may open.
    Needs Case joined."""
    return cases_of(actor) & or_(
        WorkItem.body_id == actor.body_id, WorkItem.compartment.in_(compartments(actor))
    )


def in_sight(actor: Actor) -> ColumnElement[bool]:
    """`visible`, asked item by item. So a page is the first so many of the index in order, however many items there are; joined
    to their cases, all of a body's items would be looked at and sorted for it."""
    case = select(true()).where(Case.id == WorkItem.case_id, cases_of(actor)).correlate(WorkItem)
    return case.scalar_subquery().is_(True) & or_(
        WorkItem.body_id == actor.body_id, WorkItem.compartment.in_(compartments(actor))
    )


def urgeable(unit: Unit, items: Sequence[dict[str, Any]]) -> set[str]:
    """Those of these open items whose body the actor's own body may urge. `Any`: JSON."""
    asked = [int(one["id"]) for one in items if one["status"] == "open"]
    if not asked:
        return set()
    found = unit.db.scalars(select(WorkItem.id).where(WorkItem.id.in_(asked), concerned(unit.actor)))
    return {str(key) for key in found}


def concerned(actor: Actor) -> ColumnElement[bool]:
    """An item of another body in a case where his own body has taken a step or holds an item: his body
    waits for it."""
    theirs = or_(WorkItem.body_id.is_(None), WorkItem.body_id != actor.body_id)
    took = (
        exists()
        .where(History.case_id == WorkItem.case_id, History.body_id == actor.body_id)
        .correlate(WorkItem)
    )
    holds = (
        exists()
        .where(_OTHER.case_id == WorkItem.case_id, _OTHER.body_id == actor.body_id)
        .correlate(WorkItem)
    )
    return theirs & WorkItem.compartment.in_(compartments(actor)) & or_(took, holds)


def _mine(unit: Unit) -> ColumnElement[bool]:
    """What he has claimed or closed, and what those hold for whom he stands in today."""
    actor = unit.actor
    closed_by_me = (
        (WorkItem.status == "done")
        & (WorkItem.closed_by == actor.account_id)
        & (WorkItem.body_id == actor.body_id)
    )
    held = WorkItem.assignee_id == actor.account_id
    stood_in_for = WorkItem.assignee_id.in_(stands_in_for(unit)) & (WorkItem.status == "open")
    return or_(held, stood_in_for, closed_by_me)


def _unit(unit: Unit) -> ColumnElement[bool]:
    return WorkItem.body_id == unit.actor.body_id


def _waiting(unit: Unit) -> ColumnElement[bool]:
    return concerned(unit.actor)


def _started(unit: Unit) -> ColumnElement[bool]:
    return (
        exists()
        .where(
            History.case_id == WorkItem.case_id,
            History.proceeding_id == WorkItem.proceeding_id,
            History.account_id == unit.actor.account_id,
        )
        .correlate(WorkItem)
    )


_VIEW = {"mine": _mine, "unit": _unit, "waiting": _waiting, "started": _started}


def _visible(actor: Actor) -> Select[Any]:
    """`Any`: rows of columns from four tables."""
    return (
        select(
            *_ITEM,
            Case.uscc,
            Case.name,
            Case.opened_at.label("case_opened_at"),
            Case.division.label("case_division"),
            Case.opened_in,
            Proceeding.procedure,
            Account.name.label("assignee"),
        )
        .join(Case, Case.id == WorkItem.case_id)
        .join(Proceeding, Proceeding.id == WorkItem.proceeding_id)
        .outerjoin(Account, Account.id == WorkItem.assignee_id)
        .where(visible(actor))
    )


def _item(unit: Unit, row: RowMapping) -> dict[str, Any]:
    body = unit.runtime.roster.body(row["body_id"])
    due: date | None = row["due_on"]
    return {
        "id": str(row["id"]),
        "case": str(row["case_id"]),
        "number": number(unit, row["case_id"], row["opened_in"], row["case_opened_at"]),
        "enterprise": {"uscc": row["uscc"], "name": row["name"], "division": row["case_division"]},
        "proceeding": str(row["proceeding_id"]),
        "procedure": row["procedure"],
        "task": {"zh": row["task_zh"], "en": row["task_en"]},
        "reason": row["reason"],
        "role": row["role"],
        "body": body.code if body else None,
        "assignee": row["assignee"],
        "status": row["status"],
        "opened_at": instant(row["opened_at"]),
        "due_on": due.isoformat() if due else None,
        "overdue": row["status"] == "open" and due is not None and due < unit.today,
        "closed_at": instant(row["closed_at"]),
        "urged_at": instant(row["urged_at"]),
    }
