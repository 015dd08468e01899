"""Several files that live side by side and are kept as the office keeps them: history, work items, terms, links, and letters
that wait in the mail room until somebody carries them.

What has to hold of every line that is written down is looked at while it is written (`Kept.after`).
"""

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from random import Random

from tests.workflows.lives import COUNTY, MONDAY, TOWN, Life, book, edition
from workflows import deadlines, forms
from workflows.calendars.days import published
from workflows.casefile import CaseFile, Standing
from workflows.deadlines import Deadline
from workflows.definition import Act, Definition, Facts, Field, Opening, Term
from workflows.errors import Fault
from workflows.events import Event, Scalar
from workflows.forms import NOTHING
from workflows.policies.book import Book
from workflows.roles import Compartment
from workflows.subjects import ENTERPRISE
from workflows.unfold import LONGEST_CHAIN
from workflows.unfolded import Unfolded

THERE, FURTHER = "220211", "220284"
#: The counties there are, each with the one town below it that has a union of its own.
COUNTIES: Mapping[str, tuple[str, str]] = {
    COUNTY: (TOWN, "越北镇"),
    THERE: ("220211101", "江南镇"),
    FURTHER: ("220284101", "明城镇"),
}
#: Numbers at which the law decides differently, or might.
EDGES = (0, 1, 2, 3, 6, 7, 9, 10, 24, 25, 49, 50, 99, 100, 1000)
#: Days up to which the calendar is known, so that last days can be reckoned.
LAST_DAY = date(2026, 12, 1)
#: What the Party side alone may know; none of these ever leaves its drawer (CONDUCT 5.2-1, 5.2-2).
PARTY_ALONE = frozenset(
    {
        "full_members", "probationary_members", "liaison_kind", "liaison_left", "joint_units", "party_committee",
        "joint_by_choice", "newly_formed", "filed_upward", "suitable_secretary", "asks_exception", "adjustment",
        "review_cause", "review_kept",
    }
)  # fmt: skip
#: `review_cause` and `review_kept` are names that the union's own review uses as well, of its own matters.
OF_BOTH = frozenset({"review_cause", "review_kept"})


@cache
def policies(order: str) -> Book:
    """The first county orders its tracks so; the next appoints no own liaisons, and the third does as the nation does."""
    begun = date(2000, 1, 1)
    return book(
        edition(COUNTY, begun, {"formation.order": order}),
        edition(THERE, begun, {"liaison.own_allowed": False, "party.vote.base": "present"}),
    )


@dataclass(frozen=True, slots=True)
class Letter:
    """An event for a file, written by another."""

    to: str
    event: Event


