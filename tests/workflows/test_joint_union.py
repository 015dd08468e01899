"""Joint unions: how they come about, how many units they have, how they end (WORKFLOWS 2.2.2; Trade Union Law Art 11)."""

import pytest

from tests.workflows.lives import step_of, why
from tests.workflows.neighbours import ELECTED_AND_APPROVED, JOINT, Neighbours, operating
from workflows.errors import Refused
from workflows.events import Scalar
from workflows.registry import law_book

NOMINATION: dict[str, Scalar] = {
    "union_members": 30,
    "posts": 3,
    "candidate_count": 4,
    "published_from": "2026-02-01",
    "published_to": "2026-02-20",
}


@pytest.fixture
def town() -> Neighbours:
    return Neighbours()


@pytest.fixture
def standing() -> Neighbours:
    return operating()


# -- how a joint union comes about -----------------------------------------------------------------------------


@pytest.mark.rule("J0", "J1")
def test_a_joint_union_is_proposed_by_people_and_approved_by_the_superior(town: Neighbours) -> None:
    town.begin(JOINT, "joint_union")
    assert (town[JOINT].state("joint_union"), town.units(JOINT)) == ("proposed", 0)
    town.take(JOINT, "joint_union", "approve")
    assert town[JOINT].state("joint_union") == "approved"


@pytest.mark.rule("J0")
def test_a_proposal_with_defects_goes_back_and_comes_again(town: Neighbours) -> None:
    town.begin(JOINT, "joint_union")
    town.take(JOINT, "joint_union", "return_proposal")
    assert town[JOINT].state("joint_union") == "returned"
    town.take(JOINT, "joint_union", "propose_again")
    assert town[JOINT].state("joint_union") == "proposed"


@pytest.mark.rule("J1")
@pytest.mark.parametrize("step", ["approve", "return_proposal", "refuse"])
def test_whoever_proposed_does_not_decide(step: str) -> None:
    assert step_of("joint_union", step).not_by == ("propose", "propose_again")
    assert step_of("federation", step).not_by == ("propose", "propose_again")


@pytest.mark.rule("J2")
def test_with_the_first_unit_it_begins_to_cover(town: Neighbours) -> None:
    town.joint_union(JOINT)
    town.small_firm("1")
    town.choose("1", JOINT)
    assert (town[JOINT].state("joint_union"), town.units(JOINT)) == ("approved", 0)
    town.take("1", "union", "admit_to_joint")
    assert (town[JOINT].state("joint_union"), town.units(JOINT)) == ("covering", 1)


@pytest.mark.rule("J2")
def test_a_unit_that_was_faster_than_the_approval_is_counted_all_the_same(town: Neighbours) -> None:
    town.begin(JOINT, "joint_union")
    town.small_firm("1")
    town.cover("1", JOINT)
    assert (town[JOINT].state("joint_union"), town.units(JOINT)) == ("proposed", 1)
    town.take(JOINT, "joint_union", "approve")
    assert (town[JOINT].state("joint_union"), town.units(JOINT)) == ("covering", 1)


@pytest.mark.rule("J3", "U-16", "U-18")
def test_an_election_and_the_superiors_approval_establish_it(standing: Neighbours) -> None:
    joint = standing[JOINT]
    assert joint.state("joint_union") == "operating"
    assert joint.standing("joint_union").on_file >= ELECTED_AND_APPROVED
    assert joint.standing("joint_union").data["audit_body"] is True
    assert joint.case.facts["union_form"] == "union"


@pytest.mark.rule("J3", "U-13")
@pytest.mark.parametrize(
    ("step", "papers"), [("report_result", ("union_result_report",)), ("approve_result", ("union_approval",))]
)
def test_without_its_election_record_nothing_goes_on(
    town: Neighbours, step: str, papers: tuple[str, ...]
) -> None:
    town.joint_union(JOINT, "1", "2")
    joint = town[JOINT].standing("joint_union")
    joint.state = {"report_result": "elected", "approve_result": "reported"}[step]
    with pytest.raises(Refused, match="election record"):
        town.take(JOINT, "joint_union", step, papers=papers)


@pytest.mark.rule("J3", "U-16")
def test_without_the_written_approval_it_is_not_established(town: Neighbours) -> None:
    reason = why("joint_union", "approve_result", frozenset({"union_election_record"}), units=2)
    assert reason is not None and "没有批复" in reason.zh
    assert why("joint_union", "approve_result", ELECTED_AND_APPROVED, units=2) is None


@pytest.mark.rule("J3", "G-COMM", "G-CHAIR", "G-VOTE")
@pytest.mark.parametrize(
    "name", ["nominate", "approve_candidates", "record_election", "report_result", "approve_result"]
)
def test_the_law_of_elections_is_one_for_all_unions(name: str) -> None:
    """Whatever an enterprise's union must not do, a joint union must not do either."""
    ours, theirs = step_of("joint_union", name), step_of("union", name)
    assert set(theirs.guards) <= set(ours.guards)
    assert {field.name for field in theirs.fields} <= {field.name for field in ours.fields}
    assert (ours.by, ours.evidence) == (theirs.by, theirs.evidence)
    assert set(ours.not_by) == set(theirs.not_by) - {"elect_organiser"}, "several units have no organiser"


@pytest.mark.rule("J3", "U-18")
@pytest.mark.parametrize("lacking", [{"audit_body": False}, {"women_body": "none"}])
def test_the_same_meeting_elects_its_audit_and_womens_bodies(
    town: Neighbours, lacking: dict[str, object]
) -> None:
    town.joint_union(JOINT, "1", "2")
    for step in ("nominate", "approve_candidates"):
        town.take(JOINT, "joint_union", step)
    with pytest.raises(Refused, match=r"audit body|women's member"):
        town.take(JOINT, "joint_union", "record_election", papers=None, **lacking)


