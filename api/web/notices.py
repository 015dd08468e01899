"""Notices (通报) that came to the reader's body or that it sent: read, acknowledged (签收), answered (答复)."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import LanguageDep, RuntimeDep
from api.web.render import body_called, local_time
from api.web.session import OneUnit, posted, shown, with_fault
from api.web.take_out import Sheet, take_out
from services.access.permissions import permits
from services.actor import Actor
from services.db.queries.arrivals import arrivals
from services.db.queries.channels import given_up, told_of
from services.db.queries.noticebox import BOXES, notices
from services.db.queries.page import key_of, one_of
from services.db.queries.worklist import owed_by_others
from services.notices.respond import OUTCOMES, acknowledge, answer
from services.runtime import Runtime, Unit
from workflows.errors import Family, Fault
from workflows.notices import ASKING
from workflows.words import Text

router = APIRouter(prefix="/notices", route_class=OneUnit, default_response_class=HTMLResponse)

Recipient = Annotated[Actor, shown("notices.act")]

#: Told on the list itself; whatever else goes wrong has a page of its own.
_HERE = frozenset({Family.STALE, Family.CONFLICT, Family.REFUSED, Family.BAD_INPUT})


@router.get("")
def notice_list(
    request: Request,
    runtime: RuntimeDep,
    actor: Annotated[Actor, shown("notices.read")],
    box: str = "in",
    status: str = "",
    cursor: str | None = None,
) -> Response:
    """The notices of one box, the newest first."""
    return _list(request, runtime, actor, box, cursor, status=status)


_COLUMNS = (
    (Text("通报", "Notice"), 30),
    (Text("送达时间", "Delivered at"), 18),
    (Text("企业", "Enterprise"), 32),
    (Text("统一社会信用代码", "Credit code"), 22),
)
SHEETS = {
    "in": Sheet(
        "notices-in",
        "notices",
        Text("收到的通报", "Notices received"),
        (*_COLUMNS, (Text("来自", "From"), 26), (Text("状态", "Status"), 14)),
    ),
    "out": Sheet(
        "notices-out",
        "notices",
        Text("发出的通报", "Notices sent"),
        (*_COLUMNS, (Text("发往", "To"), 26), (Text("状态", "Status"), 14)),
    ),
}
STATUS = {
    "delivered": Text("待签收", "to be acknowledged"),
    "acknowledged": Text("已签收", "acknowledged"),
    "answered": Text("已答复", "answered"),
}
ON_ITS_WAY = Text("待送达", "on its way")


@router.get("/export.xlsx")
def export(
    runtime: RuntimeDep,
    actor: Annotated[Actor, shown("notices.read")],
    spoken: LanguageDep,
    box: str = "in",
    status: str = "",
) -> Response:
    """What the list shows, all of its pages, as a workbook."""
    one_of("box", box, BOXES)

    def row(unit: Unit, one: Mapping[str, Any]) -> list[str]:
        """`Any`: a notice of the list."""
        other = one["sender" if box == "in" else "recipient"]["body"]
        at, told = one["delivered_at"], STATUS.get(one["status"], ON_ITS_WAY)
        return [
            one["label"][spoken],
            local_time(at, unit.runtime.settings.zone) if at else "",
            one["payload"].get("name", ""),
            one["payload"].get("uscc") or "",
            body_called(unit.runtime, other) if other else "",
            told.as_dict()[spoken],
        ]

    def read(unit: Unit, cursor: str | None) -> Mapping[str, Any]:
        """`Any`: JSON."""
        return notices(unit, box, status or None, cursor)

    return take_out(runtime, actor, spoken, SHEETS[box], read, row)


Posted = Annotated[dict[str, str], posted("outcome", "reason")]


@router.post("/{id}/acknowledge")
def post_acknowledge(
    id: str,  # noqa: A002
    request: Request,
    runtime: RuntimeDep,
    actor: Recipient,
) -> Response:
    """The notice is acknowledged."""
    return _done(request, runtime, actor, lambda unit: acknowledge(unit, key_of(id)))


@router.post("/{id}/answer")
def post_answer(
    id: str,  # noqa: A002
    request: Request,
    runtime: RuntimeDep,
    actor: Recipient,
    said: Posted,
) -> Response:
    """The notice is answered, with the reason."""
    outcome, reason = said["outcome"], said["reason"].replace("\r\n", "\n")
    return _done(
        request, runtime, actor, lambda unit: answer(unit, key_of(id), outcome, reason), tried=(id, said)
    )


def _done(
    request: Request,
    runtime: Runtime,
    actor: Actor,
    act: Callable[[Unit], None],
    tried: tuple[str, dict[str, str]] | None = None,
) -> Response:
    try:
        with runtime.writing(actor) as unit:
            act(unit)
    except Fault as fault:
        if fault.family not in _HERE:
            raise
        return _list(request, runtime, actor, "in", None, fault, tried)
    return RedirectResponse("/notices", 303)


def _list(
    request: Request,
    runtime: Runtime,
    actor: Actor,
    box: str,
    cursor: str | None,
    fault: Fault | None = None,
    tried: tuple[str, dict[str, str]] | None = None,
    status: str = "",
) -> Response:
    with runtime.reading(actor) as unit:
        found = notices(unit, box, status or None, cursor)
        since = arrivals(unit)
        received = [int(one["id"]) for one in found["items"]] if box == "in" else []
        told, lost = told_of(unit, received) if received else {}, given_up(unit)
        sent = [one["proceeding"] for one in found["items"] if box == "out" and one["proceeding"]]
        owed = owed_by_others(unit, sent) if sent and permits(actor.kind, "work.act") else {}
    return with_fault(
        request,
        "notices.html",
        fault,
        here="/notices",
        actor=actor,
        box=box,
        boxes=BOXES,
        owed=owed,
        told=told,
        lost=lost,
        since=since,
        asked_status=status,
        asking=ASKING,
        outcomes=tuple(OUTCOMES),
        may_act=box == "in" and permits(actor.kind, "notices.act"),
        tried=tried,
        **found,
    )
