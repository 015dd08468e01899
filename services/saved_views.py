"""Filters of the inbox that a person has given a name, for himself alone."""

from sqlalchemy import delete, func, insert, select

from services.db.models.workplace import SavedView
from services.runtime import Unit
from workflows.errors import Fault
from workflows.plain import is_line

#: More than fit on a line of chips are no help.
MOST = 20


def saved_views(unit: Unit) -> list[dict[str, str]]:
    """The reader's own, in the order in which they were made."""
    mine = select(SavedView.id, SavedView.name, SavedView.query).where(
        SavedView.account_id == unit.actor.account_id
    )
    return [
        {"id": str(row.id), "name": row.name, "query": row.query}
        for row in unit.db.execute(mine.order_by(SavedView.id))
    ]


def save_view(unit: Unit, name: str, query: str) -> None:
    """The filters are kept under that name; what had the name before gives way."""
    name = name.strip()
    if not name or len(name) > 40 or not is_line(name):
        raise Fault("view_name", field="name")
    unit.to_office()
    mine = SavedView.account_id == unit.actor.account_id
    unit.db.execute(delete(SavedView).where(mine, SavedView.name == name))
    if unit.db.execute(select(func.count()).select_from(SavedView).where(mine)).scalar_one() >= MOST:
        raise Fault("views_full", field="name", most=MOST)
    row = {"account_id": unit.actor.account_id, "name": name, "query": query, "made_at": unit.now}
    unit.db.execute(insert(SavedView), [row])


def drop_view(unit: Unit, view_id: int) -> None:
    """The filters are forgotten; another's are not there for him."""
    unit.to_office()
    unit.db.execute(
        delete(SavedView).where(SavedView.id == view_id, SavedView.account_id == unit.actor.account_id)
    )
