"""The cases: a list to search, one case with what may be done now, and the names that it hides until somebody says why he asks."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.deps import LanguageDep, RuntimeDep
from api.drawing import can_draw, kept_svg
from api.language import Language
from api.v1.documents import saved
from api.web.render import page, place_called
from api.web.session import OneUnit, posted, shown, with_fault
from api.web.take_out import Sheet, take_out
from services.access.permissions import permits
from services.actor import Actor
from services.cases.names_read import read_names
from services.db.queries.casebook import Wanted, cases, seen
from services.db.queries.history import history
from services.db.queries.ledger import witnessed
from services.db.queries.meetings import meeting
from services.db.queries.one_case import case
from services.db.queries.page import key_of
from services.db.queries.papers import papers_of_case
from services.documents.store import fetch
from services.ledger import bundle as bundles
from services.runtime import Runtime, Unit
from workflows.diagrams import dot
from workflows.errors import Family, Fault
from workflows.main_line import ahead
from workflows.papers.forms import FORMS
from workflows.subjects import JOINT_MEETING, SUBJECTS
from workflows.words import Text

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
    return page(request, "cases.html", actor=actor, asked=asked, words=STATUS, **found)


SHEET = Sheet(
    "files",
    "files",
    Text("案卷清单", "Cases"),
    (
        (Text("企业或事项", "Enterprise or matter"), 32),
        (Text("统一社会信用代码或事项种类", "Credit code, or what it is about"), 22),
        (Text("案卷号", "File"), 24),
        (Text("区划", "Division"), 26),
        (Text("环节", "Where it stands"), 40),
        (Text("状态", "Status"), 12),
    ),
)
STATUS = {
    "open": Text("办理中", "open"),
    "settled": Text("已办妥", "settled"),
    "closed": Text("已办结", "closed"),
}
PAUSED = Text("歇业", "suspended")


@router.get("/cases/export.xlsx")
def export(
    runtime: RuntimeDep,
    actor: Reader,
    spoken: LanguageDep,
    name: str = "",
    uscc: str = "",
    division: str = "",
) -> Response:
    """What the list shows, all of its pages, as a workbook."""
    asked = Wanted(uscc=uscc, name=name, division=division)

    def row(unit: Unit, one: Mapping[str, Any]) -> list[str]:
        """`Any`: a file of the list."""
        enterprise, about = one["enterprise"], SUBJECTS[one["subject"]].label.as_dict()[spoken]
        unregistered = Text("未登记", "not registered yet").as_dict()[spoken]
        code = (enterprise["uscc"] or unregistered) if one["subject"] == "enterprise" else about
        stands = [f"{at['title'][spoken]}{COLON[spoken]}{at['label'][spoken]}" for at in one["proceedings"]]
        status = [STATUS[one["status"]].as_dict()[spoken]]
        status += [PAUSED.as_dict()[spoken]] if one["paused"] else []
        place = place_called(enterprise["division"])
        return [enterprise["name"], code, one["number"], place, "\n".join(stands), " · ".join(status)]

    return take_out(runtime, actor, spoken, SHEET, lambda unit, cursor: cases(unit, asked, cursor), row)


COLON = {"zh": "：", "en": ": "}


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
        meets = any(one["procedure"] == JOINT_MEETING.name for one in found["proceedings"])
        is_meeting = meets and permits(actor.kind, "meetings.read")
        table = meeting(unit, key_of(id)) if is_meeting else None
        lines = history(unit, key_of(id), cursor=cursor)
        signed_for = witnessed(unit)
        written = papers_of_case(unit, key_of(id)) if permits(actor.kind, "papers.write") else []
        is_late = tried is not None and fault is not None and fault.family is Family.STALE
        meanwhile = history(unit, key_of(id), cursor=_seen(tried))["items"] if is_late else []
    for one in found["proceedings"]:
        _drawn(runtime, one, lines["items"])
    found["proceedings"].sort(key=lambda one: _rank(actor, one))
    return with_fault(
        request,
        "case.html",
        fault,
        field=None if fault is None else fault.field,
        tried=tried,
        shown_again=tried is not None and _is_open(found, tried),
        meanwhile=meanwhile,
        witnessed=signed_for,
        done=done,
        seen=lines["items"][-1]["seq"] if lines["items"] else 0,
        papers=_papers(lines["items"]) if permits(actor.kind, "documents.read") else [],
        written=written,
        writes=_written_here(runtime, actor, found),
        forms=[one for one in FORMS.values() if actor.kind in one.kinds],
        fresh=secrets.token_urlsafe(12),
        here=f"/cases/{id}",
        actor=actor,
        case=found,
        meeting=table,
        lines=lines["items"],
        next=lines["next"],
        may_ask=permits(actor.kind, "names.read"),
        may_prove=permits(actor.kind, "ledger.read"),
        may_export=permits(actor.kind, "ledger.export"),
    )


def _drawn(runtime: Runtime, one: dict[str, Any], lines: Sequence[Mapping[str, Any]]) -> None:
    """What stands beside a proceeding on its page: the way it has come, as far as the lines shown tell, and how it goes on."""
    law = runtime.law.definition(one["procedure"], one["version"])
    came = [line["to"] for line in lines if line.get("proceeding") == one["id"] and line.get("to")]
    passed = [name for name in dict.fromkeys(came) if name != one["state"] and name in law.state]
    one["way"] = {
        "passed": [law.state[name].label.as_dict() for name in passed],
        "ahead": [state.label.as_dict() for state in ahead(law, one["state"], passed)],
    }
    one["drawn"] = can_draw()


def _rank(actor: Actor, one: Mapping[str, Any]) -> int:
    """What waits for the reader's own body comes first, what is settled last."""
    waits = one["waiting_on"]
    if waits and waits["body"] == actor.body_code:
        return 0
    return 2 if one["settled"] else 1


