"""How a body's papers look, and the characters that their numbers begin with: its own Word templates, or the house's."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile

from api.deps import RuntimeDep
from api.exact import MULTIPART, form
from api.rates import brings
from api.web.session import OneUnit, posted, shown, with_fault
from services.actor import Actor
from services.db.queries.templates import bodies_that_write, body_that_writes
from services.documents.formats import FORMATS, format_of
from services.documents.templates import BLANKS, bring, check, form_named, go_back, set_mark, template_of
from services.runtime import Runtime
from workflows.errors import Family, Fault
from workflows.papers.forms import FORMS

router = APIRouter(prefix="/admin/templates", route_class=OneUnit, default_response_class=HTMLResponse)

Keeper = Annotated[Actor, shown("templates.manage")]

#: Told beside the form; whatever else goes wrong has a page of its own.
_HERE = frozenset({Family.BAD_INPUT, Family.CONFLICT, Family.REFUSED, Family.UNSUPPORTED, Family.TOO_LARGE})


@dataclass(frozen=True, slots=True)
class Brought:
    """A template as it came."""

    name: str
    media: str
    content: bytes


@router.get("")
def body_list(request: Request, runtime: RuntimeDep, actor: Keeper, cursor: str | None = None) -> Response:
    """The bodies of the administrator's divisions that issue papers."""
    with runtime.reading(actor) as unit:
        found = bodies_that_write(unit, cursor)
    return with_fault(request, "admin/writers.html", None, actor=actor, **found)


@router.get("/{body}")
def template_list(body: str, request: Request, runtime: RuntimeDep, actor: Keeper) -> Response:
    """The forms of one body, each with the template that it is made from."""
    return _templates(request, runtime, actor, body)


@router.post("/{body}/mark")
def mark(
    body: str,
    request: Request,
    runtime: RuntimeDep,
    actor: Keeper,
    said: Annotated[dict[str, str], posted("mark")],
) -> Response:
    """The numbers of the body's papers begin so from now on."""
    try:
        with runtime.writing(actor) as unit:
            set_mark(unit, body, said["mark"])
    except Fault as fault:
        if fault.family not in _HERE:
            raise
        return _templates(request, runtime, actor, body, fault=fault, tried=said["mark"])
    return RedirectResponse(f"/admin/templates/{body}", 303)


@router.get("/{body}/{form_name}")
def take(body: str, form_name: str, runtime: RuntimeDep, actor: Keeper) -> Response:
    """The template in use, as a Word file to be changed and brought back."""
    chosen = form_named(form_name)
    with runtime.reading(actor) as unit:
        found = template_of(unit, body_that_writes(unit, body)["id"], chosen)
    name = f"attachment; filename*=UTF-8''{quote(chosen.label.zh + '模板.docx', safe='')}"
    return Response(found.content, media_type=FORMATS["docx"].media, headers={"Content-Disposition": name})


async def _brought(request: Request, actor: Keeper) -> Brought | None:
    """The file that was brought. Asynchronous because a body is read as it arrives."""
    async with form(request, MULTIPART, "file", files=1) as said:
        file = said.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            return None
        brings(request, actor, file.size or 0)
        return Brought(file.filename, file.content_type or "", await file.read())


@router.post("/{body}/{form_name}")
def put(
    body: str,
    form_name: str,
    request: Request,
    runtime: RuntimeDep,
    actor: Keeper,
    file: Annotated[Brought | None, Depends(_brought)],
) -> Response:
    """The body's papers of this form are made from this file from now on; or the page with the reason why not."""
    chosen = form_named(form_name)
    try:
        if file is None:
            raise Fault("field_missing", field="file", zh="模板文件", en="the template's file")
        if format_of(file.name, file.media) is not FORMATS["docx"]:
            raise Fault("template_unfit", field="file")
        check(chosen, file.content)
        with runtime.writing(actor) as unit:
            bring(unit, body, chosen, file.name, file.content)
    except Fault as fault:
        if fault.family not in _HERE:
            raise
        return _templates(request, runtime, actor, body, fault=fault, about=form_name)
    return RedirectResponse(f"/admin/templates/{body}#f-{form_name}", 303)


@router.post("/{body}/{form_name}/house")
def house(body: str, form_name: str, runtime: RuntimeDep, actor: Keeper) -> Response:
    """The house's template is used again."""
    with runtime.writing(actor) as unit:
        go_back(unit, body, form_named(form_name))
    return RedirectResponse(f"/admin/templates/{body}", 303)


def _templates(
    request: Request,
    runtime: Runtime,
    actor: Actor,
    body: str,
    *,
    fault: Fault | None = None,
    tried: str | None = None,
    about: str = "",
) -> Response:
    with runtime.reading(actor) as unit:
        found = body_that_writes(unit, body)
    forms = [
        {
            "name": one.name,
            "label": one.label.as_dict(),
            "own": found["own"].get(one.name),
            "blanks": [(name, _blank(one.name, name)) for name in one.blanks],
            "needed": one.needed,
        }
        for one in FORMS.values()
        if found["kind"] in one.kinds
    ]
    return with_fault(
        request,
        "admin/templates.html",
        fault,
        here=f"/admin/templates/{body}",
        actor=actor,
        found=found,
        forms=forms,
        about_form=about,
        tried=found["mark"] or "" if tried is None else tried,
        field=None if fault is None else fault.field,
    )


def _blank(form_name: str, name: str) -> dict[str, str]:
    """What a blank stands for."""
    own = next((one.label for one in FORMS[form_name].fields if one.name == name), None)
    return (own or BLANKS[name]).as_dict()
