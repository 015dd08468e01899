"""`gongjian up`, whole: it comes up, mends itself, lets nobody in twice, and goes without a trace."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.waiting import until

UP = """
import sys
from api.cli.up import up
from services.settings import settings
sys.exit(up(settings(), demo=False))
"""


@dataclass
class Town:
    """A home, two free ports, and what was started there."""

    home: Path
    port: int
    flower_port: int

    def up(self, **changed: str) -> "subprocess.Popen[str]":
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GONGJIAN_")}
        environment |= {
            "GONGJIAN_HOME": str(self.home),
            "GONGJIAN_PORT": str(self.port),
            "GONGJIAN_FLOWER_PORT": str(self.flower_port),
        }
        return subprocess.Popen(
            [sys.executable, "-c", UP],
            env=environment | changed,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def log(self) -> str:
        return "\n".join(path.read_text() for path in sorted((self.home / "log").glob("*.log")))


@pytest.fixture
def town(tmp_path: Path) -> Town:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return Town(tmp_path / "home", one.getsockname()[1], other.getsockname()[1])


@pytest.fixture
def running(town: Town) -> "Iterator[subprocess.Popen[str]]":
    process = town.up()
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == f"READY http://127.0.0.1:{town.port}\n", town.log()
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(20)


def family(process: "subprocess.Popen[str]") -> dict[str, psutil.Process]:
    """The four children by the word that tells them apart on their command lines."""
    found: dict[str, psutil.Process] = {}
    for child in psutil.Process(process.pid).children():
        try:
            line = child.cmdline()
        except psutil.Error:  # just dying
            continue
        found |= {word: child for word in ("api.server", "worker", "beat", "flower") if word in line}
    return found


@pytest.mark.timeout(120)
def test_it_comes_up_mends_itself_and_leaves_nothing(town: Town, running: "subprocess.Popen[str]") -> None:
    before = family(running)
    assert set(before) == {"api.server", "worker", "beat", "flower"}
    assert town.home.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in (town.home / "secrets").iterdir())
    secret = (town.home / "secrets" / "flower_password").read_text()
    lines = [" ".join(one.cmdline()) for one in psutil.Process(running.pid).children(recursive=True)]
    assert not [line for line in lines if secret in line]

    before["worker"].kill()
    until(lambda: family(running).get("worker") not in {None, before["worker"]}, 20, what="a new worker")
    alive = town.home / "run" / "worker.alive"
    died_at = alive.stat().st_mtime
    until(lambda: alive.stat().st_mtime > died_at, 30, what="the new worker's heartbeat")

    again = town.up()
    assert again.wait(30) == 1
    assert again.stderr is not None
    assert "已经在运行" in again.stderr.read()

    everybody = psutil.Process(running.pid).children(recursive=True)
    running.send_signal(signal.SIGINT)
    assert running.wait(10) == 0
    assert not [one for one in everybody if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.parametrize("variable", ["GONGJIAN_PORT", "GONGJIAN_FLOWER_PORT"])
def test_a_port_in_use_is_one_clear_sentence(town: Town, variable: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = town.up(**{variable: port})
        said = refused.communicate(timeout=30)
    assert refused.returncode == 1
    assert said[0] == ""
    assert said[1].splitlines() == [
        f"{port}端口已被占用：请关闭占用它的程序，或用{variable}另设端口。",
        f"Port {port} is in use: stop the program that holds it, or choose another with {variable}.",
    ]
