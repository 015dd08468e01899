"""Three hundred lives that nobody planned: any step the law allows, any news, any delay, in any order."""

from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.workflows.lives import (
    COUNTY,
    TOWNS,
    Life,
    appoint_liaison,
    book,
    edition,
    elect,
    elect_branch,
    establish,
    examples,
    form_branch,
    make_ready,
    recruit,
)
from workflows import forms
from workflows.definition import Field, Step
from workflows.errors import Fault
from workflows.events import REGISTRY_EVENTS, Event
from workflows.policies.book import Book
from workflows.procedures.enterprise_gone import GONE
from workflows.runner import explain
from workflows.unfold import LONGEST_CHAIN, Standing, Unfolded

NEWS = sorted(set(REGISTRY_EVENTS.values()) | {"registry.moved"})
ORGANISATIONS = {"joint_branch", "branch", "branch_with_committee", "general_branch", "primary_committee"}
FORMS = {"joint_branch", "branch", "general_branch", "primary_committee"}
#: All that may ever stand in the open drawer.
OPEN_FACTS = {"union_form", "party_form", "party_condition", "headcount", "placed", "category"}
EDGES = st.sampled_from([0, 1, 2, 3, 6, 7, 9, 10, 24, 25, 49, 50, 99, 100, 1000])
LAST_DAY = date(2026, 12, 1)


class KeptLife(Life):
    """A case kept as services.cases.record keeps it: what ended goes, what is new comes, with the keys it has now."""

    def __init__(self, policies: Book, *, category: str, placed: bool) -> None:
        super().__init__(policies, category=category, placed=placed)
        self.work: dict[int, list[str]] = {}
        self.terms: set[tuple[int, str]] = set()

    def after(self, unfolded: Unfolded) -> Unfolded:
        super().after(unfolded)
        keys = {-1 - index: one.key for index, one in enumerate(unfolded.opened)}
        for key in unfolded.work_ended:
            self.work.pop(key, None)
        for new in unfolded.work:
            self.work.setdefault(keys.get(new.key, new.key), []).append(new.reason)
        self.terms -= set(unfolded.terms_ended)
        self.terms |= {(keys.get(new.key, new.key), new.term.name) for new in unfolded.terms}
        assert len(unfolded.entries) < LONGEST_CHAIN
        return unfolded


def recruited(life: Life) -> None:
    make_ready(life)
    recruit(life)


def reported(life: Life) -> None:
    recruited(life)
    elect(life)


def both(life: Life) -> None:
    establish(life)
    form_branch(life)


def many_members(life: Life) -> None:
    elect_branch(life, full=100)


#: How far a life may have come when chance takes over; by chance alone few would ever see an election.
FAR: list[Callable[[Life], object]] = [
    make_ready,
    recruited,
    reported,
    establish,
    appoint_liaison,
    elect_branch,
    many_members,
    form_branch,
    both,
]


