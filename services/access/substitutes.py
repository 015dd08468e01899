"""Who is away says which colleague stands in for him, and until when (代理). The substitute acts under his own name: he sees what the other
has claimed, and may give it back or pass it on. He is given no right that he has not got."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, insert, select, update
from sqlalchemy.orm import aliased

from services.access import journal
from services.db.models.directory import Account
from services.db.models.workplace import Substitution
from services.runtime import Unit
from workflows.errors import Fault
from workflows.plain import said_back

#: Nobody is away longer without somebody asking again.
LONGEST = timedelta(days=183)


def stands_in_for(unit: Unit) -> Select[int]:
    """The ids of those for whom the actor stands in today."""
    return select(Substitution.account_id).where(
        Substitution.substitute_id == unit.actor.account_id, *_holds(unit.today)
    )


def appoint(unit: Unit, colleague: str, from_on: date, until_on: date) -> None:
    """From that day to that day the colleague stands in for the actor; whoever did so in those days does no longer."""
    if not unit.today <= from_on <= until_on:
        raise Fault("away_days", field="until_on")
    if until_on - from_on > LONGEST:
        raise Fault("away_long", field="until_on", days=LONGEST.days)
    found = unit.db.execute(
        select(Account.id).where(
            Account.name == colleague,
            Account.body_id == unit.actor.body_id,
            Account.id != unit.actor.account_id,
            Account.disabled_at.is_(None),
        )
    ).scalar_one_or_none()
    if found is None:
        raise Fault("account_unknown", field="account", name=said_back(colleague))
    unit.to_office()
    mine = (Substitution.account_id == unit.actor.account_id, Substitution.ended_at.is_(None))
    meets = (Substitution.from_on <= until_on, Substitution.until_on >= from_on)
    unit.db.execute(update(Substitution).where(*mine, *meets).values(ended_at=unit.now))
    row = {
        "account_id": unit.actor.account_id,
        "substitute_id": found,
        "from_on": from_on,
        "until_on": until_on,
    }
    unit.db.execute(insert(Substitution), [row | {"made_at": unit.now, "ended_at": None}])
    journal.write(
        unit, "substitute.appoint", colleague, from_on=from_on.isoformat(), until_on=until_on.isoformat()
    )


def end(unit: Unit, key: int) -> None:
    """The actor is back, or has somebody else; another's is not there for him."""
    mine = (Substitution.id == key, Substitution.account_id == unit.actor.account_id)
    if unit.db.execute(select(Substitution.id).where(*mine)).scalar_one_or_none() is None:
        raise Fault("not_found")
    unit.to_office()
    unit.db.execute(
        update(Substitution).where(*mine, Substitution.ended_at.is_(None)).values(ended_at=unit.now)
    )
    journal.write(unit, "substitute.end", f"substitution {key}")


def substitutions(unit: Unit) -> dict[str, list[dict[str, Any]]]:
    """Who stands in for the actor (`own`), and for whom he does (`others`), from today on. `Any`: plain values."""
    away, present = aliased(Account), aliased(Account)
    rows = unit.db.execute(
        select(
            Substitution.id,
            Substitution.account_id,
            Substitution.from_on,
            Substitution.until_on,
            away.name.label("away"),
            present.name.label("substitute"),
        )
        .join(away, away.id == Substitution.account_id)
        .join(present, present.id == Substitution.substitute_id)
        .where(
            (Substitution.account_id == unit.actor.account_id)
            | (Substitution.substitute_id == unit.actor.account_id),
            Substitution.ended_at.is_(None),
            Substitution.until_on >= unit.today,
        )
        .order_by(Substitution.from_on, Substitution.id)
    ).mappings()
    found: dict[str, list[dict[str, Any]]] = {"own": [], "others": []}
    for row in rows:
        side = "own" if row["account_id"] == unit.actor.account_id else "others"
        found[side].append(
            {
                "id": str(row["id"]),
                "away": row["away"],
                "substitute": row["substitute"],
                "from_on": row["from_on"].isoformat(),
                "until_on": row["until_on"].isoformat(),
            }
        )
    return found


def _holds(today: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Substitution.ended_at.is_(None),
        Substitution.from_on <= today,
        Substitution.until_on >= today,
    )
