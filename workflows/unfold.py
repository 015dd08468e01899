"""One outside event or one person's step, and every automatic step that follows from it: decided at once, without I/O.

`(case, event, policy, today) -> (states, entries, work items, terms, messages) | refusal`. The office writes down what comes
out, in one commit. Nothing here approves, elects or dissolves: automatic steps only carry facts from one track to another.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from workflows import deadlines
from workflows.calendars.days import WorkCalendar
from workflows.definition import Definition, Facts, Message, Opening, Situation, State, Step, Term, Work
from workflows.errors import LawError, Refused
from workflows.events import Event, Scalar, expired
from workflows.policies.model import Policy
from workflows.registry import LawBook
from workflows.roles import Compartment
from workflows.runner import move, why_not
from workflows.words import Text

#: More automatic steps than this after one event means that two procedures chase each other.
LONGEST_CHAIN = 60


@dataclass(slots=True)
class Standing:
    """One proceeding as the law sees it. `key` is its row's id; a proceeding that begins here has a negative one."""

    key: int
    procedure: str
    version: int
    state: str
    revision: int
    began_on: date
    data: dict[str, Scalar] = field(default_factory=dict)
    on_file: frozenset[str] = frozenset()


@dataclass(slots=True)
class CaseFile:
    """An enterprise's case as the law sees it: what is open to all, and its proceedings."""

    division: str
    facts: dict[str, Scalar]
    standings: list[Standing]
    paused: bool = False


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
class NewMessage:
    key: int
    message: Message
    entry: int
    """Which entry of this unfolding sent it: the position in `entries`."""


@dataclass(slots=True)
class Unfolded:
    """What the office must write down, all of it or none."""

    entries: list[Entry] = field(default_factory=list)
    opened: list[Standing] = field(default_factory=list)
    changed: dict[int, Standing] = field(default_factory=dict)
    work_ended: set[int] = field(default_factory=set)
    work: list[NewWork] = field(default_factory=list)
    terms_ended: list[tuple[int, str]] = field(default_factory=list)
    terms: list[NewTerm] = field(default_factory=list)
    messages: list[NewMessage] = field(default_factory=list)
    published: dict[str, Scalar] = field(default_factory=dict)
    paused: bool | None = None
    placed: str | None = None


