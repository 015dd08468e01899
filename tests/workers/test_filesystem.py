"""Kombu over the spool: exchanges, acknowledgements, and the table that several processes write at once."""

import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection, Consumer, Exchange, Message, Queue

from services.doorbell.filesystem import spool_at

EVENTS = Exchange("events", "topic")
LETTERS = Queue("letters", EVENTS, routing_key="post.#")
PARCELS = Queue("parcels", EVENTS, routing_key="post.parcel")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "broker"


def connect(root: Path, **options: Any) -> Connection:
    return Connection("gongjian-fs://localhost", transport_options={"root": str(root), **options})


def drain(connection: Connection) -> None:
    while True:
        try:
            connection.drain_events(timeout=0.05)
        except TimeoutError:
            return


def test_a_topic_reaches_each_queue_that_asked_for_it(root: Path) -> None:
    with connect(root) as connection:
        producer = connection.Producer(serializer="json")
        for key in ("post.parcel", "post.letter", "other"):
            producer.publish({"to": key}, exchange=EVENTS, routing_key=key, declare=[LETTERS, PARCELS])
        heard: list[tuple[str, str]] = []

        def hear(body: dict[str, str], message: Message) -> None:
            heard.append((message.delivery_tag.partition("~")[0], body["to"]))
            message.ack()

        with Consumer(connection, [LETTERS, PARCELS], callbacks=[hear], accept=["json"]):
            drain(connection)
    assert sorted(heard) == [
        ("q-letters", "post.letter"),
        ("q-letters", "post.parcel"),
        ("q-parcels", "post.parcel"),
    ]
    assert list((root / "taken").glob("*/*")) == []


def test_a_message_is_on_the_disk_until_it_is_answered_for(root: Path) -> None:
    with connect(root) as connection:
        connection.Producer().publish("x", exchange=EVENTS, routing_key="post.letter", declare=[LETTERS])
        message = LETTERS(connection).get()
        assert message is not None
        assert LETTERS(connection).get() is None
        assert len(list((root / "taken").glob("*/*"))) == 1
        message.reject(requeue=True)
        again = LETTERS(connection).get()
        assert again is not None
        assert again.body == message.body
        again.ack()
        assert list((root / "taken").glob("*/*")) == []


def test_what_a_worker_refuses_is_set_aside(root: Path) -> None:
    with connect(root) as connection:
        connection.Producer().publish("x", exchange=EVENTS, routing_key="post.letter", declare=[LETTERS])
        message = LETTERS(connection).get()
        assert message is not None
        message.reject(requeue=False)
        assert LETTERS(connection).get() is None
        assert spool_at(root).damaged == 1


def test_a_closed_channel_gives_back_what_it_held(root: Path) -> None:
    with connect(root) as connection:
        connection.Producer().publish("x", exchange=EVENTS, routing_key="post.letter", declare=[LETTERS])
        held = LETTERS(connection.channel()).get()
        assert held is not None
        held.channel.close()
        assert LETTERS(connection).get() is not None


@pytest.mark.parametrize("content", [b"", b"{", b"\x80\x04", b'{"body": 1}'])
def test_a_consumer_outlives_what_is_no_message(root: Path, content: bytes) -> None:
    heard: list[Message] = []
    with connect(root) as connection, Consumer(connection, [LETTERS], on_message=heard.append):
        (root / "queues" / "q-letters" / "0.msg").write_bytes(content)
        connection.Producer().publish("sound", exchange=EVENTS, routing_key="post.letter")
        drain(connection)
        assert [message.body for message in heard] == [b"sound"]
        assert len(list((root / "damaged").iterdir())) == 1


def test_bindings_made_at_the_same_moment_are_all_kept(root: Path) -> None:
    bind = (
        "import sys; from kombu import Connection, Exchange, Queue; import services.doorbell.filesystem\n"
        "c = Connection('gongjian-fs://', transport_options={'root': sys.argv[1]}).channel()\n"
        "for n in range(40):\n"
        "    Queue(f'{sys.argv[2]}-{n}', Exchange('busy', 'topic'), routing_key='k')(c).declare()"
    )
    running = [subprocess.Popen([sys.executable, "-c", bind, str(root), str(who)]) for who in range(4)]
    assert [one.wait(60) for one in running] == [0, 0, 0, 0]
    with connect(root) as connection:
        bound = {row.queue for row in connection.default_channel.get_table("busy")}
    assert bound == {f"{who}-{number}" for who in range(4) for number in range(40)}


def test_a_torn_exchange_table_is_written_anew(root: Path) -> None:
    with connect(root) as connection:
        LETTERS(connection.default_channel).declare()
        (root / "tables" / "events.exchange").write_text('[["post.#"')
        PARCELS(connection.default_channel).declare()
        assert [row.queue for row in connection.default_channel.get_table("events")] == ["parcels"]


def test_the_queues_and_bindings_of_a_dead_listener_are_swept(root: Path) -> None:
    listen = (
        "import os, sys; from kombu import Connection, Exchange, Queue; import services.doorbell.filesystem\n"
        "c = Connection('gongjian-fs://', transport_options={'root': sys.argv[1]}).channel()\n"
        "Queue('ear', Exchange('events', 'topic'), routing_key='#', exclusive=True)(c).declare(); os._exit(0)"
    )
    assert subprocess.run([sys.executable, "-c", listen, str(root)], check=False).returncode == 0
    with connect(root) as connection:
        LETTERS(connection.default_channel).declare()
        assert {row.queue for row in connection.default_channel.get_table("events")} == {"ear", "letters"}
        LETTERS(connection).get()
        assert {row.queue for row in connection.default_channel.get_table("events")} == {"letters"}
    assert not (root / "queues" / "q-ear").exists()


def test_a_worker_looks_up_from_an_empty_queue_soon_enough(root: Path) -> None:
    with (
        connect(root, longest_wait=0.0) as connection,
        Consumer(connection, [LETTERS]),
        pytest.raises(socket.timeout),
    ):
        connection.drain_events(timeout=3600)
