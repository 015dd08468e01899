"""Events over the broker, into a fake office, through a real worker: none is lost, none that is refused is
silent."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from kombu import Message

from services.doorbell.broker import intake_queue
from services.intake.receive import Unavailable
from tests.waiting import until
from tests.workers.conftest import MailRoom
from workers.consumers import registry_events
from workers.consumers.registry_events import RegistryEvents

KEY = "gongjian.registry.enterprise.registered.v1"
STRUCTURED = "application/cloudevents+json"
BINARY = {"cloudEvents:specversion": "1.0", "cloudEvents:id": "7", "cloudEvents:source": "/registry/220204"}


@contextmanager
def sending(room: MailRoom) -> Iterator[Callable[..., None]]:
    queue = intake_queue(room.settings)
    """A sender that hears the broker say it holds each message: what is not confirmed is nobody's promise."""
    with room.confirming_connection() as connection:
        producer = connection.Producer()

        def send(body: str, content_type: str = STRUCTURED, key: str = KEY, **headers: object) -> None:
            producer.publish(
                body.encode(),
                exchange=queue.exchange,
                routing_key=key,
                declare=[queue],
                content_type=content_type,
                content_encoding="utf-8",
                headers=headers,
            )

        yield send


def buried(room: MailRoom, count: int) -> dict[str, Any]:
    """The last of so many messages that were refused. `Any`: JSON."""
    until(lambda: len(room.office.rows("dead")) >= count, 20, what=f"{count} messages lie among the dead")
    told: dict[str, Any] = json.loads((room.office.folder("dead") / room.office.rows("dead")[-1]).read_text())
    return told


def received(room: MailRoom, count: int, seconds: float = 30) -> list[str]:
    try:
        until(lambda: len(room.office.rows("received")) >= count, seconds, what=f"{count} events received")
    except AssertionError as late:
        here = len(room.office.rows("received"))
        raise AssertionError(
            f"{late}: {here} are. The worker's log:\n{room.log.read_text()[-4000:]}"
        ) from None
    return [(room.office.folder("received") / name).read_text() for name in room.office.rows("received")]


def test_structured_and_binary_events_are_filed_as_they_came(any_mail_room: MailRoom) -> None:
    any_mail_room.start_worker()
    with sending(any_mail_room) as send:
        send('{"id": "1", "name": "某某有限公司"}')
        send(
            '{"name": "企业"}',
            "application/json",
            **BINARY | {"cloudEvents:subject": "91220204MA00000151 企业"},
        )
        send('{"id": "not ours"}', key="gongjian.elsewhere.enterprise.registered.v1")
    told = received(any_mail_room, 2)
    assert sorted(told) == [
        "application/cloudevents+json\nNone\namqp\n\n" + '{"id": "1", "name": "某某有限公司"}',
        "application/json\nNone\namqp\nce-id=7\nce-source=%2Fregistry%2F220204\nce-specversion=1.0\n"
        "ce-subject=91220204MA00000151%20%E4%BC%81%E4%B8%9A\n\n" + '{"name": "企业"}',
    ]


def test_what_is_refused_lies_among_the_dead_with_its_cause(any_mail_room: MailRoom) -> None:
    any_mail_room.start_worker()
    with sending(any_mail_room) as send:
        send("refuse me", "application/json", **BINARY)
        dead = buried(any_mail_room, 1)
        assert (dead["body"], dead["content_type"]) == ("refuse me", "application/json")
        assert dead["headers"] == {"ce-specversion": "1.0", "ce-id": "7", "ce-source": "%2Fregistry%2F220204"}
        assert dead["code"] == "source_unknown"
        assert dead["why"] == {"zh": "来源不明", "en": "unknown source"}

        send("x" * (256 * 1024 + 1))
        dead = buried(any_mail_room, 2)
        assert (dead["code"], dead["body"], dead["size"]) == ("too_large", None, 256 * 1024 + 1)

        send("break the office")
        assert buried(any_mail_room, 3)["code"] == "broken"

        send("{}", "application/json", **BINARY | {"cloudEvents_id": "7"})
        dead = buried(any_mail_room, 4)
        assert (dead["code"], dead["headers"], dead["body"]) == ("envelope_bad", None, "{}")

        send('{"id": "after all that"}')
        assert "after all that" in received(any_mail_room, 1)[0]


def test_events_wait_with_the_broker_while_the_database_is_away(any_mail_room: MailRoom) -> None:
    any_mail_room.office.add("received", "nothing")
    any_mail_room.office.switch.touch()
    any_mail_room.start_worker()
    with sending(any_mail_room) as send:
        for number in range(50):
            send(json.dumps({"id": number}))
    until(lambda: "registry events wait" in any_mail_room.log.read_text(), 20)
    assert any_mail_room.office.rows("received") == ["nothing"]
    any_mail_room.office.switch.unlink()
    assert len(received(any_mail_room, 51, 60)) == 51


def test_a_worker_killed_in_the_middle_loses_none(any_mail_room: MailRoom) -> None:
    worker = any_mail_room.start_worker()
    with sending(any_mail_room) as send:
        for number in range(200):
            send(json.dumps({"id": number}))
            if number == 100:
                os.killpg(worker.pid, signal.SIGKILL)
    any_mail_room.start_worker()
    assert len(received(any_mail_room, 200, 60)) == 200


def test_a_torn_message_does_not_stop_the_worker(mail_room: MailRoom) -> None:
    mail_room.start_worker()
    queue = mail_room.settings.home / "broker" / "queues" / "q-gongjian.inbox"
    for name, content in (("0.msg", b""), ("1.msg", b'{"body"'), ("2.msg", b"\x80\x04.")):
        (queue / name).write_bytes(content)
    until(lambda: len(list((mail_room.settings.home / "broker" / "damaged").iterdir())) == 3, 20)
    with sending(mail_room) as send:
        send('{"id": "still alive"}')
    assert "still alive" in received(mail_room, 1)[0]


def test_a_line_that_breaks_as_a_pause_begins_does_not_lose_the_consumer_of_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The pause let go of the new line's consumer instead of its own, and nothing was taken in until the next restart."""
    soon: list[Callable[[], None]] = []
    worker = SimpleNamespace(call_soon=soon.append, connection=SimpleNamespace(channel=object))
    made: list[SimpleNamespace] = []

    def consumers(_step: RegistryEvents, _channel: object) -> list[SimpleNamespace]:
        made.append(SimpleNamespace(consume=lambda: None, cancel=lambda: None, channel=None))
        return made[-1:]

    def away(_message: Message) -> None:
        raise Unavailable

    monkeypatch.setattr(RegistryEvents, "get_consumers", consumers)
    monkeypatch.setattr(registry_events, "take_in", away)
    step = RegistryEvents(worker)
    step.start(worker)
    step._answer(SimpleNamespace())
    step.stop(worker)
    step.start(worker)
    while soon:
        soon.pop()()
    assert step.consumers == made[-1:]
