"""The ledger (存证账本): how many entries it has, who witnesses it, the checkpoint that one may keep elsewhere, and what proves that an entry
is in it."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.deps import RuntimeDep
from api.web.render import page
from api.web.session import OneUnit, shown
from services.actor import Actor
from services.db.queries.ledger import checkpoint, proof, witnessed, witnesses
from services.db.queries.page import key_of
from workflows.errors import Fault

router = APIRouter(prefix="/ledger", route_class=OneUnit, default_response_class=HTMLResponse)


@router.get("")
def ledger_page(
    request: Request, runtime: RuntimeDep, actor: Annotated[Actor, shown("ledger.read")]
) -> Response:
    """The newest checkpoint, and the witnesses; before the first entry there is none."""
    with runtime.reading(actor) as unit:
        try:
            newest = checkpoint(unit)
        except Fault as fault:
            if fault.code != "ledger_empty":
                raise
            newest = None
        return page(request, "ledger.html", actor=actor, newest=newest, witnesses=witnesses(unit))


@router.get("/entries/{number}")
def entry_page(
    request: Request, runtime: RuntimeDep, actor: Annotated[Actor, shown("ledger.read")], number: str
) -> Response:
    """An entry as it was written, and what proves that it is in the newest checkpoint."""
    with runtime.reading(actor) as unit:
        found = proof(unit, key_of(number))
        signed_for = witnessed(unit)
    return page(request, "entry.html", actor=actor, witnessed=signed_for, **found)
