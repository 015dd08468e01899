"""The journal as an auditor may read it: what was done and refused in his divisions, newest first."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, select

from services.access.journal import DONE, REFUSED, WORDS
from services.db.models.access import Journal
from services.db.queries.casebook import instant
from services.db.queries.page import ITEMS, after, cut, one_of
from services.directory.scope import within
from services.runtime import Unit

RESULTS = (DONE, REFUSED)


@dataclass(frozen=True, slots=True)
class Looked:
    """What the auditor looks for; an empty word asks for nothing."""

    account: str = ""
    what: str = ""
    result: str = ""


def journal(unit: Unit, looked: Looked, cursor: str | None = None) -> dict[str, Any]:
    """A page of lines that belong below the actor's division; what belongs nowhere is the nation's. `Any`: JSON."""
    conditions = [within(Journal.division, unit.actor.division)]
    if looked.account:
        conditions.append(Journal.actor == looked.account)
    if looked.what:
        conditions.append(Journal.what == one_of("what", looked.what, sorted(WORDS)))
    if looked.result:
        conditions.append(Journal.result == one_of("result", looked.result, RESULTS))
    last = after(cursor)
    if last is not None:
        conditions.append(Journal.id < last)
    unit.runtime.roster.refresh(unit.db)
    found = select(*Journal.__table__.c).where(*conditions).order_by(Journal.id.desc()).limit(ITEMS + 1)
    return cut(unit.db.execute(found).mappings().all(), lambda row: _line(unit, row))


def _line(unit: Unit, row: RowMapping) -> dict[str, Any]:
    body = unit.runtime.roster.body(row["body_id"])
    return {
        "id": str(row["id"]),
        "at": instant(row["at"]),
        "account": row["actor"],
        "body": body.code if body else None,
        "address": row["address"],
        "what": row["what"],
        "says": WORDS[row["what"]].as_dict(),
        "about": row["about"],
        "result": row["result"],
        "detail": row["detail"],
    }
