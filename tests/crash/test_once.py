"""The same event, fifty times by ten senders at once: one row, one case, one application; other content is refused.
Over HTTP and over AMQP."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest

from services.invariants import Books
from tests.crash.conftest import Note
from tests.crash.offices import Log, event, send
from tests.crash.service import Service
from tests.waiting import until

pytestmark = [pytest.mark.crash, pytest.mark.timeout(900)]

SENDERS = 10
TIMES = 5


def at_once(work: Callable[[], None]) -> None:
    """Ten threads begin together."""
    line = Barrier(SENDERS)

    def begin(_: int) -> None:
        line.wait(30)
        work()

    with ThreadPoolExecutor(SENDERS) as senders:
        list(senders.map(begin, range(SENDERS)))


def outcome(books: Books, event_id: str) -> list[tuple[Any, ...]]:
    """State, case and lines of history of every row that bears this id."""
    return books.rows(
        "SELECT inbox.state, inbox.case_id IS NOT NULL, count(history.seq) FROM inbox"
        f" LEFT JOIN history ON history.inbox_id = inbox.id WHERE event_id = '{event_id}'"
        " GROUP BY inbox.id, inbox.state, inbox.case_id"
    )


def applied(books: Books, event_id: str) -> None:
    until(
        lambda: [row[0] for row in outcome(books, event_id)] == ["applied"], 60, what=f"{event_id} is applied"
    )


def buried(books: Books, code: str) -> tuple[dict[str, str], bytes]:
    """Why the last message that was refused so was refused, in both languages, and what it said."""
    said = f"SELECT error, body FROM dead_letters WHERE error_code = '{code}' ORDER BY id DESC LIMIT 1"
    why, body = until(lambda: books.rows(said), 60, what=f"a message refused as {code}")[0]
    return why if isinstance(why, dict) else json.loads(why), bytes(body)


@pytest.mark.fault("F26", "F38")
def test_fifty_times_over_http_is_once_and_other_content_is_a_conflict(calm: Service, note: Note) -> None:
    said, log, books = event(9001), Log(), Books(calm.settings.database)

    def work() -> None:
        with calm.client() as client:
            for _ in range(TIMES):
                assert send(client, said, log, Event()).status_code == 202

    at_once(work)
    applied(books, said["id"])
    assert log.statuses == {202: SENDERS * TIMES}
    assert log.receipts == {"accepted": 1, "duplicate": SENDERS * TIMES - 1}
    with calm.client() as client:
        refused = send(client, event(9001, name="另一家有限公司"), log, Event())
        told = client.get(f"/api/v1/events/%2Fregistry%2F220204/{said['id']}").json()
    assert (refused.status_code, refused.json()["code"]) == (409, "event_id_conflict")
    assert told["status"] == "applied"
    until(lambda: books.waiting() == 0, 60, what="every row is worked off")
    assert outcome(books, said["id"]) == [("applied", True, 3)]
    assert books.rows(
        "SELECT name FROM cases WHERE uscc = (SELECT case_key FROM inbox WHERE event_id = 'registered-9001')"
    ) == [(said["data"]["name"],)]
    assert books.violations(log.accepted) == []
    note(
        receipts=dict(log.receipts),
        statuses=dict(log.statuses),
        p50_ms=log.percentile_ms(50),
        p99_ms=log.percentile_ms(99),
    )


@pytest.mark.fault("F26", "F38")
def test_fifty_times_over_amqp_is_once_and_other_content_lies_among_the_dead(
    calm: Service, note: Note
) -> None:
    said, last, books = event(9002), event(9003), Books(calm.settings.database)
    at_once(lambda: calm.publish([said] * TIMES))
    calm.publish([last])
    applied(books, last["id"])
    applied(books, said["id"])
    calm.publish([event(9002, name="另一家有限公司")])
    why, body = buried(books, "event_id_conflict")
    assert why["zh"] and why["en"] and "另一家有限公司" in body.decode()
    until(lambda: books.waiting() == 0, 60, what="every row is worked off")
    assert outcome(books, said["id"]) == [("applied", True, 3)]
    accepted = {(one["source"], one["id"]) for one in (said, last)}
    assert books.violations(accepted) == []
    note(sent=SENDERS * TIMES, rows=1, dead="event_id_conflict")


@pytest.mark.fault("F26")
def test_fifty_times_over_both_ways_at_once_is_once(calm: Service) -> None:
    said, last, log, books = event(9004), event(9005), Log(), Books(calm.settings.database)

    def work() -> None:
        with calm.client() as client:
            for _ in range(TIMES):
                calm.publish([said])
                assert send(client, said, log, Event()).status_code == 202

    at_once(work)
    calm.publish([last])  # it stands behind all others in the queue
    applied(books, last["id"])
    applied(books, said["id"])
    until(lambda: books.waiting() == 0, 60, what="every row is worked off")
    assert outcome(books, said["id"]) == [("applied", True, 3)]
    assert books.violations(log.accepted) == []
