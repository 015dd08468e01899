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
from workflows.forms import is_plain
from workflows.words import Text

router = APIRouter(prefix="/documents", tags=["documents"])

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
    """A form as it came, its words checked."""

    kind: str
    number: str | None
    issued_on: date | None
    name: str
    media: str
    content: bytes


async def uploaded(request: Request, _actor: ActorDep) -> Uploaded:
    """The form, read only for those who have signed in. It is asynchronous because a body is read as it arrives."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "multipart/form-data":
        raise Fault("media_type", want="multipart/form-data")
    async with request.form(max_files=1, max_fields=8, max_part_size=4096) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise Fault("field_missing", field="file", zh=_FILE.zh, en=_FILE.en)
        kind = _word(form.get("kind"), "kind", 40)
        if kind is None:
            raise Fault("field_missing", field="kind", zh=_KIND.zh, en=_KIND.en)
        number, issued_on = _word(form.get("number"), "number", 60), _day(form.get("issued_on"))
        name = _word(file.filename, "file", 160)
        if name is None:
            raise Fault("field_missing", field="file", zh=_FILE.zh, en=_FILE.en)
        content = await file.read()
        return Uploaded(kind, number, issued_on, name, file.content_type or "", content)


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


def _word(value: object, name: str, longest: int) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > longest or not is_plain(value) or "\n" in value:
        raise Fault("value_bad", field=name, name=name, zh="太长或含有不能使用的字符", en="it is too long or holds characters that may not be used")
    return value


def _day(value: object) -> date | None:
    said = _word(value, "issued_on", 10)
    if said is None:
        return None
    try:
        return date.fromisoformat(said) if len(said) == len("2019-01-02") else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> date:
    raise Fault("date_bad", field="issued_on", name="issued_on")
