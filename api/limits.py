"""What is refused before anybody reads it: too large a body or header, one that comes too slowly, and an address that holds
broken characters."""

import asyncio
import contextlib
import re
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from fastapi import Request
from fastapi.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.exact import said_once
from api.problems import STATUS, problem
from api.web.render import page
from services.settings import Limits
from workflows.errors import Fault

HEADER_BYTES = 16 * 1024
#: A multipart body is a little larger than the file in it.
WRAPPING = 16 * 1024
#: What a sender who does not stop may send on while he is being refused, so that he hears why.
PATIENCE = 64 * 1024 * 1024
#: Where documents are brought: to the counter, and on the pages with a step, with a new file, as a template, and as a list.
UPLOAD = re.compile(
    r"POST (/api/v1/documents|/cases/[0-9]+/proceedings/[0-9]+/[a-z0-9_]+|/begin/[a-z0-9_]+/[a-z0-9_]+"
    r"|/admin/templates/[a-z0-9.]+/[a-z_]+)"
)
#: Where a list is brought. One that is too large for the page, and not for `gongjian import`, is heard out, so that the page
#: itself can say so.
LIST = ("POST", "/lists")


class RequestLimits:
    """A request within the limits goes on; any other is answered here."""

    def __init__(self, app: ASGIApp, limits: Callable[[], Limits]) -> None:
        self.app, self.limits = app, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit, seconds = self._limit(scope["method"], scope["path"])
        now = asyncio.get_running_loop().time()
        try:
            _header(scope)
            _address(scope)
            _announced(scope, limit)
            said_once(scope)
        except Fault as fault:
            await _hear_out(receive, now + self.limits().body_seconds)
            await _told(scope, fault)(scope, receive, send)
            return
        await self.app(scope, _counted(receive, limit, now + seconds), send)

    def _limit(self, method: str, path: str) -> tuple[int, int]:
        """Bytes and seconds that a body may take: more of them where documents are brought, and only there."""
        limits = self.limits()
        if UPLOAD.fullmatch(f"{method} {path}"):
            return limits.upload_bytes + WRAPPING, limits.upload_seconds
        if (method, path) == LIST:
            return max(limits.list_bytes, limits.upload_bytes) + WRAPPING, limits.upload_seconds
        return int(limits.event_bytes), limits.body_seconds


def _told(scope: Scope, fault: Fault) -> Response:
    """Who came by a browser is told on a page."""
    request = Request(scope)
    if "text/html" in request.headers.get("accept", "") and not scope["path"].startswith("/api/"):
        return page(
            request, "fault.html", status=STATUS[fault.family], fault=fault.text.as_dict(), actor=None
        )
    return problem(scope, fault.code, fault.text, field=fault.field)


def _header(scope: Scope) -> None:
    said = sum(len(name) + len(value) + 4 for name, value in scope["headers"])
    if said + len(scope.get("raw_path") or b"") + len(scope["query_string"]) > HEADER_BYTES:
        raise Fault("too_large", limit=f"{HEADER_BYTES // 1024} KiB")


def _address(scope: Scope) -> None:
    """No NUL, nothing that is not UTF-8 (half characters among it): no database can look for those."""
    for name, raw in (("path", scope.get("raw_path") or b""), ("query", scope["query_string"])):
        plain = unquote_to_bytes(raw.replace(b"+", b" "))
        try:
            broken = "\0" in plain.decode("utf-8")
        except UnicodeDecodeError:
            broken = True
        if broken:
            raise Fault(
                "parameter_bad",
                name=name,
                zh="含有不能使用的字符",
                en="it holds characters that may not be used",
            )


def _announced(scope: Scope, limit: int) -> None:
    for name, value in scope["headers"]:
        if name == b"content-length" and (not value.isdigit() or int(value[:19]) > limit):
            raise _too_large(limit)


def _counted(receive: Receive, limit: int, until: float) -> Receive:
    """Counts the bytes until the last of them, which must be here by then; what is heard after it is only that the caller has
    left."""
    taken, whole = 0, False

    async def counted() -> Message:
        nonlocal taken, whole
        if whole:
            return await receive()
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError:
            raise Fault("too_slow") from None
        taken += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        if taken > limit:
            if message.get("more_body", False):
                await _hear_out(receive, until)
            raise _too_large(limit)
        return message

    return counted


async def _hear_out(receive: Receive, until: float) -> None:
    """The rest is thrown away unread, so far and so long: who is cut off in mid-sentence never reads the
    answer."""
    heard = 0
    with contextlib.suppress(TimeoutError):  # he is answered all the same
        async with asyncio.timeout_at(until):
            while heard < PATIENCE:
                message = await receive()
                heard += len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return


def _too_large(limit: int) -> Fault:
    whole = limit - WRAPPING if limit > 1024 * 1024 else limit
    return Fault(
        "too_large", limit=f"{whole // 1024} KiB" if whole < 1024 * 1024 else f"{whole // (1024 * 1024)} MiB"
    )
