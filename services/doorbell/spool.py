"""A folder that serves as a small broker: messages are whole files, moved and never copied, so a kill -9 at
any
instruction leaves each message waiting, taken or settled, and never torn. What nobody can read is set
aside."""

import logging
import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote

from services.doorbell.envelope import Envelope, read_envelope, whole
from services.doorbell.files import discard, listed, modified_at, write_whole
from services.doorbell.lease import Lease, reaping

log = logging.getLogger(__name__)

DAMAGED_KEPT = 200
HALF_WRITTEN_SECONDS = 60.0


class Taken(NamedTuple):
    """A message in our hands, until it is settled, given back or set aside under its `name`."""

    name: str
    envelope: Envelope


class Spool:
    """The queues under one folder, shared by all processes of one user on one machine."""

    def __init__(self, root: Path) -> None:
        self._queues, self._taken, self._owners, self._leases, self._damaged = folders = tuple(
            root / name for name in ("queues", "taken", "owners", "leases", "damaged")
        )
        for folder in (root.parent, root, *folders):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._limits: dict[str, int | None] = {}
        self._leased: dict[str, Lease] = {}
        self._hand: tuple[int, Path, Lease] | None = None
        self.damaged = 0

    def declare(self, queue: str, *, limit: int | None = None, leased: bool = False) -> None:
        """The queue exists. With a limit its oldest messages give way; a leased one dies with us."""
        if leased and queue not in self._leased:
            self._leased[queue] = Lease(self._leases / _safe(queue))
        if not leased:
            self._limits[queue] = limit
        self._folder(queue).mkdir(mode=0o700, exist_ok=True)

    def put(self, queue: str, envelope: Envelope) -> bool:
        """The message waits, whole and on the disk. False when there is no such queue, and it is lost."""
        folder = self._folder(queue)
        if queue in self._limits:  # ours to keep: somebody may have emptied the broker's folder under us
            folder.mkdir(mode=0o700, exist_ok=True)
        try:
            write_whole(folder / f"{time.time_ns():020d}.{uuid.uuid4().hex}.msg", whole(envelope))
        except FileNotFoundError:
            return False
        if limit := self._limits.get(queue):
            for oldest in _waiting(folder)[:-limit]:
                discard(folder / oldest)
        return True

    def take(self, queue: str) -> Taken | None:
        """The oldest readable message is in our hands; should we die, it goes back to its queue."""
        for waiting in _waiting(self._folder(queue)):
            name = f"{_safe(queue)}~{waiting}"
            try:
                (self._folder(queue) / waiting).rename(self._in_hand(name))
            except FileNotFoundError:  # another consumer was faster
                continue
            try:
                return Taken(name, read_envelope(self._in_hand(name)))
            except (ValueError, OSError) as unreadable:
                self.set_aside(name, str(unreadable))
        return None

    def settle(self, name: str) -> None:
        """The message is done with."""
        discard(self._in_hand(name))

    def give_back(self, name: str) -> None:
        """The message waits in its queue again, in its old place."""
        self._return(self._in_hand(name))

    def set_aside(self, name: str, why: str) -> None:
        """The message lies among the damaged, out of everybody's way, and is counted."""
        self.damaged += 1
        log.warning("broker message set aside: %s: %s", name, why)
        _move(self._in_hand(name), self._damaged / name)

    def size(self, queue: str) -> int:
        return len(_waiting(self._folder(queue)))

    def purge(self, queue: str) -> int:
        """Nothing waits in the queue; yields how many messages were thrown away."""
        return sum(discard(self._folder(queue) / name) for name in _waiting(self._folder(queue)))

    def drop(self, queue: str) -> None:
        """The queue is gone with all that waited in it, and so is our lease on it."""
        self._limits.pop(queue, None)
        discard(self._folder(queue))
        if lease := self._leased.pop(queue, None):
            lease.end()

    def dead_queues(self) -> Iterator[str]:
        """Leased queues whose owner has died, each ours alone while the caller looks at it."""
        for name in listed(self._leases):
            with reaping(self._leases / name) as dead:
                if dead:
                    yield unquote(name.removeprefix("q-"))

    def sweep(self) -> None:
        """What dead processes held waits again; half-written files and the oldest of the damaged are gone."""
        for owner in listed(self._owners):
            with reaping(self._owners / owner) as dead:
                if dead:
                    for name in listed(self._taken / owner):
                        self._return(self._taken / owner / name)
                    discard(self._taken / owner)
        long_ago = time.time() - HALF_WRITTEN_SECONDS
        for queue in listed(self._queues):
            for name in listed(self._queues / queue):
                if name.endswith(".part") and modified_at(self._queues / queue / name) < long_ago:
                    discard(self._queues / queue / name)
        for name in listed(self._damaged)[:-DAMAGED_KEPT]:
            discard(self._damaged / name)

    def _return(self, path: Path) -> None:
        queue, _, name = path.name.partition("~")
        (self._queues / queue).mkdir(mode=0o700, exist_ok=True)
        _move(path, self._queues / queue / name)

    def _folder(self, queue: str) -> Path:
        return self._queues / _safe(queue)

    def _in_hand(self, name: str) -> Path:
        if self._hand is None or self._hand[0] != os.getpid():
            owner = f"{os.getpid()}.{uuid.uuid4().hex}"
            lease = Lease(self._owners / owner)
            (self._taken / owner).mkdir(mode=0o700)
            self._hand = (os.getpid(), self._taken / owner, lease)
        return self._hand[1] / name


def _safe(queue: str) -> str:
    return "q-" + quote(queue, safe="@").replace("~", "%7E")


def _waiting(folder: Path) -> list[str]:
    return [name for name in listed(folder) if name.endswith(".msg")]


def _move(source: Path, target: Path) -> None:
    try:
        source.rename(target)
    except FileNotFoundError:
        log.info("broker message %s was gone already", source.name)
