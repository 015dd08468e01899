"""Registration offices that do not let go: each says every event again until the service has answered for it."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

from httpx2 import Client, Response, TransportError

from services.intake.wire import STRUCTURED
from tests.builders import COUNTY, TOWN, registered, uscc

PATIENCE_SECONDS = 90.0
_RESENT = 0.05
_AHEAD = 0.1  # of the enterprises are changed before they are registered


@dataclass
class Log:
    """What the offices remember of one run."""

    accepted: set[tuple[str, str]] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    receipts: Counter[str] = field(default_factory=Counter)
    unanswered: int = 0
    seconds: list[float] = field(default_factory=list)

    def percentile_ms(self, percent: int) -> float:
        return round(quantiles(self.seconds, n=100, method="inclusive")[percent - 1] * 1000, 1)


def send(client: Client, said: dict[str, Any], log: Log, rest: threading.Event) -> Response:
    """The service's answer to this event, however often it takes; the log knows of every try. `Any`: JSON."""
    body = json.dumps(said, ensure_ascii=False).encode()
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        began = time.monotonic()
        try:
            answer = client.post("/api/v1/events", content=body, headers={"Content-Type": STRUCTURED})
        except TransportError:
            log.unanswered += 1
        else:
            log.seconds.append(time.monotonic() - began)
            log.statuses[answer.status_code] += 1
            if answer.status_code == 202:
                log.accepted.add((said["source"], said["id"]))
                log.receipts.update(one["status"] for one in answer.json()["receipts"])
            if answer.status_code < 500:
                return answer
        rest.wait(0.1)
    raise AssertionError(f"no answer for {said['id']} within {PATIENCE_SECONDS} s")


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
) -> Log:
    """One office for each range of enterprises, all at once: lives until `go_on` says no, and a twentieth of what
    was said is said again. Each pauses `pace` seconds between two events on average."""
    log, rest = Log(), threading.Event()

    def work(office: int) -> None:
        chance = random.Random(f"{seed}/{office}")
        said: list[dict[str, Any]] = []
        with open_client() as client:
            for number in _while(go_on, numbers[office]):
                for one in life(number, chance):
                    send(client, one, log, rest)
                    said.append(one)
                    if chance.random() < _RESENT:
                        send(client, chance.choice(said), log, rest)
                    rest.wait(chance.uniform(0, 2 * pace))

    with ThreadPoolExecutor(len(numbers)) as offices:
        list(offices.map(work, range(len(numbers))))
    return log


def _while(go_on: Callable[[], bool], numbers: range) -> Iterator[int]:
    for number in numbers:
        if not go_on():
            return
        yield number
