"""Intake (接入): a registration office brings its list, reads what each row would come to, confirms it, and has its receipt."""

import csv
import io
from dataclasses import dataclass
from functools import partial
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile

from api.deps import RuntimeDep
from api.exact import MULTIPART, form
from api.rates import brings
from api.web.render import page
from api.web.session import PageRoute, shown, with_fault
from services.access.permissions import permits
from services.actor import Actor
from services.db.again import again
from services.db.queries.page import key_of
from services.db.queries.uploads import SHOWN, upload, uploads
from services.intake.tables import REQUIRED
from services.intake.uploads import confirm, drop, keep
from services.runtime import Runtime
from workflows.errors import Family, Fault

router = APIRouter(prefix="/lists", route_class=PageRoute, default_response_class=HTMLResponse)

Reader = Annotated[Actor, shown("lists.read")]
Sender = Annotated[Actor, shown("lists.send")]

#: Told on the page itself; whatever else goes wrong has a page of its own.
_HERE = frozenset({Family.BAD_INPUT, Family.REFUSED, Family.CONFLICT, Family.TOO_LARGE, Family.UNSUPPORTED})


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that came with the form; its content is not read where it is larger than any list may be."""

    name: str
    content: bytes | None


async def brought(request: Request, actor: Sender) -> Brought:
    """The form, read only for whoever may bring a list. It is asynchronous because a body is read as it arrives."""
    async with form(request, MULTIPART, "file", files=1) as said:
        file = said.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            return Brought("", None)
        brings(request, actor, file.size or 0)
        limits = request.app.state.runtime.settings.limits
        fits = (file.size or 0) <= limits.upload_bytes
        return Brought(file.filename, await file.read() if fits else None)


@router.get("")
def list_of_lists(
    request: Request, runtime: RuntimeDep, actor: Reader, cursor: str | None = None
) -> Response:
    """The form to bring a list, and what the reader's body has brought so far."""
    return _lists(request, runtime, actor, cursor)


@router.post("")
def bring(
    request: Request, runtime: RuntimeDep, actor: Sender, said: Annotated[Brought, Depends(brought)]
) -> Response:
    """The list is kept and shown row by row; nothing of it is taken in. Or the form again, and why the file is no list."""
    try:
        if not said.name:
            raise Fault("field_missing", field="file", zh="名单文件", en="the list")
        if said.content is None:
            limit = runtime.settings.limits.upload_bytes
            raise Fault("too_large", field="file", limit=limit.human_readable())
        key = keep(runtime, actor, said.name, said.content)
    except Fault as fault:
        if fault.family not in _HERE:
            raise
        return _lists(request, runtime, actor, None, fault)
    return RedirectResponse(f"/lists/{key}", 303)


@router.get("/template.csv")
def template(actor: Reader) -> Response:
    """An empty list: the header alone. Excel takes a file without the mark for another encoding."""
    text = io.StringIO(newline="")
    csv.writer(text).writerow(REQUIRED)
    saved_as = f"attachment; filename*=UTF-8''{quote('名单模板.csv', safe='')}"
    return Response(
        text.getvalue().encode("utf-8-sig"), media_type="text/csv", headers={"Content-Disposition": saved_as}
    )


@router.get("/columns")
def columns(request: Request, runtime: RuntimeDep, actor: Reader) -> Response:
    """What each column of a list holds."""
    return page(
        request, "list_columns.html", actor=actor, names=REQUIRED, most=runtime.settings.limits.list_rows
    )


@router.get("/{id}")
def one_list(
    id: str,  # noqa: A002
    request: Request,
    runtime: RuntimeDep,
    actor: Reader,
    shown: str = "all",
    cursor: str | None = None,
) -> Response:
    """What each row would come to; once the list is confirmed, its receipt: what each row has come to."""
    return _list(request, runtime, actor, id, shown, cursor)


@router.post("/{id}/confirm")
def post_confirm(id: str, request: Request, runtime: RuntimeDep, actor: Sender) -> Response:  # noqa: A002
    """The list is taken in; however often this is sent, each row once."""
    try:
        confirm(runtime, actor, key_of(id))
    except Fault as fault:
        if fault.family not in _HERE:
            raise
        return _list(request, runtime, actor, id, "all", None, fault)
    return RedirectResponse(f"/lists/{id}", 303)


@router.post("/{id}/drop")
def post_drop(id: str, request: Request, runtime: RuntimeDep, actor: Sender) -> Response:  # noqa: A002
    """The list is forgotten, and nothing of it was taken in."""
    try:
        again(partial(_dropped, runtime, actor, key_of(id)))
    except Fault as fault:
        if fault.family not in _HERE:
            raise
        return _list(request, runtime, actor, id, "all", None, fault)
    return RedirectResponse("/lists", 303)


def _dropped(runtime: Runtime, actor: Actor, key: int) -> None:
    with runtime.writing(actor) as unit:
        drop(unit, key)


def _lists(
    request: Request, runtime: Runtime, actor: Actor, cursor: str | None, fault: Fault | None = None
) -> Response:
    with runtime.reading(actor) as unit:
        found = uploads(unit, cursor)
    return with_fault(
        request,
        "lists.html",
        fault,
        here="/lists",
        actor=actor,
        may_send=permits(actor.kind, "lists.send"),
        limits=runtime.settings.limits,
        **found,
    )


def _list(
    request: Request,
    runtime: Runtime,
    actor: Actor,
    id: str,  # noqa: A002
    shown: str,
    cursor: str | None,
    fault: Fault | None = None,
) -> Response:
    with runtime.reading(actor) as unit:
        found = upload(unit, key_of(id), shown, cursor)
    return with_fault(
        request,
        "list.html",
        fault,
        here=f"/lists/{id}",
        actor=actor,
        chosen=shown,
        kinds=SHOWN,
        may_send=permits(actor.kind, "lists.send") and found["upload"]["own"],
        columns=REQUIRED,
        **found,
    )
