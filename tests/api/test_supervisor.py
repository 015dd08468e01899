"""The supervisor, watched from outside: it runs in a process of its own, with children that misbehave."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

from tests.waiting import until

SUPERVISE = """
import json, os, sys
from pathlib import Path
from api.cli import supervisor
folder = Path(sys.argv[1])
supervisor.FIRST_PAUSE_SECONDS = 0.1
notes = (folder / "notes").open("a", buffering=1)
def child(name, code, ready):
    argv = [sys.executable, "-c", code, str(folder / name)]
    return supervisor.Child(name, argv, os.environ, lambda: eval(ready), folder / f"{name}.log")
told = supervisor.Told(
    all_ready=lambda: print("ready", file=notes),
    died=lambda name, code, pause: print(f"died {name} {code}", file=notes),
    given_up=lambda name: print(f"given up {name}", file=notes),
)
children = [child(*spec) for spec in json.loads(sys.argv[2])]
sys.exit(supervisor.supervise(children, told=told, stop_within=float(sys.argv[3]), ready_within=20))
"""

QUIET = "import signal; signal.pause()"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: signal.pause()"
WITH_GRANDCHILDREN = """
import signal, subprocess, sys
subprocess.Popen([sys.executable, "-c", "import signal; signal.signal(15, 1); signal.pause()"])
subprocess.Popen([sys.executable, "-c", "import signal; signal.signal(15, 1); signal.pause()"],
start_new_session=True)
signal.pause()
"""
SHORT_LIVED = "import sys; sys.exit(3)"
COUNTS_ITS_LIVES = """
import os, signal, sys
with open(sys.argv[1], "a") as lives: print(os.getpid(), file=lives)
signal.pause()
"""

Spec = tuple[str, str, str]
Start = Callable[..., "Supervised"]


class Supervised:
    def __init__(self, folder: Path, specs: list[Spec], stop_within: float) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISE, str(folder), json.dumps(specs), str(stop_within)]
        )

    def notes(self) -> list[str]:
        path = self.folder / "notes"
        return path.read_text().splitlines() if path.exists() else []

    def descendants(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def wait_ready(self) -> None:
        until(lambda: "ready" in self.notes(), 20)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    running: list[Supervised] = []

    def begin(*specs: Spec, stop_within: float = 10.0) -> Supervised:
        running.append(Supervised(tmp_path, list(specs), stop_within))
        return running[-1]

    yield begin
    for one in running:
        if one.process.poll() is None:
            one.process.terminate()
            one.process.wait(20)


def is_gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_a_child_that_dies_is_started_again(start: Start) -> None:
    supervised = start(("counter", COUNTS_ITS_LIVES, "True"))
    supervised.wait_ready()
    lives = supervised.folder / "counter"

    def lived(count: int) -> bool:
        return lives.exists() and len(lives.read_text().split()) == count

    for life in range(1, 4):
        until(partial(lived, life), 20)
        os.kill(int(lives.read_text().split()[-1]), signal.SIGKILL)
    until(partial(lived, 4), 20)
    assert supervised.notes().count("died counter -9") == 3


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_ends_everybody_and_is_no_failure(start: Start, asked: signal.Signals) -> None:
    supervised = start(("a", QUIET, "True"), ("b", WITH_GRANDCHILDREN, "True"))
    supervised.wait_ready()
    everybody = until(lambda: found if len(found := supervised.descendants()) == 4 else None, 20)
    supervised.process.send_signal(asked)
    assert supervised.process.wait(9) == 0
    assert all(is_gone(one) for one in everybody)


def test_a_child_that_ignores_the_stop_is_killed_in_time(start: Start) -> None:
    supervised = start(("deaf", DEAF, "True"), ("quiet", QUIET, "True"), stop_within=2.0)
    supervised.wait_ready()
    everybody = supervised.descendants()
    supervised.process.terminate()
    assert supervised.process.wait(3) == 0
    assert all(is_gone(one) for one in everybody)


def test_the_children_of_a_child_that_died_do_not_outlive_it(start: Start) -> None:
    supervised = start(("parent", WITH_GRANDCHILDREN, "True"))
    supervised.wait_ready()
    everybody = until(lambda: found if len(found := supervised.descendants()) == 3 else None, 20)
    (parent,) = psutil.Process(supervised.process.pid).children()
    same_group = [one for one in everybody if os.getpgid(one.pid) == parent.pid]
    assert len(same_group) == 2
    parent.kill()
    until(lambda: all(is_gone(one) for one in same_group), 10)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
def test_a_supervisor_killed_outright_leaves_no_child(start: Start) -> None:
    supervised = start(("deaf", DEAF, "True"), ("quiet", QUIET, "True"))
    supervised.wait_ready()
    everybody = supervised.descendants()
    supervised.process.kill()
    until(lambda: all(is_gone(one) for one in everybody), 10)


def test_a_child_that_cannot_start_is_given_up(start: Start) -> None:
    supervised = start(("quiet", QUIET, "True"), ("broken", SHORT_LIVED, "False"))
    assert supervised.process.wait(20) == 1
    assert supervised.notes() == ["died broken 3"] * 3 + ["given up broken"]


def test_ready_is_said_once_and_only_when_all_are(start: Start) -> None:
    supervised = start(("a", QUIET, "True"), ("b", QUIET, "(folder / 'go').exists()"))
    until(lambda: len(supervised.descendants()) == 2, 20)
    assert supervised.notes() == []
    (supervised.folder / "go").touch()
    supervised.wait_ready()
    (supervised.folder / "go").unlink()
    supervised.process.terminate()
    assert supervised.process.wait(10) == 0
    assert supervised.notes() == ["ready"]
