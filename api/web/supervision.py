"""Supervision (督办): how the bodies below stand, and the items behind every number; to be looked at, and urged where the law of
urging allows it."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import LanguageDep, RuntimeDep
from api.web.lamps import DONE_LATE, NO_BODY, cell_words, many
from api.web.render import local_time, page
from api.web.session import OneUnit, posted, shown, with_fault
from api.web.take_out import Sheet, take_out
from services.access.permissions import permits
from services.actor import Actor
from services.cases.work_items import urge
from services.db.queries.page import key_of, one_of
from services.db.queries.supervision import CELLS, NOBODY, board, supervised
from services.db.queries.urgency import BANDS
from services.runtime import Runtime, Unit
from workflows.errors import Family, Fault
from workflows.words import Text

router = APIRouter(prefix="/supervision", route_class=OneUnit, default_response_class=HTMLResponse)

Supervisor = Annotated[Actor, shown("supervision.read")]

_HERE = frozenset({Family.STALE, Family.CONFLICT, Family.REFUSED, Family.TOO_MANY})


@router.get("")
def supervision(
    request: Request, runtime: RuntimeDep, actor: Supervisor, cursor: str | None = None
) -> Response:
    """The bodies and their numbers."""
    with runtime.reading(actor) as unit:
        found, month = board(unit, cursor), unit.today.month
    return page(request, "supervision.html", actor=actor, cells=CELLS, nobody=NOBODY, month=month, **found)


@router.get("/export.xlsx")
def export(runtime: RuntimeDep, actor: Supervisor, spoken: LanguageDep) -> Response:
    """The board as a workbook."""
    with runtime.reading(actor) as unit:
        month = unit.today.month
    numbers = tuple((cell_words(cell, month), 12) for cell in CELLS)
    title = Text("督办：各单位办理情况", "Supervision: how the bodies stand")
    sheet = Sheet("supervision", "supervision", title, ((Text("单位", "Body"), 32), *numbers))

    def row(_: Unit, one: Mapping[str, Any]) -> list[str]:
        """`Any`: a body and its numbers."""
        counted = [many(one[cell]).as_dict()[spoken] for cell in CELLS]
        return [one["name"] or NO_BODY.as_dict()[spoken], *counted]

    return take_out(runtime, actor, spoken, sheet, board, row)


_ITEM = (
    (Text("事项", "Task"), 30),
    (Text("种类", "Kind"), 14),
    (Text("企业", "Enterprise"), 32),
    (Text("统一社会信用代码", "Credit code"), 22),
    (Text("期限", "Due"), 12),
)
_STANDS = ((Text("剩余工作日", "Working days left"), 10), (Text("催办时间", "Urged at"), 18))
_STOOD = ((Text("办结时间", "Done at"), 18), (DONE_LATE, 12))
_WITH = (Text("承办人", "With"), 18)


@router.get("/items/export.xlsx")
def export_items(
    runtime: RuntimeDep, actor: Supervisor, spoken: LanguageDep, body: str = NOBODY, band: str = "overdue"
) -> Response:
    """The items behind one number, as a workbook."""
    one_of("band", band, CELLS)
    with runtime.reading(actor) as unit:
        unit.runtime.roster.refresh(unit.db)
    known = runtime.roster.by_code(body)
    if body != NOBODY and known is None:
        raise Fault("not_found")
    who = Text(known.name, known.name) if known is not None else NO_BODY
    cell = cell_words(band)
    title = Text(f"督办：{who.zh}，{cell.zh}", f"Supervision: {who.en}, {cell.en}")
    columns = (*_ITEM, *(_STANDS if band in BANDS else _STOOD), _WITH)

    def row(unit: Unit, one: Mapping[str, Any]) -> list[str]:
        """`Any`: an item of the list."""
        zone, urged = unit.runtime.settings.zone, one["urged_at"]
        if band in BANDS:
            left = "" if one["left"] is None else str(one["left"])
            stands = [left, local_time(urged, zone) if urged else ""]
        else:
            stands = [local_time(one["closed_at"], zone), DONE_LATE.as_dict()[spoken] if one["late"] else ""]
        return [
            one["task"][spoken],
            unit.runtime.law.current(one["procedure"]).label.as_dict()[spoken],
            one["enterprise"]["name"],
            one["enterprise"]["uscc"] or "",
            one["due_on"] or "",
            *stands,
            one["assignee"] or "",
        ]

    def read(unit: Unit, cursor: str | None) -> Mapping[str, Any]:
        """`Any`: JSON."""
        return supervised(unit, body, band, cursor)

    sheet = Sheet("supervised-items", "supervision", title, columns)
    return take_out(runtime, actor, spoken, sheet, read, row)


@router.get("/items")
def items(
    request: Request,
    runtime: RuntimeDep,
    actor: Supervisor,
    body: str = NOBODY,
    band: str = "overdue",
    cursor: str | None = None,
) -> Response:
    """The items behind one number."""
    return _items(request, runtime, actor, body, band, cursor)


@router.post("/items/{id}/urge")
def post_urge(
    id: str,  # noqa: A002
    request: Request,
    runtime: RuntimeDep,
    actor: Annotated[Actor, shown("work.act")],
    said: Annotated[dict[str, str], posted("body", "band")],
) -> Response:
    """The body that holds the item is urged (催办); back to the list that it was done from, or that list with the reason why not."""
    band = said["band"] if said["band"] in CELLS else "overdue"
    try:
        with runtime.writing(actor) as unit:
            urge(unit, key_of(id))
    except Fault as fault:
        if fault.family not in _HERE or not permits(actor.kind, "supervision.read"):
            raise
        return _items(request, runtime, actor, said["body"], band, None, fault)
    return RedirectResponse(f"/supervision/items?body={said['body']}&band={band}", 303)


def _items(
    request: Request,
    runtime: Runtime,
    actor: Actor,
    body: str,
    band: str,
    cursor: str | None,
    fault: Fault | None = None,
) -> Response:
    with runtime.reading(actor) as unit:
        found = supervised(unit, body, band, cursor)
    kinds = {one.name: one.label.as_dict() for one in runtime.law.definitions}
    return with_fault(
        request,
        "supervised.html",
        fault,
        here="/supervision/items",
        actor=actor,
        held_by=body,
        nobody=NOBODY,
        band=band,
        cells=CELLS,
        is_open=band in BANDS,
        may_act=permits(actor.kind, "work.act"),
        kinds=kinds,
        **found,
    )
