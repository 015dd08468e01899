"""What a place has decided, to be read by everybody: each value in words, with the edition that it was inherited from and its source."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.deps import RuntimeDep
from api.web.session import OneUnit, shown, with_fault
from services.actor import Actor
from services.editions import decided_in
from services.runtime import Runtime
from workflows.errors import Family, Fault
from workflows.plain import day_of
from workflows.policies.labels import GROUPS, LABELS, source_text, value_text
from workflows.policies.model import NATION, Setting
from workflows.words import Text

router = APIRouter(prefix="/admin/policies", route_class=OneUnit, default_response_class=HTMLResponse)


@router.get("")
def policies(
    request: Request,
    runtime: RuntimeDep,
    actor: Annotated[Actor, shown("policies.read")],
    division: str = "",
    on: str = "",
) -> Response:
    """What holds at a place on a day; where nothing is asked for, at the reader's own today."""
    with runtime.reading(actor) as unit:
        today = unit.today.isoformat()
    asked = {"division": division.strip() or actor.division, "on": on.strip() or today}
    try:
        found, fault = _in_force(runtime, **asked), None
    except Fault as wrong:
        if wrong.family is not Family.BAD_INPUT:
            raise
        found, fault = {"editions": [], "groups": []}, wrong
    return with_fault(request, "admin/policies.html", fault, actor=actor, asked=asked, nation=NATION, **found)


def _in_force(runtime: Runtime, division: str, on: str) -> dict[str, Any]:
    """The editions in the order in which each overrules those before it, and every value by what it is about. `Any`: what the
    template shows."""
    place, day, book = decided_in(division), day_of(on), runtime.policies
    if day is None or day < book.first:
        raise Fault(
            "parameter_bad",
            field="on",
            name="on",
            zh=f"应为{book.first}或以后的日期，写作2026-11-21",
            en=f"it must be a day, {book.first} or later, written 2026-11-21",
        )
    editions = book.in_force(place, day)
    settings: dict[str, list[dict[str, Any]]] = {}
    for one in book.policy(place, day).all():
        settings.setdefault(one.key.partition(".")[0], []).append(_told(one))
    return {
        "editions": [
            {
                "division": one.division,
                "effective": one.effective.isoformat(),
                "title": Text.read(one.title).as_dict(),
            }
            for one in editions
        ],
        "groups": [(label.as_dict(), settings[name]) for name, label in GROUPS.items() if name in settings],
    }


def _told(one: Setting) -> dict[str, Any]:
    """`Any`: what the template shows."""
    return {
        "label": LABELS[one.key].as_dict(),
        "value": value_text(one.value).as_dict(),
        "source": source_text(one.source).as_dict(),
        "division": one.division,
        "effective": one.effective.isoformat(),
    }
