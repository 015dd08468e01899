"""Federations and the unions in them: they cover unions, as joint unions cover units (Trade Union Law Art 11; M15, M16)."""

import pytest

from tests.workflows.lives import Life, step_of
from tests.workflows.neighbours import ELECTED_AND_APPROVED, FEDERATION, JOINT, OTHER, Neighbours, operating
from workflows.definition import STAY
from workflows.errors import Refused


@pytest.fixture
def town() -> Neighbours:
    return Neighbours()


@pytest.fixture
def standing() -> Neighbours:
    return operating()


def founded(town: Neighbours, *unions: str) -> None:
    """A federation that is approved, and that these joint unions have joined, each of two units of its own."""
    town.begin(FEDERATION, "federation")
    town.take(FEDERATION, "federation", "approve")
    for number in unions:
        town.joint_union(number, f"{number}1", f"{number}2")
        town.elect(number)
        town.take(number, "joint_union", "join_federation", federation=FEDERATION)
        town.take(number, "membership", "apply")
        town.take(number, "membership", "accept")


@pytest.fixture
def federation(town: Neighbours) -> Neighbours:
    founded(town, JOINT, OTHER)
    return town


@pytest.mark.rule("J-federation")
def test_a_federation_counts_unions_and_never_the_units_that_they_cover(federation: Neighbours) -> None:
    standing = federation[FEDERATION].standing("federation")
    assert (standing.state, standing.data["unions"]) == ("founding", 2)
    assert (federation.units(JOINT), federation.units(OTHER)) == (2, 2)
    assert {event for event, _, to in federation.carried if to == FEDERATION} == {"membership.joined"}


@pytest.mark.rule("J-federation", "G-VOTE")
def test_a_federation_is_elected_and_approved_like_any_union(federation: Neighbours) -> None:
    federation.take(FEDERATION, "federation", "record_election")
    federation.take(FEDERATION, "federation", "approve_result")
    standing = federation[FEDERATION].standing("federation")
    assert standing.state == "operating"
    assert standing.on_file >= ELECTED_AND_APPROVED
    assert step_of("federation", "approve_result").not_by == ("record_election",)


@pytest.mark.rule("J-federation")
def test_one_union_is_no_federation(town: Neighbours) -> None:
    founded(town, JOINT)
    with pytest.raises(Refused, match="fewer than 2"):
        town.take(FEDERATION, "federation", "record_election")


@pytest.mark.rule("J-federation")
@pytest.mark.parametrize(
    ("state", "belongs"), [("operating", True), ("covered", False), ("recruited", False)]
)
def test_only_a_union_that_stands_can_be_in_a_federation(state: str, belongs: bool) -> None:
    """A covered unit's members belong to the joint union; that one may join, the unit may not."""
    unit = Life.standing_in("union", state)
    unit.tell("membership.applied")
    assert unit.has("membership") is belongs


@pytest.mark.rule("J-federation")
def test_only_where_a_union_stands_is_there_a_way_into_a_federation() -> None:
    for procedure in ("union", "joint_union"):
        step = step_of(procedure, "join_federation")
        assert (step.sources, step.target) == (("operating",), STAY)


@pytest.mark.rule("J-federation")
def test_a_union_is_in_one_federation_at_a_time(federation: Neighbours) -> None:
    with pytest.raises(Refused, match="in a federation already"):
        federation.take(JOINT, "joint_union", "join_federation")
    federation.take(JOINT, "membership", "leave")
    assert federation[FEDERATION].standing("federation").data["unions"] == 1
    federation.take(JOINT, "joint_union", "join_federation")
    assert federation[JOINT].state("membership") == "wished"


@pytest.mark.rule("J-federation")
@pytest.mark.parametrize(("before", "step"), [(False, "give_up"), (True, "give_up"), (True, "decline")])
def test_an_application_that_comes_to_nothing_leaves_the_way_open(
    standing: Neighbours, before: bool, step: str
) -> None:
    standing.begin(FEDERATION, "federation")
    standing.take(JOINT, "joint_union", "join_federation")
    if before:
        standing.take(JOINT, "membership", "apply")
    standing.take(JOINT, "membership", step)
    assert standing[JOINT].state("membership") == "not_joined"
    standing.take(JOINT, "joint_union", "join_federation")
    assert standing[JOINT].state("membership") == "wished"


@pytest.mark.rule("J-federation")
def test_whoever_asks_to_join_does_not_accept() -> None:
    assert step_of("membership", "accept").not_by == ("apply",)
    assert step_of("membership", "decline").not_by == ("apply",)


@pytest.mark.rule("J-federation", "J-two")
def test_a_joint_union_that_ends_is_in_no_federation_and_the_federation_looks_at_itself(
    federation: Neighbours,
) -> None:
    federation.take(FEDERATION, "federation", "record_election")
    federation.take(FEDERATION, "federation", "approve_result")
    federation.take(f"{JOINT}1", "coverage", "leave")
    federation.take(JOINT, "joint_union", "dissolve")
    assert federation[JOINT].state("membership") == "left"
    assert federation[FEDERATION].state("federation") == "review"


@pytest.mark.rule("J-federation")
def test_a_federation_that_is_dissolved_leaves_its_unions_standing(federation: Neighbours) -> None:
    federation[FEDERATION].standing("federation").state = "review"
    federation.take(OTHER, "membership", "leave")
    federation.take(FEDERATION, "federation", "dissolve")
    assert federation[JOINT].state("membership") == "left"
    assert federation[JOINT].state("joint_union") == "operating"
