"""What there is in the world that is asked about: people, files, and what lies in them."""

from dataclasses import dataclass, field
from typing import NamedTuple

from workflows.definition import Definition
from workflows.registry import LawBook
from workflows.roles import Compartment


class Who(NamedTuple):
    account: str
    account_id: int
    body: int
    kind: str
    division: str


class File(NamedTuple):
    id: int
    subject: str
    division: str
    told: bool
    name: str


class Moving(NamedTuple):
    id: int
    file: File
    law: Definition
    state: str


class Line(NamedTuple):
    seq: int
    file: File
    moving: Moving | None
    drawer: Compartment
    who: Who | None
    inbox: bool


class Item(NamedTuple):
    id: int
    moving: Moving
    body: int | None
    assignee: int | None
    is_open: bool


class Told(NamedTuple):
    """A notice."""

    id: int
    file: File
    sender: int
    recipient: int


class Paper(NamedTuple):
    id: int
    body: int
    filed: tuple[Moving, ...]


class Written(NamedTuple):
    """An official paper and the draft that it was, a draft that nobody has issued yet, and whose they are."""

    paper: int
    issued_draft: int
    draft: int
    writer: Who


class Heard(NamedTuple):
    """An event of an office."""

    source: str
    id: str
    office: Who


class Way(NamedTuple):
    """A channel of a body, over which one thing was given up."""

    id: int
    body: Who


class List(NamedTuple):
    """A list that an office's clerk has brought. Each row is about a file, and came to the event of the same number."""

    id: int
    office: Who
    files: tuple[File, ...]


@dataclass
class World:
    law: LawBook
    people: list[Who] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    movings: list[Moving] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    notices: list[Told] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    events: list[Heard] = field(default_factory=list)
    lists: list[List] = field(default_factory=list)
    channels: list[Way] = field(default_factory=list)
