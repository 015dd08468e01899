"""Audit (审计查问): who did what in the cases of the district, searched; what one may want to ask about; and where time goes."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.deps import RuntimeDep
from api.web.render import page
from api.web.session import OneUnit, shown
from services.actor import Actor
from services.db.queries.deeds import Sought, deeds, period, searched, taken_by_persons
from services.db.queries.deeds import shown as told
from services.db.queries.page import key_of, one_of
from services.reckoning.durations import stays
from services.reckoning.published import FIGURES, behind, now, published
from services.reckoning.questions import QUESTIONS, rules
from workflows.errors import Fault

router = APIRouter(prefix="/audit", route_class=OneUnit, default_response_class=HTMLResponse)

Auditor = Annotated[Actor, shown("audit.read")]

#: So many occasions to ask stand on a page; who wants more asks for fewer days.
MOST = 100
#: So many deeds of one occasion.
OF_ONE = 20


@router.get("")
def search(
    request: Request,
    runtime: RuntimeDep,
    actor: Auditor,
    first: str = "",
    last: str = "",
    account: str = "",
    body: str = "",
    case: str = "",
    procedure: str = "",
    cursor: str | None = None,
) -> Response:
    """What persons did in a period, the newest first. `procedure` is one's name, or name/step."""
    named, _, step = procedure.partition("/")
    sought = Sought(account.strip()[:60], body.strip()[:60], case.strip()[:60], named, step)
    with runtime.reading(actor) as unit:
        asked = period(unit, first, last)
        found = searched(unit, asked, sought, cursor)
    laws = [
        (law.name, law.label.as_dict(), {name: label.as_dict() for name, label in steps.items()})
        for law in runtime.law.definitions
        if (steps := taken_by_persons(law))
    ]
    return page(
        request, "audit.html", actor=actor, asked=asked, sought=sought, laws=laws, chosen=procedure, **found
    )


@router.get("/questions")
def questions(
    request: Request, runtime: RuntimeDep, actor: Auditor, first: str = "", last: str = ""
) -> Response:
    """Each question with how often there is an occasion to ask it."""
    with runtime.reading(actor) as unit:
        asked, by = period(unit, first, last), rules(unit)
        read = list(deeds(unit, asked))
        counted = [
            (name, one.label.as_dict(), one.why.as_dict(), sum(1 for _ in one.look(read, by)))
            for name, one in QUESTIONS.items()
        ]
    return page(request, "questions.html", actor=actor, asked=asked, counted=counted, read=len(read))


@router.get("/questions/{name}")
def question(
    request: Request, runtime: RuntimeDep, actor: Auditor, name: str, first: str = "", last: str = ""
) -> Response:
    """The occasions to ask one of them, the newest first, each with the deeds that it is about."""
    one = QUESTIONS[one_of("name", name, sorted(QUESTIONS))]
    with runtime.reading(actor) as unit:
        asked = period(unit, first, last)
        found = list(one.look(list(deeds(unit, asked)), rules(unit)))
    found.sort(key=lambda each: each.deeds[-1].at, reverse=True)
    items = [
        {
            "told": each.told.as_dict(),
            "count": len(each.deeds),
            "deeds": [told(deed) for deed in each.deeds[:OF_ONE]],
        }
        for each in found[:MOST]
    ]
    return page(
        request,
        "question.html",
        actor=actor,
        asked=asked,
        name=name,
        label=one.label.as_dict(),
        why=one.why.as_dict(),
        count=len(found),
        items=items,
    )


@router.get("/durations")
def durations(
    request: Request, runtime: RuntimeDep, actor: Auditor, first: str = "", last: str = ""
) -> Response:
    """How long each state was stood in, beside its term."""
    with runtime.reading(actor) as unit:
        asked = period(unit, first, last)
        found = stays(unit, asked)
    return page(request, "durations.html", actor=actor, asked=asked, stays=found)


@router.get("/figures")
def figures(request: Request, runtime: RuntimeDep, actor: Auditor) -> Response:
    """The figures that bodies have reported, each leading to the files that make it."""
    with runtime.reading(actor) as unit:
        asked, found = period(unit, "", ""), published(unit)
    labels = {name: label.as_dict() for name, label in FIGURES.items()}
    return page(request, "figures.html", actor=actor, asked=asked, reports=found, labels=labels)


@router.get("/figures/{report}")
def figure(request: Request, runtime: RuntimeDep, actor: Auditor, report: str) -> Response:
    """The files behind the figures of one report, and the figures counted anew beside those reported."""
    key = key_of(report)
    with runtime.reading(actor) as unit:
        asked = period(unit, "", "")
        one = next((one for one in published(unit) if one.proceeding == key), None)
        if one is None:
            raise Fault("not_found")
        members, today = behind(unit, one), unit.today
    labels = {name: label.as_dict() for name, label in FIGURES.items()}
    return page(
        request,
        "figure.html",
        actor=actor,
        asked=asked,
        report=one,
        members=members,
        counted=now(members),
        labels=labels,
        today=today,
    )
