"""Uploading a document, to be named as evidence of a step."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import UploadFile

from api.deps import ActorDep, RuntimeDep
from api.v1.schemas import DocumentOut
from services.documents.store import store
from workflows.errors import Fault
from workflows.words import Text

router = APIRouter(prefix="/api/v1/documents", tags=["documents"])

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
_FILE = Text("文件", "file")
_KIND = Text("材料种类", "kind of document")


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A form as it came; `store` takes a hard look at it."""

    kind: str
    number: str | None
    issued_on: date | None
    name: str
    media: str
    content: bytes


async def uploaded(request: Request, _actor: ActorDep) -> Uploaded:
    """The form, read only for those who have signed in. It is asynchronous because a body is read as
    it arrives."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "multipart/form-data":
        raise Fault("media_type", want="multipart/form-data")
    async with request.form(max_files=1, max_fields=8, max_part_size=4096) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise Fault("field_missing", field="file", zh=_FILE.zh, en=_FILE.en)
        kind, number = _word(form.get("kind")), _word(form.get("number"))
        if not kind:
            raise Fault("field_missing", field="kind", zh=_KIND.zh, en=_KIND.en)
        issued_on = _day(_word(form.get("issued_on")))
        content = await file.read()
        return Uploaded(kind, number, issued_on, file.filename or "", file.content_type or "", content)


@router.post("", status_code=201, response_model=DocumentOut, openapi_extra=_FORM)
def post_document(
    runtime: RuntimeDep, actor: ActorDep, form: Annotated[Uploaded, Depends(uploaded)]
) -> dict[str, str]:
    """The document is kept whole, with its hash; its id may stand in `evidence`."""
    with runtime.writing(actor) as unit:
        key, sha256 = store(
            unit,
            kind=form.kind,
            number=form.number,
            issued_on=form.issued_on,
            name=form.name,
            media=form.media,
            content=form.content,
        )
    return {"id": str(key), "sha256": sha256}


def _word(value: object) -> str | None:
    """A word of the form, or None when it is absent, empty, or a file where a word should stand."""
    return value if isinstance(value, str) and value else None


def _day(said: str | None) -> date | None:
    if said is None:
        return None
    try:
        day = date.fromisoformat(said)
    except ValueError:
        day = None
    if day is None or len(said) != len("2019-01-02"):
        raise Fault("date_bad", field="issued_on", name="issued_on")
    return day
