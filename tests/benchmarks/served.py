"""What a client feels: the whole service as `gongjian up` runs it, one API process, spoken to over real sockets."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any

import psutil

from api.web.session import SESSION
from services.access.accounts import create_account
from services.access.tokens import Purpose, issue, issue_office_token
from services.actor import SERVICE
from services.runtime import Runtime
from services.settings import Settings
from tests.builders import UNHURRIED
from tests.waiting import until

CLOUDEVENTS = {"Content-Type": "application/cloudevents+json"}
MEGABYTE = 1024 * 1024


class Line:
    """One connection that is kept open, speaking with one token."""

    def __init__(self, settings: Settings, token: str) -> None:
        self._http = HTTPConnection("127.0.0.1", settings.port, timeout=30)
        self._headers = {"Authorization": f"Bearer {token}"}

    def ask(self, verb: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, Any]:
        """Status and answer. `Any`: JSON."""
        self._http.request(verb, path, body, self._headers | headers)
        answer = self._http.getresponse()
        return answer.status, json.loads(answer.read())

    def timed(self, verb: str, path: str, body: bytes | None = None, **headers: str) -> float:
        """Seconds from the first byte out to the last byte in; anything but a 2xx is a mistake of the bench."""
        began = time.perf_counter()
        status, answer = self.ask(verb, path, body, **headers)
        took = time.perf_counter() - began
        assert status // 100 == 2, answer
        return took


class Window(Line):
    """The pages, as a browser asks for them that is signed in with this session."""

    def __init__(self, settings: Settings, session: str) -> None:
        super().__init__(settings, "")
        self._headers = {"Cookie": f"{SESSION}={session}"}

    def ask(self, verb: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, Any]:
        """Status and page."""
        self._http.request(verb, path, body, self._headers | headers)
        answer = self._http.getresponse()
        return answer.status, answer.read()


@contextmanager
def served(settings: Settings, *what: str) -> Iterator[tuple[Settings, list[psutil.Process]]]:
    """The service runs, or the part of it that is named; yields where, and its processes. It is stopped in the end."""
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        ports = {"port": one.getsockname()[1], "flower_port": other.getsockname()[1]}
    settings = settings.model_copy(update=ports | {"limits": UNHURRIED})
    process = subprocess.Popen(
        [sys.executable, "-m", *(what or ("api.cli.main", "up"))],
        env=dict(os.environ) | settings.as_environment(),
        stdout=subprocess.DEVNULL,
    )
    try:
        until(lambda: _answers(settings), 120, what="the service answers")
        head = psutil.Process(process.pid)
        at_rest([head, *head.children(recursive=True)])
        yield settings, [head, *head.children(recursive=True)]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def at_rest(processes: Sequence[psutil.Process]) -> None:
    """None of them has anything left to do. The counter answers while the mail room is still loading, for some seconds more;
    what is asked meanwhile tells how fast Python imports, not how the service serves."""
    until(lambda: _busy(processes) < 0.1, 120, what="all that was started is at rest")


def _busy(processes: Sequence[psutil.Process]) -> float:
    """How much of one core they use together, looked at for a second."""
    before = _cpu_of(processes)
    time.sleep(1)
    return _cpu_of(processes) - before


def _cpu_of(processes: Sequence[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def _answers(settings: Settings) -> bool:
    try:
        return Line(settings, "").ask("GET", "/readyz")[0] == 200
    except OSError:
        return False


def token_of(runtime: Runtime, body: str, purpose: Purpose = Purpose.ACCESS) -> str:
    """A person of the body, signed in for an hour, at the counter or on the pages."""
    with runtime.writing(SERVICE) as unit:
        return issue(unit, create_account(unit, f"{purpose}.{body}", body, None), purpose)[0]


def office_token(runtime: Runtime, office: str) -> str:
    with runtime.writing(SERVICE) as unit:
        return issue_office_token(unit, office)


def at_once(
    settings: Settings, token: str, path: str, bodies: Sequence[bytes], lines: int
) -> tuple[float, list[float]]:
    """Every body posted, over so many connections at once; seconds in all, and seconds of each."""
    took: list[float] = []

    def post(share: Sequence[bytes]) -> None:
        line = Line(settings, token)
        took.extend([line.timed("POST", path, body, **CLOUDEVENTS) for body in share])

    hands = [threading.Thread(target=post, args=(bodies[turn::lines],)) for turn in range(lines)]
    began = time.perf_counter()
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert len(took) == len(bodies)
    return time.perf_counter() - began, took


def until_seen(line: Line, path: str, seen: Callable[[Mapping[str, Any]], bool]) -> float:
    """Seconds until one of the listed items is the one looked for. `Any`: JSON."""
    began = time.perf_counter()
    while time.perf_counter() - began < 10:
        _, answer = line.ask("GET", path)
        if any(map(seen, answer["items"])):
            return time.perf_counter() - began
    raise AssertionError(f"never seen: {path}")


def memory(processes: Sequence[psutil.Process]) -> float:
    """MiB that the processes hold together, each shared page counted once (PSS)."""
    return sum(process.memory_full_info().pss for process in processes) / MEGABYTE


def share(values: Sequence[float], of: float) -> float:
    """The value below which `of` of them lie, such as 0.95."""
    return sorted(values)[min(int(len(values) * of), len(values) - 1)]
