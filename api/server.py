"""The door of the counter: `python -m api.server` serves it on loopback, and nobody holds the door for ever.

uvicorn waits for a request's head without end and keeps every byte of it; here it has so many seconds and bytes. What
comes after the head is bounded in `api.limits`.
"""

import asyncio
from types import FrameType

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.closing import CLOSING
from services.settings import Settings, settings

HOST = "127.0.0.1"
HEAD_SECONDS = 10.0
HEAD_BYTES = 64 * 1024
IDLE_SECONDS = 5
LAST_WORDS_SECONDS = 5


class Door(HttpToolsProtocol):
    """One connection. It is closed when the head of a request takes too long, or grows too large to be read at all."""

    _closing: asyncio.TimerHandle | None = None
    _head = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        if self._closing is None and (self.cycle is None or self.cycle.response_complete):
            self._await_head()  # the next request of the same connection
        super().data_received(data)
        if self._closing is not None:
            self._head += len(data)
            if self._head > HEAD_BYTES:
                self.transport.close()

    def on_headers_complete(self) -> None:
        self._done()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._done()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        self._head, self._closing = 0, self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _done(self) -> None:
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None


def config(chosen: Settings) -> uvicorn.Config:
    """How the application is served."""
    return uvicorn.Config(
        "api.app:app",
        host=HOST,
        port=chosen.port,
        http=Door,
        ws="none",
        server_header=False,
        # A proxy on this machine says who called and how; whatever the environment names is not asked.
        proxy_headers=True,
        forwarded_allow_ips=HOST,
        access_log=False,
        log_level=chosen.log_level,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=LAST_WORDS_SECONDS,
    )


class Counter(uvicorn.Server):
    """Whoever is told news as they come is told that the counter closes, too; else he would keep it open."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        CLOSING.set()
        super().handle_exit(sig, frame)


if __name__ == "__main__":
    Counter(config(settings())).run()
