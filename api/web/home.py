"""The workbench (工作台): how much is owed and how pressing it is, what comes first, what others urge. Administrators see
what they do on pages, and by which commands on the machine itself."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.deps import RuntimeDep
from api.web.render import page
from api.web.session import OneUnit, shown
from services.access.permissions import RIGHTS, permits
from services.actor import Actor
from services.db.queries.arrivals import arrivals
from services.db.queries.channels import given_up
from services.db.queries.meetings import upcoming
from services.db.queries.noticebox import notices, unacknowledged
from services.db.queries.worklist import Asked, pressing, tallies, urged
from services.runtime import Unit
from workflows.words import Text

router = APIRouter(route_class=OneUnit, default_response_class=HTMLResponse)

#: How many items a person sees before he goes to the whole list.
FIRST = 10

#: What administrators do on pages, by the right to it: where, and by which command the same is done on the machine itself,
#: if by any.
ON_PAGES: dict[str, tuple[str, str | None]] = {
    "accounts.manage": ("/admin/accounts", "account"),
    "keys.manage": ("/admin/keys", "key"),
    "bodies.manage": ("/admin/bodies", "body"),
    "channels.manage": ("/admin/channels", None),
    "calendars.import": ("/admin/calendars", "calendar"),
    "templates.manage": ("/admin/templates", None),
    "triage.place": ("/set-aside", "triage"),
    "quarantine.retry": ("/set-aside", "quarantine"),
    "policies.read": ("/admin/policies", "policy show"),
}
#: What is done on the machine alone: the right to it, what it is, and the command.
COMMANDS = (
    ("accounts.manage", Text("给机关的机器发令牌", "give an office's machine its token"), "account token"),
    ("accounts.manage", Text("绑定单点登录身份", "bind an identity at the single sign-on"), "account bind"),
    ("accounts.manage", Text("解除单点登录身份", "unbind it"), "account unbind"),
    ("keys.manage", Text("生成一对签名密钥", "make a pair of signing keys"), "key pair"),
)


@router.get("/")
def home(request: Request, runtime: RuntimeDep, actor: Annotated[Actor, shown("home.read")]) -> Response:
    """The first page, for whoever is signed in."""
    if not permits(actor.kind, "work.read"):
        pages = [
            (RIGHTS[right].label.as_dict(), href, f"gongjian {command}" if command else "")
            for right, (href, command) in ON_PAGES.items()
            if permits(actor.kind, right)
        ]
        commands = [
            (label.as_dict(), f"gongjian {command}")
            for right, label, command in COMMANDS
            if permits(actor.kind, right)
        ]
        lost = 0
        if permits(actor.kind, "channels.manage"):
            with runtime.reading(actor) as unit:
                lost = given_up(unit)
        return page(request, "commands.html", actor=actor, pages=pages, commands=commands, lost=lost)
    with runtime.reading(actor) as unit:
        found = _owed(unit, actor)
    return page(request, "home.html", actor=actor, **found)


def _owed(unit: Unit, actor: Actor) -> dict[str, Any]:
    """`Any`: what the template shows."""
    own = Asked()
    reads = permits(actor.kind, "notices.read")
    return {
        "since": arrivals(unit),
        "counts": tallies(unit, own),
        "first": pressing(unit, own, size=FIRST)["items"],
        "urged": urged(unit),
        "unacknowledged": unacknowledged(unit) if reads else None,
        "meeting": upcoming(unit) if permits(actor.kind, "meetings.read") else None,
        "latest": notices(unit, "in")["items"][:5] if reads else [],
    }
