"""A request as it goes over the wire, and the answer that came back; as little as possible stands between."""

import http.client
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Sent:
    """One request. Header values are bytes, since some of those we send are no text."""

    method: str
    path: str
    headers: tuple[tuple[str, bytes], ...] = ()
    body: bytes = b""

    def __str__(self) -> str:
        said = " ".join(f"{name}: {value[:80]!r}" for name, value in self.headers if name != "Authorization")
        return f"{self.method} {self.path[:300]} [{said}] {self.body[:400]!r}"


class Answer(NamedTuple):
    """Header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Line:
    """A connection that is kept open, and opened again when the server has closed it."""

    def __init__(self, port: int) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def __call__(self, sent: Sent) -> Answer:
        try:
            return self._once(sent)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self._line.close()
            return self._once(sent)

    def close(self) -> None:
        self._line.close()

    def _once(self, sent: Sent) -> Answer:
        self._line.putrequest(sent.method, sent.path, skip_accept_encoding=True)
        for name, value in sent.headers:
            self._line.putheader(name, value)
        if sent.body or sent.method not in ("GET", "HEAD"):
            self._line.putheader("Content-Length", str(len(sent.body)))
        self._line.endheaders(sent.body or None)
        answer = self._line.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, headers, answer.read())
