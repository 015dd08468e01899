"""The cases: a list to search, one case with what may be done now, and the names that it hides until somebody says why he asks."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.deps import LanguageDep, RuntimeDep
from api.language import Language
from api.web.render import page
from api.web.session import OneUnit, posted, shown, with_fault
from services.access.permissions import permits
from services.actor import Actor
from services.cases.names_read import read_names
from services.db.queries.casebook import Wanted, cases
from services.db.queries.history import history
from services.db.queries.one_case import case
from services.db.queries.page import key_of
from services.runtime import Runtime
from workflows.errors import Fault

router = APIRouter(route_class=OneUnit, default_response_class=HTMLResponse)

Reader = Annotated[Actor, shown("cases.read")]


@dataclass(frozen=True, slots=True)
class Tried:
    """A step that was not taken, with what was typed into its form by the names of its controls."""

    proceeding: str
    step: str
    typed: Mapping[str, str]


@router.get("/cases")
def case_list(
    request: Request,
    runtime: RuntimeDep,
    actor: Reader,
    name: str = "",
    uscc: str = "",
    division: str = "",
    cursor: str | None = None,
) -> Response:
    """The cases of the reader's jurisdiction, and a search among them."""
    asked = Wanted(uscc=uscc, name=name, division=division)
    with runtime.reading(actor) as unit:
        found = cases(unit, asked, cursor)
    return page(request, "cases.html", actor=actor, asked=asked, **found)


@router.get("/cases/{id}")
def case_page(
    id: str,  # noqa: A002
    request: Request,
    runtime: RuntimeDep,
    actor: Reader,
    spoken: LanguageDep,
    cursor: str | None = None,
    done: str | None = None,
) -> Response:
    """One case: where it stands, until when and why, what is open to the reader, and how it came there."""
    return case_shown(request, runtime, actor, spoken, id, cursor=cursor, done=done)


def case_shown(
    request: Request,
    runtime: Runtime,
    actor: Actor,
    spoken: Language,
    id: str,  # noqa: A002
    *,
    cursor: str | None = None,
    done: str | None = None,
    tried: Tried | None = None,
    fault: Fault | None = None,
) -> Response:
    """The page of a case; after a step, with the proceeding that has moved in it (`done`), or with the reason why none has and
    everything that was typed."""
    with runtime.reading(actor) as unit:
        found: dict[str, Any] = case(unit, key_of(id), spoken)
        lines = history(unit, key_of(id), cursor=cursor)
    return with_fault(
        request,
        "case.html",
        fault,
        field=None if fault is None else fault.field,
        tried=tried,
        done=done,
        fresh=secrets.token_urlsafe(12),
        here=f"/cases/{id}",
        actor=actor,
        case=found,
        lines=lines["items"],
        next=lines["next"],
        may_ask=permits(actor.kind, "names.read"),
    )


@router.post("/cases/{id}/names")
def names_page(
    id: str,  # noqa: A002
    request: Request,
    runtime: RuntimeDep,
    actor: Annotated[Actor, shown("names.read")],
    said: Annotated[dict[str, str], posted("reason")],
) -> Response:
    """What the history hides because persons may stand in it; that it was seen, and why, stands in the journal."""
    why = said["reason"]
    with runtime.writing(actor) as unit:
        found = read_names(unit, key_of(id), why)
    return page(
        request, "names.html", here=f"/cases/{id}", actor=actor, case=id, why=why, items=found["items"]
    )
