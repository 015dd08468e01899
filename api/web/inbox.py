"""The inbox (待办): what is owed, the most pressing first; claimed, given back, passed on and urged, one by one or many at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import LanguageDep, RuntimeDep
from api.exact import form
from api.language import Language
from api.web.lamps import BAND_WORDS, DONE_LATE
from api.web.render import body_called, local_time
from api.web.session import OneUnit, PageRoute, posted, shown, with_fault
from api.web.take_out import Sheet, take_out
from services.access.permissions import permits
from services.access.substitutes import substitutions
from services.actor import Actor
from services.cases.work_items import claim, reassign, release, urge
from services.db.again import again
from services.db.queries.arrivals import arrivals
from services.db.queries.page import ITEMS, key_of
from services.db.queries.urgency import BANDS
from services.db.queries.worklist import VIEWS, Asked, colleagues, pressing, tallies
from services.runtime import Runtime, Unit
from services.saved_views import drop_view, save_view, saved_views
from workflows.errors import Family, Fault
from workflows.words import Text

router = APIRouter(prefix="/work-items", route_class=OneUnit, default_response_class=HTMLResponse)
#: What is several units of work: each item chosen is done, or not done, by itself.
many = APIRouter(prefix="/work-items", route_class=PageRoute, default_response_class=HTMLResponse)

Reader = Annotated[Actor, shown("work.read")]
Holder = Annotated[Actor, shown("work.act")]

_HERE = frozenset({Family.STALE, Family.CONFLICT, Family.REFUSED, Family.BAD_INPUT, Family.TOO_MANY})


def filters(
    view: str = "unit", status: str = "open", band: str = "", procedure: str = "", free: str = ""
) -> Asked:
    """What the address asks for."""
    return Asked(view, status, band, procedure, free == "true")


AskedDep = Annotated[Asked, Depends(filters)]


@router.get("")
def inbox(
    request: Request, runtime: RuntimeDep, actor: Reader, asked: AskedDep, cursor: str | None = None
) -> Response:
    """The items that are asked for."""
    return _inbox(request, runtime, actor, asked, cursor)


@router.get("/export.xlsx")
def export(runtime: RuntimeDep, actor: Reader, asked: AskedDep, spoken: LanguageDep) -> Response:
    """What the page shows, all of its pages, as a workbook."""
    sheet = OPEN_SHEET if asked.status == "open" else DONE_SHEET

    def row(unit: Unit, one: Mapping[str, Any]) -> list[str]:
        """`Any`: an item of the list."""
        kind = unit.runtime.law.current(one["procedure"]).label.as_dict()
        return [
            one["task"][spoken],
            kind[spoken],
            one["enterprise"]["name"],
            one["enterprise"]["uscc"] or "",
            one["number"],
            *_when(unit, one, spoken),
            body_called(unit.runtime, one["body"]) if one["body"] else "",
            one["assignee"] or "",
        ]

    return take_out(runtime, actor, spoken, sheet, lambda unit, cursor: pressing(unit, asked, cursor), row)


def _when(unit: Unit, one: Mapping[str, Any], spoken: Language) -> list[str]:
    """Its day, and how it stands to it: what is left, or when it was done and whether too late. `Any`: as above."""
    if one["status"] == "open":
        urged = local_time(one["urged_at"], unit.runtime.settings.zone) if one["urged_at"] else ""
        left = "" if one["left"] is None else str(one["left"])
        return [one["due_on"] or "", BAND_WORDS[one["band"]].as_dict()[spoken], left, urged]
    late = DONE_LATE.as_dict()[spoken] if one["late"] else ""
    return [one["due_on"] or "", local_time(one["closed_at"], unit.runtime.settings.zone), late]


_WHAT = (
    (Text("事项", "Task"), 30),
    (Text("种类", "Kind"), 14),
    (Text("企业", "Enterprise"), 32),
    (Text("统一社会信用代码", "Credit code"), 22),
    (Text("案卷号", "File"), 24),
    (Text("期限", "Due"), 12),
)
_WITH = ((Text("承办单位", "Body"), 26), (Text("承办人", "With"), 18))
OPEN_SHEET = Sheet(
    "work-items",
    "work items",
    Text("待办事项清单", "Work items"),
    (
        *_WHAT,
        (Text("缓急", "Urgency"), 12),
        (Text("剩余工作日", "Working days left"), 10),
        (Text("催办时间", "Urged at"), 18),
        *_WITH,
    ),
)
DONE_SHEET = Sheet(
    "work-items-done",
    "work items",
    Text("已办事项清单", "Work items that were done"),
    (*_WHAT, (Text("办结时间", "Done at"), 18), (Text("逾期办结", "Done late"), 12), *_WITH),
)


#: The filters of the list that a form was sent from; so one comes back to where one was.
FROM = ("view", "status", "band", "procedure", "free")
Posted = Annotated[dict[str, str], posted(*FROM, "account")]


@router.post("/{id}/claim")
def post_claim(id: str, request: Request, runtime: RuntimeDep, actor: Holder, said: Posted) -> Response:  # noqa: A002
    """The item is the reader's own (签收)."""
    return _done(request, runtime, actor, said, lambda unit: claim(unit, key_of(id)))


@router.post("/{id}/release")
def post_release(id: str, request: Request, runtime: RuntimeDep, actor: Holder, said: Posted) -> Response:  # noqa: A002
    """The item is nobody's again (退回)."""
    return _done(request, runtime, actor, said, lambda unit: release(unit, key_of(id)))