def _written_here(runtime: Runtime, actor: Actor, found: Mapping[str, Any]) -> dict[str, str]:
    """The evidence that may be written here by the reader's body, with the form of each."""
    kinds = {kind for one in found["proceedings"] for step in one["allowed"] for kind in step["evidence"]}
    forms = {kind: runtime.law.evidence[kind].form for kind in kinds}
    return {kind: form for kind, form in forms.items() if form and actor.kind in FORMS[form].kinds}


def _is_open(found: Mapping[str, Any], tried: Tried) -> bool:
    """Whether the form that was sent is on the page again, with what was typed in it."""
    return any(
        one["id"] == tried.proceeding and step["step"] == tried.step
        for one in found["proceedings"]
        for step in one["allowed"]
    )


def _seen(tried: Tried | None) -> str | None:
    """The last line of the history that stood on the page that the form was sent from."""
    said = tried.typed.get("seen", "") if tried else ""
    return said if said.isascii() and said.isdigit() and len(said) < 10 else None


def _papers(lines: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Every document that these lines name, once, in the order in which they came."""
    found = {paper["id"]: paper for line in lines for paper in line.get("evidence", ())}
    return list(found.values())


@router.get("/cases/{id}/diagram/{proceeding}")
def diagram(
    id: str,  # noqa: A002
    proceeding: str,
    runtime: RuntimeDep,
    actor: Reader,
    spoken: LanguageDep,
) -> Response:
    """Its procedure, drawn, with the place marked where it stands."""
    with runtime.reading(actor) as unit:
        found = case(unit, key_of(id), spoken)
    one = next((one for one in found["proceedings"] if one["id"] == proceeding), None)
    if one is None or not can_draw():
        raise Fault("not_found")
    law = runtime.law.definition(one["procedure"], one["version"])
    return Response(kept_svg(dot(law, current=one["state"], language=spoken)), media_type="image/svg+xml")


@router.get("/cases/{id}/documents/{document}")
def document(
    id: str,  # noqa: A002
    document: str,
    runtime: RuntimeDep,
    actor: Annotated[Actor, shown("documents.read")],
) -> Response:
    """A document of the case, as a file to be saved."""
    with runtime.reading(actor) as unit:
        seen(unit, key_of(id))
        return saved(fetch(unit, key_of(document)))


@router.post("/cases/{id}/bundle")
def bundle(
    id: str,  # noqa: A002
    runtime: RuntimeDep,
    actor: Annotated[Actor, shown("ledger.export")],
    said: Annotated[dict[str, str], posted("reason")],
) -> Response:
    """The case as a bundle that proves itself (services/ledger/bundle.py). That it was taken out stands in the journal."""
    key = key_of(id)
    with runtime.reading(actor) as unit:
        seen(unit, key)
    with NamedTemporaryFile(suffix=".zip") as file:
        bundles.export(runtime, actor, bundles.Scope(case=key, names=said["reason"].strip()), Path(file.name))
        content = Path(file.name).read_bytes()
    name = {"Content-Disposition": f'attachment; filename="case-{key}.zip"'}
    return Response(content, media_type="application/zip", headers=name)


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
