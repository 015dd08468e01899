"""德运: the general branch stood before there was a union (DATA.md A12; README 0.3-1)."""

from typing import Any

import pytest

from workflows.errors import Fault, Refused

TOWN_UNION, DISTRICT_UNION = "union.220204102", "union.220204"
TOWN_PARTY, BUREAU = "party.220204102", "minying.220204"


@pytest.mark.rule("N-B", "N1", "N4", "U-9", "P-9")
def test_a_general_branch_calls_for_a_union(tell: Any) -> None:
    story = tell("2025-03-03")
    story.registered("德运", "2025-03-03")

    story.on("2025-03-10")
    story.does(TOWN_PARTY, "party", "survey", full_members=56, probationary_members=4)
    story.does(TOWN_PARTY, "party", "apply_branch")
    story.does(BUREAU, "party", "approve_formation")
    story.does(TOWN_PARTY, "party", "record_election", entitled=56, present=50, votes_for=45)
    with pytest.raises(Refused, match="larger form is due"):
        story.does(BUREAU, "party", "approve_branch_with_committee")
    story.does(BUREAU, "party", "approve_general_branch")

    assert story.states() == {
        "lead": "contacting",
        "party": "general_branch",
        "party_term": "in_term",
        "notify_union": "sent",
    }
    assert story.notices() == ["enterprise_registered", "notify_union_request"]

    story.on("2025-03-12")
    story.does(TOWN_UNION, "notify_union", "acknowledge")
    story.does(TOWN_UNION, "notify_union", "accept")
    story.does(TOWN_UNION, "lead", "survey", headcount=300, applicants=20)
    story.does(TOWN_UNION, "lead", "open_union")
    story.does(TOWN_UNION, "union", "file_application")
    story.does(DISTRICT_UNION, "union", "approve_preparation")
    story.does(TOWN_UNION, "union", "form_group", group_size=5)
    story.does(TOWN_UNION, "union", "admit_members", union_members=20, women_members=6)
    story.does(TOWN_UNION, "union", "choose_organiser")
    story.does(TOWN_UNION, "union", "elect_organiser", entitled=20, present=18, votes_for=15)
    story.does(TOWN_UNION, "union", "report_result")
    story.does(DISTRICT_UNION, "union", "approve_result")

    assert story.states()["notify_union"] == "result_reported"
    assert "notify_party" not in story.states(), "the Party side is there already; nothing asks it to come"
    assert story.notices()[-1] == "union_established"
    story.does(TOWN_PARTY, "notify_union", "close")
    story.does(TOWN_UNION, "union", "complete_set_up", women_body="one_member")
    assert story.status() == "settled"


@pytest.mark.rule("U-2")
def test_whoever_files_does_not_decide(tell: Any) -> None:
    story = tell("2025-03-03")
    story.registered("德运", "2025-03-03", division="220204")
    with pytest.raises(Fault, match="field_missing"):
        story.does(DISTRICT_UNION, "lead", "assign")
    story.does(DISTRICT_UNION, "lead", "assign", town="220204")
    story.does(DISTRICT_UNION, "lead", "survey", headcount=30, applicants=9)
    story.does(DISTRICT_UNION, "lead", "open_union")
    story.does(DISTRICT_UNION, "union", "file_application")
    with pytest.raises(Fault, match="same_person"):
        story.does(DISTRICT_UNION, "union", "approve_preparation")


@pytest.mark.rule("U-2")
def test_what_is_the_towns_to_do_its_superior_does_not_do_in_its_place(tell: Any) -> None:
    story = tell("2025-03-03")
    story.registered("德运", "2025-03-03")
    with pytest.raises(Fault, match="step_not_yours"):
        story.does(DISTRICT_UNION, "lead", "survey", headcount=30, applicants=9)
    story.does(TOWN_UNION, "lead", "survey", headcount=30, applicants=9)
    story.does(TOWN_UNION, "lead", "open_union")
    story.does(TOWN_UNION, "union", "file_application")
    with pytest.raises(Fault, match="step_not_yours"):
        story.does(TOWN_UNION, "union", "approve_preparation")
    story.does(DISTRICT_UNION, "union", "approve_preparation")
    assert story.states()["union"] == "preparing"


@pytest.mark.rule("L-9")
def test_a_notice_left_at_the_door_expires_into_a_work_item_and_decides_nothing(tell: Any) -> None:
    story = tell("2025-03-03")
    story.registered("闭门", "2025-03-03")
    story.does(TOWN_UNION, "lead", "serve_notice")
    assert story.deadlines()["notice"][0] == "running"
    story.later(45)
    assert story.deadlines()["notice"][0] == "overdue"
    assert story.states()["lead"] == "notice_served"
    assert ("union_local", "notice") in story.open_work()
    assert "notice_expired" in story.line()


@pytest.mark.rule("N-chase", "N-escalate")
def test_an_unanswered_notice_is_chased_once_then_put_before_the_joint_meeting(tell: Any) -> None:
    story = tell("2025-03-03")
    story.registered("德运", "2025-03-03")
    story.does(TOWN_PARTY, "party", "survey", full_members=3, probationary_members=0)
    story.does(TOWN_PARTY, "party", "apply_branch")
    story.does(BUREAU, "party", "approve_formation")
    story.does(TOWN_PARTY, "party", "record_election", entitled=3, present=3, votes_for=3)
    story.does(BUREAU, "party", "approve_branch")
    assert story.states()["notify_union"] == "sent"
    story.on("2025-03-11")
    assert story.notices()[-1] == "notify_union_reminder"
    assert story.states()["notify_union"] == "sent"
    story.on("2025-03-25")
    assert story.states()["notify_union"] == "escalated"
    story.does(TOWN_UNION, "notify_union", "acknowledge")
    assert story.states()["notify_union"] == "acknowledged"


@pytest.mark.rule("L-16", "L-17", "P-18")
def test_a_suspended_enterprise_stops_the_clock_and_a_deregistered_one_ends_only_what_was_forming(
    tell: Any,
) -> None:
    story = tell("2025-03-03")
    story.registered("歇业", "2025-03-03")
    assert story.deadlines()["contact"][1].isoformat() == "2025-03-17"
    story.on("2025-03-05")
    story.hears("suspended")
    assert story.deadlines()["contact"] == ("suspended", None)
    story.on("2025-06-05")
    story.hears("resumed")
    state, due = story.deadlines()["contact"]
    assert (state, due.isoformat()) == ("running", "2025-06-17")
    story.does(TOWN_PARTY, "party", "survey", full_members=3, probationary_members=0)
    story.does(TOWN_PARTY, "party", "apply_branch")
    story.does(BUREAU, "party", "approve_formation")
    story.does(TOWN_PARTY, "party", "record_election", entitled=3, present=3, votes_for=3)
    story.does(BUREAU, "party", "approve_branch")
    story.on("2025-06-10")
    story.hears("deregistered")
    assert story.states() == {
        "lead": "enterprise_gone",
        "party": "winding_up",
        "party_term": "enterprise_gone",
        "notify_union": "enterprise_gone",
    }
    assert story.status() == "open", "people wind the organisation up; the machine dissolves nothing"
    story.does(BUREAU, "party", "dissolve")
    assert story.status() == "closed"
