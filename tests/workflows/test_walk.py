"""Every procedure of the book walked from end to end: each state with each event and each step, and every word in its place."""

from collections.abc import Iterator, Mapping

import pytest

from tests.workflows.lives import MONDAY, Life, examples, nation
from workflows.definition import STAY, Definition, Message, Opening, Situation, Step, Term
from workflows.errors import Fault, LawError, Refused
from workflows.events import OUTSIDE, Event, Scalar
from workflows.notices import NOTICES
from workflows.policies.book import shipped
from workflows.policies.model import Policy, Setting
from workflows.procedures.lead import LEAD
from workflows.procedures.party import PARTY
from workflows.registry import LawBook, law_book
from workflows.roles import KINDS, ROLES
from workflows.runner import explain, move

LAWS = law_book().definitions
STATES = [(law, name) for law in LAWS for name in law.state]
STEPS = [(law, step) for law in LAWS for step in law.steps]
EVENTS = sorted(OUTSIDE.union(*(law.emitted() for law in LAWS)))

FOLLOWS = "read by the meetings and assessments that are still to be written"
MEETINGS = "read by the office: services/meetings"
#: National values that no procedure reads yet, and why they stand in the book all the same.
NOT_READ = {
    "campaign.mass_founding": "read by the office: services/reckoning/paper_unions.py",
    "campaign.idle": "read by the office: services/reckoning/paper_unions.py",
    **dict.fromkeys(
        (
            f"audit.{name}"
            for name in ("hours_from", "hours_until", "row_length", "row_seconds", "backdated_days")
        ),
        "read by the office: services/reckoning/questions.py",
    ),
    "meeting.month": MEETINGS,
    "meeting.week": MEETINGS,
    "meeting.weekday": MEETINGS,
    "leading.group.template": FOLLOWS,
    "assess.period": FOLLOWS,
    "training.per_year": FOLLOWS,
}


def named(one: object) -> str | None:
    return one.name if isinstance(one, Definition | Step) else None


@pytest.mark.parametrize(("law", "state"), STATES, ids=named)
def test_from_every_state_each_step_goes_where_it_says_or_is_refused_with_where_the_case_stands(
    law: Definition, state: str
) -> None:
    for step in law.steps:
        if state in step.sources:
            assert move(law, state, step) == (state if step.target == STAY else step.target)
        else:
            with pytest.raises(Refused) as refused:
                move(law, state, step)
            assert refused.value.code == "step_not_here"
            assert law.state[state].label.zh in refused.value.text.zh


@pytest.mark.parametrize(("law", "state"), STATES, ids=named)
def test_in_every_state_every_event_is_borne_and_leads_only_where_the_procedure_declares(
    law: Definition, state: str
) -> None:
    for event in EVENTS:
        life = Life.standing_in(law.name, state)
        before, standing = life.where(life.standing(law.name)), life.standing(law.name)
        life.tell(event, about=law.name if event.startswith("term.") else None)
        assert standing.state in by_themselves(law, state)
        assert not before.final or standing.revision == 3


def by_themselves(law: Definition, state: str) -> set[str]:
    """Where a proceeding can come from here without anybody's hand."""
    reached = {state}
    while (
        more := {step.target for step in law.steps if step.on and reached & set(step.sources)}
        - reached
        - {STAY}
    ):
        reached |= more
    return reached


@pytest.mark.parametrize(("law", "state"), STATES, ids=named)
def test_every_state_has_a_way_to_where_nothing_is_owed(law: Definition, state: str) -> None:
    reached, edge = set[str](), {state}
    while edge:
        reached |= edge
        edge = {step.target for step in law.steps if reached & set(step.sources)} - reached - {STAY}
    assert any(law.state[name].settled for name in reached)


@pytest.mark.parametrize(("law", "state"), STATES, ids=named)
def test_a_settled_state_owes_nothing_and_a_final_one_is_settled(law: Definition, state: str) -> None:
    here = law.state[state]
    assert not (here.settled and (here.work or here.waits_for))
    assert here.settled or not here.final