class Kept(Life):
    """One file, kept as services.cases.record keeps it. `work` and `terms` are what is open; `lines` is its whole history."""

    def __init__(self, world: "World", number: str, facts: Mapping[str, Scalar], division: str) -> None:
        super().__init__(world.policies)
        self.world, self.number, self.today = world, number, world.today
        self.case = CaseFile(division, dict(facts), [])
        self.work: dict[int, list[str]] = {}
        self.terms: dict[tuple[int, str], tuple[Term, Deadline]] = {}
        self.lines: list[tuple[int | None, str, str | None, str | None]] = []
        self.stands: dict[int, str] = {}
        self.over: dict[int, tuple[str, int]] = {}
        self._county = division[:6]

    def law_of(self, standing: Standing) -> Definition:
        return self.law.definition(standing.procedure, standing.version)

    @property
    def live(self) -> list[Standing]:
        return [one for one in self.case.standings if not self.where(one).final]

    @property
    def is_an_enterprises(self) -> bool:
        """Is it about an enterprise, so that offices may speak of it?"""
        return "party_form" in self.case.facts

    def _filled(self, act: Act, fields: Mapping[str, object], suggested: Facts = NOTHING) -> Facts:
        given = self.world.filled(self, act) | dict(suggested) | dict(fields)
        return forms.check(act, given, today=self.today, towns=self.towns, files=self.world.files(self))

    @property
    def towns(self) -> forms.Towns:
        """Where the file can be assigned: the town below its county that has a union, or the county itself."""
        if len(self.case.division) > 6:
            return ()
        return (COUNTIES[self.case.division], (self.case.division, "本级"))

    # -- what the office writes down -------------------------------------------------------------------

    def after(self, unfolded: Unfolded) -> Unfolded:
        super().after(unfolded)
        assert len(unfolded.entries) < LONGEST_CHAIN
        keys = {-1 - place: one.key for place, one in enumerate(unfolded.opened)}
        self._history(unfolded, keys)
        self._owed(unfolded, keys)
        self._place(unfolded)
        self._nothing_leaks(unfolded)
        for link in unfolded.links:
            self.world.links[self.number, keys.get(link.key, link.key), link.name] = str(link.to)
        for telling in unfolded.tellings:
            self.world.post(self.number, telling.event, None if telling.to is None else str(telling.to))
        self.world.touched.add(self.number)
        return unfolded

    def _history(self, unfolded: Unfolded, keys: Mapping[int, int]) -> None:
        """Each line goes on where the last one of its proceeding ended; what was over stays as it was."""
        for entry in unfolded.entries:
            key = None if entry.key is None else keys.get(entry.key, entry.key)
            self.lines.append((key, entry.step, entry.from_state, entry.to_state))
            if key is None or entry.to_state is None:
                continue
            assert key not in self.over, f"{entry.procedure} was over, and goes on with {entry.step}"
            assert self.stands.get(key) == entry.from_state, (entry.procedure, entry.step)
            self.stands[key] = entry.to_state
            self.world.seen.add((entry.procedure or "", entry.to_state))
        for one in self.case.standings:
            where = self.law_of(one).state.get(one.state)
            assert where is not None, f"{one.procedure} stands in no known state"
            assert self.stands[one.key] == one.state
            if where.final:
                assert self.over.setdefault(one.key, (one.state, one.revision)) == (one.state, one.revision)

    def _owed(self, unfolded: Unfolded, keys: Mapping[int, int]) -> None:
        """As services.cases.owed does it: first what is done, then what is new."""
        for key in unfolded.work_ended:
            still = unfolded.overdue_still.get(key, frozenset())
            self.work[keys.get(key, key)] = [
                one for one in self.work.get(keys.get(key, key), ()) if one in still
            ]
        for key, name in unfolded.terms_met:
            self.work[key] = [one for one in self.work.get(key, ()) if one != name]
        for new in unfolded.work:
            self.work.setdefault(keys.get(new.key, new.key), []).append(new.reason)
        for longer in unfolded.extended:
            term, running = self.terms[longer.key, longer.term.name]
            self.terms[longer.key, term.name] = (
                term,
                deadlines.extend(running, longer.by, longer.reason, published()),
            )
        if unfolded.paused is not None:
            self._turn_clocks(stop=unfolded.paused)
        for ended in unfolded.terms_ended:
            self.terms.pop(ended, None)
        for begun in unfolded.terms:
            self.terms[keys.get(begun.key, begun.key), begun.term.name] = (begun.term, begun.deadline)

    def _turn_clocks(self, *, stop: bool) -> None:
        for key, (term, running) in self.terms.items():
            if stop and running.is_running:
                self.terms[key] = (term, deadlines.suspend(running, self.today))
            elif not stop and not running.is_running:
                self.terms[key] = (term, deadlines.resume(running, self.today, published()))

    def _place(self, unfolded: Unfolded) -> None:
        """Only a hand-over takes a file to another county, and nothing in it moves with that but the relocation."""
        here = self.case.division[:6]
        if here == self._county:
            return
        sent = [one for one in unfolded.entries if one.procedure == "relocation"]
        assert sent and unfolded.placed == self.case.division
        assert [entry.step for entry in sent] in (["send_file"], ["return_file"])
        assert unfolded.entries == sent and not unfolded.opened, "the file goes over as it is"
        self._county = here

    def _nothing_leaks(self, unfolded: Unfolded) -> None:
        """No line outside the Party's drawer and no letter holds what the Party side alone may know."""
        for entry in unfolded.entries:
            if entry.compartment is not Compartment.PARTY:
                own = OF_BOTH if entry.compartment is Compartment.UNION else frozenset()
                assert not (PARTY_ALONE - own) & set(entry.data), entry.step
        for telling in unfolded.tellings:
            assert not telling.event.data, "no procedure tells another file more than that it happened"


