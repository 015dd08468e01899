"""A review asks, keeps asking, and changes nothing: why it opens, how it turns, and the three ways in which it ends (2.4)."""

import pytest

from tests.workflows.branches import branch_of_two, counted, joint_branch, liaison, organisation
from tests.workflows.lives import step_of
from workflows.definition import STAY
from workflows.errors import Refused
from workflows.registry import law_book

# -- why it opens -----------------------------------------------------------------------------------


@pytest.mark.rule("P-12", "P-13", "P-14", "P-15")
@pytest.mark.parametrize(
    ("before", "after", "cause"),
    [
        (5, 3, None),
        (5, 2, "below_branch"),
        (9, 0, "below_branch"),
        (60, 2, "below_branch"),
        (9, 7, None),
        (9, 6, "below_form"),
        (9, 3, "below_form"),
        (60, 50, None),
        (60, 49, "below_form"),
        (120, 99, "below_form"),
        (5, 6, None),
        (5, 7, "committee_due"),
        (5, 49, "committee_due"),
        (5, 50, "larger_form_due"),  # the larger form weighs more than the committee it would have
        (9, 49, None),
        (9, 50, "larger_form_due"),
        (9, 51, "larger_form_due"),
        (60, 99, None),
        (60, 100, "larger_form_due"),
        (120, 1000, None),
    ],
)
def test_numbers_past_an_edge_are_put_to_review(before: int, after: int, cause: str | None) -> None:
    life = organisation(before)
    counted(life, after)
    assert life.has("party_review") is (cause is not None)
    if cause is not None:
        assert life.state("party_review") == cause


@pytest.mark.rule("P-16", "P-17")
@pytest.mark.parametrize(
    ("before", "after", "due"),
    [
        (0, 0, False),  # dispatched, and still nobody there
        (0, 1, True),  # the first member appears
        (0, 3, True),
        (1, 2, False),
        (1, 3, True),
        (1, 0, True),  # the own member is gone, and with them the ground of the appointment
    ],
)
def test_a_liaison_that_no_longer_fits_the_members_is_put_to_review(
    before: int, after: int, due: bool
) -> None:
    life = liaison(before)
    counted(life, after)
    assert life.has("party_review") is due
    assert life.state("party") == "liaison"


@pytest.mark.rule("P-14", "P-17")
@pytest.mark.parametrize(
    ("before", "after", "cause"), [(2, 1, None), (2, 0, "below_branch"), (2, 3, "form_due"), (4, 5, None)]
)
def test_a_joint_branch_is_looked_at_when_nobody_is_left_or_when_its_few_have_become_enough(
    before: int, after: int, cause: str | None
) -> None:
    """Four that chose a joint branch for want of a secretary were decided on: they are not asked again at five."""
    life = joint_branch(before)
    counted(life, after)
    assert (life.state("party_review") if life.has("party_review") else None) == cause


@pytest.mark.rule("P-18", "P-19")
@pytest.mark.parametrize("news", ["registry.merged", "registry.split"])
def test_a_merger_or_a_split_is_put_to_the_superior_and_the_organisation_stands(news: str) -> None:
    life = organisation(5)
    unfolded = life.tell(news)
    assert (life.state("party_review"), life.state("party")) == ("enterprise_merged", "branch")
    assert "party_superior" in [one.work.role.name for one in unfolded.work]


def test_where_no_organisation_stands_a_split_needs_no_review() -> None:
    life = liaison(0)
    life.tell("registry.split")
    assert not life.has("party_review")


# -- how long it takes ------------------------------------------------------------------------------


@pytest.mark.rule("P-14")
def test_falling_below_three_has_six_months_and_their_end_decides_nothing() -> None:
    life = organisation(5)
    terms = {one.term.name: one.deadline for one in counted(life, 2).terms}
    assert str(terms["review"].span) == "6 month" and "P-DOWNGRADE" in terms["review"].citation
    facts = dict(life.case.facts)
    assert [one.work.role.name for one in life.expire("party_review", "review").work] == ["party_superior"]
    assert (life.state("party"), life.state("party_review")) == ("branch", "below_branch")
    assert life.case.facts == facts


@pytest.mark.rule("P-12", "P-13")
def test_each_cause_has_the_span_of_its_own_rule() -> None:
    life = organisation(5)
    (term,) = (one for one in counted(life, 7).terms if one.term.name == "review")
    assert "P-DOWNGRADE; no rule was found for numbers that rise" in term.deadline.citation
    (again,) = (one for one in counted(life, 2).terms if one.term.name == "review")
    assert "K61" in again.deadline.citation, "it turned, and the weightier cause counts anew"


# -- how it goes on ---------------------------------------------------------------------------------


@pytest.mark.rule("P-14", "P-15")
def test_a_review_turns_to_what_weighs_more() -> None:
    life = organisation(9)
    counted(life, 6)
    assert life.state("party_review") == "below_form"
    counted(life, 2)
    assert life.state("party_review") == "below_branch"
    counted(life, 4)
    assert life.state("party_review") == "below_form", "three again, but not yet seven"


@pytest.mark.rule("P-14")
def test_numbers_that_recover_end_the_review_and_a_second_fall_opens_another() -> None:
    life = branch_of_two()
    counted(life, 3)
    assert life.state("party_review") == "over"
    counted(life, 2)
    assert [one.state for one in life.case.standings if one.procedure == "party_review"] == [
        "over",
        "below_branch",
    ]


