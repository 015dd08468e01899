"""The line itself: carries, holds, swallows and cuts what it is told to, and says how much."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.crash.proxy import Proxy, proxy
from tests.waiting import until


@pytest.fixture
def line() -> Iterator[Proxy]:
    """A line to a server that says back, in capitals, whatever it hears."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer(one: socket.socket) -> None:
            with one, suppress(ConnectionError):
                while heard := one.recv(100):
                    one.sendall(heard.upper())

        def serve() -> None:
            while True:
                try:
                    one, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=answer, args=(one,), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        with proxy("127.0.0.1", server.getsockname()[1]) as made:
            yield made
        server.shutdown(socket.SHUT_RDWR)


def call(line: Proxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", line.port), timeout=5)


def said(one: socket.socket, word: bytes) -> bytes:
    one.sendall(word)
    return one.recv(100)


def silent(one: socket.socket) -> bool:
    one.settimeout(0.2)
    try:
        one.recv(100)
    except TimeoutError:
        return True
    finally:
        one.settimeout(5)
    return False


def test_what_is_said_passes_and_is_counted(line: Proxy) -> None:
    with call(line) as one:
        assert said(one, b"hello") == b"HELLO"
    assert (line.opened, line.sent, line.received) == (1, 5, 5)
    assert line.url("postgresql://u:p@db:5432/x") == f"postgresql://u:p@127.0.0.1:{line.port}/x"


def test_a_paused_line_holds_everything_and_loses_nothing(line: Proxy) -> None:
    with call(line) as one:
        assert said(one, b"a") == b"A"
        line.pause()
        one.sendall(b"b")
        assert silent(one)
        line.heal()
        assert one.recv(100) == b"B"


def test_a_line_that_swallowed_stays_silent_and_new_ones_pass(line: Proxy) -> None:
    with call(line) as one, call(line) as other:
        line.swallow()
        one.sendall(b"lost")
        until(lambda: line.swallowed == 4, 5, what="four bytes are swallowed")
        line.heal()
        one.sendall(b"also lost")
        assert silent(one)
        assert said(other, b"b") == b"B"


def test_a_cut_is_a_reset(line: Proxy) -> None:
    with call(line) as one:
        assert said(one, b"a") == b"A"
        line.cut()
        with pytest.raises(ConnectionError):
            said(one, b"b")
    assert line.cuts == 1


def test_the_answer_to_a_word_is_lost_once(line: Proxy) -> None:
    line.cut_at(b"commit", nth=2)
    with call(line) as one:
        assert said(one, b"commit") == b"COMMIT"
        with pytest.raises(ConnectionError):
            said(one, b"commit")
    assert (line.sent, line.received) == (12, 6)
    with call(line) as one:
        assert said(one, b"commit") == b"COMMIT"


def test_a_word_is_cut_before_it_arrives(line: Proxy) -> None:
    line.cut_at(b"commit", reply_lost=False)
    with call(line) as one, pytest.raises(ConnectionError):
        said(one, b"commit")
    assert line.sent == 0


def test_a_line_that_refuses_lets_nobody_in(line: Proxy) -> None:
    line.refuse()
    with call(line) as one:
        assert one.recv(100) == b""
    line.heal()
    with call(line) as one:
        assert said(one, b"a") == b"A"
