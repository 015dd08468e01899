"""A line between the service and its database or broker, which a test may hold, swallow, cut, or cut at a word.

`with proxy("127.0.0.1", 5432) as line:` and give the service `line.url(database_url)`. Two threads carry each connection, one a
direction; everything that was open is closed at the end.
"""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

_CHUNK = 65536
#: Closing answers with RST instead of FIN: the peer learns of it at its next word, as from a dead machine.
_RESET = struct.pack("ii", 1, 0)


@dataclass(eq=False)
class _Connection:
    """One client's connection and ours to the server in its name. `mute`: bytes of it were swallowed, so nothing more passes."""

    client: socket.socket
    server: socket.socket
    mute: bool = False
    doomed: bool = False

    def close(self) -> None:
        for end in (self.client, self.server):
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            with suppress(OSError):
                end.shutdown(socket.SHUT_RD)  # wakes whoever reads here; both ways would say FIN
            with suppress(OSError):
                end.close()


@dataclass(eq=False)
class Proxy:
    """Counts what passes, and does to it what the test says. `sent` and `received` are bytes as the client sees them."""

    host: str
    target_port: int
    opened: int = 0
    sent: int = 0
    received: int = 0
    swallowed: int = 0
    cuts: int = 0
    _listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    _open: set[_Connection] = field(default_factory=set)
    _threads: list[threading.Thread] = field(default_factory=list)
    _turn: threading.Condition = field(default_factory=threading.Condition)
    _way: str = "open"
    _doom: Callable[[bytes], bool] | None = None
    _reply_lost: bool = True

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def url(self, url: str) -> str:
        """The same address, by way of this line."""
        parts = urlsplit(url)
        login = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
        return urlunsplit(parts._replace(netloc=f"{login}127.0.0.1:{self.port}"))

    def pause(self) -> None:
        """Bytes are held back in both directions, connections stay open: a frozen peer. `heal` lets all of it pass."""
        self._be("paused")

    def swallow(self) -> None:
        """Bytes are taken and go nowhere: a silent cut. A connection that lost some stays silent after `heal`; new ones pass."""
        self._be("swallowing")

    def refuse(self) -> None:
        """What is open is cut, and what knocks is closed at once."""
        self._be("refusing")
        self.cut()

    def heal(self) -> None:
        """Everything passes again."""
        self._be("open")

    def cut(self) -> None:
        """Every open connection is reset, now."""
        with self._turn:
            doomed = list(self._open)
        for one in doomed:
            self._cut(one)

    def knocker(self, port: int) -> int | None:
        """The client's own port, of the connection that the server knows by this port of ours."""
        with self._turn:
            for one in self._open:
                if one.server.getsockname()[1] == port:
                    return int(one.client.getpeername()[1])
        return None

    def cut_at(self, word: bytes, *, nth: int = 1, reply_lost: bool = True) -> None:
        """The n-th time that `word` goes to the server, that connection is cut: once the server has answered, and its answer
        is lost; or, with `reply_lost` False, before the word arrives."""
        left = [nth]

        def doom(chunk: bytes) -> bool:
            left[0] -= chunk.count(word)
            return left[0] <= 0

        with self._turn:
            self._doom, self._reply_lost = doom, reply_lost

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._be("closed")
        self.cut()
        for thread in self._threads:
            thread.join(10)

    def serve(self) -> None:
        """Takes connections until closed."""
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.opened += 1
            if self._way in ("refusing", "closed"):
                client.close()
                continue
            try:
                server = socket.create_connection((self.host, self.target_port), timeout=5)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            one = _Connection(client, server)
            with self._turn:
                self._open.add(one)
            for there in (True, False):
                self._begin(lambda one=one, there=there: self._carry(one, there))

    def _carry(self, one: _Connection, there: bool) -> None:
        source, target = (one.client, one.server) if there else (one.server, one.client)
        try:
            while chunk := source.recv(_CHUNK):
                if not self._pass(one, chunk, there):
                    continue
                target.sendall(chunk)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            self._cut(one)

    def _pass(self, one: _Connection, chunk: bytes, there: bool) -> bool:
        """Whether the chunk goes on. Waits while the line is paused; an OSError ends the connection."""
        with self._turn:
            self._turn.wait_for(lambda: self._way != "paused" or one not in self._open)
            if one not in self._open:
                raise ConnectionResetError
            if one.mute or self._way == "swallowing":
                one.mute = True
                self.swallowed += len(chunk)
                return False
            if there and self._doom is not None and self._doom(chunk):
                self._doom, one.doomed = None, True
                if not self._reply_lost:
                    raise ConnectionResetError
            elif one.doomed and not there:
                raise ConnectionResetError
            if there:
                self.sent += len(chunk)
            else:
                self.received += len(chunk)
            return True

    def _be(self, way: str) -> None:
        with self._turn:
            self._way = way
            self._turn.notify_all()

    def _cut(self, one: _Connection) -> None:
        with self._turn:
            if one not in self._open:
                return
            self._open.discard(one)
            self.cuts += 1
            self._turn.notify_all()
        one.close()

    def _begin(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name="proxy", daemon=True)
        self._threads.append(thread)
        thread.start()


@contextmanager
def proxy(host: str, port: int) -> Iterator[Proxy]:
    """A line to host:port, open, on a free port of this machine."""
    made = Proxy(host, port)
    made._begin(made.serve)
    try:
        yield made
    finally:
        made.close()