@pytest.mark.rule("J0")
def test_its_promoters_may_give_it_up_and_its_units_hear_of_it(town: Neighbours) -> None:
    town.joint_union(JOINT, "1")
    town.take(JOINT, "joint_union", "withdraw")
    assert town[JOINT].state("joint_union") == "withdrawn"
    assert town["1"].state("coverage") == "left"
    assert town["1"].case.facts["union_form"] == "none"


# -- how many units it has ---------------------------------------------------------------------------------------


@pytest.mark.rule("J-two")
@pytest.mark.parametrize(("units", "enough"), [(0, False), (1, False), (2, True), (9, True)])
def test_it_needs_two_units(units: int, enough: bool) -> None:
    papers = ELECTED_AND_APPROVED
    for reason in (
        why("joint_union", "approve_result", papers, units=units),
        why("joint_union", "nominate", units=units, **NOMINATION),
    ):
        assert (reason is None) is enough
        assert reason is None or f"现有单位{units}个" in reason.zh


@pytest.mark.rule("J-two")
def test_a_unit_that_leaves_before_the_approval_stops_it(town: Neighbours) -> None:
    town.joint_union(JOINT, "1", "2")
    for step in ("nominate", "approve_candidates", "record_election", "report_result"):
        town.take(JOINT, "joint_union", step)
    town.take("2", "coverage", "leave")
    with pytest.raises(Refused, match="fewer than 2"):
        town.take(JOINT, "joint_union", "approve_result")


@pytest.mark.rule("J-two")
def test_when_one_unit_is_left_people_look_into_it_and_nothing_is_dissolved(standing: Neighbours) -> None:
    standing.take("2", "coverage", "leave")
    joint = standing[JOINT]
    assert (joint.state("joint_union"), standing.units(JOINT)) == ("review", 1)
    assert joint.case.facts["union_form"] == "union", "it stands until people decide otherwise"
    assert standing["1"].state("coverage") == "covered"
    assert joint.where(joint.standing("joint_union")).work is not None


@pytest.mark.rule("J-two")
def test_three_units_bear_the_loss_of_one(standing: Neighbours) -> None:
    standing.small_firm("3")
    standing.cover("3", JOINT)
    standing.take("3", "coverage", "leave")
    assert (standing[JOINT].state("joint_union"), standing.units(JOINT)) == ("operating", 2)


@pytest.mark.rule("J-two")
def test_after_a_review_it_goes_on_only_with_another_unit(standing: Neighbours) -> None:
    standing.take("2", "coverage", "leave")
    with pytest.raises(Refused, match="let others join first"):
        standing.take(JOINT, "joint_union", "go_on")
    standing.small_firm("3")
    standing.cover("3", JOINT)
    assert standing[JOINT].state("joint_union") == "review", "a person says that it goes on"
    with pytest.raises(Refused, match="may not be dissolved at will"):
        standing.take(JOINT, "joint_union", "dissolve")
    standing.take(JOINT, "joint_union", "go_on")
    assert standing[JOINT].state("joint_union") == "operating"


@pytest.mark.rule("J-two", "J-left")
@pytest.mark.parametrize(("step", "state"), [("convert", "converted"), ("dissolve", "dissolved")])
def test_its_end_is_the_superiors_decision_and_its_last_unit_hears_of_it(
    standing: Neighbours, step: str, state: str
) -> None:
    standing.take("2", "coverage", "leave")
    standing.take(JOINT, "joint_union", step)
    joint, unit = standing[JOINT], standing["1"]
    assert (joint.state("joint_union"), joint.case.facts["union_form"]) == (state, "none")
    assert (unit.state("coverage"), unit.state("union")) == ("left", "not_started")
    assert unit.case.facts["union_form"] == "none"


@pytest.mark.rule("J-two")
def test_without_any_unit_there_is_nothing_to_convert(standing: Neighbours) -> None:
    standing.take("2", "coverage", "leave")
    standing.take("1", "coverage", "leave")
    with pytest.raises(Refused, match="one unit is left"):
        standing.take(JOINT, "joint_union", "convert")
    standing.take(JOINT, "joint_union", "dissolve")


@pytest.mark.rule("J-two")
def test_a_review_that_lasts_too_long_is_another_work_item_and_no_decision(standing: Neighbours) -> None:
    left = standing.take("2", "coverage", "leave")
    assert left.tellings
    expired = standing[JOINT].expire("joint_union", "decide")
    assert [one.reason for one in expired.work] == ["decide"]
    assert standing[JOINT].state("joint_union") == "review"


@pytest.mark.rule("J2", "J-two")
def test_one_joint_union_and_the_units_it_covers_are_two_figures(standing: Neighbours) -> None:
    """襄汾: 14 unions and 6 joint unions make 20 organisations, whatever number of units they cover (seed 004)."""
    standing.small_firm("3")
    standing.cover("3", JOINT)
    organisations = [life for life in standing.lives.values() if life.case.facts["union_form"] == "union"]
    covered = [life for life in standing.lives.values() if life.case.facts["union_form"] == "covered"]
    assert (len(organisations), len(covered), standing.units(JOINT)) == (1, 3, 3)


@pytest.mark.rule("J-two", "U-8")
def test_units_join_a_joint_union_only_where_its_superior_has_approved_it() -> None:
    """Every state from its approval to its end takes units in; a proposal, a refusal and an end do not."""
    states = step_of("union", "choose_joint").fields[0].standing_in
    assert states == step_of("lead", "link_covered").fields[0].standing_in
    law = law_book().current("joint_union")
    assert set(law.state) - set(states) == {
        *("proposed", "returned", "refused", "withdrawn", "converted", "dissolved"),
    }
