"""Uploading a document, to be named as evidence of a step, and fetching it again."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from api.deps import RuntimeDep, allowed
from api.exact import MULTIPART, form
from api.rates import brings
from api.v1.schemas import DocumentOut
from services.actor import Actor
from services.db.again import again
from services.db.queries.page import key_of
from services.documents.store import Paper, fetch, look, store
from workflows.errors import Fault
from workflows.plain import day_of
from workflows.words import Text

router = APIRouter(prefix="/api/v1/documents", tags=["documents"])

Filer = Annotated[Actor, allowed("documents.write")]

_FORM: dict[str, Any] = {  # Any: JSON
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file", "kind"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "kind": {"type": "string", "maxLength": 40, "examples": ["union_application"]},
                        "number": {"type": "string", "maxLength": 60, "examples": ["船工发〔2026〕1号"]},
                        "issued_on": {"type": "string", "format": "date", "examples": ["2026-01-02"]},
                    },
                }
            }
        },
    }
}
_FILE_OUT: dict[str, Any] = {  # Any: JSON
    "description": "The file, as an attachment.",
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}
_FILE = Text("文件", "file")
_KIND = Text("材料种类", "kind of document")


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A form as it came; `look` takes a hard look at it."""

    kind: str
    number: str | None
    issued_on: date | None
    name: str
    media: str
    content: bytes


async def uploaded(request: Request, actor: Filer) -> Uploaded:
    """The form, read only for those who have signed in. It is asynchronous because a body is read as
    it arrives."""
    async with form(request, MULTIPART, "file", "kind", "number", "issued_on", files=1) as said:
        file = said.get("file")
        if not isinstance(file, UploadFile):
            raise Fault("field_missing", field="file", zh=_FILE.zh, en=_FILE.en)
        kind, number = _word(said.get("kind")), _word(said.get("number"))
        if not kind:
            raise Fault("field_missing", field="kind", zh=_KIND.zh, en=_KIND.en)
        issued_on = _day(_word(said.get("issued_on")))
        brings(request, actor, file.size or 0)
        content = await file.read()
        return Uploaded(kind, number, issued_on, file.filename or "", file.content_type or "", content)


@router.post("", status_code=201, response_model=DocumentOut, openapi_extra=_FORM)
def post_document(
    runtime: RuntimeDep, actor: Filer, paper: Annotated[Uploaded, Depends(uploaded)]
) -> dict[str, str]:
    """The document is kept whole, with its hash; its id may stand in `evidence`."""
    sound = look(
        runtime,
        actor,
        kind=paper.kind,
        number=paper.number,
        issued_on=paper.issued_on,
        name=paper.name,
        media=paper.media,
        content=paper.content,
    )

    def kept() -> int:
        with runtime.writing(actor) as unit:
            return store(unit, sound)

    return {"id": str(again(kept)), "sha256": sound.sha256}


@router.get("/{id}", responses={200: _FILE_OUT}, response_class=Response)
def get_document(
    id: str,  # noqa: A002
    runtime: RuntimeDep,
    actor: Annotated[Actor, allowed("documents.read")],
) -> Response:
    """The document as it is kept, always as a file to be saved: a browser shows and runs nothing of it."""
    with runtime.reading(actor) as unit:
        return saved(fetch(unit, key_of(id)))


def saved(paper: Paper) -> Response:
    """A document as a file to be saved: a browser shows and runs nothing of it."""
    name = f"attachment; filename*=UTF-8''{quote(paper.name, safe='')}"
    return Response(paper.content, media_type=paper.media, headers={"Content-Disposition": name})


def _word(value: object) -> str | None:
    """A word of the form, or None when it is absent, empty, or a file where a word should stand."""
    return value if isinstance(value, str) and value else None


def _day(said: str | None) -> date | None:
    if said is None:
        return None
    day = day_of(said)
    if day is None:
        raise Fault("date_bad", field="issued_on", name="issued_on")
    return day
