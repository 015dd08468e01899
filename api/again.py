"""Endpoints that write are tried again when another transaction was in the way, before anybody is told that the house is busy."""

from collections.abc import Callable, Coroutine
from typing import Any

from anyio import sleep
from fastapi import Request, Response
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError

from services.db.again import in_the_way, pauses


class Again(APIRoute):
    """A route whose endpoint is one unit of work: what failed left nothing behind, so it may run again."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """`Any`: as FastAPI declares it."""
        once = super().get_route_handler()

        async def handler(request: Request) -> Response:
            wait = pauses()
            while True:
                try:
                    return await once(request)
                except DBAPIError as error:
                    pause = next(wait, None) if in_the_way(error) else None
                    if pause is None:
                        raise
                await sleep(pause)

        return handler
