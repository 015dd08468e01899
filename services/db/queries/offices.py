"""What administrators look through: the bodies, the accounts and the keys of their divisions, and the years of the calendar. None of
these tables lies in a drawer; that they are asked below the reader's own division, each query sees to itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from services.access.permissions import RIGHTS
from services.access.tokens import Purpose, is_good
from services.db.models.casework import Case, Deadline
from services.db.models.directory import Account, Body, SigningKey, Token
from services.db.models.paper import CalendarYear
from services.db.queries.page import ITEMS, behind, below, cut
from services.directory.scope import within
from services.runtime import Unit

#: Nobody needs to know how many more there are.
MOST_COUNTED = 1000


def bodies(unit: Unit, division: str = "", cursor: str | None = None, size: int = ITEMS) -> dict[str, Any]:
    """A page of the bodies by code, in a division if one is asked for. `Any`: JSON."""
    columns = (Body.code, Body.kind, Body.division, Body.name, Body.created_at)
    people = select(func.count()).where(Account.body_id == Body.id, Account.disabled_at.is_(None))
    found = select(*columns, people.scalar_subquery().label("people")).where(
        within(Body.division, unit.actor.division), Body.code > behind(cursor)
    )
    if division:
        found = found.where(below(Body.division, division))
    rows = unit.db.execute(found.order_by(Body.code).limit(size + 1)).mappings().all()
    return cut(rows, dict, key="code", size=size)


def accounts(unit: Unit, body: str = "", cursor: str | None = None, size: int = ITEMS) -> dict[str, Any]:
    """A page of the accounts by name, of one body if its code is asked for: who may come in, and how. `Any`: JSON."""
    opening = [one.value for one in (Purpose.ACCESS, Purpose.SESSION, Purpose.OFFICE)]
    living = (Token.purpose.in_(opening), Token.expires_at > unit.now, is_good(unit))
    signed_in = select(func.count()).where(Token.account_id == Account.id, *living).scalar_subquery()
    found = (
        select(
            Account.name,
            *(Account.created_at, Account.disabled_at, Account.locked_until, Account.password_until),
            Account.password_hash.is_not(None).label("has_password"),
            Account.totp_since.is_not(None).label("has_factor"),
            Account.issuer.is_not(None).label("is_bound"),
            *(Body.code.label("body"), signed_in.label("signed_in")),
        )
        .join(Body, Body.id == Account.body_id)
        .where(within(Body.division, unit.actor.division), Account.name > behind(cursor))
    )
    if body:
        found = found.where(Body.code == body)
    unit.runtime.roster.refresh(unit.db)
    rows = unit.db.execute(found.order_by(Account.name).limit(size + 1)).mappings().all()
    return cut(rows, lambda row: dict(row) | {"state": _state(row, unit.now)}, key="name", size=size)


def offices(unit: Unit, cursor: str | None = None, size: int = ITEMS) -> dict[str, Any]:
    """A page of the bodies that send events, by code, with how many keys of each are live. `Any`: JSON."""
    live = select(func.count()).where(SigningKey.body_id == Body.id, SigningKey.retired_at.is_(None))
    found = select(Body.code, Body.name, live.scalar_subquery().label("live")).where(
        within(Body.division, unit.actor.division),
        Body.kind.in_(sorted(RIGHTS["events.send"].kinds)),
        Body.code > behind(cursor),
    )
    rows = unit.db.execute(found.order_by(Body.code).limit(size + 1)).mappings().all()
    return cut(rows, dict, key="code", size=size)


def years(unit: Unit) -> list[dict[str, Any]]:
    """Every year of the calendar in force, the newest first; `imported_at` where an administrator brought it. `Any`: JSON."""
    brought: dict[int, datetime] = dict(
        unit.db.execute(select(CalendarYear.year, CalendarYear.imported_at)).tuples().all()
    )
    tables = unit.runtime.calendar(unit.db).tables
    return [
        {
            "year": year,
            "source": tables[year].source,
            "provisional": tables[year].provisional,
            "rest": len(tables[year].rest),
            "work": len(tables[year].work),
            "imported_at": brought.get(year),
        }
        for year in sorted(tables, reverse=True)
    ]


def uncounted(unit: Unit) -> int:
    """How many deadlines below the reader's division run without a last day, for want of a year's calendar; up to a thousand."""
    waiting = (
        select(Deadline.id)
        .join(Case, Case.id == Deadline.case_id)
        .where(
            Deadline.state == "running",
            Deadline.fire_at.is_(None),
            within(Case.division, unit.actor.division),
        )
        .limit(MOST_COUNTED)
    )
    with unit.as_office():  # a number, and nothing of the files
        return unit.db.execute(select(func.count()).select_from(waiting.subquery())).scalar_one()


def _state(row: Any, now: datetime) -> str:
    """`Any`: a row of `accounts`."""
    if row["disabled_at"] is not None:
        return "disabled"
    if row["locked_until"] is not None and row["locked_until"] > now:
        return "locked"
    if not row["has_password"]:
        return "no_password"
    return "to_be_replaced" if row["password_until"] is not None else "open"
