"""Official papers: what may be suggested for one, drafts, issuing, the register of numbers, withdrawing."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from api.again import Again
from api.deps import RuntimeDep, allowed, described, json_body
from api.v1.paper_schemas import (
    DraftIn,
    DraftOut,
    PaperOut,
    PapersOut,
    RevisedIn,
    RevisionIn,
    SuggestionOut,
    WithdrawIn,
)
from services.actor import Actor
from services.db.queries import papers
from services.db.queries.page import key_of
from services.documents import drafts
from services.documents.issue import issue, withdraw
from services.documents.matters import subject_of
from services.documents.templates import form_named
from services.runtime import Unit
from workflows import forms
from workflows.errors import Fault

router = APIRouter(route_class=Again, prefix="/api/v1/papers", tags=["papers"])

Reader = Annotated[Actor, allowed("papers.read")]
Writer = Annotated[Actor, allowed("papers.write")]

_PDF: dict[str, Any] = {  # Any: JSON
    "description": "The PDF, as an attachment.",
    "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
}


@router.get("", response_model=PapersOut)
def get_papers(
    runtime: RuntimeDep,
    actor: Reader,
    year: str = "",
    mark: str = "",
    body: str = "",
    cursor: str | None = None,
) -> dict[str, Any]:
    """The register of numbers: your own body's, or, for an auditor, those of his divisions."""
    with runtime.reading(actor) as unit:
        return papers.register(unit, year=year_of(year), mark=mark, body=body, cursor=cursor)


@router.get("/suggestion", response_model=SuggestionOut)
def get_suggestion(
    runtime: RuntimeDep, actor: Writer, case: str, form: str, proceeding: str = "", kind: str = ""
) -> dict[str, Any]:
    """The form of a paper about this case, with what is known filled in; `proceeding` and `kind` where it is to be evidence."""
    with runtime.reading(actor) as unit:
        return suggestion(unit, key_of(case), form, key_of(proceeding) if proceeding else None, kind)


@router.post("/drafts", status_code=201, response_model=DraftOut, openapi_extra=described(DraftIn))
def post_draft(
    runtime: RuntimeDep, actor: Writer, said: Annotated[DraftIn, Depends(json_body(DraftIn))]
) -> dict[str, Any]:
    """A draft is on file; it has no number."""
    with runtime.writing(actor) as unit:
        key = drafts.begin_draft(
            unit,
            key_of(said.case),
            said.form,
            said.fields,
            proceeding_id=key_of(said.proceeding) if said.proceeding else None,
            kind=said.kind,
        )
        return draft_shown(unit, key)


@router.get("/drafts/{id}", response_model=DraftOut)
def get_draft(id: str, runtime: RuntimeDep, actor: Writer) -> dict[str, Any]:  # noqa: A002
    """A draft of your body, and what will be read on the sheet."""
    with runtime.reading(actor) as unit:
        return draft_shown(unit, key_of(id))


@router.post("/drafts/{id}", response_model=DraftOut, openapi_extra=described(RevisedIn))
def post_change(
    id: str,  # noqa: A002
    runtime: RuntimeDep,
    actor: Writer,
    said: Annotated[RevisedIn, Depends(json_body(RevisedIn))],
) -> dict[str, Any]:
    """The draft says this now."""
    with runtime.writing(actor) as unit:
        drafts.change_draft(unit, key_of(id), said.fields, said.revision)
        return draft_shown(unit, key_of(id))


@router.post("/drafts/{id}/issue", response_model=PaperOut, openapi_extra=described(RevisionIn))
def post_issue(
    id: str,  # noqa: A002
    runtime: RuntimeDep,
    actor: Writer,
    said: Annotated[RevisionIn, Depends(json_body(RevisionIn))],
) -> dict[str, Any]:
    """The draft is issued: numbered, made once, and on file. Its `document` may stand in a step's `evidence`."""
    with runtime.writing(actor) as unit:
        return papers.paper(unit, issue(unit, key_of(id), said.revision))


@router.post("/drafts/{id}/drop", response_model=DraftOut, openapi_extra=described(RevisionIn))
def post_drop(
    id: str,  # noqa: A002
    runtime: RuntimeDep,
    actor: Writer,
    said: Annotated[RevisionIn, Depends(json_body(RevisionIn))],
) -> dict[str, Any]:
    """Nothing comes of the draft, and what was typed is forgotten."""
    with runtime.writing(actor) as unit:
        drafts.drop_draft(unit, key_of(id), said.revision)
        return draft_shown(unit, key_of(id))


@router.get("/{id}", response_model=PaperOut)
def get_paper(id: str, runtime: RuntimeDep, actor: Reader) -> dict[str, Any]:  # noqa: A002
    """One issued paper; its Word file is the `document`."""
    with runtime.reading(actor) as unit:
        return papers.paper(unit, key_of(id))


@router.post("/{id}/withdraw", response_model=PaperOut, openapi_extra=described(WithdrawIn))
def post_withdraw(
    id: str,  # noqa: A002
    runtime: RuntimeDep,
    actor: Writer,
    said: Annotated[WithdrawIn, Depends(json_body(WithdrawIn))],
) -> dict[str, Any]:
    """The paper is no longer in force; its number stays taken."""
    with runtime.writing(actor) as unit:
        withdraw(unit, key_of(id), said.reason)
        return papers.paper(unit, key_of(id))


@router.get("/{id}/pdf", responses={200: _PDF}, response_class=Response)
def get_pdf(id: str, runtime: RuntimeDep, actor: Reader) -> Response:  # noqa: A002
    """The PDF, once a worker has made it."""
    with runtime.reading(actor) as unit:
        return pdf_saved(*papers.pdf(unit, key_of(id)))


def pdf_saved(name: str, content: bytes) -> Response:
    """A PDF as a file to be saved."""
    said = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type="application/pdf", headers={"Content-Disposition": said})


def suggestion(
    unit: Unit, case_id: int, form_name: str, proceeding_id: int | None, kind: str
) -> dict[str, Any]:
    """The form of a paper and what is known for it. `Any`: JSON."""
    form = form_named(form_name)
    subject = subject_of(unit, form, case_id, proceeding_id, kind)
    known = drafts.suggested(unit, form, subject)
    asked = {one.name for one in form.fields}
    return {
        "form": form.name,
        "label": form.label.as_dict(),
        "name": subject.case["name"],
        "fields": forms.schema(form, today=unit.today),
        "said": {name: value for name, value in known.items() if name in asked},
    }


def draft_shown(unit: Unit, draft_id: int) -> dict[str, Any]:
    """A draft; what it will look like only while it is open. `Any`: JSON."""
    row = drafts.found(unit, draft_id)
    form = form_named(row.form)
    return {
        "id": str(row.id),
        "case": str(row.case_id),
        "proceeding": str(row.proceeding_id) if row.proceeding_id else None,
        "form": row.form,
        "label": form.label.as_dict(),
        "kind": row.kind or None,
        "state": row.state,
        "revision": row.revision,
        "fields": forms.schema(form, today=unit.today),
        "said": dict(row.said),
        "lines": drafts.preview(unit, row) if row.state == drafts.OPEN else [],
        "paper": papers.paper_of_draft(unit, draft_id),
    }


def year_of(said: str) -> int | None:
    """A year that was asked for."""
    if not said:
        return None
    if not (said.isascii() and said.isdigit() and len(said) == 4):
        raise Fault(
            "parameter_bad",
            field="year",
            name="year",
            zh="应为四位年份",
            en="it must be a year of four digits",
        )
    return int(said)
