"""A lease is a locked file: the kernel frees it the moment its holder dies, so nobody guesses by clocks who
lives."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Lease:
    """Held from its making until `end()`, or until this process and those it forked are dead."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = _hold(path)

    def end(self) -> None:
        """Nobody holds the lease, and its file is gone."""
        self._path.unlink(missing_ok=True)
        os.close(self._descriptor)


@contextmanager
def reaping(path: Path) -> Iterator[bool]:
    """True when the holder is dead: the lease is ours inside the block, and gone after it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
            path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Nobody else is inside this block with the same path."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _hold(path: Path) -> int:
    """Locks the file that stands at the path, and looks again if somebody tidied it away in between."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if path.exists() and path.stat().st_ino == os.fstat(descriptor).st_ino:
            return descriptor
        os.close(descriptor)