@dataclass(slots=True)
class World:
    """The files by number, what points where, and the letters that wait for each file, in the order they were written."""

    policies: Book
    today: date = MONDAY
    files_by_number: dict[str, Kept] = field(default_factory=dict)
    links: dict[tuple[str, int, str], str] = field(default_factory=dict)
    waiting: dict[str, deque[Letter]] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    carried: Counter[str] = field(default_factory=Counter)
    seen: set[tuple[str, str]] = field(default_factory=set)
    """(procedure, state) of every line that was written down."""

    def __getitem__(self, number: str) -> Kept:
        return self.files_by_number[number]

    def __iter__(self) -> Iterator[Kept]:
        return iter(self.files_by_number.values())

    # -- new files -------------------------------------------------------------------------------------

    def enterprise(self, event: str = "", *, category: str = "91", placed: bool = True) -> Kept:
        """A file that an office's news opens, where that news opens one."""
        facts: dict[str, Scalar] = {"union_form": "none", "party_form": "none", "category": category}
        file = self._new({**facts, "placed": placed}, TOWN if placed else COUNTY)
        if event:
            file.tell(event)
        return file

    def can_begin(self, opening: Opening) -> bool:
        """Whatever its form has to name stands in the first county."""
        names = {one.to.name for one in opening.fields if one.kind == "link" and one.required and one.to}
        return names <= set(self._listed(COUNTY))

    def begin(self, procedure: str, opening: Opening, chance: Random | None = None, **fields: object) -> Kept:
        """A file that a person begins, in the first county. A Fault leaves nothing behind."""
        facts: dict[str, Scalar] = {"placed": False}
        if opening.subject is ENTERPRISE:
            facts |= {"union_form": "none", "party_form": "none", "category": "91"}
        file = self._new(facts, COUNTY)
        given = self.filled(file, opening, chance) | fields
        try:
            checked = forms.check(opening, given, today=self.today, towns=file.towns, files=self.files(file))
            unfolded = file.unfolding().begin(
                file.law.current(procedure), opening, checked, [one.kind for one in opening.evidence]
            )
        except Fault:
            del self.files_by_number[file.number]
            raise
        file.after(unfolded)
        return file

    def plan_meeting(self, group: Kept) -> Kept:
        """The calendar plans a meeting of the group, as services.meetings.plan does."""
        file = self._new({"placed": False}, group.case.division)
        told: dict[str, Scalar] = {"group": group.number, "year": 2026, "quarter": 1, "provisional": False}
        told |= {"meets_on": (self.today + timedelta(days=20)).isoformat(), "previous": None}
        told |= {"quarter_ends": (self.today + timedelta(days=40)).isoformat()}
        file.after(file.unfolding().follow(Event("calendar.meeting_planned", told)))
        return file

    def _new(self, facts: Mapping[str, Scalar], division: str) -> Kept:
        number = str(len(self.files_by_number) + 1)
        self.files_by_number[number] = Kept(self, number, facts, division)
        return self.files_by_number[number]

    # -- time and news ---------------------------------------------------------------------------------

    def wait(self, days: int) -> None:
        self.today = min(LAST_DAY, self.today + timedelta(days=days))
        for file in self:
            file.today = self.today

    def moves(self, file: Kept, to: str) -> None:
        """The registry tells another seat, and the office makes of it what it is, as services.intake.changed does."""
        facts, stands = file.case.facts, file.case.division
        under_way = str(facts.get("moved_to") or "")
        file.tell("registry.changed")
        if to != stands[:6] and under_way != to:
            facts |= {"moved_to": to, "moved_from": stands}
            file.tell("registry.moved")
        elif to == stands[:6] and under_way and under_way != to:
            facts |= {"moved_to": None, "moved_from": None}
            file.tell("registry.moved_back")

    # -- the mail room ---------------------------------------------------------------------------------

    def post(self, sender: str, event: Event, to: str | None) -> None:
        """One letter for the file named, or for every file that is linked to the sender (services.cases.links)."""
        heard_by = [to] if to is not None else self._linked_to(sender)
        for number in heard_by:
            told = Event(event.name, {**event.data, "from_case": sender})
            self.waiting.setdefault(number, deque()).append(Letter(number, told))

    def carry(self, number: str) -> None:
        """The first letter that waits for this file arrives."""
        letter = self.waiting[number].popleft()
        if not self.waiting[number]:
            del self.waiting[number]
        self.carried[letter.event.name] += 1
        file = self[number]
        file.after(file.unfolding().follow(letter.event))

    def carry_all(self) -> None:
        while self.waiting:
            self.carry(min(self.waiting, key=int))

    def _linked_to(self, number: str) -> list[str]:
        return sorted({one for (one, _, _), to in self.links.items() if to == number}, key=int)

    # -- forms -----------------------------------------------------------------------------------------

    def files(self, asking: Kept) -> forms.Files:
        """What a form may name: files of the same county whose own matter is not over (services.cases.links)."""
        return self._listed(asking.case.division[:6])

    def _listed(self, county: str) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for file in self:
            first = file.case.standings[0] if file.case.standings else None
            if first is None or file.case.division[:6] != county:
                continue
            subjects = {one.subject.name for one in file.law_of(first).openings if one.subject is not None}
            if not file.where(first).final and ENTERPRISE.name not in subjects:
                for subject in subjects:
                    found.setdefault(subject, []).append((file.number, "试验用"))
        return found

    def filled(self, file: Kept, act: Act, chance: Random | None = None) -> dict[str, object]:
        """The form filled in by its examples; with `chance`, a quarter of the answers is something else."""
        listed = self.files(file) if any(one.kind == "link" for one in act.fields) else {}
        given = {
            one.name: self._answer(file, one, listed, chance)
            for one in act.fields
            if one.kind != "code" or one.required
        }
        return {name: value for name, value in given.items() if value is not None}

    def _answer(self, file: Kept, asked: Field, listed: forms.Files, chance: Random | None) -> object:
        otherwise = chance is not None and chance.random() < 0.25
        match asked.kind:
            case "integer":
                return chance.choice(EDGES) if chance and otherwise else asked.example
            case "yes_no":
                return not asked.example if otherwise else asked.example
            case "choice":
                values = [one.value for one in asked.choices]
                return chance.choice(values) if chance and otherwise else asked.example
            case "date":
                days = asked.example if isinstance(asked.example, int) else 0
                return (self.today + timedelta(days=days)).isoformat()
            case "town":
                towns = [code for code, _ in file.towns]
                return towns[-1 if otherwise else 0] if towns else None
            case "link":
                found = [code for code, _ in listed.get(asked.to.name if asked.to else "", ())]
                return (chance.choice(found) if chance else found[-1]) if found else None
            case "code":
                return "81220204MA00000152"
            case _:
                return asked.example