@pytest.mark.rule("P-14")
def test_what_is_left_as_it_is_is_looked_at_again_after_the_same_time() -> None:
    life = branch_of_two()
    kept = life.take("party_review", "keep", note="两名党员近期转入")
    assert life.state("party_review") == "kept"
    assert {one.term.name: str(one.deadline.span) for one in kept.terms} == {"review": "6 month"}
    counted(life, 1)
    assert life.state("party_review") == "kept", "it has been decided to bear with that"
    assert [one.work.role.name for one in life.expire("party_review", "review").work] == ["party_superior"]
    again = life.take("party_review", "keep")
    assert life.standing("party_review").key in again.work_ended


@pytest.mark.rule("P-14", "P-15")
def test_what_weighs_more_than_what_was_kept_is_put_to_review() -> None:
    life = organisation(9)
    counted(life, 6)
    life.take("party_review", "keep")
    counted(life, 5)
    assert life.state("party_review") == "kept"
    counted(life, 2)
    assert life.state("party_review") == "below_branch"


@pytest.mark.rule("P-18")
def test_a_merger_overtakes_a_review_of_numbers_and_gives_way_to_it_once_decided() -> None:
    life = branch_of_two()
    life.tell("registry.split")
    assert life.state("party_review") == "enterprise_merged"
    counted(life, 1)
    assert life.state("party_review") == "enterprise_merged"
    life.take("party_review", "keep")
    assert life.state("party_review") == "below_branch", "the split is decided; the two members are not"


@pytest.mark.rule("P-18")
def test_an_organisation_kept_after_a_split_needs_no_second_look() -> None:
    life = organisation(5)
    life.tell("registry.split")
    life.take("party_review", "keep")
    assert life.state("party_review") == "over"


# -- how it ends ------------------------------------------------------------------------------------


@pytest.mark.rule("P-14")
@pytest.mark.parametrize("step", ["dissolve_after_review", "end_as_liaison"])
def test_a_decision_of_the_superior_ends_the_review(step: str) -> None:
    life = branch_of_two()
    life.take("party", step, **({"liaison_kind": "dispatched"} if step == "end_as_liaison" else {}))
    assert life.state("party_review") == "over"


@pytest.mark.rule("P-4", "P-14")
def test_a_joint_branch_approved_ends_the_review() -> None:
    life = branch_of_two()
    life.take("party", "apply_joint_branch")
    assert life.state("party_review") == "below_branch"
    life.take("party", "approve_joint_branch")
    assert life.state("party_review") == "over"


@pytest.mark.rule("P-12")
def test_a_committee_approved_ends_the_review() -> None:
    life = organisation(5)
    counted(life, 8)
    life.take("party", "record_committee_election")
    assert life.state("party_review") == "committee_due"
    life.take("party", "approve_committee")
    assert life.state("party_review") == "over"


@pytest.mark.rule("P-13")
def test_a_larger_form_approved_ends_the_review() -> None:
    life = organisation(9)
    counted(life, 50)
    for step in ("apply_upgrade", "approve_formation", "record_election", "approve_general_branch"):
        life.take("party", step)
    assert life.state("party_review") == "over"


@pytest.mark.rule("P-16", "P-17")
@pytest.mark.parametrize("way", ["apply_branch", "replace"])
def test_another_form_in_the_liaisons_place_ends_the_review(way: str) -> None:
    life = liaison(0)
    if way == "apply_branch":
        counted(life, 3)
        for step in ("apply_branch", "approve_formation", "record_election", "approve_branch"):
            life.take("party", step)
    else:
        counted(life, 1)
        life.take("liaison", "revoke")
    assert life.state("party_review") == "over"


@pytest.mark.rule("P-18")
@pytest.mark.parametrize("kept", [False, True])
def test_when_the_enterprise_ends_there_is_nothing_left_to_review(kept: bool) -> None:
    life = branch_of_two()
    if kept:
        life.take("party_review", "keep")
    life.tell("registry.deregistered")
    assert (life.state("party_review"), life.state("party")) == ("enterprise_gone", "winding_up")


# -- what holds throughout --------------------------------------------------------------------------


@pytest.mark.rule("P-14", "P-15")
def test_a_review_publishes_nothing_and_lies_with_the_superior_alone() -> None:
    law = law_book().current("party_review")
    assert not any(state.publishes for state in law.states)
    assert not any(step.publish or step.sends for step in law.steps)
    roles = {work.role.name for state in law.states for work in state.works}
    assert roles == {step.by.name for step in law.steps if step.by} == {"party_superior"}


def test_only_a_person_leaves_things_as_they_are_and_says_why() -> None:
    (keep,) = (step for step in law_book().current("party_review").steps if step.by)
    assert keep.name == "keep" and keep.target != STAY
    assert [(field.name, field.required) for field in keep.fields] == [("note", True)]
    life = branch_of_two()
    counted(life, 5)
    with pytest.raises(Refused):
        life.take("party_review", "keep")


def test_the_union_side_sees_nothing_of_a_party_review() -> None:
    life = branch_of_two()
    assert not {"review_cause", "review_kept"} & set(life.case.facts)
    assert step_of("party_review", "keep").publish == ()
    for procedure in ("lead", "notify_union"):
        assert "review_cause" not in life.situation(procedure)
