"""A Party organisation that stands: filed, grown, fallen, moved, merged, wound up, and changed by nobody but people (2.4)."""

import pytest

from tests.workflows.branches import counted, organisation, running
from tests.workflows.lives import (
    Life,
    elect_branch,
    establish,
    form_branch,
    kinds,
    ordered,
    registered,
    step_of,
)
from workflows.errors import Refused

# -- an organisation that stands --------------------------------------------------------------------


@pytest.mark.rule("P-11")
def test_approval_and_result_are_filed_upward_once_and_the_time_for_it_then_ends() -> None:
    life = registered(ordered("party_first"))
    elect_branch(life)
    assert running(life.take("party", "approve_branch"))["filing"] == "30 day"
    assert [one.work.role.name for one in life.expire("party", "filing").work] == ["party_superior"]
    key = life.standing("party").key
    assert life.take("party", "record_filing").terms_ended == [(key, "filing")]
    assert life.state("party") == "branch"
    with pytest.raises(Refused, match="filed already"):
        life.take("party", "record_filing")


@pytest.mark.rule("P-11", "P-13")
def test_what_was_filed_need_not_be_filed_again_when_an_application_is_withdrawn() -> None:
    life = organisation()
    life.take("party", "record_filing")
    counted(life, 50)
    life.take("party", "apply_upgrade")
    life.take("party", "return_request")
    assert "filing" not in running(life.take("party", "withdraw_to_branch"))
    assert life.state("party") == "branch"


@pytest.mark.rule("P-12")
def test_a_branch_of_seven_elects_its_committee_and_the_superior_approves_it() -> None:
    life = organisation()
    with pytest.raises(Refused, match="fewer than 7"):
        life.take("party", "record_committee_election")
    counted(life, 7)
    with pytest.raises(Refused, match="3 to 7 members"):
        life.take("party", "record_committee_election", posts=2, candidate_count=3)
    with pytest.raises(Refused, match="outnumber posts"):
        life.take("party", "record_committee_election", posts=3, candidate_count=3)
    with pytest.raises(Refused, match="no election can be held"):
        life.take("party", "record_committee_election", entitled=7, present=5, votes_for=5)
    life.take("party", "record_committee_election", entitled=7, present=7, votes_for=6)
    assert life.case.facts["party_form"] == "branch", "the branch stands while its committee is approved"
    life.take("party", "refuse_committee")
    assert life.state("party") == "branch"
    life.take("party", "record_committee_election", entitled=7, present=7, votes_for=6)
    assert "filing" in running(life.take("party", "approve_committee"))
    assert (life.state("party"), life.case.facts["party_form"]) == ("branch_with_committee", "branch")


@pytest.mark.rule("P-13")
@pytest.mark.parametrize(
    ("before", "full", "target"),
    [(5, 50, "general_branch"), (9, 100, "primary_committee"), (60, 100, "primary_committee")],
)
def test_a_larger_form_is_applied_for_approved_elected_and_approved(
    before: int, full: int, target: str
) -> None:
    life = organisation(before)
    form = life.case.facts["party_form"]
    with pytest.raises(Refused, match="ask for an exception"):
        life.take("party", "apply_upgrade", asks_exception=False)
    counted(life, full)
    for step in ("apply_upgrade", "approve_formation", "record_election"):
        life.take("party", step)
        assert life.case.facts["party_form"] == form, "what stood, stands until the superior approves"
    told = life.take("party", f"approve_{target}")
    assert (life.state("party"), life.case.facts["party_form"]) == (target, target)
    assert kinds(told) == [], "which form it is, is the Party's own affair"


@pytest.mark.rule("P-13")
def test_a_larger_form_below_its_number_may_be_asked_for_as_an_exception() -> None:
    life = organisation(9)
    for step in ("apply_upgrade", "approve_formation", "record_election"):
        life.take("party", step, **({"asks_exception": True} if step == "apply_upgrade" else {}))
    life.take("party", "approve_general_branch_below")
    assert life.state("party") == "general_branch"


