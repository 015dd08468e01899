"""A case on a day that is past, and what had changed by another: the two side by side, told from the history."""

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.deps import RuntimeDep
from api.web.render import page
from api.web.session import OneUnit, shown
from services.actor import Actor
from services.db.queries.as_of import as_of, between, days
from services.db.queries.casebook import head_of, seen
from services.db.queries.page import key_of
from services.runtime import Unit
from workflows.errors import Fault
from workflows.plain import day_of

router = APIRouter(prefix="/cases", route_class=OneUnit, default_response_class=HTMLResponse)


@router.get("/{id}/as-of")
def as_of_page(
    request: Request,
    runtime: RuntimeDep,
    actor: Annotated[Actor, shown("history.read")],
    id: str,  # noqa: A002
    day: str = "",
    then: str = "",
) -> Response:
    """`day` and `then`: two days, the earlier one first; without them, the day before the last line was written, and today."""
    with runtime.reading(actor) as unit:
        case = key_of(id)
        told = head_of(unit, seen(unit, case))
        written = days(unit, case)
        first = _day("day", day) or (written[-1] if written else unit.today) - timedelta(days=1)
        last = _day("then", then) or unit.today
        if last < first:
            first, last = last, first
        return page(
            request,
            "as_of.html",
            actor=actor,
            case=told,
            first=first.isoformat(),
            last=last.isoformat(),
            written=[one.isoformat() for one in written],
            rows=_side_by_side(unit, case, first, last),
            lines=between(unit, case, first, last),
        )


def _side_by_side(unit: Unit, case: int, first: date, last: date) -> list[dict[str, Any]]:
    """Each proceeding as it stood on both days; `facts` are those that differ. `Any`: JSON."""
    before = {one["id"]: one for one in as_of(unit, case, first)}
    rows = []
    for now in as_of(unit, case, last):
        old = before.get(now["id"])
        facts = old["facts"] if old else {}
        changed = [
            {
                "label": fact["label"],
                "before": facts[name]["value"] if name in facts else None,
                "now": fact["value"],
            }
            for name, fact in now["facts"].items()
            if facts.get(name) != fact
        ]
        rows.append({"title": now["title"], "before": old, "now": now, "facts": changed})
    return rows


def _day(name: str, said: str) -> date | None:
    if not said:
        return None
    found = day_of(said)
    if found is None or not date(1949, 10, 1) <= found < date(9000, 1, 1):
        raise Fault("parameter_bad", field=name, name=name, zh="应写作 2019-01-02", en="write 2019-01-02")
    return found
