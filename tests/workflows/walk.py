"""The law book walked from end to end: every state, every event, every outcome of the guards, all through the engine itself.

For the walk a definition's guards are replaced by ones that answer as the walk wants, so that each outcome is met whatever
facts it would take. Guards are asked in order until one refuses: an act with three guards has four outcomes, not eight.
`python -m tests.workflows.walk` writes the page with the figures anew.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import TypeVar

from tests.workflows.lives import MONDAY, TOWN, examples, national_policy
from workflows.calendars.days import published
from workflows.casefile import CaseFile, Standing
from workflows.definition import STAY, Definition, Facts, Guard, Opening, Situation, State, Step, Term
from workflows.errors import Refused
from workflows.events import OUTSIDE, Event
from workflows.registry import LawBook, law_book
from workflows.unfold import Unfolding
from workflows.unfolded import Unfolded
from workflows.words import Text

LAWS = law_book().definitions
EVENTS = tuple(sorted(OUTSIDE.union(*(law.emitted() for law in LAWS))))
PAGE = Path(__file__).parents[2] / "deploy" / "handbook" / "the-walk.md"

KEY = 1
NO = Text("这里不行。", "Not here.")
#: What steps of the walk may look up: where a file moves to and came from.
FACTS: Facts = {"union_form": "none", "party_form": "none", "placed": True, "category": "91"}
MOVES: Facts = {"moved_to": "220211", "moved_from": "220204"}

#: No guard refuses; otherwise the position of the first that does.
ALLOWED = -1
A = TypeVar("A", Step, Opening)


@dataclass(slots=True)
class Figures:
    """How much was walked: what there is, and which edges were gone along."""

    states: int = 0
    final: int = 0
    events: int = 0
    """(state, event) pairs put to the engine."""
    automatic: int = 0
    """(state, event, outcome of the guards) that a step answers or declines."""
    persons: int = 0
    """(state, person's step, outcome of the guards)."""
    openings: int = 0
    """(event or person, outcome of the guards) that a proceeding begins with or does not."""

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            *(getattr(self, one.name) + getattr(other, one.name) for one in fields(self))  # in their order
        )


@dataclass(slots=True)
class Saying:
    """What the replaced guards answer: for each act, which of its guards is the first to refuse."""

    refusing: dict[str, int] = field(default_factory=dict)

    def instead_of(self, act: A, name: str) -> A:
        return replace(act, guards=tuple(self._guard(name, place) for place in range(len(act.guards))))

    def _guard(self, name: str, place: int) -> Guard:
        def guard(_: Situation) -> Text | None:
            return NO if self.refusing.get(name, ALLOWED) == place else None

        return guard


