"""Flower beside the real service: it shows the drains at work to whoever knows the password, and obeys nobody (S23)."""

from threading import Event

import pytest
from httpx2 import BasicAuth, Client

from services.doorbell.broker import TASKS
from tests.crash.conftest import Note
from tests.crash.offices import Log, event, send
from tests.crash.service import FLOWER_PASSWORD, FLOWER_USER, Service
from tests.waiting import until

pytestmark = [pytest.mark.crash, pytest.mark.timeout(120)]


def flower(service: Service, user: str, password: str) -> Client:
    return Client(
        base_url=f"http://127.0.0.1:{service.settings.flower_port}",
        auth=BasicAuth(user, password),
        timeout=10,
    )


def test_flower_shows_the_drains_at_work(calm: Service, note: Note) -> None:
    numbers, log, seen = iter(range(9100, 9400)), Log(), {}
    with calm.client() as client, flower(calm, FLOWER_USER, FLOWER_PASSWORD) as watch:

        def drained() -> bool:
            send(client, event(next(numbers)), log, Event())
            for name in ("inbox", "outbox"):
                asked: dict[str, str | int] = {"taskname": TASKS[name], "state": "SUCCESS", "limit": 500}
                answer = watch.get("/api/tasks", params=asked)
                assert answer.status_code == 200, answer.text
                seen[name] = len(answer.json())
            return seen["inbox"] > 2

        until(drained, 40, what="Flower lists drains that succeeded")
        workers = watch.get("/api/workers", params={"status": "true"}).json()
        assert list(workers.values()) == [True]
    note(succeeded=seen, events=len(log.accepted))


def test_flower_obeys_nobody_and_tells_strangers_nothing(calm: Service) -> None:
    worker = calm.family()["worker"].pid
    with flower(calm, FLOWER_USER, FLOWER_PASSWORD) as watch:
        name = until(lambda: list(watch.get("/api/workers", params={"status": "true"}).json()), 30)[0]
        orders = (
            f"/api/worker/shutdown/{name}",
            f"/api/worker/pool/restart/{name}",
            "/api/task/async-apply/gongjian.drain_due",
            "/api/task/send-task/gongjian.drain_due",
        )
        refused = {path: watch.post(path, json={"args": []}).status_code for path in orders}
    assert set(refused.values()) <= {403, 405}, refused
    for stranger in (flower(calm, FLOWER_USER, "another password"), flower(calm, "", "")):
        with stranger:
            for path in ("/", "/tasks", "/api/tasks", "/api/workers"):
                assert stranger.get(path).status_code == 401, path
            assert stranger.post(orders[0]).status_code in {401, 403}
    assert calm.family()["worker"].pid == worker