@router.post("/{id}/reassign")
def post_reassign(id: str, request: Request, runtime: RuntimeDep, actor: Holder, said: Posted) -> Response:  # noqa: A002
    """The item is a colleague's (转办)."""
    return _done(request, runtime, actor, said, lambda unit: reassign(unit, key_of(id), said["account"]))


@router.post("/{id}/urge")
def post_urge(id: str, request: Request, runtime: RuntimeDep, actor: Holder, said: Posted) -> Response:  # noqa: A002
    """The body that holds the item is urged (催办)."""
    return _done(request, runtime, actor, said, lambda unit: urge(unit, key_of(id)))


async def _chosen(request: Request, actor: Holder) -> tuple[dict[str, str], list[str]]:
    """The form under the list: what to do, and every item that was ticked. Asynchronous because a body is read as it arrives."""
    known = (*FROM, "account", "act")
    async with form(request, "application/x-www-form-urlencoded", *known, many="item", fields=ITEMS) as said:
        return {name: str(said.get(name, "")) for name in known}, [str(one) for one in said.getlist("item")]


@many.post("/chosen")
def post_chosen(
    request: Request,
    runtime: RuntimeDep,
    actor: Holder,
    sent: Annotated[tuple[dict[str, str], list[str]], Depends(_chosen)],
) -> Response:
    """Each ticked item is claimed or passed on by itself; which were not, and why, is told."""
    said, items = sent
    asked = _asked(said)
    if not items:
        return _inbox(request, runtime, actor, asked, None, Fault("nothing_chosen"))
    refused: list[Fault] = []

    def act(item: int) -> None:
        with runtime.writing(actor) as unit:
            if said["act"] == "reassign":
                reassign(unit, item, said["account"])
            else:
                claim(unit, item)

    for one in items:
        try:
            again(partial(act, key_of(one)))
        except Fault as fault:
            if fault.family not in (*_HERE, Family.NOT_FOUND, Family.NOT_YOURS):
                raise
            refused.append(fault)
    return _inbox(request, runtime, actor, asked, None, together=(len(items), refused))


@router.post("/views")
def post_view(
    request: Request,
    runtime: RuntimeDep,
    actor: Reader,
    said: Annotated[dict[str, str], posted(*FROM, "name")],
) -> Response:
    """The filters in use are kept under a name."""
    asked = _asked(said)
    return _done(request, runtime, actor, said, lambda unit: save_view(unit, said["name"], query_of(asked)))


@router.post("/views/{id}/drop")
def drop(
    id: str,  # noqa: A002
    request: Request,
    runtime: RuntimeDep,
    actor: Reader,
    said: Annotated[dict[str, str], posted(*FROM)],
) -> Response:
    """The kept filters are forgotten."""
    return _done(request, runtime, actor, said, lambda unit: drop_view(unit, key_of(id)))


def query_of(asked: Asked) -> str:
    """The part of an address that asks for this, without what is so anyway."""
    usual = asdict(Asked())
    return urlencode(
        {name: str(value).lower() for name, value in asdict(asked).items() if value != usual[name]}
    )


def _asked(said: dict[str, str]) -> Asked:
    """The filters that stand in a form of ours; what is none of them is as if it were not there."""
    return Asked(
        view=said["view"] if said["view"] in VIEWS else "unit",
        status=said["status"] if said["status"] == "done" else "open",
        band=said["band"] if said["band"] in BANDS else "",
        procedure=said["procedure"],
        free=said["free"] == "true",
    )


def _done(
    request: Request, runtime: Runtime, actor: Actor, said: dict[str, str], act: Callable[[Unit], None]
) -> Response:
    """Back to the list it was done from; or that list with the reason why not."""
    asked = _asked(said)
    try:
        with runtime.writing(actor) as unit:
            act(unit)
    except Fault as fault:
        if fault.family not in _HERE:
            raise
        return _inbox(request, runtime, actor, asked, None, fault)
    return RedirectResponse(f"/work-items?{query_of(asked)}".rstrip("?"), 303)


def _inbox(
    request: Request,
    runtime: Runtime,
    actor: Actor,
    asked: Asked,
    cursor: str | None,
    fault: Fault | None = None,
    together: tuple[int, Sequence[Fault]] | None = None,
) -> Response:
    may_act = permits(actor.kind, "work.act")
    with runtime.reading(actor) as unit:
        found = pressing(unit, asked, cursor)
        counts = tallies(unit, asked) if asked.status == "open" else {}
        others = colleagues(unit) if may_act else []
        kept = saved_views(unit)
        since = arrivals(unit)
        absent = [
            one["away"] for one in substitutions(unit)["others"] if one["from_on"] <= unit.today.isoformat()
        ]
    kinds = {one.name: one.label.as_dict() for one in runtime.law.definitions}
    return with_fault(
        request,
        "inbox.html",
        fault,
        here="/work-items",
        actor=actor,
        asked=asked,
        sent=asdict(asked) | {"free": "true" if asked.free else ""},
        query=query_of(asked),
        views=VIEWS,
        bands=BANDS,
        counts=counts,
        since=since,
        kinds=kinds,
        colleagues=others,
        kept=kept,
        absent=absent,
        may_act=may_act and asked.status == "open",
        together=None if together is None else (together[0], [one.text.as_dict() for one in together[1]]),
        **found,
    )
