"""The worker's main process over many rings, some of them of unknown tasks, and ten lost connections: it does not grow."""

import os

import pytest
from kombu import Connection, Queue

from services.doorbell.broker import QUEUES, TASKS, ring_queues
from tests.crash.conftest import Note, needs_servers
from tests.crash.faults import World, given, member
from tests.crash.offices import drained
from tests.waiting import until

RINGS = int(os.environ.get("GONGJIAN_CRASH_RINGS") or 2_000)
AT_ONCE = 50  # fewer than the queue keeps
CUTS = 10
LARGEST_GROWTH = 20 * 1024 * 1024

pytestmark = [
    pytest.mark.crash,
    pytest.mark.services,
    pytest.mark.long,
    pytest.mark.timeout(300 + RINGS / 10),
    needs_servers,
]


@pytest.mark.fault("F46")
def test_the_main_process_does_not_grow_with_what_passes_through_it(ground: World, note: Note) -> None:
    """A night of it is GONGJIAN_CRASH_RINGS=1000000; the first tenth is for getting warm."""
    worker = member(ground, "worker")
    queue = next(one for one in ring_queues(ground.service.settings) if one.name == QUEUES["inbox"])
    sizes = []
    for _ in range(CUTS):
        _ring(ground, queue, RINGS // CUTS)
        sizes.append(worker.memory_info().rss)
        given(ground.broker_line).cut()
    drained(ground.books)
    growth = max(sizes[1:]) - sizes[0]
    note(rings=RINGS, cuts=CUTS, at_first_mib=sizes[0] >> 20, growth_kib=growth >> 10)
    assert member(ground, "worker").pid == worker.pid
    assert growth <= LARGEST_GROWTH


def _ring(world: World, queue: Queue, times: int) -> None:
    """So many rings were heard, one in a hundred of a task that nobody knows."""
    with Connection(given(world.node).url) as line:
        for number in range(times):
            task = "gongjian.of_tomorrow" if number % 100 == 0 else TASKS["inbox"]
            line.Producer().publish(
                [[], {}, {}], serializer="json", exchange=queue.exchange, routing_key=queue.routing_key,
                declare=[queue],
                headers={"lang": "py", "task": task, "id": str(number), "argsrepr": "()", "kwargsrepr": "{}"},
            )  # fmt: skip
            if number % AT_ONCE == AT_ONCE - 1:
                until(lambda: _waiting(line, queue) == 0, 90, what="the rings are heard")


def _waiting(line: Connection, queue: Queue) -> int:
    return int(line.default_channel.queue_declare(queue.name, passive=True).message_count)
