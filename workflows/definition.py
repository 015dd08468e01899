"""What a procedure is made of: frozen states, steps, fields, terms and the messages they send.

From one declaration come the machine, the work item, the form, the permission, the evidence list, the deadline, the
history line, the diagram and every why-not. A declaration that could strand a case is refused when it is built.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from workflows.errors import LawError
from workflows.events import Scalar, expired
from workflows.policies.model import Policy
from workflows.roles import Compartment, Role
from workflows.words import Text

Facts: TypeAlias = Mapping[str, Scalar]


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a guard may look at. It never asks the time: `today` is handed in.

    `facts` are those of the case and of the procedure's own compartment, this step's fields laid over them.
    `on_file` are the kinds of evidence the proceeding holds, this step's included.
    """

    facts: Facts
    policy: Policy
    today: date
    on_file: frozenset[str] = frozenset()

    def number(self, name: str) -> int:
        """A count; nothing recorded counts as none."""
        value = self.facts.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else 0

    def word(self, name: str) -> str:
        value = self.facts.get(name)
        return value if isinstance(value, str) else ""

    def yes(self, name: str) -> bool:
        return self.facts.get(name) is True

    def day(self, name: str) -> date | None:
        value = self.facts.get(name)
        return date.fromisoformat(value) if isinstance(value, str) and value else None


#: The target of a step that leaves the proceeding where it stands.
STAY = "="

Guard: TypeAlias = Callable[[Situation], Text | None]
Question: TypeAlias = Callable[[Situation], bool]
Derive: TypeAlias = Callable[[Situation], Facts]


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Field:
    """What a clerk fills in. Its value is kept in the proceeding under `name`; a published one in the open drawer.

    `example` is what a form suggests; for dates it is the number of days from today (0 or less).
    Kinds: integer, text, date, yes_no, choice, and `town` (a division below the case's own, chosen from the directory).
    """

    name: str
    kind: Literal["integer", "text", "date", "yes_no", "choice", "town"]
    label: Text
    example: Scalar
    required: bool = True
    minimum: int = 0
    maximum: int = 1_000_000
    choices: tuple[Choice, ...] = ()
    publish: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """A kind of document a step rests on."""

    kind: str
    label: Text


