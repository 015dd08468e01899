"""Registration offices that do not let go: each says every event again until the service has answered for it."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from statistics import quantiles
from typing import Any

from httpx2 import Client, Response, TransportError

from services.intake.wire import BATCH, STRUCTURED
from services.invariants import Books
from tests.builders import COUNTY, TOWN, registered, uscc
from tests.waiting import until

PATIENCE_SECONDS = 180.0
_RESENT = 0.05
_CONTRADICTED = 0.01  # of what was said is said again under the same id with other content
_BATCH = 100
_AHEAD = 0.1  # of the enterprises are changed before they are registered


@dataclass
class Log:
    """What the offices remember of one run."""

    accepted: set[tuple[str, str]] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    receipts: Counter[str] = field(default_factory=Counter)
    unanswered: int = 0
    conflicts: int = 0
    seconds: list[float] = field(default_factory=list)

    def percentile_ms(self, percent: int) -> float:
        return round(quantiles(self.seconds, n=100, method="inclusive")[percent - 1] * 1000, 1)


def send(client: Client, said: dict[str, Any], log: Log, rest: threading.Event) -> Response:
    """The service's answer to this event, however often it takes; the log knows of every try. `Any`: JSON."""
    return _send(client, said, STRUCTURED, said["id"], log, rest)


def send_many(client: Client, said: Sequence[dict[str, Any]], log: Log, rest: threading.Event) -> Response:
    """The same for many events in one request. `Any`: JSON."""
    return _send(client, said, BATCH, said[0]["id"], log, rest)


def _send(client: Client, said: object, media: str, name: str, log: Log, rest: threading.Event) -> Response:
    body = json.dumps(said, ensure_ascii=False).encode()
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        began = time.monotonic()
        try:
            answer = client.post("/api/v1/events", content=body, headers={"Content-Type": media})
        except TransportError:
            log.unanswered += 1
        else:
            log.seconds.append(time.monotonic() - began)
            log.statuses[answer.status_code] += 1
            if answer.status_code == 202:
                receipts = answer.json()["receipts"]
                log.receipts.update(one["status"] for one in receipts)
                log.accepted |= {
                    (one["source"], one["id"]) for one in receipts if one["status"] != "rejected"
                }
            if answer.status_code < 500:
                return answer
        rest.wait(0.1)
    raise AssertionError(f"no answer for {name} within {PATIENCE_SECONDS} s")


def contradict(client: Client, said: dict[str, Any], log: Log, rest: threading.Event) -> None:
    """The same id with other content is refused, whatever became of the first. `Any`: JSON."""
    other = said | {"time": "2026-03-02T09:00:01+08:00"}
    answer = send(client, other, log, rest)
    log.conflicts += 1
    assert answer.status_code == 409 and answer.json()["code"] == "event_id_conflict", answer.text


def event(number: int, kind: str = "registered", **data: Any) -> dict[str, Any]:
    """An event about the enterprise of this number, under an id of its own. `Any`: JSON."""
    said = registered(number, town=TOWN)
    if kind != "registered":
        said["data"] = {"uscc": uscc(number, COUNTY)}
    said["data"] |= data
    return said | {"id": f"{kind}-{number}", "type": f"gongjian.registry.enterprise.{kind}.v1"}


def life(number: int, chance: random.Random) -> list[dict[str, Any]]:
    """What an office says of one enterprise; sometimes a change comes before the registration. `Any`: JSON."""
    story = [event(number), event(number, "changed", headcount=chance.randrange(1, 500))]
    if chance.random() < _AHEAD:
        story.reverse()
    return [*story, event(number, "suspended"), event(number, "resumed")]


def busy(
    open_client: Callable[[], Client],
    seed: int,
    numbers: Sequence[range],
    pace: float,
    go_on: Callable[[], bool],
    *,
    batches: float = 0,
) -> Log:
    """One office for each range of enterprises, all at once: lives until `go_on` says no; a twentieth of what was said
    is said again, and a hundredth contradicted. Each pauses `pace` seconds between two requests on average, and a
    share `batches` of its requests says the beginnings of many enterprises at once."""
    log, rest = Log(), threading.Event()

    def work(office: int) -> None:
        chance = random.Random(f"{seed}/{office}")
        said: list[dict[str, Any]] = []
        numbered = _while(go_on, numbers[office])
        with open_client() as client:
            for number in numbered:
                if chance.random() < batches:
                    many = [event(one) for one in [number, *islice(numbered, _BATCH - 1)]]
                    send_many(client, many, log, rest)
                    said += many[:1]
                    rest.wait(chance.uniform(0, 2 * pace))
                    continue
                for one in life(number, chance):
                    send(client, one, log, rest)
                    said.append(one)
                    if chance.random() < _RESENT:
                        send(client, chance.choice(said), log, rest)
                    if chance.random() < _CONTRADICTED:
                        contradict(client, chance.choice(said), log, rest)
                    rest.wait(chance.uniform(0, 2 * pace))

    with ThreadPoolExecutor(len(numbers)) as offices:
        list(offices.map(work, range(len(numbers))))
    return log


def drained(books: Books, seconds: float = 180) -> float:
    """No row waits any more; yields how long that took."""
    began = time.monotonic()
    until(lambda: books.waiting() == 0, seconds, what="every row is worked off")
    return round(time.monotonic() - began, 1)


def _while(go_on: Callable[[], bool], numbers: range) -> Iterator[int]:
    for number in numbers:
        if not go_on():
            return
        yield number
