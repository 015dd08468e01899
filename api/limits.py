"""What is refused before anybody reads it: too large a body or header, and an address that holds
broken characters."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem
from services.settings import Limits
from workflows.errors import Fault

HEADER_BYTES = 16 * 1024
#: A multipart body is a little larger than the file in it.
WRAPPING = 16 * 1024
#: What a sender who does not stop may send on while he is being refused, so that he hears why.
PATIENCE = 64 * 1024 * 1024


class RequestLimits:
    """A request within the limits goes on; any other is answered here."""

    def __init__(self, app: ASGIApp, limits: Callable[[], Limits]) -> None:
        self.app, self.limits = app, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        try:
            _header(scope)
            _address(scope)
            _announced(scope, limit)
        except Fault as fault:
            await _hear_out(receive)
            await problem(scope, fault.code, fault.text, field=fault.field)(scope, receive, send)
            return
        await self.app(scope, _counted(receive, limit), send)

    def _limit(self, path: str) -> int:
        limits = self.limits()
        if path.startswith("/api/v1/documents"):
            return limits.upload_bytes + WRAPPING
        return int(limits.event_bytes)


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


def _counted(receive: Receive, limit: int) -> Receive:
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            if message.get("more_body", False):
                await _hear_out(receive)
            raise _too_large(limit)
        return message

    return counted


async def _hear_out(receive: Receive) -> None:
    """The rest is thrown away unread, up to a point: who is cut off in mid-sentence never reads the
    answer."""
    heard = 0
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