class RandomLife(RuleBasedStateMachine):
    """Moves a kept life in every way there is, and looks at it after each."""

    life: KeptLife

    @initialize(
        order=st.sampled_from(["union_first", "party_first", "parallel", "a word nobody knows"]),
        category=st.sampled_from(["91", "91", "92"]),
        placed=st.booleans(),
        first=st.sampled_from(["registry.registered", "registry.prenotified"]),
        far=st.none() | st.sampled_from(FAR),
    )
    def begin(
        self, order: str, category: str, placed: bool, first: str, far: Callable[[Life], object] | None
    ) -> None:
        policies = book(edition(COUNTY, date(2000, 1, 1), {"formation.order": order}))
        if far is None:
            self.life = KeptLife(policies, category=category, placed=placed)
            self.life.tell(first)
        else:
            self.life = KeptLife(policies, category="91", placed=True)
            self.life.tell("registry.registered")
            far(self.life)

    @rule(news=st.sampled_from(NEWS), rarely=st.integers(0, 4))
    def the_registry_speaks(self, news: str, rarely: int) -> None:
        if news not in GONE or rarely == 0:
            self.life.tell(news)

    @rule(data=st.data())
    def the_mail_arrives(self, data: st.DataObject) -> None:
        due = [one.key for one in self.life.case.standings if one.state == "due"]
        about = data.draw(st.sampled_from(due or [one.key for one in self.life.case.standings]))
        self.life.after(self.life.unfolding().follow(Event("notice.delivered", about=about)))

    @precondition(lambda self: self.life.terms)
    @rule(data=st.data(), days=st.integers(0, 40))
    def a_term_runs_out(self, data: st.DataObject, days: int) -> None:
        if not self.life.case.paused:
            key, name = data.draw(st.sampled_from(sorted(self.life.terms)))
            self.life.today = min(LAST_DAY, self.life.today + timedelta(days=days))
            self.life.terms.discard((key, name))
            before = {one.key: one.state for one in self.life.case.standings}
            self.life.after(self.life.unfolding().expire(key, name))
            moved = {
                one.procedure
                for one in self.life.case.standings
                if before.get(one.key, one.state) != one.state
            }
            assert moved <= {"notify_party", "notify_union"}, "a term decided something"

    @rule(data=st.data())
    def somebody_acts(self, data: st.DataObject) -> None:
        self._act(data)

    @rule(data=st.data())
    def somebody_else_acts(self, data: st.DataObject) -> None:
        self._act(data)

    @rule(data=st.data())
    def a_third_acts(self, data: st.DataObject) -> None:
        self._act(data)

    def _act(self, data: st.DataObject) -> None:
        offered = [(one, step) for one in self.life.case.standings for step in self._offered(one)]
        if not offered:
            return
        standing, step = data.draw(st.sampled_from(offered))
        fields = examples(step, self.life.today)
        for field in step.fields:
            if field.kind in ("integer", "yes_no", "choice") and data.draw(st.integers(0, 3)) == 0:
                fields[field.name] = data.draw(self._any(field))
        try:
            facts = forms.check(step, fields, today=self.life.today, towns=TOWNS)
            papers = [paper.kind for paper in step.evidence]
            self.life.after(self.life.unfolding().take(standing.key, step, facts, papers))
        except Fault as fault:
            assert fault.code in ("guard", "field_range"), fault

    def _any(self, field: Field) -> st.SearchStrategy[object]:
        if field.kind == "integer":
            return EDGES
        return (
            st.booleans() if field.kind == "yes_no" else st.sampled_from([one.value for one in field.choices])
        )

    def _offered(self, standing: Standing) -> list[Step]:
        law = self.life.law.definition(standing.procedure, standing.version)
        situation = self.life.unfolding().situation(standing)
        return [one.step for one in explain(law, standing.state, situation) if one.why_not is None]

    # -- what holds at every moment ---------------------------------------------------------------

    @invariant()
    def nothing_of_the_party_stands_in_the_open_drawer_but_the_whitelist(self) -> None:
        assert set(self.life.case.facts) <= OPEN_FACTS
        for one in self.life.case.standings:
            if one.procedure in ("lead", "union", "notify_party", "notify_union", "relocation"):
                seen = self.life.unfolding().situation(one).facts
                assert not {"full_members", "probationary_members", "liaison_kind"} & set(seen)

    @invariant()
    def an_enterprise_has_one_party_form_at_a_time_and_the_open_drawer_names_it(self) -> None:
        party = {one.state for one in self.life.case.standings if one.procedure == "party"}
        in_post = [
            one for one in self.life.case.standings if (one.procedure, one.state) == ("liaison", "active")
        ]
        form = self.life.case.facts["party_form"]
        assert not (party & ORGANISATIONS and in_post)
        assert (form == "liaison") == bool(in_post)
        assert not party & ORGANISATIONS or form in FORMS
        assert form not in FORMS or not party & {
            "unsurveyed",
            "survey_due",
            "surveyed",
            "liaison",
            "dissolved",
        }

    @invariant()
    def the_open_drawer_names_the_union_that_stands(self) -> None:
        union = [one for one in self.life.case.standings if one.procedure == "union"]
        form = self.life.case.facts["union_form"]
        stands = {"established": "union", "operating": "union", "winding_up": "union", "covered": "covered"}
        assert form == (stands.get(union[0].state, "none") if union else "none")
        for one in union:
            if one.state in ("established", "operating"):
                assert one.on_file >= {"union_election_record", "union_approval"}

    @invariant()
    def each_procedure_has_at_most_one_proceeding_under_way(self) -> None:
        live = [one.procedure for one in self.life.case.standings if not self.life.where(one).final]
        assert len(live) == len(set(live))

    @invariant()
    def whoever_is_waited_for_has_a_work_item_and_nobody_else(self) -> None:
        for one in self.life.case.standings:
            here, owed = self.life.where(one), self.life.work.get(one.key, [])
            overdue = {term.name for term in self.life.law.definition(one.procedure, one.version).terms}
            assert owed.count(one.state) == (1 if here.work else 0)
            assert set(owed) <= {one.state} | overdue
            assert not here.final or not owed

    @invariant()
    def terms_run_only_where_they_are_declared(self) -> None:
        states = {one.key: one for one in self.life.case.standings}
        for key, name in self.life.terms:
            standing = states[key]
            assert (
                standing.state
                in self.life.law.definition(standing.procedure, standing.version).term[name].during
            )


TestRandomLives = RandomLife.TestCase
TestRandomLives.settings = settings(
    max_examples=300,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
