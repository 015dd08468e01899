"""The command lines of the mail room, and Flower behind its password."""

import base64
import http.client
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from services.doorbell.broker import TASKS, celery_settings
from services.doorbell.ring import Doorbell
from services.settings import Settings
from tests.waiting import until
from tests.workers.conftest import MailRoom
from workers.launch import beat_arguments, worker_arguments
from workers.monitor import flower_arguments, flower_environment
from workers.schedules import schedule

PASSWORD = "a password of the house"


def test_no_two_workers_share_a_name(home: Path) -> None:
    names = {
        argument
        for _ in range(10)
        for argument in worker_arguments(Settings(home=home))
        if "hostname" in argument
    }
    assert len(names) == 10
    assert all(re.fullmatch(r"--hostname=gongjian-[0-9a-f]{32}@%h", name) for name in names)


def test_beat_keeps_its_notes_in_the_home(home: Path) -> None:
    assert f"--schedule={home / 'run' / 'beat-schedule'}" in beat_arguments(Settings(home=home))


def test_beat_only_rings_and_its_rings_expire() -> None:
    entries = schedule().values()
    assert {entry["task"] for entry in entries} == set(TASKS.values())
    assert all(set(entry) == {"task", "schedule", "options"} for entry in entries)
    assert all(entry["options"]["expires"] == 10 for entry in entries)


def test_an_unknown_role_is_refused() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "workers.launch", "boss"], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "worker|beat|flower" in ended.stderr


def test_celery_is_told_what_was_measured(home: Path) -> None:
    told = celery_settings(Settings(home=home, broker_url="amqps://gongjian:secret@broker.example//"))
    expected: dict[str, object] = {
        "accept_content": ["json"],
        "result_backend": None,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "task_publish_retry": False,
        "task_create_missing_queues": False,
        "broker_transport_options": {},
        "broker_connection_max_retries": None,
        "timezone": "Asia/Shanghai",
    }
    assert told.items() >= expected.items()
    assert all(queue.queue_arguments["x-queue-type"] == "quorum" for queue in told["task_queues"])
    assert all(queue.queue_arguments["x-delivery-limit"] == 5 for queue in told["task_queues"])


def test_flowers_secrets_are_not_on_its_command_line(home: Path) -> None:
    settings = Settings(home=home, flower_password=SecretStr(PASSWORD))
    assert PASSWORD not in " ".join(flower_arguments(settings))
    environment = flower_environment(settings, {"FLOWER_UNAUTHENTICATED_API": "1", "HOME": "/root"})
    assert environment["FLOWER_BASIC_AUTH"] == f"gongjian:{PASSWORD}"
    assert "FLOWER_UNAUTHENTICATED_API" not in environment
    assert flower_environment(settings, {})["FLOWER_COOKIE_SECRET"] == environment["FLOWER_COOKIE_SECRET"]


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port: int = door.getsockname()[1]
    return port


def test_flower_shows_the_workers_to_whoever_knows_the_password(mail_room: MailRoom, free_port: int) -> None:
    settings = mail_room.settings.model_copy(
        update={"flower_port": free_port, "flower_password": SecretStr(PASSWORD)}
    )
    environment = flower_environment(settings, dict(os.environ) | settings.as_environment())
    with (settings.home / "flower.log").open("wb") as log:
        flower = subprocess.Popen(
            [sys.executable, "-m", "tests.workers.mail_room_alone", *flower_arguments(settings)],
            env=environment, stdout=log, stderr=subprocess.STDOUT, process_group=0,
        )  # fmt: skip
    mail_room.started.append(flower)
    known = {"Authorization": "Basic " + base64.b64encode(f"gongjian:{PASSWORD}".encode()).decode()}

    def ask(method: str, path: str, headers: dict[str, str]) -> tuple[int, str]:
        line = http.client.HTTPConnection("127.0.0.1", free_port, timeout=5)
        try:
            line.request(method, path, headers=headers)
            answer = line.getresponse()
            return answer.status, answer.read().decode()
        except ConnectionError:
            return 0, ""
        finally:
            line.close()

    until(lambda: ask("GET", "/healthcheck", {})[0] == 200, 30, what="Flower answers")
    mail_room.start_worker()
    for path in ("/", "/workers", "/tasks", "/api/workers", "/api/tasks"):
        assert ask("GET", path, {})[0] == 401, path
    name = until(
        lambda: re.search(r"test-[0-9a-f]{32}@[^\"\s<]+", ask("GET", "/workers", known)[1]), 30
    ).group()
    bell = Doorbell(mail_room.settings)

    def shown() -> bool:
        bell.ring("inbox")
        return "gongjian.drain_inbox" in ask("GET", "/api/tasks", known)[1]

    until(shown, 30, what="Flower shows a drain at work")
    for path in (f"/api/worker/shutdown/{name}", "/api/task/send-task/gongjian.drain_due"):
        assert ask("POST", path, known)[0] == 403, path
    assert mail_room.started[-1].poll() is None
