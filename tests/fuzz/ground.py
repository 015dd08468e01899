"""What is fuzzed: the application, served over a socket, in a town where much has happened already; and what can be named in it."""

import json
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from api.app import create_app
from tests.builders import COUNTY, OTHER_TOWN, TOWN, Town
from tests.fuzz.judge import Judge
from tests.fuzz.wire import Answer, Line, Sent
from tests.waiting import until

ACCOUNTS = (
    *(f"registry.{COUNTY}", f"investment.{TOWN}", f"union.{COUNTY}", f"union.{TOWN}", f"union.{OTHER_TOWN}"),
    *(f"orgdept.{COUNTY}", f"minying.{COUNTY}", f"party.{TOWN}", f"auditor.{COUNTY}", f"admin.{COUNTY}"),
)
#: Whoever takes steps; most of what is sent comes from them.
HANDS = (f"union.{COUNTY}", f"union.{TOWN}", f"minying.{COUNTY}", f"party.{TOWN}")

# Any below: JSON.


class Ground:
    """The town, the way to it, and what stands in it now: `refresh` looks anew, since much of what is sent is right."""

    def __init__(self, town: Town, line: Line) -> None:
        self.town, self.line, self.judge = town, line, Judge()
        self.tokens = {account: town.token(account).encode() for account in ACCOUNTS}
        self.sessions: dict[str, str] = {}
        self.steps: list[
            tuple[str, str, dict[str, Any]]
        ] = []  # who, which proceeding, which step as it was allowed
        self.openings: list[tuple[str, dict[str, Any]]] = []
        self.ids: dict[str, list[str]] = {}
        self.papers: dict[str, list[str]] = {account: [] for account in ACCOUNTS}

    def send(self, sent: Sent) -> Answer:
        answer = self.line(sent)
        self.judge(sent, answer)
        return answer

    def bearing(self, account: str) -> tuple[tuple[str, bytes], ...]:
        return (("Authorization", b"Bearer " + self.tokens[account]),)

    def refresh(self) -> None:
        """The workers have done their part, and the pools hold what is there now."""
        self.town.settle()
        self.sessions = {account: self.town.session(account) for account in ACCOUNTS}
        self.steps, self.openings, ids = [], [], {"case": [], "proceeding": [], "item": [], "notice": []}
        for account in HANDS:
            mine = [case["id"] for case in self._get(account, "/api/v1/cases")["items"]]
            ids["case"] += mine
            for key in random.Random(mine[0]).sample(mine, min(15, len(mine))):
                for one in self._get(account, f"/api/v1/cases/{key}")["proceedings"]:
                    ids["proceeding"].append(one["id"])
                    self.steps += [(account, one["id"], step) for step in one["allowed"]]
            ids["item"] += [one["id"] for one in self._get(account, "/api/v1/work-items")["items"]]
            ids["notice"] += [one["id"] for one in self._get(account, "/api/v1/notices")["items"]]
            self.openings += [(account, one) for one in self._get(account, "/api/v1/openings")["items"]]
        self.ids = ids

    def file_papers(self) -> None:
        """Every hand has a document of each kind that the steps ask for."""
        kinds = {kind for _, _, step in self.steps for kind in step["evidence"]} | {"union_application"}
        for account in HANDS:
            for kind in sorted(kinds):
                self.papers[account].append(self.upload(account, kind))

    def upload(self, account: str, kind: str) -> str:
        content, media = multipart([("kind", kind, None), ("file", "材料\n".encode(), "a.txt")])
        answer = self.line(
            Sent("POST", "/api/v1/documents", (*self.bearing(account), ("Content-Type", media)), content)
        )
        assert answer.status == 201, answer
        return str(json.loads(answer.body)["id"])

    def _get(self, account: str, path: str) -> Any:
        answer = self.line(Sent("GET", path, self.bearing(account)))
        assert answer.status == 200, (account, path, answer)
        return json.loads(answer.body)


@contextmanager
def served(town: Town) -> Iterator[Ground]:
    """The town's application on a port of its own."""
    config = uvicorn.Config(
        create_app(town.runtime),
        host="127.0.0.1",
        port=0,
        log_config=None,
        access_log=False,
        server_header=False,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    port = until(lambda: server.started and server.servers[0].sockets[0].getsockname()[1], 20, what="a port")
    line = Line(port)
    try:
        yield Ground(town, line)
    finally:
        line.close()
        server.should_exit = True
        thread.join(20)


def lived_in(town: Town) -> None:
    """Enterprises in several states: newly told of, surveyed, with a union, closed down, waiting for a Party body."""
    for _ in range(4):
        town.enterprise()
    surveyed, opened, joined = town.enterprise(), town.enterprise(), town.enterprise()
    town.take(f"union.{TOWN}", surveyed, "lead", "survey", headcount=60, applicants=30)
    town.take(f"union.{TOWN}", opened, "lead", "survey", headcount=60, applicants=30)
    town.take(f"union.{TOWN}", opened, "lead", "open_union")
    town.with_union(joined)


def multipart(
    parts: list[tuple[str, str | bytes, str | None]], boundary: str = "gongjian"
) -> tuple[bytes, bytes]:
    """(name, value, file name) as a form, and its media type."""
    body = b""
    for name, value, file in parts:
        about = f'form-data; name="{name}"' + (f'; filename="{file}"' if file is not None else "")
        content = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        body += (
            f"--{boundary}\r\nContent-Disposition: {about}\r\n\r\n".encode("utf-8", "surrogatepass")
            + content
            + b"\r\n"
        )
    return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}".encode()
