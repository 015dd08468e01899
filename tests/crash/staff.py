"""People at their counters while things break: they look, upload, take steps, and repeat what was not answered.

Each step bears an idempotency key, so a repeat is the same step; what was answered is remembered, to be looked up in
the books afterwards."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from httpx2 import Client, Response, TransportError

from services.invariants import Books
from tests.builders import COUNTY, TOWN

PATIENCE_SECONDS = 240.0
BODIES = (f"union.{COUNTY}", f"union.{TOWN}", f"party.{TOWN}", f"orgdept.{COUNTY}", f"minying.{COUNTY}")


@dataclass
class Deeds:
    """What the staff remember of one run: of each step that was answered with yes, its key and what it led to."""

    taken: dict[str, tuple[str, int, str]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)
    unanswered: int = 0

    def violations(self, books: Books) -> Iterator[str]:
        """Every step that was answered with yes is on file once, with what was answered; no two share a revision."""
        rows = books.rows("SELECT key, answer FROM answers")
        kept = {key: answer if isinstance(answer, dict) else _json(answer) for key, answer in rows}
        for key, told in self.taken.items():
            if (found := kept.get(key)) is None:
                yield f"step {key} was taken and is lost"
            elif _place(found) != told:
                yield f"step {key} was answered with {told} and stands as {_place(found)}"
        places = Counter((answer["proceeding"], answer["revision"]) for answer in kept.values())
        yield from (f"{count} steps led to {place}" for place, count in places.items() if count > 1)
        lines = books.one("SELECT count(*) FROM history WHERE account_id IS NOT NULL")
        if lines < len(kept):
            yield f"{len(kept)} steps were answered, and {lines} lines of history bear a person's name"
        yield from self.bad


def at_work(
    open_client: Callable[[str], Client],
    seed: int,
    tokens: Sequence[str],
    pace: float,
    go_on: Callable[[], bool],
) -> Deeds:
    """One person for each token, until `go_on` says no; each pauses `pace` seconds on average between two deeds."""
    deeds, rest = Deeds(), threading.Event()

    def work(person: int) -> None:
        chance, number = random.Random(f"{seed}/staff/{person}"), 0
        with open_client(tokens[person]) as client:
            while go_on():
                number += 1
                _one_deed(client, chance, f"{seed}-{person}-{number}", deeds, rest)
                rest.wait(chance.uniform(0, 2 * pace))

    with ThreadPoolExecutor(len(tokens)) as people:
        list(people.map(work, range(len(tokens))))
    return deeds


def _one_deed(client: Client, chance: random.Random, key: str, deeds: Deeds, rest: threading.Event) -> None:
    listed = _ask(client, "GET", "/api/v1/work-items", deeds, rest)
    if listed.status_code != 200 or not (items := listed.json()["items"]):
        return
    case = _ask(client, "GET", f"/api/v1/cases/{chance.choice(items)['case']}", deeds, rest)
    if case.status_code != 200:
        return
    open_steps = [(one, step) for one in case.json()["proceedings"] for step in one["allowed"]]
    if not open_steps:
        return
    proceeding, step = chance.choice(open_steps)
    said = {
        "fields": {name: about["examples"][0] for name, about in step["fields"]["properties"].items()},
        "evidence": [_upload(client, kind, key, deeds, rest) for kind in step["evidence"]],
        "expected_revision": proceeding["revision"],
    }
    path = f"/api/v1/proceedings/{proceeding['id']}/steps/{step['step']}"
    answer = _ask(client, "POST", path, deeds, rest, json=said, headers={"Idempotency-Key": key})
    if answer.status_code == 200:
        deeds.taken[key] = _place(answer.json())


def _upload(client: Client, kind: str, key: str, deeds: Deeds, rest: threading.Event) -> str:
    file = {"file": (f"{kind}.txt", f"测试材料 {kind} {key}\n".encode(), "text/plain")}
    answer = _ask(client, "POST", "/api/v1/documents", deeds, rest, files=file, data={"kind": kind})
    return str(answer.json().get("id"))


def _ask(
    client: Client, method: str, path: str, deeds: Deeds, rest: threading.Event, **more: Any
) -> Response:
    """The answer, however often it takes. `Any`: whatever httpx2 takes."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        try:
            answer = client.request(method, path, **more)
        except TransportError:
            deeds.unanswered += 1
        else:
            deeds.statuses[answer.status_code] += 1
            if answer.status_code >= 400 and not _is_problem(answer):
                deeds.bad.append(f"{answer.status_code} for {path} is no problem that we know")
            if answer.status_code < 500:
                return answer
        rest.wait(0.2)
    raise AssertionError(f"no answer for {path} within {PATIENCE_SECONDS} s")


def _is_problem(answer: Response) -> bool:
    return answer.headers.get("content-type") == "application/problem+json" and bool(
        answer.json().get("code")
    )


def _place(answer: Mapping[str, Any]) -> tuple[str, int, str]:
    """`Any`: JSON."""
    return answer["proceeding"], answer["revision"], answer["state"]


def _json(text: str) -> dict[str, Any]:
    """`Any`: JSON."""
    told: dict[str, Any] = json.loads(text)
    return told
