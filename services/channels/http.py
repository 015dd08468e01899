"""One question over HTTP, in a given time, answered in a few bytes, following nobody elsewhere.

Every reading and writing shares one deadline: a server that drips its answer byte by byte is given no more time than one that is silent.
"""

import json
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import httpcore2
import httpx2

from services.channels.answer import DELIVERED, Answer, Failed
from services.channels.reach import find, is_untrusted, require_listed
from services.settings import Channels
from workflows.errors import Fault

#: Nobody answers such a question at greater length.
MOST_BYTES = 64 * 1024
#: What would be refused again in an hour: a person must look.
FINAL = frozenset({400, 401, 403, 404, 405, 410, 413, 415, 422})
LONGEST_PAUSE = 3600

_DEAF = (httpcore2.TimeoutException, TimeoutError)
_CUT = (httpcore2.ReadError, httpcore2.WriteError, httpcore2.RemoteProtocolError)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def as_json(self) -> dict[str, Any]:
        """The object that came back; Failed where it is none. `Any`: JSON."""
        try:
            said = json.loads(self.content)
        except ValueError:
            said = None
        if not isinstance(said, dict):
            raise Failed(Answer("unreadable", str(self.status)))
        return said


def ask(
    settings: Channels, url: str, said: Mapping[str, Any], headers: Mapping[str, str], now: datetime
) -> Reply:
    """The reply, with a status that means yes; Failed in every other case. `Any`: JSON."""
    return send(settings, url, json.dumps(said, ensure_ascii=False).encode(), headers, now)


def send(settings: Channels, url: str, content: bytes, headers: Mapping[str, str], now: datetime) -> Reply:
    """As `ask`, for what is signed byte by byte."""
    reply = _exchange(settings, url, content, headers)
    if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
        raise Failed(Answer("too_fast", "429", after=pause(reply.headers, now)))
    if 300 <= reply.status < 400:
        raise Failed(Answer("redirect", str(reply.status)))
    if not 200 <= reply.status < 300:
        after = pause(reply.headers, now) if reply.status == HTTPStatus.SERVICE_UNAVAILABLE else None
        raise Failed(Answer("status", str(reply.status), final=reply.status in FINAL, after=after))
    return reply


def delivered(reply: Reply) -> Answer:
    """A status that means yes is all there is to know."""
    return Answer(DELIVERED, str(reply.status))


def pause(headers: Mapping[str, str], now: datetime) -> int | None:
    """For how many seconds the other side wants to be left alone (Retry-After), up to an hour; None where it does not say.

    >>> pause({"retry-after": "120"}, datetime.fromisoformat("2026-03-02T01:00:00+00:00"))
    120
    >>> pause({"retry-after": "Mon, 02 Mar 2026 01:00:30 GMT"}, datetime.fromisoformat("2026-03-02T01:00:00+00:00"))
    30
    """
    told = headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit():
        seconds = int(told[:9])
    else:
        try:
            seconds = int((parsedate_to_datetime(told) - now).total_seconds())
        except (TypeError, ValueError):  # TypeError: a moment without a zone
            return None
    return min(max(seconds, 0), LONGEST_PAUSE)


def _exchange(settings: Channels, url: str, content: bytes, headers: Mapping[str, str]) -> Reply:
    try:
        require_listed(settings, url)  # the list may have changed since the channel was made
    except Fault:
        raise Failed(Answer("not_allowed", final=True)) from None
    backend = _Judged(settings, time.monotonic() + settings.seconds)
    told = {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "gongjian",
        "host": urlsplit(url).netloc,
    }
    try:
        with (
            httpcore2.ConnectionPool(ssl_context=_trust(), network_backend=backend) as pool,
            pool.stream("POST", url, headers=list((told | dict(headers)).items()), content=content) as answer,
        ):
            return Reply(answer.status, _plain(answer.headers), _few(answer.iter_stream()))
    except _DEAF:
        raise Failed(Answer("slow")) from None
    except httpcore2.ConnectError as error:
        raise Failed(Answer("untrusted" if is_untrusted(error) else "unreachable")) from None
    except _CUT:
        raise Failed(Answer("cut")) from None


def _few(chunks: Iterable[bytes]) -> bytes:
    content = b""
    for chunk in chunks:
        content += chunk
        if len(content) > MOST_BYTES:
            raise Failed(Answer("unreadable"))
    return content


def _plain(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("ascii", "replace").lower(): value.decode("latin-1") for name, value in headers}


@cache
def _trust() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


class _Judged(httpcore2.NetworkBackend):
    """Lines to addresses that may be reached, each within what is left of the time."""

    def __init__(self, settings: Channels, ends: float) -> None:
        self._settings, self._ends, self._makes = settings, ends, httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """`Any`: as httpcore declares it."""
        address = find(self._settings, host, port)
        line = self._makes.connect_tcp(address, port, _left(self._ends), local_address, socket_options)
        return _Timed(line, self._ends)


class _Timed(httpcore2.NetworkStream):
    """A line whose every act ends with the time that all of them share."""

    def __init__(self, line: httpcore2.NetworkStream, ends: float) -> None:
        self._line, self._ends = line, ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._line.read(max_bytes, _left(self._ends))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._line.write(buffer, _left(self._ends))

    def close(self) -> None:
        self._line.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _Timed(self._line.start_tls(ssl_context, server_hostname, _left(self._ends)), self._ends)

    def get_extra_info(self, info: str) -> Any:
        """`Any`: as httpcore declares it."""
        return self._line.get_extra_info(info)


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout
    return left
