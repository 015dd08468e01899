"""Keeps a handful of child processes alive, and leaves none behind. Knows nothing of what they are."""

import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import psutil

LOOK_EVERY_SECONDS = 0.1
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 10.0
STEADY_SECONDS = 60.0
KILL_AFTER_SHARE = 0.8  # of the time allowed for stopping


@dataclass(frozen=True)
class Child:
    """One process to keep alive. `ready` is asked until it first says yes."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    ready: Callable[[], bool]
    log: Path


def _nothing(*_: object) -> None:
    return None


@dataclass(frozen=True)
class Told:
    """Whom the supervisor tells what happens; it prints nothing itself."""

    all_ready: Callable[[], None] = _nothing
    died: Callable[[str, int, float], None] = _nothing  # name, exit code, seconds until it is started again
    given_up: Callable[[str], None] = _nothing


class _Kept:
    """A child and the process that is it just now."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.process: subprocess.Popen[bytes] | None = None
        self.ready = False
        self.early_deaths = 0
        self._pause = FIRST_PAUSE_SECONDS
        self._started = self._start_at = 0.0

    def start_when_due(self) -> None:
        if self.process is not None or time.monotonic() < self._start_at:
            return
        with self.child.log.open("ab") as log:
            self.process = subprocess.Popen(  # the command is ours
                list(self.child.argv),
                env=dict(self.child.env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
                preexec_fn=_die_with_parent,  # one prctl call, safe between fork and exec
            )
        self._started = time.monotonic()

    def bury_when_dead(self) -> tuple[int, float] | None:
        """None while it lives; else its exit code and the pause until it starts again. Its group is dead."""
        if self.process is None or not _has_ended(self.process):
            return None
        code = _bury(self.process)
        if time.monotonic() - self._started > STEADY_SECONDS:
            self._pause = FIRST_PAUSE_SECONDS
        pause, self._pause = self._pause, min(self._pause * 2, LONGEST_PAUSE_SECONDS)
        self.early_deaths += not self.ready
        self._start_at = time.monotonic() + pause
        self.process = None
        return code, pause


def supervise(
    children: Sequence[Child],
    *,
    told: Told,
    stop_within: float = 10.0,
    patience: int = 3,
    ready_within: float = 120.0,
) -> int:
    """All children run until SIGINT or SIGTERM, and none afterwards; a child that dies is started again.

    Yields 0 after a stop that was asked for; 1 when a child died `patience` times or was never ready."""
    kept = [_Kept(child) for child in children]
    with _stop_signals() as stop:
        try:
            return _keep(kept, told, stop, patience, time.monotonic() + ready_within)
        finally:
            _stop_all(kept, stop_within)


def _keep(kept: Sequence[_Kept], told: Told, stop: threading.Event, patience: int, ready_by: float) -> int:
    all_ready = False
    while not stop.wait(LOOK_EVERY_SECONDS):
        for one in kept:
            one.start_when_due()
            if (death := one.bury_when_dead()) is not None:
                told.died(one.child.name, *death)
                if not all_ready and one.early_deaths >= patience:
                    told.given_up(one.child.name)
                    return 1
        if not all_ready:
            for one in kept:
                one.ready = one.ready or (one.process is not None and one.child.ready())
            all_ready = all(one.ready for one in kept)
            if all_ready:
                told.all_ready()
            elif time.monotonic() > ready_by:
                told.given_up(next(one.child.name for one in kept if not one.ready))
                return 1
    return 0


def _stop_all(kept: Sequence[_Kept], stop_within: float) -> None:
    """No process that descends from the children is left."""
    running = [one.process for one in kept if one.process is not None]
    descendants = [found for process in running for found in _descendants(process)]
    kill_at = time.monotonic() + stop_within * KILL_AFTER_SHARE
    for process in running:  # the leader only: it knows how to stop its own children, and lets them finish
        process.terminate()
    never = threading.Event()
    while not all(map(_has_ended, running)) and time.monotonic() < kill_at:
        never.wait(LOOK_EVERY_SECONDS / 2)
    descendants += [found for process in running for found in _descendants(process)]
    for process in running:
        _bury(process)
    for descendant in descendants:
        try:
            descendant.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(descendants, timeout=stop_within * (1 - KILL_AFTER_SHARE))


def _descendants(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether it is dead; it is not reaped yet, so its number cannot be anybody else's."""
    if process.returncode is not None:
        return True
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _bury(process: subprocess.Popen[bytes]) -> int:
    """It and its whole group are dead; yields its exit code."""
    with suppress(ProcessLookupError, PermissionError):  # when nobody but its zombie is left
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


@contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    """SIGINT and SIGTERM set the event, inside this block."""
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _load_prctl() -> Callable[[int, int], int] | None:
    try:
        prctl: Callable[[int, int], int] = ctypes.CDLL(None).prctl
    except (
        OSError,
        AttributeError,
    ):  # not Linux: a supervisor that is killed outright leaves its children there
        return None
    return prctl


_PR_SET_PDEATHSIG = 1
_prctl = _load_prctl()


def _die_with_parent() -> None:
    if _prctl is not None:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
