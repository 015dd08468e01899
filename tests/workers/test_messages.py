"""What lies with the broker says that there is work and nothing about whom: at most 200 bytes, and no fact in them (S15)."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from kombu import Connection, Message

from services.clock import SettableClock
from services.doorbell.broker import TASKS, broker_url, consumer_options, ring_queues
from services.doorbell.ring import Doorbell
from services.runtime import Runtime
from services.settings import Settings
from tests.builders import BEGAN, Town, found
from tests.waiting import until
from tests.workers.conftest import RABBIT, needs_rabbit
from workers.schedules import schedule

#: What would give a person or an enterprise away.
NAME, OWNER = "吉林省松花湖水产有限公司", "张三丰"


@pytest.fixture(params=["embedded", pytest.param("rabbitmq", marks=[pytest.mark.services, needs_rabbit])])
def line(request: pytest.FixtureRequest, home: Any) -> Iterator[tuple[Settings, Connection]]:
    """A broker whose queues stand and are empty, and nobody who answers. `Any`: a path."""
    settings = Settings(home=home, broker_url=RABBIT if request.param == "rabbitmq" else None)
    settings.folder("broker")
    with Connection(broker_url(settings), transport_options=consumer_options(settings)) as connection:
        for queue in ring_queues(settings):
            queue(connection.default_channel).declare()
            queue(connection.default_channel).purge()
        yield settings, connection


def test_no_message_carries_more_than_a_bell(
    line: tuple[Settings, Connection], make_runtime: Callable[..., Runtime]
) -> None:
    """A whole union is founded with a doorbell that rings; then every message is read, every byte of it."""
    settings, connection = line
    bell, clock = Doorbell(settings), SettableClock(BEGAN)
    runtime = make_runtime(clock=clock)
    runtime.bells = bell
    found(runtime)
    town = Town(runtime, clock)
    code = town.enterprise(name=NAME, address=f"吉林省吉林市{OWNER}宅")
    town.with_union(code)
    for name in ("inbox", "outbox", "due"):
        bell.ring(name)
    read: list[Message] = []

    def each_was_read() -> bool:
        """A bell that was pulled twice may still ring while we read: what lies there is read until it is all."""
        for queue in ring_queues(settings):
            while message := queue(connection.default_channel).get():
                message.ack()
                read.append(message)
        return {"inbox", "outbox", "due"} <= set(bell.sent) and len(read) == sum(bell.sent.values())

    until(each_was_read, 20, what="each bell was heard")
    assert not bell.failed
    for message in read:
        body = message.body.encode() if isinstance(message.body, str) else bytes(message.body)
        assert len(body) <= 200 and message.content_type == "application/json"
        args, kwargs, embedded = json.loads(body)
        assert (args, kwargs) == ([], {}) and not any(embedded.values())
        assert message.headers["task"] in TASKS.values()
        beside = json.dumps([message.headers, message.properties], default=str, ensure_ascii=False)
        assert not [told for told in (NAME, OWNER, code, "220204") if told in body.decode() + beside]


def test_what_beat_sends_is_a_bell_too() -> None:
    for entry in schedule().values():
        assert entry["task"] in TASKS.values()
        assert not entry.get("args") and not entry.get("kwargs")
