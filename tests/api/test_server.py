"""Nobody holds the door: slow, endless and torn requests are cut off in time, and the others do not notice (S20, F49)."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic

import pytest
import uvicorn

from api import server
from api.server import HEAD_BYTES, Door, config
from services.settings import Settings
from tests.builders import COUNTY, UNHURRIED, Town, application
from tests.waiting import until


@dataclass
class Served:
    """The town's application behind its real door."""

    town: Town
    port: int

    def line(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def token(self) -> str:
        return self.town.token(f"registry.{COUNTY}")

    def head(self, *more: str) -> bytes:
        """The head of an event that is on its way."""
        said = ("POST /api/v1/events HTTP/1.1", "Host: here", "Content-Type: application/cloudevents+json")
        return "\r\n".join([*said, f"Authorization: Bearer {self.token()}", *more, "", ""]).encode()

    def is_well(self) -> bool:
        with self.line() as line:
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
            return heard(line).startswith(b"HTTP/1.1 200")


def heard(line: socket.socket) -> bytes:
    """All that is said until the line is cut."""
    said = b""
    with contextlib.suppress(ConnectionResetError):
        while part := line.recv(65536):
            said += part
    return said


@pytest.fixture
def served(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """With a second's patience for a head, and one for a body."""
    monkeypatch.setattr(server, "HEAD_SECONDS", 1.0)
    quick = UNHURRIED.model_copy(update={"body_seconds": 1, "upload_seconds": 1})
    town.runtime.settings = town.runtime.settings.model_copy(update={"limits": quick})
    made = config(town.runtime.settings)
    with application(town.runtime) as app:
        made.app, made.port, made.log_config = app, 0, None
        running = uvicorn.Server(made)
        thread = threading.Thread(target=running.run, daemon=True)
        thread.start()
        port = until(
            lambda: running.started and running.servers[0].sockets[0].getsockname()[1], 20, what="a port"
        )
        yield Served(town, port)
        running.should_exit = True
        thread.join(20)


def test_the_service_is_behind_this_door() -> None:
    assert config(Settings()).http is Door


@pytest.mark.parametrize(
    "head",
    [b"", b"GET /healthz HTTP/1.1\r\n", b"GET /healthz HTTP/1.1\r\nHost: here\r\nX-A: b", b"\r\n" * 20],
)
def test_a_head_that_does_not_come_is_not_waited_for(served: Served, head: bytes) -> None:
    with served.line() as line:
        line.sendall(head)
        assert heard(line) == b""
    assert served.is_well()


def test_a_head_that_trickles_is_not_waited_for(served: Served) -> None:
    """A byte now and then keeps no door open: the time is for the whole head."""
    began, cut = monotonic(), threading.Event()
    with served.line() as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nX: ")

        def trickle() -> None:
            with contextlib.suppress(OSError):
                while not cut.wait(0.1):
                    line.sendall(b"a")

        slow = threading.Thread(target=trickle, daemon=True)
        slow.start()
        assert heard(line) == b""
        cut.set()
        slow.join(5)
    assert monotonic() - began >= 0.9
    assert served.is_well()


def test_the_second_request_of_a_line_has_no_longer(served: Served) -> None:
    with served.line() as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n" + b"GET /healthz HTT")
        said = heard(line)
    assert said.count(b"HTTP/1.1 200") == 1
    assert served.is_well()


def test_a_head_without_end_is_cut_off(served: Served) -> None:
    with served.line() as line, contextlib.suppress(ConnectionError):
        line.sendall(b"GET /healthz HTTP/1.1\r\n")
        for _ in range(HEAD_BYTES * 4 // 1024):
            line.sendall(b"X-A: " + b"a" * 1017 + b"\r\n")
        assert heard(line) == b""
    assert served.is_well()


@pytest.mark.parametrize("length", ["Content-Length: 100000", "Transfer-Encoding: chunked"])
def test_a_body_that_does_not_come_is_answered_and_not_waited_for(served: Served, length: str) -> None:
    with served.line() as line:
        line.sendall(served.head(length) + (b"" if "Content" in length else b'5\r\n{"a":\r\n'))
        said = heard(line)
    assert said.startswith(b"HTTP/1.1 408") and b'"too_slow"' in said and b"connection: close" in said.lower()
    assert served.is_well()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b"Content-Length: 999999999\r\n\r\n", b"413"),
        (b"Content-Length: 10\r\nContent-Encoding: gzip\r\n\r\n", b"415"),
        (b"Transfer-Encoding: chunked\r\n\r\n80000\r\n" + b" " * 0x80000 + b"\r\n", b"413"),
    ],
    ids=["announced", "packed", "too long already"],
)
def test_whoever_is_refused_and_says_no_more_is_answered(served: Served, said: bytes, code: bytes) -> None:
    """Nobody need be signed in to announce a large body, and a line that is held open for it is one less for the others."""
    with served.line() as line:
        line.sendall(served.head().removesuffix(b"\r\n") + said)
        answer = heard(line)
    assert answer.startswith(b"HTTP/1.1 " + code)
    assert served.is_well()


def test_a_body_without_end_is_cut_off(served: Served) -> None:
    """Chunk after chunk, with no length announced."""
    with served.line() as line, contextlib.suppress(ConnectionError):
        line.sendall(served.head("Transfer-Encoding: chunked"))
        for _ in range(2000):
            line.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")
        said = heard(line)
        assert b"413" in said.splitlines()[0]
    assert served.is_well()


def test_fifty_idle_lines_keep_nobody_out(served: Served) -> None:
    with contextlib.ExitStack() as idle:
        lines = [idle.enter_context(served.line()) for _ in range(50)]
        for number, line in enumerate(lines):
            line.sendall(served.head("Content-Length: 100") if number % 2 else b"GET /")
        assert served.is_well()
        for line in lines:
            heard(line)
    assert served.is_well()


@pytest.mark.parametrize(
    "said",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS at a plain door
        b"GET /healthz HTTP/9.9\r\n\r\n",
        b"GET\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"POST /api/v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"POST /api/v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nhello",
        b"POST /api/v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /api/v1/events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        b"\x00" * 5000,
    ],
)
def test_what_is_no_request_is_answered_or_cut_off_and_harms_nobody(served: Served, said: bytes) -> None:
    with served.line() as line:
        line.sendall(said)
        line.shutdown(socket.SHUT_WR)
        answer = heard(line)
    assert not answer or answer.split(b" ")[1][:1] in (b"3", b"4"), answer
    assert served.is_well()
