"""Builders for tests of the law: a place's policies, and a case whose life is lived by name, with no database behind it."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from workflows import forms
from workflows.calendars.days import published
from workflows.casefile import CaseFile, Standing
from workflows.definition import Act, Facts, Situation, State, Step
from workflows.events import Event, Scalar
from workflows.forms import NOTHING
from workflows.policies.book import Book
from workflows.policies.model import Edition, Policy, Setting, Value
from workflows.policies.sheet import read_edition
from workflows.procedures.union_election import PARTY_ORGANISATIONS
from workflows.registry import law_book
from workflows.runner import why_not
from workflows.subjects import SUBJECTS
from workflows.unfold import Unfolding
from workflows.unfolded import Unfolded
from workflows.words import Text

COUNTY, TOWN = "220204", "220204102"
TOWNS = ((TOWN, "越北镇"),)
#: Two files of every subject that a form might name.
FILES = {
    subject: ((str(number), "试验用"), (str(number + 50), "试验用（二）"))
    for number, subject in enumerate(SUBJECTS, start=901)
}
MONDAY = date(2026, 3, 2)


@cache
def nation() -> Edition:
    return read_edition(
        files("workflows.policies").joinpath("national.toml").read_text("utf-8"), where="national.toml"
    )


def edition(division: str, effective: date, values: Mapping[str, Value], *, pending: bool = False) -> Edition:
    """What a place decided for itself."""
    settings = {key: Setting(key, value, "试验", division, effective) for key, value in values.items()}
    return Edition(division, effective, "试验用", pending, settings)


def book(*local: Edition) -> Book:
    return Book((nation(), *local))


def ordered(order: str) -> Book:
    """A county where the tracks follow each other otherwise."""
    return book(edition(COUNTY, date(2000, 1, 1), {"formation.order": order}))


@cache
def national_policy() -> Policy:
    return book().policy(TOWN, MONDAY)


def step_of(procedure: str, name: str) -> Step:
    return law_book().current(procedure).step[name]


def examples(step: Act, today: date = MONDAY, suggested: Facts = NOTHING) -> dict[str, Any]:
    """The form filled in by its own examples, as a stranger's client would. `Any`: JSON."""
    return forms.examples(step, today=today, towns=TOWNS, files=FILES, suggested=suggested)


def why(procedure: str, name: str, on_file: frozenset[str] = frozenset(), /, **facts: Scalar) -> Text | None:
    """What the law says against a step under national policy."""
    return why_not(step_of(procedure, name), Situation(facts, national_policy(), MONDAY, on_file))


