"""The Party side from survey to approval: the decision table at every edge, and who decides on what (2.4)."""

import pytest

from tests.workflows.branches import a_place, running
from tests.workflows.lives import MONDAY, TOWN, Life, book, elect_branch, ordered, registered, step_of, why
from workflows.definition import Situation
from workflows.errors import Refused
from workflows.runner import explain, why_not

FOUNDING_PAPERS = frozenset(
    {"branch_formation_approval", "branch_election_record", "branch_officers_approval"}
)
JOINT, DISPATCHED, OWN = "apply_joint_branch", "propose_dispatched_liaison", "propose_own_liaison"
BRANCH = {"apply_branch", "decide_directly", JOINT}
BELOW_GENERAL, BELOW_PRIMARY = "approve_general_branch_below", "approve_primary_committee_below"


def offered(state: str, full: int) -> set[str]:
    """What the law offers in a state, to whomever it is, when so many full members were counted."""
    life = Life.standing_in("party", state)
    standing = life.standing("party")
    standing.data["full_members"], standing.on_file = full, FOUNDING_PAPERS
    found = explain(life.law.current("party"), state, life.unfolding().situation(standing))
    return {one.step.name for one in found if one.why_not is None}


# -- the decision table -----------------------------------------------------------------------------


@pytest.mark.rule("P-2", "P-3", "P-4", "P-5", "P-9", "P-10")
@pytest.mark.parametrize(
    ("full", "ways", "approvals"),
    [
        (0, {DISPATCHED}, set()),
        (1, {DISPATCHED, OWN, JOINT}, set()),
        (2, {DISPATCHED, OWN, JOINT}, set()),
        (3, BRANCH, {"approve_branch", BELOW_GENERAL, BELOW_PRIMARY}),
        (6, BRANCH, {"approve_branch", BELOW_GENERAL, BELOW_PRIMARY}),
        (7, BRANCH, {"approve_branch_with_committee", BELOW_GENERAL, BELOW_PRIMARY}),
        (49, BRANCH, {"approve_branch_with_committee", BELOW_GENERAL, BELOW_PRIMARY}),
        (50, BRANCH, {"approve_general_branch", BELOW_PRIMARY}),
        (99, BRANCH, {"approve_general_branch", BELOW_PRIMARY}),
        (100, BRANCH, {"approve_primary_committee"}),
    ],
)
def test_the_number_of_full_members_says_which_forms_are_open(
    full: int, ways: set[str], approvals: set[str]
) -> None:
    assert offered("surveyed", full) == {"survey", *ways}
    assert offered("elected", full) == {"refuse_officers", *approvals}


@pytest.mark.rule("P-4", "P-5")
def test_with_numbers_for_a_branch_a_joint_one_is_only_for_want_of_something_else() -> None:
    life = registered(ordered("party_first"))
    life.take("party", "survey", full_members=3)
    with pytest.raises(Refused, match="a branch of its own is due"):
        life.take("party", "apply_joint_branch", suitable_secretary=True)
    with pytest.raises(Refused, match="a joint branch is the way"):
        life.take("party", "apply_branch", suitable_secretary=False)
    life.take("party", "apply_joint_branch", suitable_secretary=False)
    assert life.state("party") == "joint_applying"


@pytest.mark.rule("P-4")
@pytest.mark.parametrize(("place", "units", "right"), [(5, 5, True), (5, 6, False), (10, 10, True)])
def test_a_joint_branch_has_no_more_units_than_the_place_allows(place: int, units: int, right: bool) -> None:
    policy = a_place(party__joint__max_units=place).policy(TOWN, MONDAY)
    facts = {"full_members": 2, "joint_units": units}
    reason = why_not(step_of("party", "apply_joint_branch"), Situation(facts, policy, MONDAY))
    assert (reason is None) is right


@pytest.mark.rule("P-9")
def test_a_larger_form_below_its_number_needs_a_paper_of_its_own_and_a_reason() -> None:
    life = registered(ordered("party_first"))
    elect_branch(life, full=30)
    step = step_of("party", BELOW_GENERAL)
    assert [paper.kind for paper in step.evidence] == ["branch_officers_approval", "smaller_form_approval"]
    assert [(field.name, field.required) for field in step.fields] == [("note", True)]
    assert step.not_by == ("record_election",)
    life.take("party", BELOW_GENERAL, note="分设三个支部")
    assert (life.state("party"), life.case.facts["party_form"]) == ("general_branch", "general_branch")


@pytest.mark.rule("P-9")
def test_no_exception_is_made_for_numbers_that_suffice() -> None:
    life = registered(ordered("party_first"))
    elect_branch(life, full=50)
    with pytest.raises(Refused, match="no exception is needed"):
        life.take("party", BELOW_GENERAL)


# -- survey, application, election ------------------------------------------------------------------


