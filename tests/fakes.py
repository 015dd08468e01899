"""An office that leaves its traces in a folder, so that the mail room can be watched from another process."""

import hashlib
import json
import sys
import types
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from services.settings import Settings, settings
from workflows.words import Text


class Unavailable(Exception):
    """As services.intake.receive.Unavailable."""


@dataclass(frozen=True)
class Receipt:
    """As services.intake.receive.Receipt."""

    id: str
    source: str
    status: str
    reason: Text | None = None
    code: str | None = None


class Office:
    """The tables are folders under `home/office`; a row is a file, and handling a row takes the file away."""

    def __init__(self, home: Path) -> None:
        self.root = home / "office"

    def folder(self, table: str) -> Path:
        (self.root / table).mkdir(parents=True, exist_ok=True)
        return self.root / table

    def rows(self, table: str) -> list[str]:
        return sorted(path.name for path in self.folder(table).iterdir())

    def add(self, table: str, name: str, content: bytes = b"") -> None:
        (self.folder(table) / name).write_bytes(content)

    def handle(self, table: str, limit: int) -> int:
        handled = 0
        for name in self.rows(table)[:limit]:
            try:
                (self.folder(table) / name).unlink()
            except FileNotFoundError:  # another worker was faster
                continue
            handled += 1
        return handled

    @property
    def switch(self) -> Path:
        """While this file stands, the database is away."""
        return self.root / "away"


@dataclass
class Runtime:
    """As services.runtime.Runtime, as far as the mail room knows it."""

    settings: Settings

    def close(self) -> None:
        """Nothing is open."""

    @property
    def office(self) -> Office:
        return Office(self.settings.home)


@lru_cache
def runtime() -> Runtime:
    return Runtime(settings())


def forget() -> None:
    runtime.cache_clear()


def receive_raw(
    runtime: Runtime,
    body: bytes,
    content_type: str,
    headers: Mapping[str, str],
    office: str | None,
    channel: str,
    *,
    signed: bool,
) -> list[Receipt]:
    """Files each body once, under its digest; refuses a body, or breaks over it, when it says so."""
    if runtime.office.switch.exists():
        raise Unavailable("the database is away")
    if b"break the office" in body:
        raise RuntimeError("the office is broken")
    if b"refuse me" in body:
        return [Receipt("1", "/registry/1", "rejected", Text("来源不明", "unknown source"), "source_unknown")]
    name = hashlib.sha256(body).hexdigest()
    known = name in runtime.office.rows("received")
    told = "\n".join(
        [content_type, str(office), channel, *(f"{key}={value}" for key, value in sorted(headers.items()))]
    )
    runtime.office.add("received", name, told.encode() + b"\n\n" + body)
    return [Receipt("1", "/registry/1", "duplicate" if known else "accepted")]


@dataclass(frozen=True)
class Letter:
    """As services.intake.dead_letters.Letter."""

    content_type: str
    headers: Mapping[str, str] | None
    body: bytes | None
    size: int

    @classmethod
    def of(
        cls, content_type: str, headers: Mapping[str, str] | None, body: bytes, *, largest: int
    ) -> "Letter":
        return cls(content_type, headers, body if len(body) <= largest else None, len(body))


def keep_dead(runtime: Runtime, letter: Letter, code: str, why: Text) -> None:
    """Files the letter with its cause, as one line of JSON."""
    if runtime.office.switch.exists():
        raise Unavailable("the database is away")
    body = None if letter.body is None else letter.body.decode()
    told = asdict(letter) | {"body": body, "code": code, "why": why.as_dict()}
    runtime.office.add("dead", f"{len(runtime.office.rows('dead')):04}", json.dumps(told).encode())


def move_in() -> None:
    """The modules of the office are these fakes, in this process. For processes that run nothing else."""

    def furnish(name: str, **contents: object) -> None:
        module = types.ModuleType(name)
        module.__dict__.update(contents)
        sys.modules[name] = module

    furnish("services.runtime", Runtime=Runtime, runtime=runtime, forget=forget)
    furnish("services.intake.receive", Receipt=Receipt, Unavailable=Unavailable, receive_raw=receive_raw)
    furnish("services.intake.dead_letters", Letter=Letter, keep_dead=keep_dead)
    furnish(
        "services.intake.apply", drain_inbox=lambda runtime, limit=200: runtime.office.handle("inbox", limit)
    )
    furnish("services.outbox", drain_outbox=lambda runtime, limit=200: runtime.office.handle("outbox", limit))
    furnish(
        "services.deadlines.fire", drain_due=lambda runtime, limit=200: runtime.office.handle("due", limit)
    )
    furnish("services.meetings.plan", plan=lambda runtime: runtime.office.handle("meetings", 10))
    furnish(
        "services.ledger.integrate",
        integrate=lambda runtime, pause=None: runtime.office.handle("seal", 200),
        AT_ONCE=2000,
    )
    furnish(
        "services.channels.deliver",
        deliver=lambda runtime, limit=200: runtime.office.handle("deliver", limit),
    )
    furnish(
        "services.documents.press",
        press_waiting=lambda runtime, limit=200: runtime.office.handle("press", limit),
    )
    furnish("services.housekeeping", tidy=lambda runtime: runtime.office.handle("litter", 10))


class SilentBells:
    """A doorbell nobody hears, as `services.runtime.Bells`: what leaves the process is the ring."""

    def __init__(self) -> None:
        self.rung: list[str] = []

    def ring(self, name: str) -> None:
        self.rung.append(name)