class Walk:
    """One definition, walked; what does not hold is an assertion that names the place."""

    def __init__(self, law: Definition) -> None:
        self.saying, self.figures = Saying(), Figures()
        self.law = replace(
            law,
            openings=tuple(
                self.saying.instead_of(one, _opening(place)) for place, one in enumerate(law.openings)
            ),
            steps=tuple(self.saying.instead_of(step, step.name) for step in law.steps),
        )
        self.book = LawBook(self.law if one.name == law.name else one for one in LAWS)
        self.ends = _from_which_it_can_end(law)

    def whole(self) -> Figures:
        self.figures.states = len(self.law.states)
        self.figures.final = sum(state.final for state in self.law.states)
        for state in self.law.states:
            for event in EVENTS:
                self._event_in(state, event)
            for step in self.law.steps:
                if step.by is not None and state.name in step.sources:
                    self._person_in(state, step)
        for event in EVENTS:
            self._event_opens(event)
        for place, opening in enumerate(self.law.openings):
            if opening.by is not None:
                self._person_opens(place, opening)
        return self.figures

    # -- an event comes while a proceeding stands somewhere ------------------------------------------------

    def _event_in(self, state: State, event: str) -> None:
        answering = [step for step in self.law.steps if event in step.on and state.name in step.sources]
        self.figures.events += 1
        followed = set[str]()
        for outcome in _outcomes([(step.name, step) for step in answering]):
            self.figures.automatic += bool(answering)
            self.saying.refusing = outcome
            unfolding, standing = self._standing_in(state)
            found = unfolding.follow(Event(event, about=KEY if event.startswith("term.") else None))
            first = next((step for step in answering if outcome[step.name] == ALLOWED), None)
            told = [one.step for one in found.entries if one.key == KEY and one.cause == event]
            assert told == ([first.name] if first else []), (self.law.name, state.name, event, outcome)
            followed.update(told)
            self._as_declared(state, standing, found)
        idle = {step.name for step in answering} - followed
        assert not idle, (
            f"{self.law.name}: in {state.name}, {event} never leads to {idle}: another stands before it"
        )

    # -- a person takes a step -----------------------------------------------------------------------------

    def _person_in(self, state: State, step: Step) -> None:
        for outcome in _outcomes([(step.name, step)]):
            self.figures.persons += 1
            self.saying.refusing = outcome
            unfolding, standing = self._standing_in(state)
            if outcome[step.name] == ALLOWED:
                found = unfolding.take(KEY, step, examples(step), [one.kind for one in step.evidence])
                assert [one.step for one in found.entries if one.cause == "person"] == [step.name]
                self._as_declared(state, standing, found)
                continue
            try:
                unfolding.take(KEY, step, examples(step), [])
            except Refused as refused:
                assert refused.text == NO
                assert (standing.state, standing.revision) == (state.name, 0)
                assert not unfolding.result.entries
            else:
                raise AssertionError(f"{self.law.name}: {step.name} was taken although a guard refuses")

    # -- a proceeding begins -------------------------------------------------------------------------------

    def _event_opens(self, event: str) -> None:
        """In an empty file; and beside one that is live, nothing begins."""
        begun_by = [(_opening(place), one) for place, one in enumerate(self.law.openings) if event in one.on]
        began = set[str]()
        for outcome in _outcomes(begun_by) if begun_by else ():
            self.figures.openings += 1
            self.saying.refusing = outcome
            found = self._unfolding([]).follow(Event(event))
            first = next(((name, one) for name, one in begun_by if outcome[name] == ALLOWED), None)
            opened = [one for one in found.opened if one.procedure == self.law.name]
            assert len(opened) == (first is not None), (self.law.name, event, outcome)
            for standing in opened:
                entry = next(one for one in found.entries if one.key == standing.key)
                assert first is not None and (entry.to_state, entry.cause) == (first[1].state, event)
                assert standing.state in self.ends
                began.add(first[0])
        assert began == {name for name, _ in begun_by}, (self.law.name, event, began)
        self.saying.refusing = {}
        for state in self.law.states if begun_by else ():
            unfolding, standing = self._standing_in(state)
            found = unfolding.follow(Event(event))
            again = [one for one in found.opened if one.procedure == self.law.name]
            over = self.law.state[standing.state].final
            assert not again or (self.law.reopens and over), (self.law.name, state.name, event)

    def _person_opens(self, place: int, opening: Opening) -> None:
        name = _opening(place)
        for outcome in _outcomes([(name, opening)]):
            self.figures.openings += 1
            self.saying.refusing = outcome
            unfolding = self._unfolding([])
            try:
                found = unfolding.begin(self.law, opening, examples(opening), [])
            except Refused as refused:
                assert outcome[name] != ALLOWED and refused.text == NO
            else:
                assert outcome[name] == ALLOWED
                assert found.entries[0].to_state == opening.state

    # -- what holds after each edge ------------------------------------------------------------------------

    def _as_declared(self, before: State, standing: Standing, found: Unfolded) -> None:
        """Every line leads where its step says, and what is owed is what the last state owes."""
        here, where = before.name, (self.law.name, before.name)
        lines = [one for one in found.entries if one.key == KEY]
        for line in lines:
            step = self.law.step[line.step]
            assert line.from_state == here and here in step.sources, where
            here = here if step.target == STAY else step.target
            assert line.to_state == here, where
        assert standing.state == here and here in self.ends, where
        assert standing.revision == len(lines) and not (before.final and lines), where
        after = self.law.state[here]
        moved = any(line.from_state != line.to_state for line in lines)
        owed = [one.reason for one in found.work if one.key == KEY]
        if moved:
            always = sum(work.when is None for work in after.works)
            assert KEY in found.work_ended and set(owed) <= {here}, where
            assert always <= len(owed) <= len(after.works), where
            assert after.settled or after.works or after.waits_for, where
        assert set(owed) <= {here}, where
        self._terms_follow(before, after, {line.step for line in lines} if not moved else None, found)

    def _terms_follow(self, before: State, after: State, stayed_by: set[str] | None, found: Unfolded) -> None:
        """`stayed_by`: the steps that left the proceeding where it stood; None: it was elsewhere meanwhile."""
        started = {one.term.name for one in found.terms if one.key == KEY}
        ended = {name for key, name in found.terms_ended if key == KEY}
        for term in self.law.terms:
            runs, ran = after.name in term.during, before.name in term.during
            where = (self.law.name, before.name, after.name, term.name)
            assert term.name not in started or runs, where
            assert runs or not ran or term.name in ended, where
            assert ran or not runs or term.name in started or not _always_runs(term), where
            if stayed_by is not None and runs and term.name in ended | started:
                assert stayed_by & {*term.starts_again_on, *term.met_by}, where

    # -- what it is walked with ----------------------------------------------------------------------------

    def _standing_in(self, state: State) -> tuple[Unfolding, Standing]:
        standing = Standing(KEY, self.law.name, self.law.version, state.name, 0, MONDAY)
        return self._unfolding([standing], state), standing

    def _unfolding(self, standings: list[Standing], state: State | None = None) -> Unfolding:
        facts = {**FACTS, **MOVES, **(state.publishes if state else {})}
        return Unfolding(
            self.book,
            CaseFile(TOWN, facts, standings),
            policy_of=lambda _: national_policy(),
            calendar=published(),
            today=MONDAY,
        )