@pytest.mark.rule("P-1")
def test_the_survey_has_its_time_and_says_only_yes_or_no_to_the_union_side() -> None:
    life = Life(ordered("party_first"))
    assert running(life.tell("registry.registered"))["survey"] == "20 workday"
    life.take("party", "survey", full_members=2, probationary_members=4)
    assert (life.state("party"), life.case.facts["party_condition"]) == ("surveyed", False)
    assert "full_members" not in life.case.facts


@pytest.mark.rule("P-6", "P-7")
def test_only_a_reply_moves_an_application() -> None:
    life = registered(ordered("party_first"))
    life.take("party", "survey", full_members=3)
    assert running(life.take("party", "apply_branch"))["approve_branch"] == "1 month"
    life.expire("party", "approve_branch")
    assert life.state("party") == "applying"
    life.take("party", "return_request")
    life.take("party", "apply_branch")
    life.take("party", "approve_formation")
    assert life.state("party") == "approved_to_form"


@pytest.mark.rule("P-8")
@pytest.mark.parametrize(
    ("given", "right"),
    [
        ({}, True),  # a branch without a committee may elect one secretary, and gives no numbers
        ({"posts": 3, "candidate_count": 4}, True),
        ({"posts": 5, "candidate_count": 6}, True),  # twenty per cent exactly
        ({"posts": 6, "candidate_count": 7}, False),  # 16.7 per cent
        ({"posts": 3, "candidate_count": 3}, False),
        ({"posts": 3}, False),
        ({"candidate_count": 4}, False),
    ],
)
def test_candidates_outnumber_posts_by_a_fifth_where_the_numbers_are_given(
    given: dict[str, int], right: bool
) -> None:
    policy = book().policy(TOWN, MONDAY)
    facts = {"entitled": 5, "present": 5, "votes_for": 4, **given}
    assert (why_not(step_of("party", "record_election"), Situation(facts, policy, MONDAY)) is None) is right


@pytest.mark.rule("P-8")
@pytest.mark.parametrize(("base", "votes", "right"), [("entitled", 3, False), ("present", 3, True)])
def test_a_place_says_whether_the_majority_is_of_those_entitled_or_of_those_present(
    base: str, votes: int, right: bool
) -> None:
    policy = a_place(party__vote__base=base).policy(TOWN, MONDAY)
    facts = {"entitled": 6, "present": 5, "votes_for": votes}
    reason = why_not(step_of("party", "record_election"), Situation(facts, policy, MONDAY))
    assert (reason is None) is right
    too_few = why_not(
        step_of("party", "record_election"), Situation({**facts, "votes_for": 2}, policy, MONDAY)
    )
    assert too_few is not None and base in too_few.en


@pytest.mark.rule("P-10")
def test_a_superior_that_decides_directly_takes_the_place_of_the_application_and_not_of_the_election() -> (
    None
):
    life = registered(ordered("party_first"))
    life.take("party", "survey", full_members=2)
    with pytest.raises(Refused, match="no branch can be formed"):
        life.take("party", "decide_directly")
    life.take("party", "survey", full_members=4)
    life.take("party", "decide_directly", note="园区党建需要")
    assert (life.state("party"), life.case.facts["party_form"]) == ("approved_to_form", "none")
    life.take("party", "record_election")
    life.take("party", "approve_branch")
    assert life.standing("party").on_file >= {"superior_decision", "branch_election_record"}
    assert life.case.facts["party_form"] == "branch"


@pytest.mark.rule("P-9")
@pytest.mark.parametrize("missing", ["superior_decision", "branch_election_record"])
def test_without_a_decision_or_an_election_record_nothing_is_formed(missing: str) -> None:
    life = registered(ordered("party_first"))
    life.take("party", "survey", full_members=4)
    life.take("party", "decide_directly")
    life.take("party", "record_election")
    life.standing("party").on_file -= {missing}
    with pytest.raises(Refused, match="Approval or election record is missing"):
        life.take("party", "approve_branch")


@pytest.mark.rule("P-8")
@pytest.mark.parametrize(("entitled", "right"), [(8, False), (9, True), (10, False)])
def test_every_full_member_on_file_is_entitled_and_nobody_else(entitled: int, right: bool) -> None:
    figures = {"entitled": entitled, "present": entitled, "votes_for": entitled, "full_members": 9}
    assert (why("party", "record_election", **figures) is None) is right


@pytest.mark.rule("P-8", "P-17")
def test_members_who_come_while_an_application_runs_are_counted_before_the_election() -> None:
    life = registered(ordered("party_first"))
    life.take("party", "survey", full_members=3)
    for step in ("apply_branch", "approve_formation"):
        life.take("party", step)
    life.take("party", "update_counts", full_members=5)
    with pytest.raises(Refused, match="update the counts first"):
        life.take("party", "record_election", entitled=3, present=3, votes_for=3)
    life.take("party", "record_election", entitled=5, present=5, votes_for=4)
    assert life.state("party") == "elected"