@dataclass(frozen=True, slots=True)
class Message:
    """A notice a step sends to a body; the mail room carries it. Its payload is the whitelist's, nothing else."""

    kind: str
    to: Role
    sender: Role
    when: Question | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What a person must do while a proceeding stands in a state, and why everybody waits for it."""

    role: Role
    task: Text
    why: Text


@dataclass(frozen=True, slots=True)
class Term:
    """A legal span that runs while the proceeding is in one of `during`. Expiry makes a work item, never a decision."""

    name: str
    label: Text
    policy: str
    during: tuple[str, ...]
    work: Work
    starts_again_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """A place a proceeding can stand in. `settled`: nothing is owed. `final`: nothing can follow.

    `notices` is what the notices that this proceeding sent have become by now: acknowledged, or answered.
    """

    name: str
    label: Text
    work: Work | None = None
    settled: bool = False
    final: bool = False
    waits_for: Text | None = None
    publishes: Facts = field(default_factory=dict)
    notices: Literal["", "acknowledged", "answered"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A declared transition: taken by a person of role `by`, or following by itself on one of the events `on`."""

    name: str
    sources: tuple[str, ...]
    target: str
    label: Text
    says: Text
    rule: str
    by: Role | None = None
    on: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    guards: tuple[Guard, ...] = ()
    not_by: tuple[str, ...] = ()
    derive: Derive | None = None
    publish: tuple[str, ...] = ()
    emits: tuple[str, ...] = ()
    sends: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How a proceeding begins: on an event, into a state, if no live one of its procedure stands in the case."""

    on: tuple[str, ...]
    state: str
    says: Text
    rule: str
    guards: tuple[Guard, ...] = ()
    derive: Derive | None = None
    publish: tuple[str, ...] = ()
    emits: tuple[str, ...] = ()
    sends: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Definition:
    """A whole procedure, one version of it. Build it wrongly and it refuses."""

    name: str
    version: int
    label: Text
    compartment: Compartment
    openings: tuple[Opening, ...]
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    terms: tuple[Term, ...] = ()
    reopens: bool = False
    state: Mapping[str, State] = field(init=False)
    step: Mapping[str, Step] = field(init=False)
    term: Mapping[str, Term] = field(init=False)

    def __post_init__(self) -> None:
        for name, things in (("state", self.states), ("step", self.steps), ("term", self.terms)):
            object.__setattr__(self, name, self._by_name(name, things))
        _Inspection(self).run()

    def _by_name(self, what: str, things: Iterable[State | Step | Term]) -> dict[str, State | Step | Term]:
        found: dict[str, State | Step | Term] = {}
        for thing in things:
            if thing.name in found:
                raise LawError(f"{self.name}: two {what}s named {thing.name}")
            found[thing.name] = thing
        return found

    def emitted(self) -> frozenset[str]:
        """Every event this procedure can cause."""
        told = {name for step in self.steps for name in step.emits} | {
            name for one in self.openings for name in one.emits
        }
        return frozenset(told | {expired(term.name) for term in self.terms})

    def answered(self) -> frozenset[str]:
        """Every event this procedure reacts to."""
        return frozenset(
            {name for step in self.steps for name in step.on}
            | {name for one in self.openings for name in one.on}
        )


class _Inspection:
    """What is refused at build: stranded states, dead ends, steps nobody may take, words missing, names unknown."""

    def __init__(self, law: Definition) -> None:
        self.law = law

    def refuse(self, why: str) -> None:
        raise LawError(f"{self.law.name} v{self.law.version}: {why}")

    def run(self) -> None:
        law = self.law
        if not law.openings:
            self.refuse("no opening: it could never begin")
        for opening in law.openings:
            self._known(opening.state, f"opening on {opening.on}")
        for step in law.steps:
            self._step(step)
        for term in law.terms:
            for name in term.during:
                self._known(name, f"term {term.name}")
            for name in term.starts_again_on:
                if name not in law.step:
                    self.refuse(f"term {term.name} starts again on an unknown step {name}")
        self._reachable()
        self._ways_out()

    def _known(self, state: str, where: str) -> None:
        if state not in self.law.state:
            self.refuse(f"{where} names an unknown state {state}")

    def _step(self, step: Step) -> None:
        for name in (*step.sources, *(() if step.target == STAY else (step.target,))):
            self._known(name, f"step {step.name}")
        if (step.by is None) == (not step.on):
            self.refuse(f"step {step.name} needs either a role or an event, and not both")
        if not step.sources:
            self.refuse(f"step {step.name} starts nowhere")
        if step.on and (step.fields or step.evidence):
            self.refuse(f"step {step.name} follows by itself, so nobody can fill in its form")
        if not step.rule:
            self.refuse(f"step {step.name} names no rule")
        for source in step.sources:
            if self.law.state[source].final:
                self.refuse(f"step {step.name} leaves the final state {source}")
        for name in step.not_by:
            if name not in self.law.step:
                self.refuse(f"step {step.name} excludes the taker of an unknown step {name}")
        names = [one.name for one in step.fields]
        if len(names) != len(set(names)):
            self.refuse(f"step {step.name} has two fields of one name")

    def _reachable(self) -> None:
        reached, edge = set[str](), {opening.state for opening in self.law.openings}
        while edge:
            reached |= edge
            edge = {step.target for step in self.law.steps if reached & set(step.sources)} - reached - {STAY}
        stranded = [state.name for state in self.law.states if state.name not in reached]
        if stranded:
            self.refuse(f"no way leads to {', '.join(stranded)}")

    def _ways_out(self) -> None:
        ending, edge = set[str](), {state.name for state in self.law.states if state.settled or state.final}
        while edge:
            ending |= edge
            edge = {
                source for step in self.law.steps if step.target in ending for source in step.sources
            } - ending
        for state in self.law.states:
            if state.name not in ending:
                self.refuse(f"{state.name} is a dead end: no settled or final state can follow")
            if not state.settled and not state.final and state.work is None and state.waits_for is None:
                self.refuse(f"{state.name} does not say who is waited for")
