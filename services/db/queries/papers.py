"""Official papers as pages and machines read them: a body's drafts, its registers of numbers, and the papers of one case."""

from typing import Any

from sqlalchemy import exists, select

from services.access.permissions import require
from services.db.models.casework import Case
from services.db.models.directory import Account, Body
from services.db.models.official import Paper, PaperDraft, PaperPdf, PaperRegister
from services.db.models.paper import Filing
from services.db.queries.casebook import instant
from services.db.queries.page import ITEMS, after, cut
from services.directory.scope import within
from services.runtime import Unit
from workflows.errors import Fault
from workflows.papers.forms import FORMS
from workflows.papers.model import number_of

_COLUMNS = (
    *(Paper.id, Paper.document_id, Paper.case_id, Paper.proceeding_id, Paper.form, Paper.kind, Paper.mark),
    *(Paper.year, Paper.serial, Paper.title, Paper.issued_on, Paper.issued_at, Paper.state, Paper.reason),
    *(Paper.withdrawn_at, Paper.sha256, PaperPdf.state.label("pdf")),
)


def register(
    unit: Unit, *, year: int | None = None, mark: str = "", body: str = "", cursor: str | None = None
) -> dict[str, Any]:
    """A page of issued papers, the newest number first: the writer's own, or, for an auditor, those of his divisions. `Any`: JSON."""
    require(unit.actor, "papers.read")
    asked = _papers().order_by(Paper.id.desc()).limit(ITEMS + 1)
    if unit.actor.kind == "auditor":
        asked = asked.where(within(Body.division, unit.actor.division))
        asked = asked.where(Body.code == body) if body else asked
    else:
        asked = asked.where(Paper.body_id == unit.actor.body_id)
    if year is not None:
        asked = asked.where(Paper.year == year)
    if mark:
        asked = asked.where(Paper.mark == mark)
    if (last := after(cursor)) is not None:
        asked = asked.where(Paper.id < last)
    return cut(unit.db.execute(asked).mappings().all(), _shown)


def registers(unit: Unit) -> list[dict[str, Any]]:
    """The registers that the reader may look into, with the last number of each. `Any`: plain values."""
    asked = select(PaperRegister.mark, PaperRegister.year, PaperRegister.last, Body.code).join(
        Body, Body.id == PaperRegister.body_id
    )
    if unit.actor.kind == "auditor":
        asked = asked.where(within(Body.division, unit.actor.division))
    else:
        asked = asked.where(PaperRegister.body_id == unit.actor.body_id)
    rows = unit.db.execute(
        asked.order_by(PaperRegister.year.desc(), PaperRegister.mark, Body.code).limit(200)
    )
    return [{"body": row.code, "mark": row.mark, "year": row.year, "last": row.last} for row in rows]


def drafts(unit: Unit) -> list[dict[str, Any]]:
    """The open drafts of the reader's body, the newest first. `Any`: JSON."""
    columns = (PaperDraft.id, PaperDraft.case_id, PaperDraft.form, PaperDraft.changed_at, Case.name)
    rows = unit.db.execute(
        select(*columns, Account.name.label("by"))
        .join(Case, Case.id == PaperDraft.case_id)
        .join(Account, Account.id == PaperDraft.account_id)
        .where(PaperDraft.body_id == unit.actor.body_id, PaperDraft.state == "open")
        .order_by(PaperDraft.id.desc())
        .limit(ITEMS)
    )
    return [
        {
            "id": str(row.id),
            "case": str(row.case_id),
            "name": row.name,
            "form": row.form,
            "label": FORMS[row.form].label.as_dict(),
            "by": row.by,
            "changed_at": instant(row.changed_at),
        }
        for row in rows
    ]


def paper(unit: Unit, paper_id: int) -> dict[str, Any]:
    """One issued paper, for its own body and the auditors above; not_found for others. `Any`: JSON."""
    require(unit.actor, "papers.read")
    row = unit.db.execute(_papers().where(Paper.id == paper_id, _may_read(unit))).mappings().one_or_none()
    if row is None:
        raise Fault("not_found")
    return _shown(row)


def paper_of_draft(unit: Unit, draft_id: int) -> str | None:
    """The paper that a draft became, if it did."""
    found = select(Paper.id).where(Paper.draft_id == draft_id, Paper.body_id == unit.actor.body_id)
    key = unit.db.scalar(found)
    return None if key is None else str(key)


def pdf(unit: Unit, paper_id: int) -> tuple[str, bytes]:
    """The paper's PDF with its name; not_found while there is none."""
    require(unit.actor, "papers.read")
    row = unit.db.execute(
        select(Paper.form, Paper.mark, Paper.year, Paper.serial, PaperPdf.content)
        .join(PaperPdf, PaperPdf.paper_id == Paper.id)
        .join(Body, Body.id == Paper.body_id)
        .where(Paper.id == paper_id, _may_read(unit), PaperPdf.state == "done")
    ).one_or_none()
    if row is None:
        raise Fault("not_found")
    return f"{number_of(row.mark, row.year, row.serial)} {FORMS[row.form].label.zh}.pdf", bytes(row.content)


def papers_of_case(unit: Unit, case_id: int) -> list[dict[str, Any]]:
    """What the reader's body has issued about this case. `filed`: it serves as evidence already. `Any`: JSON."""
    filed = exists().where(Filing.document_id == Paper.document_id).label("filed")
    rows = unit.db.execute(
        _papers()
        .add_columns(filed)
        .where(Paper.case_id == case_id, Paper.body_id == unit.actor.body_id)
        .order_by(Paper.id)
    )
    return [_shown(row) | {"filed": row["filed"]} for row in rows.mappings()]


def _papers() -> Any:
    """`Any`: a select of the columns that are shown."""
    return (
        select(*_COLUMNS, Body.code.label("body"), Account.name.label("by"))
        .select_from(Paper)
        .join(PaperPdf, PaperPdf.paper_id == Paper.id)
        .join(Body, Body.id == Paper.body_id)
        .join(Account, Account.id == Paper.issued_by)
    )


def _may_read(unit: Unit) -> Any:
    """`Any`: a condition."""
    if unit.actor.kind == "auditor":
        return within(Body.division, unit.actor.division)
    return Paper.body_id == unit.actor.body_id


def _shown(row: Any) -> dict[str, Any]:
    """`Any`: a row, and JSON."""
    return {
        "id": str(row["id"]),
        "number": number_of(row["mark"], row["year"], row["serial"]),
        "mark": row["mark"],
        "year": row["year"],
        "serial": row["serial"],
        "form": row["form"],
        "label": FORMS[row["form"]].label.as_dict(),
        "kind": row["kind"] or None,
        "title": row["title"],
        "body": row["body"],
        "by": row["by"],
        "case": str(row["case_id"]),
        "proceeding": str(row["proceeding_id"]) if row["proceeding_id"] else None,
        "document": str(row["document_id"]),
        "sha256": row["sha256"],
        "issued_on": row["issued_on"].isoformat(),
        "issued_at": instant(row["issued_at"]),
        "state": row["state"],
        "withdrawn_at": instant(row["withdrawn_at"]),
        "reason": row["reason"],
        "pdf": row["pdf"],
    }
