"""A firm of 24 members joins a joint union, and founds a union of its own once it has grown (M14)."""

from typing import Any

import pytest

from tests.stories.conftest import Story
from workflows.errors import Fault, Refused

TOWN_UNION, DISTRICT_UNION = "union.220204102", "union.220204"
BAKERY, PRINTER, TAILOR = "91220204MA00000151", "91220204MA00000542", "91220204MA0000089L"


def neighbour(story: Story, uscc: str) -> Story:
    """Another enterprise of the same town, under the same clock."""
    return Story(story.runtime, story.clock, uscc)


def surveyed(story: Story, name: str, day: str) -> None:
    story.registered(name, day)
    story.does(TOWN_UNION, "lead", "survey", headcount=40, applicants=20)


def becomes_member(story: Story, joint: int, members: int) -> None:
    """From willing workers to the joint union's cover."""
    story.does(TOWN_UNION, "lead", "open_union")
    story.does(TOWN_UNION, "union", "file_application")
    story.does(DISTRICT_UNION, "union", "approve_preparation")
    story.does(TOWN_UNION, "union", "form_group")
    story.does(TOWN_UNION, "union", "admit_members", union_members=members, women_members=5)
    story.does(TOWN_UNION, "union", "choose_joint", joint_union=str(joint))
    story.does(DISTRICT_UNION, "union", "admit_to_joint")


def elected_joint_union(story: Story, joint: int) -> None:
    story.does_in(joint, TOWN_UNION, "joint_union", "nominate", union_members=38, women_members=9)
    story.does_in(joint, DISTRICT_UNION, "joint_union", "approve_candidates")
    votes = {"entitled": 38, "present": 36, "votes_for": 30, "women_body": "one_member"}
    story.does_in(joint, TOWN_UNION, "joint_union", "record_election", **votes)
    story.does_in(joint, TOWN_UNION, "joint_union", "report_result")
    story.does_in(joint, DISTRICT_UNION, "joint_union", "approve_result")


def registered_as_a_legal_person(story: Story, joint: int) -> None:
    story.does_in(joint, TOWN_UNION, "legal_person", "apply")
    story.does_in(joint, DISTRICT_UNION, "legal_person", "examine")
    story.does_in(joint, DISTRICT_UNION, "legal_person", "register")


def how_it_stands(story: Story, joint: int) -> tuple[str, object]:
    """The joint union's own state, and the units that it covers."""
    return story.states(joint)["joint_union"], story.facts("joint_union", joint)["units"]


