"""Named places at which a test may kill, stop or break this process: `here("inbox", "recorded")`. Off everywhere else.

Armed only where GONGJIAN_TEST=1 and GONGJIAN_FAILPOINTS names a folder. A file in it, named as the point, says what happens at
the next hit, or at the n-th of one process: `kill`, `stop`, `raise`, `delay 2`, `kill @3`. Whoever acts on it renames it to
`<name>.hit`, so it happens once among all processes.
"""

import os
import signal
import threading
from collections import Counter
from pathlib import Path

#: Units of work that are told apart: what is written and not committed, committed, and rung for.
UNITS = ("intake", "inbox", "outbox", "due", "step", "list", "deliver", "seal")
#: Places inside them. `record` writes down the moves of whoever calls it, step by step.
PLACES = (
    *("inbox.claiming", "inbox.claimed", "inbox.found", "inbox.decided", "inbox.recorded"),
    *("outbox.claiming", "outbox.claimed", "outbox.found", "outbox.recorded", "outbox.noticed"),
    *("due.claiming", "due.claimed", "due.found", "due.marked"),
    *("step.judged", "step.recorded", "list.received"),
    *("record.numbered", "record.clocks", "record.cases", "record.proceedings", "record.history"),
    *("record.work", "record.terms", "record.messages", "record.told"),
    *("deliver.claimed", "deliver.sent"),
    "seal.appended",
    *("task.done", "amqp.kept"),
)
POINTS: frozenset[str] = frozenset(PLACES) | {
    f"{unit}.{part}" for unit in UNITS for part in ("written", "committed", "rung")
}


class Broken(Exception):
    """What `raise` raises: an error that nobody foresaw."""


def here(name: str | None, part: str) -> None:
    """Nothing, unless a test has armed the point `name.part`. What has no name is no point."""
    if _FOLDER is not None and name is not None:
        _reached(_FOLDER, f"{name}.{part}")


def _reached(folder: Path, point: str) -> None:
    if point not in POINTS:
        raise AssertionError(f"no such fail point: {point}")
    armed = folder / point
    try:
        said, _, nth = armed.read_text().partition("@")
        key = (point, armed.stat().st_mtime_ns)
        _hits[key] += 1
        if _hits[key] < int(nth or 1):
            return
        armed.rename(armed.with_name(f"{point}.hit"))
    except FileNotFoundError:  # not armed, or another process was faster
        return
    _act(*said.split())


def _act(what: str, seconds: str = "0") -> None:
    match what:
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "stop":
            os.kill(os.getpid(), signal.SIGSTOP)
        case "raise":
            raise Broken
        case "delay":
            threading.Event().wait(float(seconds))
        case _:
            raise AssertionError(f"no such act: {what}")


def _armed() -> Path | None:
    folder = os.environ.get("GONGJIAN_FAILPOINTS")
    return Path(folder) if folder and os.environ.get("GONGJIAN_TEST") == "1" else None


_FOLDER = _armed()
_hits: Counter[tuple[str, int]] = Counter()
