"""One outside event or one person's step, and every automatic step that follows from it: decided at once, without I/O.

`(case, event, policy, today) -> (states, entries, work items, terms, messages) | refusal`. The office writes down what comes
out, in one commit. Nothing here approves, elects or dissolves: automatic steps only carry facts from one track to another.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from workflows import deadlines
from workflows.calendars.days import WorkCalendar
from workflows.casefile import CaseFile, Standing
from workflows.definition import (
    Act,
    Definition,
    Facts,
    Opening,
    Situation,
    State,
    Step,
    Tell,
    Term,
)
from workflows.errors import LawError, Refused
from workflows.events import Event, Scalar, expired, is_expiry
from workflows.policies.model import Policy
from workflows.registry import LawBook
from workflows.roles import Compartment
from workflows.runner import move, why_not
from workflows.terms import begun, lasts
from workflows.unfolded import (
    Entry,
    NewExtension,
    NewLink,
    NewMessage,
    NewTelling,
    NewTerm,
    NewWork,
    Unfolded,
)
from workflows.words import Text

_STANDS_STILL = Text("企业歇业，各项期限中止", "The enterprise suspended operation; every term stops")
_RUNS_ON = Text("企业恢复营业，各项期限继续计算", "The enterprise resumed operation; every term runs on")

#: A county's code has six digits, a town's nine.
COUNTY_DIGITS = 6

#: More automatic steps than this after one event means that two procedures chase each other.
LONGEST_CHAIN = 60


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
        self.result, case.laid = Unfolded(laid=case.laid), None
        self._queue: deque[Event] = deque()

    # -- the ways in ----------------------------------------------------------------------------------

    def follow(self, event: Event) -> Unfolded:
        """The event is recorded by whoever answers it, and so is everything it causes."""
        self._queue.append(event)
        return self._run()

    def take(self, key: int, step: Step, fields: Facts, papers: Iterable[str]) -> Unfolded:
        """A person's step is taken, or Refused says why not. `fields` are the form and what the office has reckoned."""
        standing = self._standing(key)
        law = self._law_of(standing)
        target = move(law, standing.state, step)
        situation = self.situation(standing, extra=fields, papers=papers)
        reason = why_not(step, situation)
        if reason is not None:
            raise Refused("guard", zh=reason.zh, en=reason.en)
        self._apply(standing, law, step, target, situation, fields, cause="person")
        return self._run()

    def begin(self, law: Definition, opening: Opening, fields: Facts, papers: Iterable[str]) -> Unfolded:
        """A person begins a proceeding in this file, which is new; or Refused says why not."""
        standing = Standing(-1, law.name, law.version, opening.state, 0, self.today)
        situation = self.situation(standing, extra=fields, papers=papers)
        reason = why_not(opening, situation)
        if reason is not None:
            raise Refused("guard", zh=reason.zh, en=reason.en)
        self._begin(standing, law, opening, situation, fields, cause="person")
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
        self._note(step, says, cause, facts)

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
        return Situation(facts, self.policy_of(standing.began_on), self.today, on_file, self.calendar)

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
                situation = self.situation(standing, extra=_told(event))
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
        situation = self.situation(standing, extra=_told(event))
        if why_not(opening, situation) is not None:
            return
        self._begin(standing, law, opening, situation, {}, cause=event.name, said=event.data)

    def _begin(
        self,
        standing: Standing,
        law: Definition,
        opening: Opening,
        situation: Situation,
        fields: Facts,
        *,
        cause: str,
        said: Facts | None = None,
    ) -> None:
        self.case.standings.append(standing)
        self.result.opened.append(standing)
        recorded = self._recorded(standing, opening, situation, fields)
        self._enter(
            standing,
            law,
            opening.name,
            opening.says,
            cause,
            None,
            opening.state,
            {**recorded, **(said or {})},
        )
        self._arrive(standing, law, None, law.state[opening.state], None)
        self._tell(standing, opening)

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
        recorded = self._recorded(standing, step, situation, fields)
        standing.state = target
        standing.revision += 1
        if standing.key > 0:
            self.result.changed[standing.key] = standing
        if step.moves_file:
            self._move_file(step, situation)
        self._enter(standing, law, step.name, step.says, cause, before, target, {**recorded, **(said or {})})
        self._arrive(standing, law, law.state[before], law.state[target], step)
        if step.extension is not None and (by := step.extension(situation)) is not None:
            reason = str(recorded.get("note") or "")
            self.result.extended.append(NewExtension(standing.key, law.term[step.extends], by, reason))
        self._tell(standing, step)

    def _recorded(self, standing: Standing, act: Act, situation: Situation, fields: Facts) -> Facts:
        """What the act puts on file: its form, what follows from it, its papers; and what of it all may read."""
        recorded = dict(fields)
        if act.derive is not None:
            recorded.update(act.derive(situation))
        standing.data.update(recorded)
        standing.on_file = situation.on_file
        for one in act.fields:
            value = recorded.get(one.name)
            if one.kind == "town" and isinstance(value, str):
                self._place(value)
            elif one.kind == "link" and isinstance(value, str):
                self.result.links.append(NewLink(standing.key, one.name, int(value)))
        if isinstance(act, Opening):
            self.result.links += [
                NewLink(standing.key, name, int(str(recorded[name])))
                for name in act.points_at
                if recorded.get(name)
            ]
        self._publish(recorded, act.publish + tuple(one.name for one in act.fields if one.publish))
        return recorded

    def _arrive(
        self, standing: Standing, law: Definition, before: State | None, after: State, step: Step | None
    ) -> None:
        """Work items and terms follow the state: what was owed before is no longer owed.

        Only a term that lasts beyond the state stays overdue if it is. A person who starts a term again in the same state has
        done what its last expiry asked for.
        """
        self.case.facts.update(after.publishes)
        renewed = (
            step is not None
            and step.by is not None
            and any(step.name in term.starts_again_on for term in law.terms)
        )
        ran_out = step is not None and any(
            map(is_expiry, step.on)
        )  # which changes nothing about who is asked
        asked_again = not ran_out and any(work.when is not None for work in after.works)
        if before is not after or renewed or asked_again:
            self._end_work(
                standing.key, {term.name for term in law.terms if lasts(term, before, after, step)}
            )
            situation = self.situation(standing)
            self.result.work += [
                NewWork(standing.key, work, after.name, law.compartment)
                for work in after.works
                if work.due(situation)
            ]
        for term in law.terms:
            was = before is not None and before.name in term.during
            now = after.name in term.during
            again = step is not None and step.name in term.starts_again_on
            met = step is not None and step.name in term.met_by
            if was and (again or met or not now):
                self._end_term(standing.key, term)
            if met:
                self.result.terms_met.add((standing.key, term.name))
                self.result.work = [
                    one for one in self.result.work if (one.key, one.reason) != (standing.key, term.name)
                ]
            if now and (again or not was):
                self._start_term(standing, term)

    def _end_work(self, key: int, lasting: set[str]) -> None:
        """What the state asked for is done; what is about a term that lasts is not."""
        self.result.work_ended.add(key)
        self.result.overdue_still[key] = self.result.overdue_still.get(key, frozenset(lasting)) & lasting
        self.result.work = [one for one in self.result.work if one.key != key or one.reason in lasting]

    def _start_term(self, standing: Standing, term: Term) -> None:
        deadline = begun(term, self.situation(standing), self.calendar)
        if deadline is None:
            return
        if self.case.paused:
            deadline = deadlines.suspend(deadline, self.today)
        self.result.terms.append(NewTerm(standing.key, term, deadline))

    def _end_term(self, key: int, term: Term) -> None:
        self.result.terms = [one for one in self.result.terms if (one.key, one.term.name) != (key, term.name)]
        if key > 0:
            self.result.terms_ended.append((key, term.name))

    def _tell(self, standing: Standing, act: Act) -> None:
        self._queue.extend(Event(name) for name in act.emits)
        if not act.sends and not act.tells:
            return
        situation, entry = self.situation(standing), len(self.result.entries) - 1
        for message in act.sends:
            if message.when is None or message.when(situation):
                self.result.messages.append(NewMessage(standing.key, message, entry))
        for tell in act.tells:
            if tell.when is None or tell.when(situation):
                self._tell_other_files(standing, tell, situation, entry)

    def _tell_other_files(self, standing: Standing, tell: Tell, situation: Situation, entry: int) -> None:
        """A link that was never made leads nowhere, so nobody is told."""
        event = Event(tell.event, {name: situation.facts.get(name) for name in tell.carries})
        if not tell.along:
            self.result.tellings.append(NewTelling(standing.key, event, None, entry))
        elif situation.word(tell.along):
            self.result.tellings.append(
                NewTelling(standing.key, event, int(situation.word(tell.along)), entry)
            )

    def _publish(self, data: Facts, names: Iterable[str]) -> None:
        self.case.facts.update({name: data[name] for name in names if name in data})

    def _place(self, division: str) -> None:
        """A division becomes the place of the case."""
        self.case.division = self.result.placed = division
        self.case.facts["placed"] = len(division) > COUNTY_DIGITS

    def _move_file(self, step: Step, situation: Situation) -> None:
        """The whole file goes over to another jurisdiction, and lies in that one alone from here on."""
        division = situation.word(step.moves_file)
        if not division:
            raise LawError(f"step {step.name} moves the file, but nothing says where to")
        self._place(division)

    def _pause(self, paused: bool, event: Event) -> None:
        if self.case.paused == paused:
            return
        self.case.paused = self.result.paused = paused
        says = _STANDS_STILL if paused else _RUNS_ON
        self._note(event.name.partition(".")[2], says, event.name, event.data)

    def _note(self, step: str, says: Text, cause: str, data: Facts) -> None:
        """One line of history about the case as a whole."""
        self.result.entries.append(
            Entry(None, None, Compartment.OPEN, step, says, cause, None, None, data, "")
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


def _told(event: Event) -> Facts:
    """What the office or another file told with its event (`from_case` says which file): its answerers may look at it.

    What the registry tells is kept in the history line and nowhere else: its facts enter by `amend`.
    """
    return {} if event.name.startswith("registry.") else event.data
