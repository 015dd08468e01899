"""The pages' own files and what npm brought beside them: each is given whole, packed, and for good under an address that changes with
its content."""

import hashlib
from functools import cache
from importlib.resources import files
from urllib.parse import parse_qs

from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: A year, in seconds: the longest that a browser is asked to keep anything.
FOR_GOOD = "public, max-age=31536000, immutable"


@cache
def address_of(name: str) -> str:
    """Where a browser finds the file: `/static/name?v=` and the beginning of its SHA-256."""
    content = files("api.web").joinpath("static", name).read_bytes()
    return f"/static/{name}?v={_mark(content)}"


def _mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


class _WholeFiles(StaticFiles):
    """They are small: each is given whole, whatever part of it somebody asks for. Whoever asks by its content may keep it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kept = [(name, value) for name, value in scope["headers"] if name not in (b"range", b"if-range")]
        by_content = "v" in parse_qs(scope["query_string"].decode("latin-1"))

        async def for_good(message: Message) -> None:
            if message["type"] == "http.response.start" and by_content and message["status"] == 200:
                MutableHeaders(scope=message)["Cache-Control"] = FOR_GOOD
            await send(message)

        await super().__call__({**scope, "headers": kept}, receive, for_good)


def static_files() -> ASGIApp:
    """What stands under /static. Nothing of it is secret, so packing it tells nobody anything."""
    return GZipMiddleware(_WholeFiles(packages=[("api.web", "static")]), minimum_size=1024)