class Life:
    """One enterprise's case. Proceedings that open get their keys after each move, as the office would give them."""

    def __init__(self, policies: Book | None = None, *, category: str = "91", placed: bool = True) -> None:
        self.policies = policies or book()
        self.law = law_book()
        self.today = MONDAY
        facts: dict[str, Scalar] = {
            "union_form": "none",
            "party_form": "none",
            "category": category,
            "placed": placed,
        }
        self.case = CaseFile(TOWN if placed else COUNTY, facts, [])
        self._keys = 0

    @classmethod
    def standing_in(cls, procedure: str, state: str, **facts: Scalar) -> "Life":
        """A case whose only proceeding stands where the test wants it, with what the state publishes."""
        life = cls()
        law = life.law.current(procedure)
        life.case.standings.append(Standing(1, procedure, law.version, state, 3, MONDAY))
        life._keys = 1
        life.case.facts.update({**law.state[state].publishes, **facts})
        return life

    def unfolding(self) -> Unfolding:
        return Unfolding(
            self.law,
            self.case,
            policy_of=lambda begun: self.policies.policy(self.case.division, begun, today=self.today),
            calendar=published(),
            today=self.today,
        )

    def tell(self, name: str, *, about: str | None = None) -> Unfolded:
        """An event from outside, or one that belongs to a procedure's proceeding alone."""
        return self.after(
            self.unfolding().follow(Event(name, about=self.standing(about).key if about else None))
        )

    def take(
        self, procedure: str, name: str, *, papers: tuple[str, ...] | None = None, **fields: object
    ) -> Unfolded:
        """A person's step; fields not given are the form's examples, and every paper it asks for is handed in."""
        standing = self.standing(procedure)
        step = self.law.definition(procedure, standing.version).step[name]
        filled = self._filled(step, fields, self.suggested(standing, step))
        held = tuple(paper.kind for paper in step.evidence) if papers is None else papers
        return self.after(self.unfolding().take(standing.key, step, filled, held))

    def begin(
        self, procedure: str, opening: str, *, papers: tuple[str, ...] | None = None, **fields: object
    ) -> Unfolded:
        """A person begins this file, which must be new."""
        law = self.law.current(procedure)
        act = next(one for one in law.openings if one.name == opening)
        held = tuple(paper.kind for paper in act.evidence) if papers is None else papers
        return self.after(self.unfolding().begin(law, act, self._filled(act, fields), held))

    def hears(self, name: str, **data: Scalar) -> Unfolded:
        """Another file tells this one something, as the mail room would carry it."""
        return self.after(self.unfolding().follow(Event(name, data)))

    def suggested(self, standing: Standing, step: Step) -> Facts:
        """The examples that the form makes out of what is on file."""
        return forms.suggestions(step, self.unfolding().situation(standing))

    def _filled(self, act: Act, fields: Mapping[str, object], suggested: Facts = NOTHING) -> Facts:
        given = examples(act, self.today, suggested) | dict(fields)
        return forms.check(act, given, today=self.today, towns=TOWNS, files=FILES)

    def expire(self, procedure: str, term: str) -> Unfolded:
        return self.after(self.unfolding().expire(self.standing(procedure).key, term))

    def wait(self, days: int) -> None:
        self.today += timedelta(days=days)

    def standing(self, procedure: str) -> Standing:
        """The newest proceeding of this procedure."""
        return [one for one in self.case.standings if one.procedure == procedure][-1]

    def state(self, procedure: str) -> str:
        return self.standing(procedure).state

    def has(self, procedure: str) -> bool:
        return any(one.procedure == procedure for one in self.case.standings)

    def where(self, standing: Standing) -> State:
        return self.law.definition(standing.procedure, standing.version).state[standing.state]

    def situation(self, procedure: str) -> Facts:
        """What the guards of this procedure can see."""
        return self.unfolding().situation(self.standing(procedure)).facts

    def after(self, unfolded: Unfolded) -> Unfolded:
        for standing in unfolded.opened:
            self._keys += 1
            standing.key = self._keys
        return unfolded


# -- stretches of a life that many tests walk ----------------------------------------------------------


def registered(policies: Book | None = None) -> Life:
    life = Life(policies)
    life.tell("registry.registered")
    return life


def make_ready(life: Life) -> None:
    """Workers are willing: the union track begins."""
    life.take("lead", "survey", headcount=60)
    life.take("lead", "open_union")


def recruit(life: Life, members: int = 30) -> None:
    for step in ("file_application", "approve_preparation", "form_group"):
        life.take("union", step)
    life.take("union", "admit_members", union_members=members)


def elect(life: Life) -> None:
    """Where the enterprise has a Party organisation, it examines the candidates too."""
    for step in ("choose_committee", "nominate"):
        life.take("union", step)
    if life.case.facts["party_form"] in PARTY_ORGANISATIONS:
        life.take("union", "party_examines")
    for step in ("approve_candidates", "record_election", "report_result"):
        life.take("union", step)


def establish(life: Life) -> Unfolded:
    """From a registered enterprise to a union; what its approval set off is returned."""
    make_ready(life)
    recruit(life)
    elect(life)
    return life.take("union", "approve_result")


def appoint_liaison(life: Life, full: int = 0) -> Unfolded:
    life.take("party", "survey", full_members=full)
    life.take("party", "propose_own_liaison" if full else "propose_dispatched_liaison")
    life.take("liaison", "record_consent")
    return life.take("liaison", "appoint")


def elect_branch(life: Life, full: int = 5) -> None:
    life.take("party", "survey", full_members=full)
    for step in ("apply_branch", "approve_formation", "record_election"):
        life.take("party", step)


def form_branch(life: Life) -> Unfolded:
    elect_branch(life)
    return life.take("party", "approve_branch")


def asked(unfolded: Unfolded) -> list[str]:
    """The roles that have something to do from here on."""
    return [one.work.role.name for one in unfolded.work]


def kinds(unfolded: Unfolded) -> list[str]:
    """The notices that an unfolding sends."""
    return [one.message.kind for one in unfolded.messages]