@pytest.mark.parametrize(("law", "state"), STATES, ids=named)
def test_whoever_is_waited_for_can_act_from_here(law: Definition, state: str) -> None:
    """A work item for a body that has no step to take would be a dead end for the person who opens it."""
    for work in law.state[state].works:
        assert any(step.by is work.role and state in step.sources for step in law.steps)


@pytest.mark.parametrize(("law", "step"), STEPS, ids=named)
def test_every_step_has_its_words_its_rule_and_one_hand(law: Definition, step: Step) -> None:
    for text in (
        step.label,
        step.says,
        *(one.label for one in step.fields),
        *(one.label for one in step.evidence),
    ):
        assert text.zh.strip() and text.en.strip()
        assert any("\u4e00" <= char <= "\u9fff" for char in text.zh), f"no Chinese in {text.zh}"
        assert text.en.isascii() or text.en.isprintable()
        assert not any("\u4e00" <= char <= "\u9fff" for char in text.en), f"Chinese in {text.en}"
    assert step.rule.strip()
    assert (step.by is None) != (not step.on)


def test_every_role_that_acts_or_is_asked_is_a_role_the_office_can_fill() -> None:
    used = {step.by for _, step in STEPS if step.by} | {one.work.role for law in LAWS for one in law.terms}
    used |= {state.work.role for law in LAWS for state in law.states if state.work}
    used |= {role for message in messages() for role in (message.to, message.sender)}
    assert {role.name for role in used} == set(ROLES)
    assert all(kind in KINDS for role in used for kind in role.kinds)


def acts(law: Definition) -> tuple[Step | Opening, ...]:
    return (*law.steps, *law.openings)


def messages() -> Iterator[Message]:
    for law in LAWS:
        for act in acts(law):
            yield from act.sends


def test_work_lies_only_with_bodies_that_may_open_its_drawer() -> None:
    """Or with a guest, who has a step of its own there and is shown nothing else (services.db.queries.sight)."""
    for law in LAWS:
        guests = {(name, step.by) for step in law.steps for name in step.sources}
        works = [(state.name, work) for state in law.states for work in state.works]
        for where, work in (*works, *(("", term.work) for term in law.terms)):
            if (where, work.role) not in guests:
                assert all(law.compartment in KINDS[kind].opens for kind in work.role.kinds), (
                    law.name,
                    work.task,
                )


def test_each_kind_of_evidence_is_called_the_same_everywhere() -> None:
    for _, step in STEPS:
        for paper in step.evidence:
            assert law_book().evidence[paper.kind] == paper


def test_a_field_with_one_name_is_of_one_kind_within_its_drawer() -> None:
    """Procedures of one drawer see each other's facts, so a name must not mean a number here and a word there."""
    kinds: dict[tuple[str, str], str] = {}
    for law, step in STEPS:
        for field in step.fields:
            assert kinds.setdefault((law.compartment, field.name), field.kind) == field.kind, field.name


def test_every_notice_has_a_name_and_every_name_a_notice() -> None:
    assert {message.kind for message in messages()} == set(NOTICES)


# -- policies --------------------------------------------------------------------------------------


class Noting(dict[str, Setting]):
    """Settings that remember which were read."""

    def __init__(self, settings: Mapping[str, Setting]) -> None:
        super().__init__(settings)
        self.read: set[str] = set()

    def __getitem__(self, key: str) -> Setting:
        self.read.add(key)
        return super().__getitem__(key)


def read_by(term: Term, policy: Policy) -> None:
    """Whatever a term may rest on, early and late in a life."""
    policy.span(term.policy)
    early_and_late: tuple[dict[str, Scalar], ...] = (
        {},
        {"attempts": 2, "applicants": 1},
        {"of_federation": True, "party_form": "primary_committee"},
        {"review_cause": "below_branch", "liaison_left": True},
    )
    for facts in early_and_late:
        situation = Situation(facts, policy, MONDAY)
        if term.rests_on is not None:
            policy.span(term.rests_on(situation))
        if term.measure is not None:
            term.measure(situation)
    if term.ahead:
        policy.span(term.ahead)


