"""What the mail room has done and has yet to do, row by row: events applied, notices carried, deadlines that ran out. They are rows, so a
restart forgets none. Nothing of their content is shown."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, or_, select

from services.db.models.casework import Case, Deadline
from services.db.models.directory import Body
from services.db.models.mail import Inbox, Outbox
from services.db.queries.casebook import instant, number
from services.db.queries.page import ITEMS, after, cut, one_of
from services.directory.scope import within
from services.runtime import Unit
from workflows.notices import NOTICES
from workflows.words import Text

KINDS = ("inbox", "outbox", "due")
#: By what people call it, the states that mean it.
STANDS: dict[str, tuple[str, ...]] = {
    "done": ("applied", "done", "fired", "met"),
    "pending": ("pending", "running"),
    "person": ("waiting", "triage", "suspended", "rejected", "void"),
    "failed": ("failed",),
}

_EVENT = Text("登记事件", "registry event")
_TERM = Text("期限", "deadline")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a kind of job lies. `Any`: models share no base with these columns."""

    rows: Any
    came: Any
    due: Any


_SOURCES = {
    "inbox": Source(Inbox, Inbox.received_at, Inbox.due_at),
    "outbox": Source(Outbox, None, Outbox.due_at),
    "due": Source(Deadline, None, Deadline.fire_at),
}


def jobs(unit: Unit, kind: str, stands: str = "", cursor: str | None = None) -> dict[str, Any]:
    """A page of jobs of one kind in the actor's divisions, the newest first. Each with its case. `Any`: JSON."""
    one_of("kind", kind, KINDS)
    source, last = _SOURCES[kind], after(cursor)
    asked = _of(kind, source).where(_here(unit, kind))
    if stands:
        asked = asked.where(source.rows.state.in_(STANDS[one_of("stands", stands, tuple(STANDS))]))
    if last is not None:
        asked = asked.where(source.rows.id < last)
    with unit.as_office():  # the mail room's rows are nobody's; the condition leaves out what lies elsewhere
        rows = unit.db.execute(asked.order_by(source.rows.id.desc()).limit(ITEMS + 1)).mappings().all()
    return cut(rows, lambda row: _job(unit, kind, row))


def _of(kind: str, source: Source) -> Select[Any]:
    rows = source.rows
    found = select(
        *(rows.id, rows.state, rows.deliveries, rows.attempts, rows.error, rows.case_id),
        source.due.label("due"),
        *(Case.opened_in, Case.opened_at, Case.division),
    )
    if kind == "inbox":
        told = found.add_columns(Inbox.received_at.label("came"), Inbox.type.label("what"))
        return told.join(Body, Body.id == Inbox.office_id).outerjoin(Case, Case.id == Inbox.case_id)
    what = Outbox.kind if kind == "outbox" else Deadline.term
    return found.add_columns(what.label("what")).join(Case, Case.id == rows.case_id)


def _here(unit: Unit, kind: str) -> ColumnElement[bool]:
    place = within(Case.division, unit.actor.division)
    if kind != "inbox":
        return place
    return or_(place, Inbox.case_id.is_(None) & within(Body.division, unit.actor.division))


def _job(unit: Unit, kind: str, row: RowMapping) -> dict[str, Any]:
    stands = next((name for name, states in STANDS.items() if row["state"] in states), "person")
    case = row["case_id"] if row["opened_in"] is not None else None
    return {
        "id": str(row["id"]),
        "what": _what(kind, row["what"]).as_dict(),
        "stands": stands,
        "came": instant(row.get("came")),
        "due": instant(row["due"]),
        "tries": max(row["attempts"], row["deliveries"]),
        "reason": row["error"],
        "case": str(case) if case else None,
        "number": number(unit, case, row["opened_in"], row["opened_at"]) if case else None,
    }


def _what(kind: str, said: str) -> Text:
    if kind == "outbox":
        return NOTICES.get(said, _EVENT)
    return _EVENT if kind == "inbox" else _TERM