@pytest.mark.rule("P-7", "P-13")
@pytest.mark.parametrize(
    ("before", "state"), [(5, "branch"), (9, "branch_with_committee"), (60, "general_branch")]
)
def test_an_upgrade_withdrawn_leaves_exactly_what_stood(before: int, state: str) -> None:
    life = organisation(before)
    counted(life, 100)
    life.take("party", "apply_upgrade")
    life.take("party", "approve_formation")
    ways = {"withdraw_to_branch", "withdraw_to_branch_with_committee", "withdraw_to_general_branch"}
    for other in ways - {f"withdraw_to_{state}"}:
        with pytest.raises(Refused):
            life.take("party", other)
    life.take("party", f"withdraw_to_{state}")
    assert life.state("party") == state


@pytest.mark.rule("P-13")
def test_a_unit_with_an_organisation_of_its_own_does_not_apply_for_a_first_one() -> None:
    life = organisation()
    counted(life, 50)
    life.take("party", "apply_upgrade")
    life.take("party", "return_request")
    with pytest.raises(Refused, match="an organisation of its own"):
        life.take("party", "apply_branch")


@pytest.mark.rule("P-12", "P-13", "P-14", "P-15")
@pytest.mark.parametrize(("before", "after"), [(5, 2), (5, 0), (9, 6), (60, 49), (120, 99), (5, 7), (9, 50)])
def test_numbers_alone_change_no_organisation(before: int, after: int) -> None:
    life = organisation(before)
    state, form = life.state("party"), life.case.facts["party_form"]
    counted(life, after)
    assert (life.state("party"), life.case.facts["party_form"]) == (state, form)


# -- falling, ending, changing ----------------------------------------------------------------------


@pytest.mark.rule("P-14")
@pytest.mark.parametrize("step", ["dissolve_after_review", "end_as_liaison", "apply_joint_branch"])
def test_a_branch_with_its_numbers_is_neither_dissolved_nor_joined_to_another(step: str) -> None:
    life = organisation()
    counted(life, 3)
    with pytest.raises(Refused, match="want of numbers is no ground"):
        life.take("party", step)


@pytest.mark.rule("P-14")
def test_a_branch_of_two_may_join_a_joint_branch_and_stands_until_that_is_approved() -> None:
    life = organisation()
    counted(life, 2)
    life.take("party", "apply_joint_branch")
    assert life.case.facts["party_form"] == "branch"
    life.take("party", "approve_joint_branch")
    assert (life.state("party"), life.case.facts["party_form"]) == ("joint_branch", "joint_branch")


@pytest.mark.rule("P-14")
def test_a_branch_of_two_may_end_and_a_liaison_follow() -> None:
    life = organisation()
    counted(life, 2)
    life.take("party", "end_as_liaison", liaison_kind="own")
    assert (life.state("party"), life.case.facts["party_form"]) == ("liaison_pending", "none")
    life.take("liaison", "record_consent")
    life.take("liaison", "appoint")
    assert (life.state("party"), life.case.facts["party_form"]) == ("liaison", "liaison")


@pytest.mark.rule("P-14")
def test_an_own_liaison_after_a_branch_is_a_full_member_and_allowed_there() -> None:
    life = organisation()
    counted(life, 0)
    with pytest.raises(Refused, match="a liaison must be dispatched"):
        life.take("party", "end_as_liaison", liaison_kind="own")
    life.take("party", "end_as_liaison", liaison_kind="dispatched")
    assert life.state("liaison") == "proposed"


@pytest.mark.rule("P-14")
def test_a_dissolution_rests_on_a_decision_filed_upward_and_leaves_the_form_to_be_decided() -> None:
    life = organisation()
    counted(life, 2)
    step = step_of("party", "dissolve_after_review")
    assert [paper.kind for paper in step.evidence] == ["branch_dissolution_decision", "branch_filing"]
    assert step.by is not None and step.by.superior
    life.take("party", "dissolve_after_review", note="党员调离")
    assert (life.state("party"), life.case.facts["party_form"]) == ("surveyed", "none")
    life.take("party", "propose_own_liaison")
    assert life.state("liaison") == "proposed", "the enterprise lives on, and is not left alone"


@pytest.mark.rule("P-18")
def test_an_organisation_is_merged_into_another_only_after_news_of_a_merger_and_by_decision() -> None:
    life = organisation()
    with pytest.raises(Refused, match="No news of a merger"):
        life.take("party", "merge_organisation")
    life.tell("registry.merged")
    assert (life.state("party"), life.case.facts["party_form"]) == ("branch", "branch")
    life.take("party", "merge_organisation", note="并入总公司党委")
    assert (life.state("party"), life.case.facts["party_form"]) == ("merged", "none")


