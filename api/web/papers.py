"""Official papers on pages: written from the case that they are about, looked at as they will be read, issued by a person, and found
again under their number."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import RuntimeDep
from api.v1.documents import saved
from api.v1.papers import draft_shown, pdf_saved, suggestion, year_of
from api.web.session import OneUnit, posted, shown, with_fault
from api.web.steps import ELSEWHERE, Filled, read_form
from services.access.permissions import permits
from services.actor import Actor
from services.db.queries import papers
from services.db.queries.page import key_of
from services.documents import drafts, press
from services.documents.issue import issue, withdraw
from services.documents.store import fetch
from services.runtime import Runtime
from workflows.errors import Fault

router = APIRouter(route_class=OneUnit, default_response_class=HTMLResponse)

Reader = Annotated[Actor, shown("papers.read")]
Writer = Annotated[Actor, shown("papers.write")]


async def filled(request: Request, actor: Writer) -> Filled:
    """The form of a paper. It is asynchronous because a body is read as it arrives."""
    return await read_form(request, actor)


Said = Annotated[Filled, Depends(filled)]


@router.get("/papers")
def paper_list(
    request: Request,
    runtime: RuntimeDep,
    actor: Reader,
    year: str = "",
    mark: str = "",
    body: str = "",
    cursor: str | None = None,
) -> Response:
    """The register of numbers, and the drafts that wait for somebody to finish them."""
    with runtime.reading(actor) as unit:
        unit.runtime.roster.refresh(unit.db)
        found = papers.register(unit, year=year_of(year), mark=mark, body=body, cursor=cursor)
        open_drafts = papers.drafts(unit) if permits(actor.kind, "papers.write") else []
        registers = papers.registers(unit)
    return with_fault(
        request,
        "papers.html",
        None,
        actor=actor,
        drafts=open_drafts,
        registers=registers,
        asked={"year": year, "mark": mark, "body": body},
        **found,
    )


@router.get("/cases/{id}/write/{form}")
def write_page(
    id: str,  # noqa: A002
    form: str,
    request: Request,
    runtime: RuntimeDep,
    actor: Writer,
    proceeding: str = "",
    kind: str = "",
) -> Response:
    """The form of a new paper about this case, filled in as far as it is known."""
    return _new(request, runtime, actor, id, form, proceeding, kind)


@router.post("/cases/{id}/write/{form}")
def write(
    id: str,  # noqa: A002
    form: str,
    request: Request,
    runtime: RuntimeDep,
    actor: Writer,
    said: Said,
    proceeding: str = "",
    kind: str = "",
) -> Response:
    """The draft is on file, and shown as it will be read; or the form again with the reason."""
    try:
        with runtime.writing(actor) as unit:
            key = drafts.begin_draft(
                unit,
                key_of(id),
                form,
                said.facts(),
                proceeding_id=key_of(proceeding) if proceeding else None,
                kind=kind,
            )
    except Fault as fault:
        if fault.family in ELSEWHERE:
            raise
        return _new(request, runtime, actor, id, form, proceeding, kind, fault=fault, typed=said.typed)
    return RedirectResponse(f"/papers/drafts/{key}", 303)


@router.get("/papers/drafts/{id}")
def draft_page(id: str, request: Request, runtime: RuntimeDep, actor: Writer) -> Response:  # noqa: A002
    """A draft: its form, and beside it what will be read on the sheet."""
    return _draft(request, runtime, actor, id)


@router.post("/papers/drafts/{id}")
def change(id: str, request: Request, runtime: RuntimeDep, actor: Writer, said: Said) -> Response:  # noqa: A002
    """The draft says this now."""
    try:
        with runtime.writing(actor) as unit:
            drafts.change_draft(unit, key_of(id), said.facts(), _revision(said.typed))
    except Fault as fault:
        if fault.family in ELSEWHERE:
            raise
        return _draft(request, runtime, actor, id, fault=fault, typed=said.typed)
    return RedirectResponse(f"/papers/drafts/{id}", 303)


@router.post("/papers/drafts/{id}/issue")
def sign(
    id: str,  # noqa: A002
    request: Request,
    runtime: RuntimeDep,
    actor: Writer,
    said: Annotated[dict[str, str], posted("revision")],
) -> Response:
    """The paper is issued as the signer has seen it, and shown with its number; or the draft again with the reason."""
    try:
        with runtime.writing(actor) as unit:
            key = issue(unit, key_of(id), _revision(said))
    except Fault as fault:
        if fault.family in ELSEWHERE:
            raise
        return _draft(request, runtime, actor, id, fault=fault)
    return RedirectResponse(f"/papers/{key}", 303)


@router.post("/papers/drafts/{id}/drop")
def drop(
    id: str,  # noqa: A002
    request: Request,
    runtime: RuntimeDep,
    actor: Writer,
    said: Annotated[dict[str, str], posted("revision")],
) -> Response:
    """Nothing comes of the draft."""
    try:
        with runtime.writing(actor) as unit:
            drafts.drop_draft(unit, key_of(id), _revision(said))
    except Fault as fault:
        if fault.family in ELSEWHERE:
            raise
        return _draft(request, runtime, actor, id, fault=fault)
    return RedirectResponse("/papers", 303)


@router.get("/papers/{id}")
def paper_page(id: str, request: Request, runtime: RuntimeDep, actor: Reader) -> Response:  # noqa: A002
    """An issued paper, with its files."""
    return _paper(request, runtime, actor, id)


@router.get("/papers/{id}/sheet")
def sheet(id: str, runtime: RuntimeDep, actor: Reader) -> Response:  # noqa: A002
    """The Word file that was made when it was issued."""
    with runtime.reading(actor) as unit:
        return saved(fetch(unit, int(papers.paper(unit, key_of(id))["document"])))


@router.get("/papers/{id}/pdf")
def pdf(id: str, runtime: RuntimeDep, actor: Reader) -> Response:  # noqa: A002
    """Its PDF."""
    with runtime.reading(actor) as unit:
        return pdf_saved(*papers.pdf(unit, key_of(id)))


@router.post("/papers/{id}/pdf")
def pdf_again(id: str, runtime: RuntimeDep, actor: Writer) -> Response:  # noqa: A002
    """A PDF that could not be made is tried again."""
    with runtime.writing(actor) as unit:
        press.again(unit, key_of(id))
    return RedirectResponse(f"/papers/{id}", 303)


@router.post("/papers/{id}/withdraw")
def take_back(
    id: str,  # noqa: A002
    request: Request,
    runtime: RuntimeDep,
    actor: Writer,
    said: Annotated[dict[str, str], posted("reason")],
) -> Response:
    """The paper is no longer in force; or the page again with the reason why it stays."""
    try:
        with runtime.writing(actor) as unit:
            withdraw(unit, key_of(id), said["reason"])
    except Fault as fault:
        if fault.family in ELSEWHERE:
            raise
        return _paper(request, runtime, actor, id, fault=fault, typed=said["reason"])
    return RedirectResponse(f"/papers/{id}", 303)


def _new(
    request: Request,
    runtime: Runtime,
    actor: Actor,
    id: str,  # noqa: A002
    form: str,
    proceeding: str,
    kind: str,
    *,
    fault: Fault | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    with runtime.reading(actor) as unit:
        found = suggestion(unit, key_of(id), form, key_of(proceeding) if proceeding else None, kind)
    return with_fault(
        request,
        "paper_new.html",
        fault,
        here=f"/cases/{id}",
        actor=actor,
        case=id,
        found=found,
        proceeding=proceeding,
        kind=kind,
        typed=_typed(found) if typed is None else typed,
        field=None if fault is None else fault.field,
    )


def _draft(
    request: Request,
    runtime: Runtime,
    actor: Actor,
    id: str,  # noqa: A002
    *,
    fault: Fault | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    with runtime.reading(actor) as unit:
        found = draft_shown(unit, key_of(id))
    if found["paper"] is not None and fault is None:
        return RedirectResponse(f"/papers/{found['paper']}", 303)
    return with_fault(
        request,
        "paper_draft.html",
        fault,
        here=f"/papers/drafts/{id}",
        actor=actor,
        found=found,
        typed=_typed(found) if typed is None else typed,
        field=None if fault is None else fault.field,
    )


def _paper(
    request: Request,
    runtime: Runtime,
    actor: Actor,
    id: str,  # noqa: A002
    *,
    fault: Fault | None = None,
    typed: str = "",
) -> Response:
    with runtime.reading(actor) as unit:
        unit.runtime.roster.refresh(unit.db)
        found = papers.paper(unit, key_of(id))
    return with_fault(
        request,
        "paper.html",
        fault,
        here=f"/papers/{id}",
        actor=actor,
        found=found,
        own=found["body"] == actor.body_code,
        typed=typed,
    )


def _typed(found: Mapping[str, Any]) -> dict[str, str]:
    """What is known, as the controls of the form say it."""
    asked: Any = found["fields"]["properties"]  # Any: JSON Schema
    words = {True: "true", False: "false"}
    return {
        f"{asked[name]['type']}.{name}": words[value] if isinstance(value, bool) else str(value)
        for name, value in found["said"].items()
        if name in asked and value is not None
    }


def _revision(said: Mapping[str, str]) -> int:
    word = said.get("revision", "")
    if not (word.isascii() and word.isdigit() and len(word) < 10):
        raise Fault("revision_stale")
    return int(word)
