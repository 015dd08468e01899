"""A unit and the joint union that covers its members: applied, covered, left, graduated, ended (WORKFLOWS 2.2.2)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.lives import Life, recruit, step_of
from tests.workflows.neighbours import (
    ELECTED_AND_APPROVED,
    JOINT,
    OTHER,
    Neighbours,
    operating,
    two_joint_unions,
)
from workflows.errors import Refused


@pytest.fixture
def town() -> Neighbours:
    return Neighbours()


@pytest.fixture
def standing() -> Neighbours:
    return operating()


@pytest.fixture
def two_unions() -> Neighbours:
    return two_joint_unions()


# -- a unit and its cover ------------------------------------------------------------------------------------------


@pytest.mark.rule("J-applied", "U-8")
def test_a_unit_that_chooses_a_joint_union_has_applied_and_is_not_covered_yet(town: Neighbours) -> None:
    town.joint_union(JOINT)
    town.small_firm("1")
    town.choose("1", JOINT)
    assert town["1"].state("coverage") == "applied"
    assert town["1"].case.facts["union_form"] == "none"
    assert town.units(JOINT) == 0


@pytest.mark.rule("J-covered", "U-8")
def test_the_superiors_admission_covers_it(town: Neighbours) -> None:
    town.joint_union(JOINT, "1")
    assert (town["1"].state("coverage"), town["1"].state("union")) == ("covered", "covered")
    assert town.carried == [("coverage.covered", "1", JOINT)]


@pytest.mark.rule("J-covered", "L-19")
def test_a_unit_found_covered_already_is_counted_too(town: Neighbours) -> None:
    town.joint_union(JOINT)
    town.lives["1"] = Life()
    town.tell("1", "registry.registered")
    town.take("1", "lead", "link_covered", joint_union=JOINT)
    assert (town["1"].state("coverage"), town.units(JOINT)) == ("covered", 1)
    assert town[JOINT].state("joint_union") == "covering"


@pytest.mark.rule("J-applied", "U-8")
@pytest.mark.parametrize("step", ["decline_joint", "abandon"])
def test_an_application_that_comes_to_nothing_covers_nobody(town: Neighbours, step: str) -> None:
    town.joint_union(JOINT)
    town.small_firm("1")
    town.choose("1", JOINT)
    town.take("1", "union", step)
    assert (town["1"].state("coverage"), town.units(JOINT)) == ("declined", 0)


@pytest.mark.rule("J-applied")
def test_a_unit_declined_once_may_apply_again(two_unions: Neighbours) -> None:
    town = two_unions
    town.small_firm("3")
    town.choose("3", JOINT)
    town.take("3", "union", "decline_joint")
    town.cover("3", OTHER)
    assert town["3"].state("coverage") == "covered"
    assert (town.units(JOINT), town.units(OTHER)) == (2, 1), "the earlier choice no longer counts"


@pytest.mark.rule("J-applied")
def test_nobody_is_admitted_to_a_joint_union_that_was_given_up_meanwhile(town: Neighbours) -> None:
    town.joint_union(JOINT)
    town.small_firm("1")
    town.choose("1", JOINT)
    town.take(JOINT, "joint_union", "withdraw")
    assert town["1"].state("coverage") == "declined"
    with pytest.raises(Refused, match="has ended"):
        town.take("1", "union", "admit_to_joint")
    town.take("1", "union", "decline_joint")
    assert town["1"].state("union") == "recruited"


@pytest.mark.rule("J-left")
def test_a_unit_leaves_of_its_own_will_and_says_why(standing: Neighbours) -> None:
    assert [field.name for field in step_of("coverage", "leave").fields if field.required] == ["note"]
    standing.take("2", "coverage", "leave")
    assert (standing["2"].state("coverage"), standing["2"].state("union")) == ("left", "not_started")
    assert standing["2"].case.facts["union_form"] == "none"
    assert standing.carried[-1] == ("coverage.left", "2", JOINT)


@pytest.mark.rule("J-graduated", "U-20")
def test_a_unit_that_founds_its_own_union_is_covered_until_that_is_approved(standing: Neighbours) -> None:
    unit = standing["2"]
    standing.take("2", "union", "found_own_union")
    assert (unit.state("coverage"), unit.case.facts["union_form"]) == ("covered", "covered")
    unit.standing("union").state = "covered"
    standing.found_own_union("2")
    assert (unit.state("coverage"), unit.case.facts["union_form"]) == ("graduated", "union")
    assert (standing.units(JOINT), standing[JOINT].state("joint_union")) == (1, "review")


@pytest.mark.rule("J-deregistered")
@pytest.mark.parametrize("event", ["registry.deregistered", "registry.revoked", "registry.merged"])
def test_a_unit_that_ends_is_covered_no_more(standing: Neighbours, event: str) -> None:
    standing.tell("2", event)
    assert (standing["2"].state("coverage"), standing.units(JOINT)) == ("deregistered", 1)
    assert standing[JOINT].state("joint_union") == "review"


@pytest.mark.rule("J-deregistered")
def test_an_applicant_that_ends_was_never_counted(town: Neighbours) -> None:
    town.joint_union(JOINT)
    town.small_firm("1")
    town.choose("1", JOINT)
    town.tell("1", "registry.deregistered")
    assert (town["1"].state("coverage"), town.units(JOINT)) == ("deregistered", 0)


@pytest.mark.rule("J-left", "J-covered")
def test_no_unit_is_covered_by_two_joint_unions_at_once(two_unions: Neighbours) -> None:
    town = two_unions
    unit = town["2"].standing("union")
    unit.state = "recruited"
    with pytest.raises(Refused, match="leave that one"):
        town.choose("2", OTHER)
    unit.state = "covered"
    town.take("2", "coverage", "leave")
    recruit_anew(town, "2")
    town.cover("2", OTHER)
    assert (town.units(JOINT), town.units(OTHER)) == (1, 1)
    assert [one.state for one in town["2"].case.standings if one.procedure == "coverage"] == [
        "left",
        "covered",
    ]


@pytest.mark.rule("J-left")
def test_the_end_of_a_joint_union_that_a_unit_has_left_does_not_touch_it(
    two_unions: Neighbours,
) -> None:
    """Its old link still stands in the file, so the news of the end still reaches it."""
    town = two_unions
    town.lives["3"] = Life()
    town.tell("3", "registry.registered")
    town.take("3", "lead", "link_covered", joint_union=JOINT)
    town.take("3", "coverage", "leave")
    recruit_anew(town, "3")
    town.cover("3", OTHER)
    town.take("2", "coverage", "leave")
    town.take(JOINT, "joint_union", "dissolve")
    assert ("joint_union.ended", JOINT, "3") in town.carried
    assert (town["1"].state("coverage"), town["3"].state("coverage")) == ("left", "covered")


def recruit_anew(town: Neighbours, number: str) -> None:
    recruit(town[number], 24)


@pytest.mark.rule("J-covered", "J-left")
def test_news_in_the_wrong_order_comes_to_the_same_count() -> None:
    joint = Life.standing_in("joint_union", "covering")
    joint.standing("joint_union").data["units"] = 3
    joint.hears("coverage.left", from_case="1")
    joint.hears("coverage.covered", from_case="1")
    assert joint.standing("joint_union").data["units"] == 3


MOVES = ("choose", "admit", "decline", "leave", "graduate", "end", "withdraw_other", "dissolve")


@pytest.mark.rule("J-two", "J-covered", "J-left", "J-graduated", "J-deregistered", "J3")
@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    moves=st.lists(
        st.tuples(st.sampled_from(MOVES), st.sampled_from("1234"), st.booleans()), min_size=20, max_size=40
    )
)
def test_whatever_happens_each_joint_union_counts_exactly_the_units_it_covers(
    moves: list[tuple[str, str, bool]],
) -> None:
    """And it stands with both its papers, has its units or is looked into, and nobody is covered twice."""
    town = two_joint_unions()
    town.small_firm("3")
    town.small_firm("4")
    for move, unit, other in moves:
        _try(town, move, unit, OTHER if other else JOINT)
        _check(town)


def _try(town: Neighbours, move: str, unit: str, joint: str) -> None:
    """The move, where the law allows it."""
    union, before = town[unit].state("union"), _told(town)
    try:
        match move:
            case "choose" if town[joint].where(town[joint].standing("joint_union")).final:
                """The form offers only files that stand."""
            case "choose" if union == "not_started":
                recruit_anew(town, unit)
                town.choose(unit, joint)
            case "choose":
                town.choose(unit, joint)
            case "admit":
                town.take(unit, "union", "admit_to_joint")
            case "decline":
                town.take(unit, "union", "decline_joint")
            case "leave" if town[unit].has("coverage"):
                town.take(unit, "coverage", "leave")
            case "graduate":
                town.found_own_union(unit)
            case "end":
                town.tell(unit, "registry.deregistered")
            case "withdraw_other":
                town.take(OTHER, "joint_union", "withdraw")
            case "dissolve":
                town.take(JOINT, "joint_union", "dissolve")
    except Refused:
        assert before == _told(town), "what was refused changed nothing"


def _told(town: Neighbours) -> int:
    return len(town.carried)


def _check(town: Neighbours) -> None:
    for number in (JOINT, OTHER):
        joint = town[number].standing("joint_union")
        covered = [
            one
            for unit in "1234"
            for one in town[unit].case.standings
            if one.procedure == "coverage" and one.state == "covered" and one.data["covered_by"] == number
        ]
        if town[number].where(joint).final:
            assert covered == [], "nobody is covered by what is no more"
        else:
            assert joint.data["units"] == len(covered)
        if joint.state in ("operating", "review"):
            assert joint.on_file >= ELECTED_AND_APPROVED
            assert (joint.state == "operating") <= (len(covered) >= 2)
    for unit in "1234":
        live = [
            one
            for one in town[unit].case.standings
            if one.procedure == "coverage" and not town[unit].where(one).final
        ]
        assert len(live) <= 1
