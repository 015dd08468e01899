"""What comes of one event or one step: everything that the office must write down, all of it or none."""

from dataclasses import dataclass, field

from workflows import deadlines
from workflows.casefile import Laid, Standing
from workflows.definition import Facts, Message, Term, Work
from workflows.events import Event
from workflows.roles import Compartment
from workflows.spans import Span
from workflows.words import Text


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of history: what moved, why, and the sentence for it. `key` is None for the case as a whole."""

    key: int | None
    procedure: str | None
    compartment: Compartment
    step: str
    says: Text
    cause: str
    from_state: str | None
    to_state: str | None
    data: Facts
    policy: str


@dataclass(frozen=True, slots=True)
class NewWork:
    key: int
    work: Work
    reason: str
    compartment: Compartment


@dataclass(frozen=True, slots=True)
class NewTerm:
    key: int
    term: Term
    deadline: deadlines.Deadline


@dataclass(frozen=True, slots=True)
class NewExtension:
    """A term that runs is to be so much longer, and why."""

    key: int
    term: Term
    by: Span
    reason: str


@dataclass(frozen=True, slots=True)
class NewMessage:
    key: int
    message: Message
    entry: int
    """Which entry of this unfolding sent it: the position in `entries`."""


@dataclass(frozen=True, slots=True)
class NewTelling:
    """An event for other files: the one with the number `to`, or, where that is None, every file linked to this one."""

    key: int
    event: Event
    to: int | None
    entry: int
    """Which entry of this unfolding caused it: the position in `entries`."""


@dataclass(frozen=True, slots=True)
class NewLink:
    """A proceeding of this file now points at another file, under the name of the field that said so."""

    key: int
    name: str
    to: int


@dataclass(slots=True)
class Unfolded:
    """What the office must write down, all of it or none."""

    entries: list[Entry] = field(default_factory=list)
    opened: list[Standing] = field(default_factory=list)
    changed: dict[int, Standing] = field(default_factory=dict)
    work_ended: set[int] = field(default_factory=set)
    """Proceedings whose work is done, all of it but what is about a term in `overdue_still`."""
    overdue_still: dict[int, frozenset[str]] = field(default_factory=dict)
    terms_met: set[tuple[int, str]] = field(default_factory=set)
    """Terms whose work item about their expiry is done, if there is one."""
    work: list[NewWork] = field(default_factory=list)
    terms_ended: list[tuple[int, str]] = field(default_factory=list)
    terms: list[NewTerm] = field(default_factory=list)
    extended: list[NewExtension] = field(default_factory=list)
    messages: list[NewMessage] = field(default_factory=list)
    tellings: list[NewTelling] = field(default_factory=list)
    links: list[NewLink] = field(default_factory=list)
    laid: Laid | None = None
    paused: bool | None = None
    placed: str | None = None
