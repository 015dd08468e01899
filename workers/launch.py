"""Starts one of the mail room's processes: `python -m workers.launch worker|beat|flower`. The process becomes
it."""

import os
import sys
import uuid
from collections.abc import Callable

from services.settings import Settings, settings
from workers.monitor import flower_arguments, flower_environment


def worker_arguments(settings: Settings) -> list[str]:
    """A worker under a name never used before: the broker may still hold the queue of a dead one."""
    node = f"gongjian-{uuid.uuid4().hex}@%h"
    return [
        "worker",
        "--pool=prefork",
        f"--concurrency={settings.worker_concurrency}",
        f"--hostname={node}",
        "--without-gossip",
        "--without-mingle",
        "--task-events",
        f"--loglevel={settings.log_level}",
    ]


def beat_arguments(settings: Settings) -> list[str]:
    """Beat, with its notes of when it last rang in the home."""
    return [
        "beat",
        f"--schedule={settings.folder('run') / 'beat-schedule'}",
        f"--loglevel={settings.log_level}",
        "--pidfile=",
    ]


_ARGUMENTS: dict[str, Callable[[Settings], list[str]]] = {
    "worker": worker_arguments,
    "beat": beat_arguments,
    "flower": flower_arguments,
}


def main(arguments: list[str]) -> None:
    """Never returns: this process is Celery from here on."""
    if len(arguments) != 1 or arguments[0] not in _ARGUMENTS:
        sys.exit(f"usage: python -m workers.launch {'|'.join(_ARGUMENTS)}")
    (role,) = arguments
    environment = dict(os.environ) | settings().as_environment()
    if role == "flower":
        environment = flower_environment(settings(), environment)
    celery = [sys.executable, "-m", "celery", "-A", "workers.app", "--quiet", *_ARGUMENTS[role](settings())]
    os.execve(sys.executable, celery, environment)


if __name__ == "__main__":
    main(sys.argv[1:])
