"""The shapes of official papers over the wire."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from api.v1.schemas import In, Out, Said, on_one_line

Key = Annotated[str, Field(max_length=30)]
Revision = Annotated[int, Field(ge=1, le=2**31 - 1)]


class DraftIn(In):
    """A paper about a case. `fields` fit the JSON Schema that the suggestion gave; `proceeding` and `kind` where it is to be
    evidence of a step."""

    case: Key
    form: Annotated[str, Field(max_length=40, examples=["letter"])]
    proceeding: Key | None = None
    kind: Annotated[str, Field(max_length=40)] = ""
    fields: dict[str, Any] = Field(default_factory=dict, examples=[{"title": "关于来访的函", "to": "某单位"}])


class RevisedIn(In):
    """What the draft is to say, from whoever has seen this `revision` of it."""

    revision: Revision
    fields: dict[str, Any] = Field(default_factory=dict)


class RevisionIn(In):
    revision: Revision


class WithdrawIn(In):
    """Why; it stands in the register."""

    reason: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(on_one_line)]


class SuggestionOut(Out):
    form: str
    label: Said
    name: str
    fields: dict[str, Any]
    said: dict[str, Any]


class DraftOut(Out):
    id: str
    case: str
    proceeding: str | None
    form: str
    label: Said
    kind: str | None
    state: str
    revision: int
    fields: dict[str, Any]
    said: dict[str, Any]
    lines: list[str]
    paper: str | None


class PaperOut(Out):
    id: str
    number: str
    mark: str
    year: int
    serial: int
    form: str
    label: Said
    kind: str | None
    title: str
    body: str
    by: str
    case: str
    proceeding: str | None
    document: str
    sha256: str
    issued_on: str
    issued_at: str
    state: str
    withdrawn_at: str | None
    reason: str | None
    pdf: str


class PapersOut(Out):
    items: list[PaperOut]
    next: str | None