@pytest.mark.rule("P-18")
@pytest.mark.parametrize(
    "state", ["joint_applying", "applying", "returned", "approved_to_form", "elected", "committee_elected"]
)
def test_a_merger_ends_no_organisation_while_another_form_is_applied_for(state: str) -> None:
    life = Life.standing_in("party", state, party_form="branch")
    life.tell("registry.merged")
    assert (life.state("party"), life.case.facts["party_form"]) == (state, "branch")
    assert life.state("party_review") == "enterprise_merged"


@pytest.mark.rule("P-18")
def test_after_a_split_the_superior_may_dissolve_what_has_its_numbers() -> None:
    life = organisation()
    life.tell("registry.split")
    assert life.state("party") == "branch"
    life.take("party", "dissolve_after_review")
    assert life.case.facts["party_form"] == "none"


@pytest.mark.rule("P-18")
@pytest.mark.parametrize("full", [5, 9, 60, 120])
def test_when_the_enterprise_ends_the_organisation_waits_for_its_superior(full: int) -> None:
    life = organisation(full)
    form = life.case.facts["party_form"]
    unfolded = life.tell("registry.deregistered")
    assert (life.state("party"), life.case.facts["party_form"]) == ("winding_up", form)
    assert "party_superior" in [one.work.role.name for one in unfolded.work]
    with pytest.raises(Refused, match="record is missing"):
        life.take("party", "dissolve", papers=())
    life.take("party", "dissolve")
    assert (life.state("party"), life.case.facts["party_form"]) == ("dissolved", "none")


@pytest.mark.rule("P-18")
def test_a_committee_newly_elected_is_wound_up_with_its_branch() -> None:
    life = organisation()
    counted(life, 7)
    life.take("party", "record_committee_election")
    life.tell("registry.revoked")
    assert life.state("party") == "winding_up"


@pytest.mark.rule("P-18")
@pytest.mark.parametrize("full", [5, 60])
def test_an_enterprise_that_moved_keeps_its_organisation_under_the_new_superior(full: int) -> None:
    life = organisation(full)
    state, form = life.state("party"), life.case.facts["party_form"]
    entries = life.tell("relocation.arrived").entries
    assert ("party", "superior_changed") in [(one.procedure, one.step) for one in entries]
    assert (life.state("party"), life.case.facts["party_form"]) == (state, form)


@pytest.mark.rule("P-18")
def test_where_no_organisation_stands_a_move_puts_none_under_a_new_superior() -> None:
    life = registered(ordered("party_first"))
    elect_branch(life)
    assert not [one for one in life.tell("relocation.arrived").entries if one.procedure == "party"]


@pytest.mark.rule("P-19")
@pytest.mark.parametrize("what", ["renamed", "rearranged"])
def test_a_restructured_enterprise_has_its_organisation_adjusted_on_the_superiors_paper(what: str) -> None:
    life = organisation()
    step = step_of("party", "adjust_after_restructuring")
    assert step.by is not None and step.by.superior and step.evidence
    life.take("party", "adjust_after_restructuring", adjustment=what)
    assert (life.state("party"), life.case.facts["party_form"]) == ("branch", "branch")


# -- what holds throughout --------------------------------------------------------------------------


@pytest.mark.rule("P-9", "P-14")
def test_what_follows_by_itself_neither_makes_nor_ends_nor_changes_an_organisation() -> None:
    """The superior decides on founding and abolishing (K59); automatic steps stay, or wait
    for the superior when the enterprise is gone or has left."""
    law = Life().law.current("party")
    standing = {
        name
        for name, state in law.state.items()
        if state.publishes.get("party_form") not in (None, "none", "liaison")
    }
    for step in law.steps:
        if step.on:
            assert step.target not in standing, step.name
            moved = standing & set(step.sources) and step.target != "="
            assert not moved or step.target in ("winding_up", "leaving"), step.name


@pytest.mark.rule("P-9")
def test_the_union_is_told_of_a_founding_and_of_no_later_change() -> None:
    life = registered(ordered("parallel"))
    establish(life)
    assert kinds(form_branch(life)) == ["party_formed"]
    assert life.case.facts["party_version"] == 1
    counted(life, 2)
    life.take("party", "apply_joint_branch")
    assert kinds(life.take("party", "approve_joint_branch")) == []
    assert life.case.facts["party_version"] == 1
