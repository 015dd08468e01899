"""Servers on loopback that take what channels send, and misbehave when they are told to."""

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Heard:
    """A question as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """`Any`: JSON."""
        return json.loads(self.body)


#: What a server may do to a question. `cut` and `error_after` have heard it all the same.
WAYS = (
    "ok",
    "code",
    "gone",
    "hang",
    "reset",
    "cut",
    "error_after",
    "too_fast",
    "redirect",
    "drip",
    "huge",
    "gibberish",
)
#: Those after which the receiver has the message though the sender does not know it.
HEARD_ALL_THE_SAME = ("ok", "cut", "error_after", "hang", "drip")


@dataclass
class Receiver:
    """What was heard, and how the next question is treated: one of WAYS, by `choose`."""

    port: int
    choose: Callable[[Heard], str] = lambda heard: "ok"
    heard: list[tuple[str, Heard]] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    wrap: Callable[[ssl.SSLContext], None] = lambda context: None

    def speaks_tls(self, context: ssl.SSLContext) -> None:
        """From now on every line begins with a handshake."""
        self.wrap(context)

    def address(self, path: str = "/hook/t?key=k&access_token=t") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def taken(self) -> list[Heard]:
        """What the receiver has, whatever it answered."""
        return [heard for way, heard in self.heard if way in HEARD_ALL_THE_SAME]


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A receiver for as long as the block lasts."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.request_queue_size = 100
    server.receiver = Receiver(server.server_address[1])  # type: ignore[attr-defined]
    server.receiver.wrap = server.wrap  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.receiver  # type: ignore[attr-defined]
    finally:
        server.receiver.release.set()  # type: ignore[attr-defined]
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    tls: ssl.SSLContext | None = None

    def wrap(self, context: ssl.SSLContext) -> None:
        self.tls = context

    def get_request(self) -> tuple[Any, Any]:
        """`Any`: as the library declares it. The handshake is made by whoever reads first, in a thread of its own."""
        line, address = super().get_request()
        if self.tls is not None:
            line = self.tls.wrap_socket(line, server_side=True, do_handshake_on_connect=False)
        return line, address


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        receiver: Receiver = self.server.receiver  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["content-length"]))
        heard = Heard(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        with receiver.lock:
            way = receiver.choose(heard)
            receiver.heard.append((way, heard))
        getattr(self, f"_{way}")(receiver)

    def _answer(self, status: int, said: bytes = b"{}", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(said)))
        self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(said)
        self.close_connection = True

    def _ok(self, _: Receiver) -> None:
        self._answer(200, b'{"errcode": 0, "errmsg": "ok", "code": 0, "msg": "success"}')

    def _code(self, _: Receiver) -> None:
        self._answer(200, b'{"errcode": 40001, "errmsg": "no", "code": 40001, "msg": "no"}')

    def _gone(self, _: Receiver) -> None:
        self._answer(200, b'{"errcode": 93000, "errmsg": "invalid webhook url"}')

    def _hang(self, receiver: Receiver) -> None:
        receiver.release.wait(30)
        self.close_connection = True

    def _reset(self, _: Receiver) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def _cut(self, _: Receiver) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def _error_after(self, _: Receiver) -> None:
        self._answer(500)

    def _too_fast(self, _: Receiver) -> None:
        self._answer(429, Retry_After="7")

    def _redirect(self, receiver: Receiver) -> None:
        self._answer(307, Location=receiver.address("/elsewhere"))

    def _drip(self, receiver: Receiver) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not receiver.release.wait(0.05):
            try:
                self.wfile.write(b"x-drip: drop\r\n")
            except OSError:
                break
        self.close_connection = True

    def _huge(self, _: Receiver) -> None:
        self._answer(200, b"[" + b"0," * 200_000 + b"0]")

    def _gibberish(self, _: Receiver) -> None:
        self._answer(200, b"<html>login</html>")

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:  # the other side went away, or we cut the line ourselves
            self.close_connection = True

    def finish(self) -> None:
        try:
            super().finish()
        except (OSError, ValueError):
            return

    def log_message(self, *said: object) -> None:
        """Silent."""
