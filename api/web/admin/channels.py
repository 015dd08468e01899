"""The channels by which the bodies of the administrator's divisions are told: added, tried, switched off, and what went over them."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import RuntimeDep
from api.web.session import OneUnit, PageRoute, posted, shown, with_fault
from services.actor import Actor
from services.channels.again import drop, retry
from services.channels.answer import Answer, in_words
from services.channels.keep import Wanted, add, switch_off, switch_on, tried
from services.channels.kinds import KINDS
from services.db.queries.channels import STATES, channel, channels, deliveries, given_up
from services.db.queries.page import key_of
from services.runtime import Runtime, Unit
from workflows.errors import Family, Fault

router = APIRouter(prefix="/admin/channels", route_class=OneUnit, default_response_class=HTMLResponse)
#: A trial is two units of work with a server elsewhere in between: it is not done again by itself.
trials = APIRouter(prefix="/admin/channels", route_class=PageRoute, default_response_class=HTMLResponse)

Keeper = Annotated[Actor, shown("channels.manage")]

_HERE = frozenset({Family.BAD_INPUT, Family.CONFLICT, Family.REFUSED, Family.STALE})
_ASKED = ("body", "kind", "address", "secret", "quiet_from", "quiet_until", "digest_hour")
#: What was typed comes back to the form; a secret and what holds one do not.
_RETURNED = ("body", "kind", "quiet_from", "quiet_until", "digest_hour")


@router.get("")
def channel_list(request: Request, runtime: RuntimeDep, actor: Keeper, cursor: str | None = None) -> Response:
    """The channels, what was given up, and the form for a new one."""
    return _list(request, runtime, actor, cursor=cursor)


@router.post("")
def post_channel(
    request: Request,
    runtime: RuntimeDep,
    actor: Keeper,
    said: Annotated[dict[str, str], posted(*_ASKED)],
) -> Response:
    """What comes to the body is told there from now on."""
    try:
        with runtime.writing(actor) as unit:
            key = add(unit, Wanted(**said))
    except Fault as fault:
        if fault.family not in _HERE:
            raise
        return _list(request, runtime, actor, fault=fault, tried={name: said[name] for name in _RETURNED})
    return RedirectResponse(f"/admin/channels/{key}", 303)


@router.get("/{id}")
def channel_page(
    id: str,  # noqa: A002
    request: Request,
    runtime: RuntimeDep,
    actor: Keeper,
    state: str = "",
    cursor: str | None = None,
) -> Response:
    """One channel, and what went over it."""
    return _one(request, runtime, actor, key_of(id), state=state, cursor=cursor)


@trials.post("/{id}/test")
def post_test(
    id: str,  # noqa: A002
    request: Request,
    runtime: RuntimeDep,
    actor: Keeper,
) -> Response:
    """A trial has gone, and the page says how it went."""
    key = key_of(id)
    try:
        answer = tried(runtime, actor, key)
    except Fault as fault:
        if fault.family not in _HERE:
            raise
        return _one(request, runtime, actor, key, fault=fault)
    return _one(request, runtime, actor, key, answer=answer)


@router.post("/{id}/off")
def post_off(
    id: str,  # noqa: A002
    request: Request,
    runtime: RuntimeDep,
    actor: Keeper,
) -> Response:
    """Nothing goes there any more."""
    return _done(request, runtime, actor, key_of(id), lambda unit: switch_off(unit, key_of(id)))


@router.post("/{id}/on")
def post_on(
    id: str,  # noqa: A002
    request: Request,
    runtime: RuntimeDep,
    actor: Keeper,
) -> Response:
    """What comes from now on goes there again."""
    return _done(request, runtime, actor, key_of(id), lambda unit: switch_on(unit, key_of(id)))


@router.post("/{id}/{delivery}/retry")
def post_retry(
    id: str,  # noqa: A002
    delivery: str,
    request: Request,
    runtime: RuntimeDep,
    actor: Keeper,
) -> Response:
    """The message in which it went goes again."""
    return _done(request, runtime, actor, key_of(id), lambda unit: retry(unit, key_of(id), key_of(delivery)))


@router.post("/{id}/{delivery}/drop")
def post_drop(
    id: str,  # noqa: A002
    delivery: str,
    request: Request,
    runtime: RuntimeDep,
    actor: Keeper,
) -> Response:
    """The message in which it went is let be."""
    return _done(request, runtime, actor, key_of(id), lambda unit: drop(unit, key_of(id), key_of(delivery)))


def _done(
    request: Request, runtime: Runtime, actor: Actor, key: int, act: Callable[[Unit], object]
) -> Response:
    try:
        with runtime.writing(actor) as unit:
            act(unit)
    except Fault as fault:
        if fault.family not in _HERE or fault.code == "not_permitted":
            raise
        return _one(request, runtime, actor, key, fault=fault)
    return RedirectResponse(f"/admin/channels/{key}", 303)


def _list(
    request: Request,
    runtime: Runtime,
    actor: Actor,
    *,
    cursor: str | None = None,
    fault: Fault | None = None,
    tried: dict[str, str] | None = None,
) -> Response:
    with runtime.reading(actor) as unit:
        unit.runtime.roster.refresh(unit.db)
        found, lost = channels(unit, cursor), given_up(unit)
    return with_fault(
        request,
        "admin/channels.html",
        fault,
        here="/admin/channels",
        actor=actor,
        field=None if fault is None else fault.field,
        kinds={name: kind.label.as_dict() for name, kind in KINDS.items()},
        lost=lost,
        tried=tried or {},
        **found,
    )


def _one(
    request: Request,
    runtime: Runtime,
    actor: Actor,
    key: int,
    *,
    state: str = "",
    cursor: str | None = None,
    fault: Fault | None = None,
    answer: Answer | None = None,
) -> Response:
    with runtime.reading(actor) as unit:
        unit.runtime.roster.refresh(unit.db)
        one = channel(unit, key)
        if one is None:
            raise Fault("not_found")
        went: dict[str, Any] = deliveries(unit, key, state, cursor)  # Any: JSON
    return with_fault(
        request,
        "admin/channel.html",
        fault,
        here=f"/admin/channels/{key}",
        actor=actor,
        one=one,
        states=STATES,
        asked=state,
        answer=None if answer is None else in_words(answer.outcome, answer.code).as_dict(),
        is_delivered=answer is not None and answer.is_delivered,
        **went,
    )
