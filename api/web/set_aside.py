"""What waits for a person (待定属地, 已隔离): events that nobody could place, and rows that would not go; each for who has its right."""

import unicodedata
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import RuntimeDep
from api.refusals import written
from api.web.session import OneUnit, PageRoute, posted, shown, with_fault
from services.access.permissions import permits
from services.actor import Actor
from services.db.queries.page import after, key_of, one_of
from services.directory.bodies import NATION
from services.directory.divisions import Division, below, find
from services.directory.scope import covers
from services.intake.dead_letters import dead_letters, drop, send_again
from services.intake.triage import place, waiting
from services.quarantine import set_aside, try_again
from services.runtime import Runtime, Unit
from workflows.errors import Family, Fault

router = APIRouter(prefix="/set-aside", route_class=OneUnit, default_response_class=HTMLResponse)

Placer = Annotated[Actor, shown("triage.place")]
Mender = Annotated[Actor, shown("quarantine.retry")]

_HERE = frozenset({Family.STALE, Family.CONFLICT, Family.REFUSED, Family.BAD_INPUT, Family.NOT_YOURS})
#: So many are shown on a page.
MOST = 50
_DONE = ("", "placed", "again", "sent", "dropped")


@router.get("")
def set_aside_page(
    request: Request, runtime: RuntimeDep, actor: Placer, done: str = "", cursor: str | None = None
) -> Response:
    """What waits in the reader's jurisdiction, with the forms to deal with it."""
    return _page(request, runtime, actor, done=one_of("done", done, _DONE), since=after(cursor) or 0)


@router.post("/{id}/place")
def post_place(
    id: str,  # noqa: A002
    request: Request,
    runtime: RuntimeDep,
    actor: Placer,
    said: Annotated[dict[str, str], posted("division")],
) -> Response:
    """The event is placed, and its case opened then."""
    typed = said["division"][:20]
    division = unicodedata.normalize("NFKC", typed).strip()

    def placed(unit: Unit) -> None:
        place(unit, key_of(id), division)

    return _done(request, runtime, actor, placed, "placed", tried=(id, typed), since=key_of(id) - 1)


@router.post("/{drain}/{id}/retry")
def post_retry(
    drain: str,
    id: str,  # noqa: A002
    request: Request,
    runtime: RuntimeDep,
    actor: Mender,
) -> Response:
    """The row is tried again."""
    return _done(request, runtime, actor, lambda unit: try_again(unit, drain, key_of(id)), "again")


#: What is several units of work: a message is taken in by itself, as it was when it came.
letters = APIRouter(prefix="/set-aside", route_class=PageRoute, default_response_class=HTMLResponse)


@letters.post("/letters/{id}/send")
def post_send(id: str, request: Request, runtime: RuntimeDep, actor: Mender) -> Response:  # noqa: A002
    """The message is sent again."""
    try:
        send_again(runtime, actor, key_of(id))
    except Fault as fault:
        if fault.family not in _HERE or fault.code == "not_permitted":
            raise
        return _page(request, runtime, actor, fault=fault)
    return RedirectResponse("/set-aside?done=sent", 303)


@router.post("/letters/{id}/drop")
def post_drop(id: str, request: Request, runtime: RuntimeDep, actor: Mender) -> Response:  # noqa: A002
    """Nobody deals with the message any more."""
    return _done(request, runtime, actor, lambda unit: drop(unit, key_of(id)), "dropped")


def _done(
    request: Request,
    runtime: Runtime,
    actor: Actor,
    act: Callable[[Unit], None],
    done: str,
    tried: tuple[str, str] | None = None,
    since: int = 0,
) -> Response:
    """Back to what waits; or there with the reason why not, and what was typed in the first place."""
    try:
        with runtime.writing(actor) as unit:
            act(unit)
    except Fault as fault:
        if fault.family not in _HERE or fault.code == "not_permitted":
            raise
        return _page(request, runtime, actor, fault=written(request, fault), tried=tried, since=since)
    return RedirectResponse(f"/set-aside?done={done}", 303)


def _page(
    request: Request,
    runtime: Runtime,
    actor: Actor,
    *,
    done: str = "",
    fault: Fault | None = None,
    tried: tuple[str, str] | None = None,
    since: int = 0,
) -> Response:
    with runtime.reading(actor) as unit:
        unplaced = waiting(unit, MOST + 1, since)
    quarantine = dead = None
    if permits(actor.kind, "quarantine.retry") and covers(actor.division, NATION):
        with runtime.reading(actor) as unit:
            quarantine, dead = set_aside(unit), dead_letters(unit)
    return with_fault(
        request,
        "set_aside.html",
        fault,
        here="/set-aside",
        actor=actor,
        done=done,
        unplaced=unplaced[:MOST],
        next=str(unplaced[MOST - 1]["id"]) if len(unplaced) > MOST else None,
        divisions=_places(actor.division),
        quarantine=quarantine,
        letters=dead,
        tried=tried,
    )


def _places(division: str) -> list[Division]:
    """What may be said of a place in the reader's jurisdiction: it, what lies below it, and what lies below that, down to towns
    where a county asks. A whole country is not laid out."""
    if division == NATION:
        return []
    here = find(division)
    lower = below(division)
    towns = [town for county in lower for town in below(county.code)] if len(lower) < 30 else []
    return [*([here] if here else []), *lower, *towns]
