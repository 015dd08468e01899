"""The shapes that go over the wire, in and out. In: strict and closed. Out: nothing but what stands here."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from workflows.forms import is_plain

# -- in -------------------------------------------------------------------------------------------


def _plain(value: str) -> str:
    if not is_plain(value):
        raise ValueError("characters that may not be used")
    return value


Word = Annotated[str, Field(min_length=1, max_length=256), AfterValidator(_plain)]
Account = Annotated[
    str, Field(min_length=1, max_length=60, examples=["union.220204102"]), AfterValidator(_plain)
]
Line = Annotated[str, Field(max_length=2000), AfterValidator(_plain)]


class _In(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Credentials(_In):
    account: Account
    password: Annotated[str, Field(min_length=1, max_length=1024)]


class StepIn(_In):
    """One step. `fields` fit the JSON Schema that `allowed` gave; `evidence` lists ids of uploaded
    documents."""

    fields: dict[str, Any] = Field(default_factory=dict, examples=[{"headcount": 60, "applicants": 30}])
    evidence: list[Annotated[str, Field(max_length=30)]] = Field(default_factory=list, max_length=50)
    opinion: Line = ""
    expected_revision: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None


class ReassignIn(_In):
    account: Account


class AnswerIn(_In):
    """`reason` is needed to reject, and to call it not applicable."""

    outcome: Annotated[
        str, Field(max_length=40, json_schema_extra={"enum": ["accept", "reject", "not_applicable"]})
    ]
    reason: Line = ""


# -- out ------------------------------------------------------------------------------------------


class _Out(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Said(_Out):
    """One sentence in both languages."""

    zh: str
    en: str


class Problem(_Out):
    """RFC 9457; `code` is stable, `message` is the detail in both languages, `trace_id` the number to
    quote."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str | None
    message: Said
    trace_id: str


class TokenOut(_Out):
    access_token: str
    token_type: Literal["bearer"]
    expires_in: int


class ReceiptOut(_Out):
    id: str
    source: str
    status: Literal["accepted", "duplicate", "rejected"]
    reason: Said | None


class ReceiptsOut(_Out):
    receipts: list[ReceiptOut]


class EventOut(_Out):
    id: str
    source: str
    status: Literal["received", "applied", "failed"]
    case: str | None
    reason: Said | None


class EnterpriseName(_Out):
    """Which enterprise it is."""

    uscc: str | None
    name: str
    division: str


class Enterprise(EnterpriseName):
    """What the registry has told of it."""

    registered_on: str | None = None
    type: str | None = None
    industry: str | None = None
    address: str | None = None


class Standing(_Out):
    """`label` names the state, `title` the procedure."""

    id: str
    procedure: str
    title: Said
    version: int
    revision: int
    state: str
    label: Said
    settled: bool
    since: str


class WaitingOn(_Out):
    body: str | None
    role: str | None
    why: Said


class DeadlineOut(_Out):
    term: str
    label: Said
    due_on: str | None
    derivation: list[str]
    state: Literal["running", "suspended", "met", "overdue"]


class AllowedStep(_Out):
    """`fields` is JSON Schema 2020-12; `evidence` the kinds of document to upload first."""

    step: str
    label: Said
    fields: dict[str, Any]
    evidence: list[str]


class RefusedStep(_Out):
    step: str
    label: Said
    why: Said


class ProceedingOut(Standing):
    waiting_on: WaitingOn | None
    facts: dict[str, str | int | bool | None]
    deadlines: list[DeadlineOut]
    allowed: list[AllowedStep]
    refused: list[RefusedStep]


class _CaseHead(_Out):
    id: str
    number: str
    status: Literal["open", "settled", "closed"]
    paused: bool
    opened_at: str
    enterprise: Enterprise


class CaseRow(_CaseHead):
    proceedings: list[Standing]


class CaseOut(_CaseHead):
    facts: dict[str, str | int | bool | None]
    proceedings: list[ProceedingOut]


class CasesOut(_Out):
    items: list[CaseRow]
    next: str | None


class HistoryLine(BaseModel):
    """A line as it was written and hashed; `hash` closes over the line before it."""

    model_config = ConfigDict(extra="allow")

    case: str
    seq: int
    at: str
    compartment: str
    proceeding: int | str | None
    procedure: str | None
    step: str
    says: Said
    cause: str
    actor: str | None
    body: str | None
    data: dict[str, str | int | bool | None]
    hash: str
    algorithm: str


class HistoryOut(_Out):
    items: list[HistoryLine]
    next: str | None


class WorkItemOut(_Out):
    id: str
    case: str
    number: str
    enterprise: EnterpriseName
    proceeding: str
    procedure: str
    task: Said
    reason: str
    role: str
    body: str | None
    assignee: str | None
    status: Literal["open", "done"]
    opened_at: str
    due_on: str | None
    overdue: bool
    closed_at: str | None
    urged_at: str | None


class WorkItemsOut(_Out):
    items: list[WorkItemOut]
    next: str | None


class StepOut(_Out):
    case: str
    proceeding: str
    state: str
    revision: int


class DocumentOut(_Out):
    id: str
    sha256: str


class Party(_Out):
    role: str
    body: str | None


class NoticeOut(_Out):
    id: str
    kind: str
    label: Said
    case: str
    proceeding: str | None
    sender: Party
    recipient: Party
    payload: dict[str, str | bool | None]
    status: Literal["delivered", "acknowledged", "answered"]
    delivered_at: str
    acknowledged_at: str | None


class NoticesOut(_Out):
    items: list[NoticeOut]
    next: str | None