def test_every_policy_value_is_read_by_the_law_or_says_why_not() -> None:
    """An unknown key would be a KeyError here; a value nobody reads would be a promise nobody keeps."""
    settings = Noting(nation().settings)
    policy = Policy("试验", settings)
    for law in LAWS:
        for term in law.terms:
            read_by(term, policy)
        for step in acts(law):
            filled: dict[str, Scalar] = examples(step) if isinstance(step, Step) else {}
            for facts in (
                {},
                filled,
                filled | {"full_members": 3, "women_members": 12, "attempts": 2, "category": "92"},
                filled | {"full_members": 3, "party_form": "branch"},
            ):
                situation = Situation(facts, policy, MONDAY)
                for guard in step.guards:
                    guard(situation)
                if step.derive is not None:
                    step.derive(situation)
    assert settings.read | set(NOT_READ) == set(settings)
    assert not settings.read & set(NOT_READ)


def test_every_term_is_a_span_or_none_and_names_its_source() -> None:
    for law in LAWS:
        for term in law.terms:
            spans = [
                Policy(edition.where, edition.settings).span(term.policy)
                for edition in shipped()
                if term.policy in edition.settings
            ]
            assert nation().settings[term.policy].source
            assert any(spans), f"{term.policy} never runs anywhere"


# -- what a page offers ----------------------------------------------------------------------------


@pytest.mark.parametrize(("law", "state"), STATES, ids=named)
def test_every_closed_step_says_why_and_every_open_one_is_a_persons(law: Definition, state: str) -> None:
    life = Life.standing_in(law.name, state)
    situation = life.unfolding().situation(life.standing(law.name))
    offered = explain(law, state, situation)
    assert [one.step for one in offered] == [step for step in law.steps if step.by and state in step.sources]


def test_a_step_is_not_closed_for_want_of_the_paper_it_asks_for_itself() -> None:
    """The approval is handed in with the step, so its absence beforehand cannot be a reason against it."""
    life = Life.standing_in("union", "reported")
    standing = life.standing("union")
    standing.on_file = frozenset({"union_election_record"})
    offered = {
        one.step.name: one.why_not
        for one in explain(life.law.current("union"), "reported", life.unfolding().situation(standing))
    }
    assert offered["approve_result"] is None and offered["refuse_result"] is None


def test_a_step_is_closed_for_what_no_form_of_its_own_can_mend() -> None:
    life = Life.standing_in("lead", "surveyed", applicants=0)
    offered = {
        one.step.name: one.why_not
        for one in explain(LEAD, "surveyed", life.unfolding().situation(life.standing("lead")))
    }
    assert offered["open_union"] is not None and "至少要有1名" in offered["open_union"].zh
    assert offered["defer"] is None


# -- the book --------------------------------------------------------------------------------------


def test_a_book_without_the_cause_of_an_event_is_refused() -> None:
    with pytest.raises(LawError, match=r"party waits for events that nothing causes: .*liaison\.appointed"):
        LawBook((PARTY,))


def test_a_procedure_stands_in_the_book_once() -> None:
    with pytest.raises(LawError, match="lead v1 stands in the book twice"):
        law_book().with_procedures(LEAD)


def test_an_unknown_procedure_is_the_askers_mistake() -> None:
    with pytest.raises(Fault) as fault:
        law_book().current("astrology")
    assert fault.value.code == "procedure_unknown"


def test_an_event_about_one_proceeding_is_answered_by_that_one_alone() -> None:
    life = Life.standing_in("notify_party", "due")
    life.unfolding().follow(Event("notice.delivered", about=99))
    assert life.state("notify_party") == "due"