@pytest.mark.rule(
    "J0", "J1", "J2", "J3", "J-applied", "J-covered", "J-graduated", "J-two", "R0", "R3", "U-8", "U-20"
)
def test_a_firm_of_twenty_four_joins_a_joint_union_and_graduates(tell: Any) -> None:
    bakery = tell("2024-03-04", uscc=BAKERY)
    printer, tailor = neighbour(bakery, PRINTER), neighbour(bakery, TAILOR)
    surveyed(bakery, "船营面包坊", "2024-03-01")
    surveyed(printer, "越北印刷社", "2024-03-01")

    joint = bakery.begins(TOWN_UNION, "joint_union", "propose", name="越北镇第一联合工会")
    assert bakery.work_in(joint) == {("union_superior", "proposed")}
    with pytest.raises(Fault) as nobody_asked_them:
        bakery.does_in(joint, TOWN_UNION, "joint_union", "approve")
    assert nobody_asked_them.value.code == "step_not_yours"
    bakery.does_in(joint, DISTRICT_UNION, "joint_union", "approve")
    assert bakery.states(joint) == {"joint_union": "approved"}

    bakery.on("2024-03-18")
    becomes_member(bakery, joint, 24)
    assert bakery.states()["coverage"] == "covered"
    assert how_it_stands(bakery, joint) == ("covering", 1)
    with pytest.raises(Refused, match="fewer than 2"):
        bakery.does_in(joint, TOWN_UNION, "joint_union", "nominate")

    becomes_member(printer, joint, 14)
    elected_joint_union(bakery, joint)
    assert bakery.states(joint)["joint_union"] == "operating"
    assert bakery.states(joint)["legal_person"] == "unregistered"

    bakery.on("2024-04-10")
    registered_as_a_legal_person(bakery, joint)
    assert bakery.states(joint)["legal_person"] == "registered"

    # the firm grows: a person considers a committee of its own, and until it is approved the cover goes on
    bakery.on("2025-06-02")
    bakery.does(TOWN_UNION, "union", "update_counts", union_members=31, women_members=6)
    assert bakery.states()["coverage"] == "covered", "no figure ends a cover by itself"
    assert ("union_superior", "grown") in bakery.open_work()
    bakery.does(TOWN_UNION, "union", "found_own_union")
    bakery.does(TOWN_UNION, "union", "file_application")
    bakery.does(DISTRICT_UNION, "union", "approve_preparation")
    bakery.does(TOWN_UNION, "union", "form_group")
    bakery.does(TOWN_UNION, "union", "admit_members", union_members=31, women_members=6)
    bakery.does(TOWN_UNION, "union", "choose_committee")
    bakery.does(TOWN_UNION, "union", "nominate")
    bakery.does(DISTRICT_UNION, "union", "approve_candidates")
    bakery.does(TOWN_UNION, "union", "record_election", entitled=31, present=31, votes_for=30)
    bakery.does(TOWN_UNION, "union", "report_result")
    assert how_it_stands(bakery, joint) == ("operating", 2), "until then it covers the firm"
    bakery.does(DISTRICT_UNION, "union", "approve_result")
    assert (bakery.states()["union"], bakery.states()["coverage"]) == ("established", "graduated")

    # one unit is left, which is no joint union; nothing is dissolved, people look for another unit
    assert how_it_stands(bakery, joint) == ("review", 1)
    assert ("union_superior", "review") in bakery.work_in(joint)
    assert printer.states()["coverage"] == "covered"

    bakery.on("2025-07-01")
    surveyed(tailor, "船营制衣厂", "2025-06-20")
    becomes_member(tailor, joint, 11)
    bakery.does_in(joint, DISTRICT_UNION, "joint_union", "go_on")
    assert how_it_stands(bakery, joint) == ("operating", 2)
    assert [unit.states()["coverage"] for unit in (printer, tailor)] == ["covered", "covered"]


@pytest.mark.rule("J-two", "J-left", "R6")
def test_a_joint_union_whose_last_units_go_is_wound_up_by_people(tell: Any) -> None:
    bakery = tell("2024-03-04", uscc=BAKERY)
    printer = neighbour(bakery, PRINTER)
    joint = bakery.begins(TOWN_UNION, "joint_union", "propose", name="越北镇第一联合工会")
    bakery.does_in(joint, DISTRICT_UNION, "joint_union", "approve")
    for firm, name, members in ((bakery, "船营面包坊", 24), (printer, "越北印刷社", 14)):
        surveyed(firm, name, "2024-03-01")
        becomes_member(firm, joint, members)
    elected_joint_union(bakery, joint)
    registered_as_a_legal_person(bakery, joint)

    bakery.on("2025-02-10")
    printer.hears("deregistered")
    assert printer.states()["coverage"] == "deregistered"
    assert bakery.states(joint)["joint_union"] == "review"

    bakery.does_in(joint, DISTRICT_UNION, "joint_union", "dissolve")
    assert bakery.states()["coverage"] == "left"
    assert bakery.states()["union"] == "not_started", "the unit's workers may found a union of their own"
    assert bakery.states(joint)["legal_person"] == "cancel_due"

    # its file is open until its affairs are settled, yet nobody can join it any more
    becomes_willing_again(bakery)
    with pytest.raises(Fault) as none_to_choose:
        bakery.does(TOWN_UNION, "union", "choose_joint", joint_union=str(joint))
    assert none_to_choose.value.code == "field_choice"

    bakery.does_in(joint, TOWN_UNION, "legal_person", "file_cancellation")
    bakery.does_in(joint, DISTRICT_UNION, "legal_person", "cancel")
    assert bakery.states(joint)["legal_person"] == "cancelled"


def becomes_willing_again(story: Story) -> None:
    story.does(TOWN_UNION, "union", "file_application")
    story.does(DISTRICT_UNION, "union", "approve_preparation")
    story.does(TOWN_UNION, "union", "form_group")
    story.does(TOWN_UNION, "union", "admit_members", union_members=24, women_members=5)
