"""What goes over the wire about joint meetings."""

from typing import Annotated, Literal

from pydantic import Field

from api.v1.schemas import In, Out, Said


class SubscribeIn(In):
    """Whose days the calendar shows."""

    whose: Annotated[str, Field(max_length=10, json_schema_extra={"enum": ["mine", "ours"]})]


class AddressOut(Out):
    """Where the calendar can be fetched; shown once."""

    path: str


class MeetingLine(Out):
    id: str
    proceeding: str
    level: Literal["district", "enterprise"]
    name: str
    division: str
    place: str
    state: str
    label: Said
    revision: int
    year: int | None
    quarter: int | None
    meets_on: str | None
    begins_at: str | None
    venue: str | None
    provisional: bool
    moved: int
    held_on: str | None
    is_ahead: bool
    since: str


class OutcomeOut(Out):
    value: Literal["information", "decision", "work_item", "deferred"]
    zh: str
    en: str


class ItemOut(Out):
    """One item of the agenda. `case` is the file it is about."""

    number: int
    kind: Literal["decision", "topic", "overdue", "unacknowledged", "disputed", "refused", "eligible"]
    label: Said
    title: Said
    case: str | None
    raised_by: str | None
    outcome: OutcomeOut | None
    minute: str | None


class MemberOut(Out):
    body: str
    name: str
    side: Literal["union", "party", ""]
    answer: Literal["comes", "deputy", "leave"] | None
    post: str | None
    signed_in_at: str | None


class ResolutionOut(Out):
    """A matter that the meeting handed out; `id` is its file."""

    id: str
    name: str
    item: int | None
    owner: Literal["union", "party", "both"] | None
    due_on: str | None
    state: str
    label: Said


class MeetingOut(MeetingLine):
    agenda: list[ItemOut]
    members: list[MemberOut]
    resolutions: list[ResolutionOut]


class MeetingsOut(Out):
    items: list[MeetingLine]
    next: str | None
