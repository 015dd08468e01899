"""The years of the working calendar: in force, with what they rest on; and a new year's notice, by which every open deadline is
counted again."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import UploadFile

from api.deps import RuntimeDep
from api.exact import MULTIPART, form
from api.web.render import page
from api.web.session import OneUnit, shown, with_fault
from services.actor import Actor
from services.db.queries.offices import uncounted, years
from services.deadlines.calendars import LARGEST, import_year, sheet_text
from services.directory.bodies import NATION
from services.directory.scope import covers
from services.runtime import Runtime
from workflows.errors import Family, Fault

router = APIRouter(prefix="/admin/calendars", route_class=OneUnit, default_response_class=HTMLResponse)

Keeper = Annotated[Actor, shown("calendars.import")]


@router.get("")
def calendar_list(request: Request, runtime: RuntimeDep, actor: Keeper) -> Response:
    """The years in force."""
    return _list(request, runtime, actor)


async def _sheet(request: Request, actor: Keeper) -> bytes | None:
    """The file that was brought. Asynchronous because a body is read as it arrives."""
    async with form(request, MULTIPART, "sheet", files=1) as said:
        brought = said.get("sheet")
        return await brought.read(LARGEST + 1) if isinstance(brought, UploadFile) else None


@router.post("")
def bring(
    request: Request,
    runtime: RuntimeDep,
    actor: Keeper,
    sheet: Annotated[bytes | None, Depends(_sheet)],
) -> Response:
    """The year is on file, in place of any other, and no open deadline rests on an older calendar."""
    try:
        if not sheet:
            raise Fault("field_missing", field="sheet", zh="日历文件", en="the calendar's file")
        text = sheet_text(sheet)
        with runtime.writing(actor) as unit:
            counts = import_year(unit, text)
    except Fault as fault:
        if fault.family is not Family.BAD_INPUT:
            raise
        return _list(request, runtime, actor, fault=fault)
    return _list(request, runtime, actor, counts=counts)


@router.get("/{year}")
def year_page(year: str, request: Request, runtime: RuntimeDep, actor: Keeper) -> Response:
    """The days off and the make-up working days of one year."""
    with runtime.reading(actor) as unit:
        tables = runtime.calendar(unit.db).tables
    table = tables.get(int(year)) if year.isascii() and year.isdigit() and len(year) == 4 else None
    if table is None:
        raise Fault("not_found")
    rest = [(day.isoformat(), table.rest[day].as_dict()) for day in sorted(table.rest)]
    work = [day.isoformat() for day in sorted(table.work)]
    return page(request, "admin/year.html", actor=actor, table=table, rest=rest, work=work)


def _list(
    request: Request,
    runtime: Runtime,
    actor: Actor,
    *,
    fault: Fault | None = None,
    counts: dict[str, int] | None = None,
) -> Response:
    with runtime.reading(actor) as unit:
        found, waiting, this_year = years(unit), uncounted(unit), unit.today.year
    return with_fault(
        request,
        "admin/calendars.html",
        fault,
        here="/admin/calendars",
        actor=actor,
        years=found,
        waiting=waiting,
        missing=[year for year in (this_year, this_year + 1) if year not in {one["year"] for one in found}],
        counts=counts,
        may_import=covers(actor.division, NATION),
    )
