"""Flower beside the real service: it shows the drains at work to whoever knows the password, and obeys nobody (S23)."""

import re
from threading import Event

import pytest
from httpx2 import BasicAuth, Client

from services.doorbell.broker import TASKS
from tests.crash.conftest import Note
from tests.crash.offices import Log, event, send
from tests.crash.service import FLOWER_PASSWORD, FLOWER_USER, Service
from tests.waiting import until

pytestmark = [pytest.mark.crash, pytest.mark.timeout(900)]


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


def test_no_page_of_flower_tells_of_anybody(calm: Service) -> None:
    """Neither what is filed nor any secret, on any page; and what strangers on this machine may read is counts and names of drains."""
    log, said = Log(), event(9500)
    with calm.client() as client:
        send(client, said, log, Event())
    told = (said["data"]["uscc"], said["data"]["name"], said["id"], calm.token, FLOWER_PASSWORD)
    secrets = [calm.settings.database_url, calm.settings.broker_url]
    hidden = [*told, *(url for url in secrets if url and "@" in url and "guest" not in url)]
    with flower(calm, FLOWER_USER, FLOWER_PASSWORD) as watch, flower(calm, "", "") as stranger:
        names = until(lambda: list(watch.get("/api/workers", params={"status": "true"}).json()), 30)
        task = until(lambda: list(watch.get("/api/tasks", params={"limit": 1}).json()), 30)[0]
        known = ("/", "/workers", "/tasks", "/metrics", "/api/workers", "/api/tasks", "/api/task/types")
        for path in (*known, f"/worker/{names[0]}", f"/task/{task}", f"/api/task/info/{task}", "/broker"):
            answer = watch.get(path)
            assert answer.status_code == 200 or path == "/broker", (
                path
            )  # of the embedded one Flower knows nothing
            assert [one for one in hidden if one in answer.text] == [], path
        assert stranger.get("/healthcheck").text == "OK"
        labels = re.findall(r'(\w+)="([^"]*)"', stranger.get("/metrics").text)
    open_to_all = {name: {value for label, value in labels if label == name} for name, _ in labels}
    assert open_to_all["task"] <= set(TASKS.values())
    assert all(re.fullmatch(r"gongjian-[0-9a-f]{32}@\S+", worker) for worker in open_to_all["worker"])
    assert set(open_to_all) <= {
        "task",
        "worker",
        "type",
        "le",
        "generation",
        "implementation",
        "major",
        "minor",
        "patchlevel",
        "version",
    }