class Unfolding:
    """A case being moved on one day. Build it, then `follow` an event or `take` a step; read `result`."""

    def __init__(
        self,
        law: LawBook,
        case: CaseFile,
        *,
        policy_of: Callable[[date], Policy],
        calendar: WorkCalendar,
        today: date,
    ) -> None:
        self.law, self.case, self.policy_of, self.calendar, self.today = law, case, policy_of, calendar, today
        self.result = Unfolded()
        self._queue: deque[Event] = deque()

    # -- the three ways in --------------------------------------------------------------------------

    def follow(self, event: Event) -> Unfolded:
        """The event is recorded by whoever answers it, and so is everything it causes."""
        self._queue.append(event)
        return self._run()

    def take(self, key: int, step: Step, fields: Facts, papers: Iterable[str]) -> Unfolded:
        """A person's step is taken, or Refused says why not."""
        standing = self._standing(key)
        law = self._law_of(standing)
        target = move(law, standing.state, step)
        situation = self.situation(standing, extra=fields, papers=papers)
        reason = why_not(step, situation)
        if reason is not None:
            raise Refused("guard", zh=reason.zh, en=reason.en)
        self._apply(standing, law, step, target, situation, fields, cause="person")
        return self._run()

    def expire(self, key: int, name: str) -> Unfolded:
        """A term has run out: that becomes an entry and a work item, and the procedure may escalate. Nothing is decided."""
        standing = self._standing(key)
        law = self._law_of(standing)
        term = law.term[name]
        says = Text("期限届满：{zh}", "Term ran out: {en}").filled(zh=term.label.zh, en=term.label.en)
        self._enter(standing, law, f"{name}_expired", says, expired(name), standing.state, standing.state, {})
        self.result.work.append(NewWork(key, term.work, name, law.compartment))
        self._queue.append(Event(expired(name), about=key))
        return self._run()

    def amend(self, step: str, says: Text, facts: Facts, *, cause: str) -> None:
        """The registry's own facts change; the case says so in one line. `follow` what comes of it afterwards."""
        self.case.facts.update(facts)
        self.result.published.update(facts)
        self.result.entries.append(
            Entry(None, None, Compartment.OPEN, step, says, cause, None, None, facts, "")
        )

    # -- what a guard sees --------------------------------------------------------------------------

    def situation(
        self,
        standing: Standing,
        *,
        extra: Facts | None = None,
        papers: Iterable[str] = (),
    ) -> Situation:
        """The facts of the open drawer and of the procedure's own, never those of the other compartment.

        The open drawer is the newest: what a proceeding published long ago the registry may have corrected since.
        """
        law = self._law_of(standing)
        facts: dict[str, Scalar] = {}
        for other in self.case.standings:
            if other is not standing and self._law_of(other).compartment is law.compartment:
                facts.update(other.data)
        facts.update(standing.data)
        facts.update(self.case.facts)
        facts.update(extra or {})
        on_file = standing.on_file | frozenset(papers)
        return Situation(facts, self.policy_of(standing.began_on), self.today, on_file)

    # -- moving -------------------------------------------------------------------------------------

    def _run(self) -> Unfolded:
        for _ in range(LONGEST_CHAIN):
            if not self._queue:
                return self.result
            self._answer(self._queue.popleft())
        raise LawError(f"procedures chase each other: more than {LONGEST_CHAIN} automatic steps")

    def _answer(self, event: Event) -> None:
        if event.name == "registry.suspended":
            self._pause(True, event)
        elif event.name == "registry.resumed":
            self._pause(False, event)
        for standing in list(self.case.standings):
            if event.about is not None and event.about != standing.key:
                continue
            for step in self.law.followers.get(
                (standing.procedure, standing.version, standing.state, event.name), ()
            ):
                situation = self.situation(standing)
                if why_not(step, situation) is None:
                    law = self._law_of(standing)
                    target = move(law, standing.state, step)
                    self._apply(standing, law, step, target, situation, {}, cause=event.name, said=event.data)
                    break
        for law, opening in self.law.openings.get(event.name, ()):
            self._open(law, opening, event)

    def _open(self, law: Definition, opening: Opening, event: Event) -> None:
        for other in self.case.standings:
            if other.procedure == law.name and not (
                law.reopens and self._law_of(other).state[other.state].final
            ):
                return
        key = -1 - len(self.result.opened)
        standing = Standing(key, law.name, law.version, opening.state, 0, self.today)
        self.case.standings.append(standing)
        situation = self.situation(standing)
        if any(guard(situation) is not None for guard in opening.guards):
            self.case.standings.pop()
            return
        self.result.opened.append(standing)
        if opening.derive is not None:
            standing.data.update(opening.derive(situation))
        self._publish(standing.data, opening.publish)
        self._enter(standing, law, "opened", opening.says, event.name, None, opening.state, event.data)
        self._arrive(standing, law, None, law.state[opening.state], None)
        self._tell(standing, opening.emits, opening.sends, situation)

    def _apply(
        self,
        standing: Standing,
        law: Definition,
        step: Step,
        target: str,
        situation: Situation,
        fields: Facts,
        *,
        cause: str,
        said: Facts | None = None,
    ) -> None:
        """`said` is what the event itself told: kept in the history line, and nowhere else."""
        before = standing.state
        recorded = dict(fields)
        if step.derive is not None:
            recorded.update(step.derive(situation))
        standing.data.update(recorded)
        standing.on_file = situation.on_file
        standing.state = target
        standing.revision += 1
        if standing.key > 0:
            self.result.changed[standing.key] = standing
        self._place(step, recorded)
        self._publish(recorded, step.publish + tuple(one.name for one in step.fields if one.publish))
        self._enter(standing, law, step.name, step.says, cause, before, target, {**recorded, **(said or {})})
        self._arrive(standing, law, law.state[before], law.state[target], step)
        self._tell(standing, step.emits, step.sends, self.situation(standing))

    def _arrive(
        self, standing: Standing, law: Definition, before: State | None, after: State, step: Step | None
    ) -> None:
        """Work items and terms follow the state: what was owed before is no longer owed.

        A person who starts a term again in the same state has done what its last expiry asked for.
        """
        self.case.facts.update(after.publishes)
        self.result.published.update(after.publishes)
        renewed = (
            step is not None
            and step.by is not None
            and any(step.name in term.starts_again_on for term in law.terms)
        )
        if before is not after or renewed:
            self.result.work_ended.add(standing.key)
            self.result.work = [one for one in self.result.work if one.key != standing.key]
            if after.work is not None:
                self.result.work.append(NewWork(standing.key, after.work, after.name, law.compartment))
        for term in law.terms:
            was = before is not None and before.name in term.during
            now = after.name in term.during
            again = step is not None and step.name in term.starts_again_on
            if was and (again or not now):
                self._end_term(standing.key, term)
            if now and (again or not was):
                self._start_term(standing, term)

    def _start_term(self, standing: Standing, term: Term) -> None:
        policy = self.policy_of(standing.began_on)
        span = policy.span(term.policy)
        if span is None:
            return
        deadline = deadlines.start(
            self.today, span, self.calendar, citation=policy.setting(term.policy).source
        )
        if self.case.paused:
            deadline = deadlines.suspend(deadline, self.today)
        self.result.terms.append(NewTerm(standing.key, term, deadline))

    def _end_term(self, key: int, term: Term) -> None:
        self.result.terms = [one for one in self.result.terms if (one.key, one.term.name) != (key, term.name)]
        if key > 0:
            self.result.terms_ended.append((key, term.name))

    def _tell(
        self, standing: Standing, emits: Iterable[str], sends: Iterable[Message], situation: Situation
    ) -> None:
        for message in sends:
            if message.when is None or message.when(situation):
                self.result.messages.append(NewMessage(standing.key, message, len(self.result.entries) - 1))
        self._queue.extend(Event(name) for name in emits)

    def _publish(self, data: Facts, names: Iterable[str]) -> None:
        told = {name: data[name] for name in names if name in data}
        self.case.facts.update(told)
        self.result.published.update(told)

    def _place(self, step: Step, recorded: Facts) -> None:
        """A town that a person has chosen becomes the place of the case."""
        for one in step.fields:
            town = recorded.get(one.name)
            if one.kind == "town" and isinstance(town, str):
                self.case.division = self.result.placed = town
                self.case.facts["placed"] = self.result.published["placed"] = True

    def _pause(self, paused: bool, event: Event) -> None:
        if self.case.paused == paused:
            return
        self.case.paused = self.result.paused = paused
        says = (
            Text("企业歇业，各项期限中止", "The enterprise suspended operation; every term stops")
            if paused
            else Text(
                "企业恢复营业，各项期限继续计算", "The enterprise resumed operation; every term runs on"
            )
        )
        self.result.entries.append(
            Entry(
                None,
                None,
                Compartment.OPEN,
                event.name.partition(".")[2],
                says,
                event.name,
                None,
                None,
                event.data,
                "",
            )
        )

    def _enter(
        self,
        standing: Standing,
        law: Definition,
        step: str,
        says: Text,
        cause: str,
        before: str | None,
        after: str,
        data: Mapping[str, Scalar],
    ) -> None:
        label = self.policy_of(standing.began_on).label
        self.result.entries.append(
            Entry(standing.key, law.name, law.compartment, step, says, cause, before, after, data, label)
        )

    def _law_of(self, standing: Standing) -> Definition:
        return self.law.definition(standing.procedure, standing.version)

    def _standing(self, key: int) -> Standing:
        return next(one for one in self.case.standings if one.key == key)
