"""What a procedure is made of: frozen states, steps, fields, terms and the messages they send.

From one declaration come the machine, the work item, the form, the permission, the evidence list, the deadline, the
history line, the diagram and every why-not. A declaration that could strand a case is refused when it is built.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from workflows.calendars import days
from workflows.errors import LawError
from workflows.events import Scalar, expired
from workflows.inspection import STAY as STAY
from workflows.inspection import Inspection
from workflows.policies.model import Policy
from workflows.roles import Compartment, Role
from workflows.spans import Span
from workflows.subjects import Subject
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
    calendar: days.WorkCalendar | None = None
    """The working calendar in force; None where nobody asks for a day."""

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


Guard: TypeAlias = Callable[[Situation], Text | None]
Question: TypeAlias = Callable[[Situation], bool]
Derive: TypeAlias = Callable[[Situation], Facts]
#: How long a term is when that is not simply the policy's own value; None: none runs.
Measure: TypeAlias = Callable[[Situation], Span | None]


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Field:
    """What a clerk fills in. Its value is kept in the proceeding under `name`; a published one in the open drawer.

    `example` is what a form suggests; for dates it is the number of days from today (0 or less).
    Kinds: integer, text, date, yes_no, choice; `town` (a division below the case's own, chosen from the directory);
    `link` (another file, of the subject `to`, chosen from those of the same county, and only those that stand in one of
    the states `standing_in` if it names any); `code` (a unified social credit code; `prefixes` says whose).
    `personal`: a text in which somebody writes about particular persons; it is hidden until the reader says why he must see it.
    """

    name: str
    kind: Literal["integer", "text", "date", "yes_no", "choice", "town", "link", "code"]
    label: Text
    example: Scalar
    required: bool = True
    minimum: int = 0
    maximum: int = 1_000_000
    choices: tuple[Choice, ...] = ()
    publish: bool = False
    to: Subject | None = None
    standing_in: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """A kind of document a step rests on. `form` is the official paper (workflows.papers) as which it may be written here, `about`
    what such a paper is about, with the enterprise's `{name}` in it; without a form it can only be uploaded."""

    kind: str
    label: Text
    form: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A notice a step sends to a body; the mail room carries it. Its payload is the whitelist's, nothing else."""

    kind: str
    to: Role
    sender: Role
    when: Question | None = None


@dataclass(frozen=True, slots=True)
class Tell:
    """An event for another file, carried by the mail room: for the file that the link `along` names, or, where `along` is
    empty, for every file that is linked to this one. `carries` names the facts that the event takes with it."""

    event: str
    along: str = ""
    carries: tuple[str, ...] = ()
    when: Question | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What a person must do while a proceeding stands in a state, and why everybody waits for it.

    `when` says whether it is due there at all; it is asked again after every step taken in the state.
    """

    role: Role
    task: Text
    why: Text
    when: Question | None = None

    def due(self, situation: Situation) -> bool:
        return self.when is None or self.when(situation)


@dataclass(frozen=True, slots=True)
class Term:
    """A legal span that runs while the proceeding is in one of `during`. Expiry makes a work item, never a decision.

    It is as long as the policy says, or as `measure` makes of the situation; `rests_on` names the policy's key where that
    depends on the situation. It counts from the day it starts, or from the day in the fact `counts_from`; it falls due earlier
    by the span under the policy key `ahead`. An `exact` one ends on its very day, whatever day that is, and runs on while the
    enterprise suspends operation: a term of office is no time limit for an act. `met_by` names steps that leave the proceeding
    where it stands and do what the term asked for. The day of a `reminder` is when something begins; nothing is late when it is
    over. `rule` names what this very term implements, if anything.
    """

    name: str
    label: Text
    policy: str
    during: tuple[str, ...]
    work: Work
    starts_again_on: tuple[str, ...] = ()
    met_by: tuple[str, ...] = ()
    measure: Measure | None = None
    rests_on: Callable[[Situation], str] | None = None
    counts_from: str = ""
    ahead: str = ""
    exact: bool = False
    reminder: bool = False
    rule: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """A place a proceeding can stand in. `settled`: nothing is owed. `final`: nothing can follow.

    `notices` is what the notices that this proceeding sent have become by now: acknowledged, or answered.
    `also` is what others must do at the same time, where more than one is waited for.
    """

    name: str
    label: Text
    work: Work | None = None
    settled: bool = False
    final: bool = False
    waits_for: Text | None = None
    publishes: Facts = field(default_factory=dict)
    notices: Literal["", "acknowledged", "answered"] = ""
    also: tuple[Work, ...] = ()

    @property
    def works(self) -> tuple[Work, ...]:
        """Everything that people must do here, the first being what everybody waits for."""
        return ((self.work,) if self.work is not None else ()) + self.also


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A declared transition: taken by a person of role `by`, or following by itself on one of the events `on`.

    `extends` names a term that this step makes longer, by the span that `extension` makes of the situation, for the reason
    in its field `note`. `moves_file` names the fact that holds the division to which the whole file goes over. `reckons` names
    figures that the office works out from other files on the day; they are recorded with the step, like a form that nobody
    could fill in wrongly. `keeps` names the book in which the office writes a line with this step, in the same commit; what it
    found doing so is recorded with the step. A step that `gives_up` ends the matter undone; it is offered last. `suggests` makes examples for the form out of what is on file, where the fields' own would not fit.
    """

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
    tells: tuple[Tell, ...] = ()
    extends: str = ""
    extension: Measure | None = None
    moves_file: str = ""
    reckons: tuple[str, ...] = ()
    keeps: str = ""
    gives_up: bool = False
    suggests: Derive | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How a proceeding begins: on an event, into a state, if no live one of its procedure stands in the case.

    With a `subject`, that event is what opens a file about such a thing.

    Or a person of role `by` begins it, with a new file of its own that is about `subject`: then it has a `name` and a
    `label`, a form, and papers, as a step has. The form's field `name` names the file; its `town`, if it has one, says where
    it lies, else it lies where the person's body does; its `uscc` is the enterprise's code.

    `points_at` names facts which it derives, and which are numbers of other files: the file is linked to them by that name.
    """

    state: str
    says: Text
    rule: str
    on: tuple[str, ...] = ()
    by: Role | None = None
    subject: Subject | None = None
    name: str = "opened"
    label: Text | None = None
    fields: tuple[Field, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    guards: tuple[Guard, ...] = ()
    derive: Derive | None = None
    publish: tuple[str, ...] = ()
    emits: tuple[str, ...] = ()
    sends: tuple[Message, ...] = ()
    tells: tuple[Tell, ...] = ()
    points_at: tuple[str, ...] = ()


#: What is filled in on a case: a step, or an opening that a person takes.
Act: TypeAlias = Step | Opening


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
    #: Names of the fields that are personal in any of its forms.
    personal: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        for name, things in (("state", self.states), ("step", self.steps), ("term", self.terms)):
            object.__setattr__(self, name, self._by_name(name, things))
        personal = frozenset(one.name for act in self.acts for one in act.fields if one.personal)
        object.__setattr__(self, "personal", personal)
        Inspection(self).run()

    def _by_name(self, what: str, things: Iterable[State | Step | Term]) -> dict[str, State | Step | Term]:
        found: dict[str, State | Step | Term] = {}
        for thing in things:
            if thing.name in found:
                raise LawError(f"{self.name}: two {what}s named {thing.name}")
            found[thing.name] = thing
        return found

    @property
    def acts(self) -> tuple[Act, ...]:
        """Every opening and every step."""
        return (*self.openings, *self.steps)

    def emitted(self) -> frozenset[str]:
        """Every event this procedure can cause."""
        acts = self.acts
        told = {name for act in acts for name in act.emits} | {one.event for act in acts for one in act.tells}
        return frozenset(told | {expired(term.name) for term in self.terms})

    def answered(self) -> frozenset[str]:
        """Every event this procedure reacts to."""
        return frozenset(
            {name for step in self.steps for name in step.on}
            | {name for one in self.openings for name in one.on}
        )
