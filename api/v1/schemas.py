"""The shapes that go over the wire, in and out. In: strict and closed. Out: nothing but what stands here."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from workflows.plain import is_line, is_plain

# -- in -------------------------------------------------------------------------------------------


def _plain(value: str) -> str:
    if not is_plain(value):
        raise ValueError("characters that may not be used")
    return value


def on_one_line(value: str) -> str:
    if not is_line(value):
        raise ValueError("characters that may not be used")
    return value


Account = Annotated[
    str, Field(min_length=1, max_length=60, examples=["union.220204102"]), AfterValidator(on_one_line)
]
Line = Annotated[str, Field(max_length=2000), AfterValidator(_plain)]


class In(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class StepIn(In):
    """One step. `fields` fit the JSON Schema that `allowed` gave; `evidence` lists ids of uploaded
    documents."""

    fields: dict[str, Any] = Field(default_factory=dict, examples=[{"headcount": 60, "applicants": 30}])
    evidence: list[Annotated[str, Field(max_length=30)]] = Field(default_factory=list, max_length=50)
    opinion: Line = ""
    expected_revision: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None


class BeginIn(In):
    """What begins a file of its own. `fields` fit the JSON Schema that the list of openings gave."""

    fields: dict[str, Any] = Field(default_factory=dict, examples=[{"name": "越北镇联合工会"}])
    evidence: list[Annotated[str, Field(max_length=30)]] = Field(default_factory=list, max_length=50)
    opinion: Line = ""


class ReassignIn(In):
    account: Account


class ReasonIn(In):
    """Why it must be seen; it is written down with your name."""

    reason: Annotated[
        str, Field(min_length=1, max_length=200, examples=["核对选举结果"]), AfterValidator(_plain)
    ]


class AnswerIn(In):
    """`reason` is needed to reject, and to call it not applicable."""

    outcome: Annotated[
        str, Field(max_length=40, json_schema_extra={"enum": ["accept", "reject", "not_applicable"]})
    ]
    reason: Line = ""


# -- out ------------------------------------------------------------------------------------------


class Out(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Said(Out):
    """One sentence in both languages."""

    zh: str
    en: str


class Problem(Out):
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


class ReceiptOut(Out):
    id: str
    source: str
    status: Literal["accepted", "duplicate", "rejected"]
    reason: Said | None


class ReceiptsOut(Out):
    receipts: list[ReceiptOut]


class EventOut(Out):
    id: str
    source: str
    status: Literal["received", "applied", "failed"]
    case: str | None
    reason: Said | None


class EnterpriseName(Out):
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


class Standing(Out):
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


class WaitingOn(Out):
    body: str | None
    role: str | None
    why: Said


class DeadlineOut(Out):
    term: str
    label: Said
    due_on: str | None
    provisional_on: str | None
    derivation: list[str]
    state: Literal["running", "suspended", "met", "overdue"]


class AllowedStep(Out):
    """`fields` is JSON Schema 2020-12; `evidence` the kinds of document to upload first."""

    step: str
    label: Said
    fields: dict[str, Any]
    evidence: list[str]


class RefusedStep(Out):
    step: str
    label: Said
    why: Said


class ProceedingOut(Standing):
    """`masked` names the facts that are hidden because persons may stand in them."""

    waiting_on: WaitingOn | None
    facts: dict[str, str | int | bool | None]
    masked: list[str]
    deadlines: list[DeadlineOut]
    allowed: list[AllowedStep]
    refused: list[RefusedStep]


class _CaseHead(Out):
    """`subject` is what the file is about; `enterprise` is its name and place, and a code where it has one."""

    id: str
    subject: str
    number: str
    status: Literal["open", "settled", "closed"]
    paused: bool
    opened_at: str | None
    enterprise: Enterprise


class CaseRow(_CaseHead):
    proceedings: list[Standing]


class CaseOut(_CaseHead):
    facts: dict[str, str | int | bool | None]
    proceedings: list[ProceedingOut]


class CasesOut(Out):
    items: list[CaseRow]
    next: str | None


class HistoryLine(BaseModel):
    """A line as it was written and hashed, but for what `masked` names and what `erased` names, which is gone by law; `hash` closes over the line
    before it. `entry` is its number in the ledger, about a second after it was written."""

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
    masked: list[str]
    erased: list[str]
    hash: str
    algorithm: str
    entry: int | None


class HistoryOut(Out):
    items: list[HistoryLine]
    next: str | None


class NameRow(Out):
    """A value that the history hides, and the line it stands in."""

    seq: int
    at: str
    procedure: str | None
    step: str
    says: Said
    actor: str | None
    body: str | None
    field: str
    value: str


class NamesOut(Out):
    items: list[NameRow]
    next: None


class WorkItemOut(Out):
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


class WorkItemsOut(Out):
    items: list[WorkItemOut]
    next: str | None


class StepOut(Out):
    case: str
    proceeding: str
    state: str
    revision: int


class OpeningRow(Out):
    """Something that may be begun: `fields` is a JSON Schema, `evidence` the kinds of documents that are needed."""

    procedure: str
    opening: str
    label: Said
    subject: str
    fields: dict[str, Any]
    evidence: list[str]


class OpeningsOut(Out):
    items: list[OpeningRow]
    next: str | None


class DocumentOut(Out):
    id: str
    sha256: str


class Party(Out):
    role: str
    body: str | None


class NoticeOut(Out):
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


class NoticesOut(Out):
    items: list[NoticeOut]
    next: str | None
