"""News as they come: a page that lies open is told that something has arrived for its reader since it was drawn.

Server-sent events, one stream for each page that is looked at. A stream says nothing but that there is news, and ends; what the news is,
the page shows when it is read again. To listen is no sign of life: who does nothing else is signed out when his time is over.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from api.closing import CLOSING
from api.web.session import SESSION, PageRoute, kept, listening
from services.access.tokens import look_up
from services.actor import Actor
from services.db.queries.arrivals import Arrivals, arrivals
from services.runtime import Runtime
from workflows.errors import Fault

router = APIRouter(route_class=PageRoute)

LOOK_EVERY_SECONDS = 5.0
#: A proxy or a browser that has gone is noticed then at the latest.
LONGEST_SECONDS = 600.0
#: Of one process at a time; a page that finds none free is not told news.
MOST_STREAMS = 500

_SINCE = re.compile(r"([0-9]{1,18})[.]([0-9]{1,18})")
_open = 0


@router.get("/live")
async def live(
    request: Request, actor: Annotated[Actor, listening("work.read")], since: str = ""
) -> Response:
    """`since` is what had arrived when the page was drawn."""
    read = _SINCE.fullmatch(since)
    if read is None:
        raise Fault(
            "parameter_bad",
            field="since",
            name="since",
            zh="请从页面打开",
            en="it is asked by a page of ours",
        )
    if _open >= MOST_STREAMS or CLOSING.is_set():
        return Response(status_code=204)  # which a browser takes as: do not ask again
    known = Arrivals(int(read[1]), int(read[2]))
    runtime: Runtime = request.app.state.runtime
    stream = _news(runtime, kept(request, SESSION), known)
    passing = {"X-Accel-Buffering": "no"}  # a proxy in front hands each word on as it comes
    return StreamingResponse(stream, media_type="text/event-stream", headers=passing)


async def _news(runtime: Runtime, token: str, known: Arrivals) -> AsyncIterator[str]:
    global _open
    _open += 1
    try:
        yield "retry: 10000\n\n"
        waited = 0.0
        while waited < LONGEST_SECONDS and not CLOSING.is_set():
            if waited % LOOK_EVERY_SECONDS == 0:
                found = await run_sync(_arrived, runtime, token)
                if found is None:
                    return
                if found.is_more_than(known):
                    yield "event: news\ndata: 1\n\n"
                    return
                yield ": nothing yet\n\n"
            await asyncio.sleep(0.5)
            waited += 0.5
    finally:
        _open -= 1


def _arrived(runtime: Runtime, token: str) -> Arrivals | None:
    """None once the sign-in is over."""
    try:
        actor = look_up(runtime, token)
    except Fault:
        return None
    with runtime.reading(actor) as unit:
        return arrivals(unit)