def _opening(place: int) -> str:
    return f"opening {place}"


def _outcomes(acts: Sequence[tuple[str, Step | Opening]]) -> Iterator[dict[str, int]]:
    """Every combination: each act is allowed, or refused by its first guard, by its second, and so on."""
    names = [name for name, _ in acts]
    each: Iterable[tuple[int, ...]] = product(*(range(ALLOWED, len(act.guards)) for _, act in acts))
    return (dict(zip(names, outcome, strict=True)) for outcome in each)


def _from_which_it_can_end(law: Definition) -> frozenset[str]:
    """The states from which one is reached in which nothing is owed."""
    found = {state.name for state in law.states if state.settled or state.final}
    while more := {source for step in law.steps if step.target in found for source in step.sources} - found:
        found |= more
    return frozenset(found)


def _always_runs(term: Term) -> bool:
    """Its length is the policy's own and not "none"."""
    return (
        term.measure is None
        and term.rests_on is None
        and not term.ahead
        and national_policy().span(term.policy) is not None
    )


@cache
def walked(law: Definition) -> Figures:
    """The figures of a definition that was walked once in this session."""
    return Walk(law).whole()


# -- the page ----------------------------------------------------------------------------------------------

HEAD = """# The law book, walked

Generated by `make walk`; do not edit. Every definition is walked through the engine itself: each of its states with each
of the {events} events of the book, and with each step that a person may take there, under every outcome of the guards. After
each edge it stands that at most one step followed, that it led where it says, that work items and terms are those of the state
arrived at, and that from there a state is reached in which nothing is owed.

生成的页面，请勿手改。每个程序的每个状态，都与全部 {events} 个事件、每个可由人办理的步骤、守卫条件的每种结果走了一遍。

| procedure 程序 | states 状态 | of these final 终结 | state × event 状态×事件 | automatic edges 自动 | persons' edges 由人 | openings 开启 |
|---|---:|---:|---:|---:|---:|---:|
"""


def page() -> str:
    """The figures as the handbook shows them; every definition is walked for them."""
    rows = [(f"`{law.name}` {law.label.zh}", walked(law)) for law in LAWS]
    rows.append(("**all 合计**", sum((figures for _, figures in rows), Figures())))
    lines = [
        f"| {name} | {' | '.join(format(getattr(row, one.name), ',') for one in fields(row))} |"
        for name, row in rows
    ]
    return HEAD.format(events=len(EVENTS)) + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    print(f"{PAGE} written")
