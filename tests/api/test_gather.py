"""What one office posts at the same moment is kept by one commit, and each post has its own answer."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from api import counter as keeping
from api.gather import Gathered
from services.actor import SERVICE
from services.db.models.access import Journal
from services.intake.envelope import Envelope
from services.intake.receive import Receipt, receive
from tests.builders import COUNTY, OTHER_COUNTY, Counter, assert_problem, registered
from tests.waiting import until
from workflows.errors import Fault

OFFICE = f"registry.{COUNTY}"
BATCH = "application/cloudevents-batch+json"


@dataclass(eq=False)
class Job:
    name: str
    is_done: bool = False


def test_what_comes_meanwhile_is_done_together_but_no_more_than_so_many() -> None:
    assert asyncio.run(_sets("a", "a", "a", "a")) == [["0"], ["1", "2"], ["3"]]


def test_no_sender_waits_for_another() -> None:
    assert asyncio.run(_sets("a", "b", "b")) == [["0"], ["1"], ["2"]]


def test_it_is_never_at_two_sets_of_one_sender_at_once() -> None:
    """Whoever is done comes again at once, while his neighbour, whose job went along, has yet to hear that it is done, too."""
    at_work, most_at_work = 0, 0
    count = threading.Lock()

    def work(jobs: Sequence[Job]) -> None:
        nonlocal at_work, most_at_work
        with count:
            at_work += 1
            most_at_work = max(most_at_work, at_work)
        threading.Event().wait(0.002)
        with count:
            at_work -= 1
        for job in jobs:
            job.is_done = True

    async def chain(line: Gathered[Job], left: int) -> None:
        for number in range(left):
            await line.do("a", Job(str(number)))

    async def all_of_them() -> None:
        line = Gathered[Job](work, most=3)
        await asyncio.gather(*(chain(line, 40) for _ in range(2)))

    asyncio.run(all_of_them())
    assert most_at_work == 1


def test_whoever_waits_behind_what_hangs_is_told_to_come_again_and_is_not_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.gather.PATIENCE_SECONDS", 0.05)

    async def late() -> list[str]:
        done, begun, go_on = list[str](), threading.Event(), threading.Event()

        def work(jobs: Sequence[Job]) -> None:
            begun.set()
            assert go_on.wait(10)
            for job in jobs:
                done.append(job.name)
                job.is_done = True

        line = Gathered[Job](work, most=2)
        first = asyncio.create_task(line.do("a", Job("first")))
        assert await asyncio.to_thread(begun.wait, 10)
        with pytest.raises(Fault, match="busy"):
            await line.do("a", Job("late"))
        go_on.set()
        await first
        await line.do("a", Job("again"))
        return done

    assert asyncio.run(late()) == ["first", "again"]


async def _sets(*senders: str) -> list[list[str]]:
    """What was done together, where the first job takes until all others have come or, of other senders, are done."""
    sets, begun, go_on = list[list[str]](), threading.Event(), threading.Event()

    def work(jobs: Sequence[Job]) -> None:
        sets.append([job.name for job in jobs])
        if len(sets) == 1:
            begun.set()
            assert go_on.wait(10)
        for job in jobs:
            job.is_done = True

    line = Gathered[Job](work, most=2)
    first = asyncio.create_task(line.do(senders[0], Job("0")))
    assert await asyncio.to_thread(begun.wait, 10)
    for number, sender in enumerate(senders[1:], start=1):
        other = asyncio.create_task(line.do(sender, Job(str(number))))
        if sender != senders[0]:
            await other
    await asyncio.sleep(0)
    go_on.set()
    await first
    await asyncio.gather(*(one for one in asyncio.all_tasks() if one is not asyncio.current_task()))
    return sets


Keep = Callable[[list[Envelope]], None]


@contextmanager
def gathered(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, others: int, harm: Keep
) -> Iterator[list[int]]:
    """The first post is kept once so many others wait behind it; yields how many events were kept together each time.

    `harm` is asked with each set, and may raise."""
    sets = list[int]()

    def keep(unit: Any, arrived: list[Envelope], **more: Any) -> list[Receipt]:
        sets.append(len(arrived))
        if len(sets) == 1:
            lines = counter.client.app.state.posts._lines
            until(lambda: sum(len(line.waiting) for line in lines.values()) == others, 20)
        harm(arrived)
        return receive(unit, arrived, **more)

    counter.headers(OFFICE)
    monkeypatch.setattr(keeping, "receive", keep)
    yield sets


def _post_all(counter: Counter, numbers: range) -> list[Any]:
    """`Any`: answers of httpx2."""
    with ThreadPoolExecutor(len(numbers)) as many:
        return list(many.map(lambda number: counter.send(OFFICE, registered(number)), numbers))


def test_posts_of_one_moment_are_one_commit(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    with gathered(counter, monkeypatch, 5, lambda arrived: None) as sets:
        answers = _post_all(counter, range(1, 7))
    assert sets == [1, 5]
    for number, answer in enumerate(answers, start=1):
        (receipt,) = answer.json()["receipts"]
        assert (receipt["id"], receipt["status"]) == (registered(number)["id"], "accepted")


def test_one_post_that_cannot_be_kept_harms_no_other(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison = registered(3)["id"]

    def harm(arrived: list[Envelope]) -> None:
        if any(one.id == poison for one in arrived):
            raise ZeroDivisionError

    with gathered(counter, monkeypatch, 5, harm):
        answers = _post_all(counter, range(1, 7))
    assert sorted(answer.status_code for answer in answers) == [202] * 5 + [500]
    assert answers[2].status_code == 500
    assert_problem(counter.get(OFFICE, f"/api/v1/events/%2Fregistry%2F{COUNTY}/{poison}"), 404, "not_found")


def test_a_post_that_is_wrong_in_itself_costs_the_others_nothing(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter.headers(OFFICE)
    said = [registered(1), registered(2) | {"type": "no.such.type"}, registered(3)]
    with ThreadPoolExecutor(3) as many:
        answers = list(many.map(lambda one: counter.send(OFFICE, one), said))
    assert [answer.status_code for answer in answers] == [202, 400, 202]


def test_without_a_database_nobody_is_tried_alone(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each try would take as long as we wait for a database, one after the other."""

    def harm(arrived: list[Envelope]) -> None:
        if len(arrived) == 5:
            raise OperationalError("", None, Exception())

    with gathered(counter, monkeypatch, 5, harm) as sets:
        answers = _post_all(counter, range(1, 7))
    assert sets == [1, 5]
    assert sorted(answer.status_code for answer in answers) == [202] + [503] * 5


def test_every_reason_for_a_refusal_has_a_line_of_its_own(counter: Counter) -> None:
    foreign = registered(2) | {"source": f"/registry/{OTHER_COUNTY}"}
    batch = [registered(1), foreign, registered(3, division=OTHER_COUNTY)]
    answer = counter.send(OFFICE, batch, BATCH)
    assert [one["status"] for one in answer.json()["receipts"]] == ["accepted", "rejected", "rejected"]
    with counter.town.runtime.reading(SERVICE) as unit:
        told = unit.db.execute(select(Journal.detail).where(Journal.what == "events.send")).scalars()
        written = sorted((one["code"], one["events"]) for one in told)
    assert written == [("emitter_not_office", 1), ("outside_jurisdiction", 1)]
