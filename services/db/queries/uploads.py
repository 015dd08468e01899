"""Lists that were brought to the intake page: all of a body's, and one of them row by row."""

from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, or_, select, true
from sqlalchemy.orm import aliased

from services.access.permissions import require
from services.actor import Actor
from services.db.models.casework import Case
from services.db.models.directory import Account, Body
from services.db.models.mail import Inbox
from services.db.models.uploads import Upload, UploadRow
from services.db.queries.page import ITEMS, after, cut, one_of
from services.db.queries.sight import cases_of
from services.directory.scope import within
from services.runtime import Unit
from workflows.errors import Fault

#: What a row's verdict is to the eye: it goes, it changes nothing or waits for a person, it cannot be taken in.
PASS, WARN, REFUSED = "pass", "warn", "refused"
MARKS = {"accepted": PASS, "duplicate": WARN, "triage": WARN, "rejected": REFUSED}
SHOWN = ("all", PASS, WARN, REFUSED)

_BY, _SETTLER = aliased(Account), aliased(Account)
#: What is told of an upload; never its content.
_HEAD: Select[Any] = (
    select(
        *(column for column in Upload.__table__.c if column.name != "content"),
        Body.code.label("body"),
        Body.division,
        _BY.name.label("by"),
        _SETTLER.name.label("settler"),
    )
    .join(Body, Body.id == Upload.body_id)
    .join(_BY, _BY.id == Upload.account_id)
    .outerjoin(_SETTLER, _SETTLER.id == Upload.settled_by)
)


def uploads(unit: Unit, cursor: str | None = None) -> dict[str, Any]:
    """A page of the lists that the actor's body has brought, newest first; an auditor sees those of his divisions. `Any`: JSON."""
    require(unit.actor, "lists.read")
    last = after(cursor)
    older = true() if last is None else Upload.id < last
    found = _HEAD.where(_uploads_of(unit.actor), older).order_by(Upload.id.desc()).limit(ITEMS + 1)
    return cut(unit.db.execute(found).mappings().all(), lambda row: _head(unit, row))


def upload(unit: Unit, upload_id: int, shown: str = "all", cursor: str | None = None) -> dict[str, Any]:
    """One list and a page of its rows, in their order. `Any`: JSON."""
    require(unit.actor, "lists.read")
    one_of("shown", shown, SHOWN)
    head = (
        unit.db.execute(_HEAD.where(Upload.id == upload_id, _uploads_of(unit.actor))).mappings().one_or_none()
    )
    if head is None:
        raise Fault("not_found")
    wanted = [UploadRow.upload_id == upload_id, UploadRow.row > (after(cursor) or 0)]
    if shown != "all":
        wanted.append(UploadRow.status.in_([status for status, mark in MARKS.items() if mark == shown]))
    cut_out = (
        select(*UploadRow.__table__.c).where(*wanted).order_by(UploadRow.row).limit(ITEMS + 1).subquery()
    )
    rows = (  # what became of a row is asked for those on the page alone
        select(
            *cut_out.c,
            Inbox.state.label("stands"),
            Inbox.error,
            Case.id.label("case"),
            Case.division.label("lies"),
        )
        .outerjoin_from(cut_out, Inbox, Inbox.id == cut_out.c.inbox_id)
        .outerjoin(Case, and_(Case.id == Inbox.case_id, cases_of(unit.actor)))
        .order_by(cut_out.c.row)
    )
    found = cut(unit.db.execute(rows).mappings().all(), _row, key="row")
    return {"upload": _head(unit, head), **found}


def receipt_number(unit: Unit, row: RowMapping) -> str:
    """What people call an upload by (回执号): whose it is, the year, and its own number."""
    year = row["uploaded_at"].astimezone(unit.runtime.settings.zone).year
    return f"HZ-{row['division']}-{year}-{row['id']:06d}"


def _uploads_of(actor: Actor) -> ColumnElement[bool]:
    own = Upload.body_id == actor.body_id
    return or_(own, within(Body.division, actor.division)) if actor.kind == "auditor" else own


def _head(unit: Unit, row: RowMapping) -> dict[str, Any]:
    counts = dict.fromkeys((PASS, WARN, REFUSED), 0)
    for status, count in row["counts"].items():
        counts[MARKS[status]] += count
    return {
        "id": str(row["id"]),
        "number": receipt_number(unit, row),
        "name": row["name"],
        "sha256": row["sha256"],
        "rows": row["rows"],
        "state": row["state"],
        "counts": counts,
        "statuses": {status: row["counts"].get(status, 0) for status in MARKS},
        "body": row["body"],
        "by": row["by"],
        "uploaded_at": row["uploaded_at"].isoformat(),
        "settled_by": row["settler"],
        "settled_at": row["settled_at"].isoformat() if row["settled_at"] else None,
        "own": row["body_id"] == unit.actor.body_id,
    }


def _row(row: RowMapping) -> dict[str, Any]:
    return {
        "row": row["row"],
        "name": row["name"],
        "uscc": row["uscc"],
        "status": row["status"],
        "mark": MARKS[row["status"]],
        "stands": row["stands"],
        "event": row["inbox_id"],
        "division": row["lies"] or row["division"],
        "case": str(row["case"]) if row["case"] is not None else None,
        "field": row["field"],
        "reason": row["error"] or row["reason"],
    }
