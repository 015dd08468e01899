"""A step is taken on the page of its case. The form is drawn from the procedure's own declaration and is read back by the
names of its controls, so no page knows any procedure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile

from api.deps import LanguageDep, RuntimeDep
from api.exact import MULTIPART, form
from api.rates import brings
from api.web.cases import Tried, case_shown
from api.web.session import PageRoute, shown
from services.actor import Actor
from services.cases.advance import StepTaken, take_step
from services.db.again import again
from services.db.queries.page import key_of
from services.documents.store import Sound, look
from services.runtime import Runtime
from workflows.errors import Family, Fault

router = APIRouter(route_class=PageRoute, default_response_class=HTMLResponse)

Taker = Annotated[Actor, shown("steps.take")]

#: A control is named by how its text is to be read and by what it fills in: `integer.headcount`, `paper.union_application`;
#: `filed.union_application` names one that was written here.
CONTROL = re.compile(r"(integer|boolean|string|paper|number|filed)\.[a-z][a-z0-9_]{0,59}")
MOST_CONTROLS, MOST_PAPERS, LONGEST_TEXT = 60, 8, 8192

#: What belongs on another page than the form's own.
ELSEWHERE = frozenset(
    {Family.UNAUTHENTICATED, Family.NOT_YOURS, Family.NOT_FOUND, Family.UNAVAILABLE, Family.BROKEN}
)
_WHOLE = re.compile(r"\s*-?\d{1,9}\s*")


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that came with the form, and the kind of document that it is said to be."""

    kind: str
    name: str
    media: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was filled in; what was typed stands under the name of its control, to be shown again if need be."""

    typed: Mapping[str, str] = field(default_factory=dict)
    brought: Sequence[Brought] = ()

    @property
    def opinion(self) -> str:
        """The opinion, its lines ended as we end them."""
        return self.typed.get("opinion", "").replace("\r\n", "\n")

    @property
    def key(self) -> str | None:
        """What makes a second sending harmless; the page gave it to its form."""
        return self.typed.get("key") or None

    @property
    def filed(self) -> list[str]:
        """The papers issued here that were chosen as evidence, by their documents."""
        return [text for name, text in self.typed.items() if name.startswith("filed.") and text]

    def facts(self) -> dict[str, object]:
        """What the controls say, each as the kind of value its name promises. What cannot be read so stays text, and is refused."""
        found: dict[str, object] = {}
        for control, text in self.typed.items():
            how, _, name = control.partition(".")
            if how in _READ and text.strip():
                found[name] = _READ[how](text)
        return found


def _whole(text: str) -> object:
    return int(text) if _WHOLE.fullmatch(text) else text


def _yes_no(text: str) -> object:
    return {"true": True, "false": False}.get(text, text)


def _text(text: str) -> object:
    return text.replace("\r\n", "\n")


_READ: dict[str, Callable[[str], object]] = {"integer": _whole, "boolean": _yes_no, "string": _text}


async def filled(request: Request, actor: Taker) -> Filled:
    """The form, read only for whoever may take steps at all. It is asynchronous because a body is read as it arrives."""
    return await read_form(request, actor)


async def read_form(request: Request, actor: Actor) -> Filled:
    """Whatever the controls of one of our forms say, and the papers that came with it."""
    async with form(
        request,
        MULTIPART,
        *("key", "revision", "seen", "opinion"),
        like=CONTROL,
        fields=MOST_CONTROLS,
        files=MOST_PAPERS,
        part_bytes=LONGEST_TEXT,
    ) as said:
        typed: dict[str, str] = {}
        brought: list[Brought] = []
        for name, value in said.items():
            if isinstance(value, str):
                typed[name] = value
            elif isinstance(value, UploadFile) and value.filename:
                brings(request, actor, value.size or 0)
                content = await value.read()
                media = value.content_type or ""
                brought.append(Brought(name.partition(".")[2], value.filename, media, content))
        return Filled(typed, brought)


@router.post("/cases/{id}/proceedings/{proceeding}/{step}")
def take(
    id: str,  # noqa: A002
    proceeding: str,
    step: str,
    request: Request,
    runtime: RuntimeDep,
    actor: Taker,
    spoken: LanguageDep,
    said: Annotated[Filled, Depends(filled)],
) -> Response:
    """The step is taken, and the case is shown as it stands now; or it is shown with the reason and with what was typed."""
    try:
        asked = StepTaken(
            proceeding_id=key_of(proceeding),
            step=step,
            fields=said.facts(),
            evidence=said.filed,
            opinion=said.opinion,
            expected_revision=_revision(said.typed.get("revision", "")),
            key=said.key,
            papers=papers_of(runtime, actor, said),
        )

        def taken() -> dict[str, Any]:
            with runtime.writing(actor, "step") as unit:
                return take_step(unit, asked)

        done = again(taken)
    except Fault as fault:
        if fault.family in ELSEWHERE:
            raise
        return case_shown(
            request, runtime, actor, spoken, id, tried=Tried(proceeding, step, said.typed), fault=fault
        )
    return to_case(done)


def to_case(done: Mapping[str, Any]) -> Response:
    """On to the page of the case, at the proceeding that has moved. `Any`: JSON."""
    return RedirectResponse(f"/cases/{done['case']}?done={done['proceeding']}#p{done['proceeding']}", 303)


def papers_of(runtime: Runtime, actor: Actor, said: Filled) -> list[Sound]:
    """Each paper after a hard look; a Fault names the control that brought it."""
    found = []
    for one in said.brought:
        try:
            found.append(
                look(
                    runtime,
                    actor,
                    kind=one.kind,
                    number=said.typed.get(f"number.{one.kind}") or None,
                    issued_on=None,
                    name=one.name,
                    media=one.media,
                    content=one.content,
                )
            )
        except Fault as fault:
            fault.field = f"{'number' if fault.field == 'number' else 'paper'}.{one.kind}"
            raise
    return found


def _revision(said: str) -> int | None:
    return int(said) if re.fullmatch(r"[0-9]{1,9}", said) else None
