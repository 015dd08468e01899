"""The counter put together: routes, limits, headers, problems. `api.server` serves it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import Depends, FastAPI

from api import asyncapi, health, problems
from api.counter import MOST, take_in
from api.exact import nothing_else
from api.gather import Gathered
from api.headers import SecurityHeaders
from api.limits import RequestLimits
from api.metrics import Measured, Measures
from api.openapi import operation_id, with_problems
from api.rates import Rates
from api.v1 import (
    accounts,
    cases,
    documents,
    events,
    journal,
    ledger,
    meetings,
    notices,
    openings,
    papers,
    proceedings,
    tokens,
    work_items,
)
from api.web import (
    account,
    as_of,
    audit,
    begin,
    door,
    home,
    inbox,
    jobs,
    lists,
    live,
    set_aside,
    slips,
    steps,
    supervision,
)
from api.web import cases as case_pages
from api.web import help as help_pages
from api.web import journal as journal_page
from api.web import ledger as ledger_page
from api.web import meetings as meeting_pages
from api.web import notices as notice_pages
from api.web import papers as paper_pages
from api.web.admin import accounts as account_pages
from api.web.admin import bodies, calendars, channels, keys, policies, templates
from api.web.assets import static_files
from services.runtime import Runtime
from services.runtime import runtime as this_process

DESCRIPTION = (
    "共建 Gongjian：登记机关的企业登记事件，成为工会与党组织共同办理的案卷。"
    " Registry events become cases that unions and Party bodies handle together."
)

#: Every router that the OpenAPI document describes; the pages are for people.
DESCRIBED = tuple(
    part.router
    for part in (
        health,
        tokens,
        accounts,
        events,
        cases,
        openings,
        work_items,
        proceedings,
        documents,
        papers,
        notices,
        meetings,
        journal,
        ledger,
    )
)


def create_app(runtime: Runtime | None = None) -> FastAPI:
    """The application. Without a runtime it uses this process's own, made when it starts and closed
    when it stops. What it remembers between requests it has anew each time it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.runtime = app.state.given or this_process()
        app.state.measures = Measures()
        app.state.rates = Rates()
        app.state.posts = Gathered(take_in, MOST)
        yield
        if app.state.given is None:
            app.state.runtime.close()

    app = FastAPI(
        title="共建 Gongjian",
        version=version("gongjian"),
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        generate_unique_id_function=operation_id,
        redirect_slashes=False,
    )
    app.state.given = runtime
    app.state.asyncapi = asyncapi.document(app.version)
    for router in DESCRIBED:
        app.include_router(router, dependencies=[Depends(nothing_else)])
    pages = (
        door,
        account,
        home,
        inbox,
        live,
        case_pages,
        begin,
        steps,
        paper_pages,
        notice_pages,
        meeting_pages,
        lists,
        set_aside,
        jobs,
    )
    boards = (
        supervision,
        journal_page,
        audit,
        ledger_page,
        as_of,
        help_pages,
        bodies,
        channels,
        account_pages,
        keys,
        calendars,
        policies,
        templates,
        slips,
    )
    extra = (inbox.many, set_aside.letters, channels.trials)
    for router in (*(part.router for part in (*pages, *boards)), *extra):
        app.include_router(router, include_in_schema=False)
    app.mount("/static", static_files(), name="static")
    problems.install(app)
    # The last one added stands outermost.
    app.add_middleware(RequestLimits, limits=lambda: app.state.runtime.settings.limits)
    app.add_middleware(problems.LastResort)
    app.add_middleware(Measured, measures=lambda: app.state.measures)
    app.add_middleware(SecurityHeaders)
    with_problems(app)
    return app


app = create_app()
