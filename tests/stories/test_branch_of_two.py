"""A branch falls to two members and is not dissolved by the machine: six months pass, and people decide (P-14)."""

from typing import Any

import pytest

from workflows.errors import Refused

TOWN_PARTY, BUREAU = "party.220204102", "minying.220204"


@pytest.mark.rule("P-11", "P-14", "P-18")
def test_a_branch_falls_to_two_members_and_is_not_dissolved_by_the_machine(tell: Any) -> None:
    story = tell("2025-03-03")
    story.registered("春和", "2025-03-03")
    story.does(TOWN_PARTY, "party", "survey", full_members=3, probationary_members=1)
    story.does(TOWN_PARTY, "party", "apply_branch")
    story.does(BUREAU, "party", "approve_formation")
    story.does(TOWN_PARTY, "party", "record_election", entitled=3, present=3, votes_for=3)
    story.does(BUREAU, "party", "approve_branch")
    story.does(BUREAU, "party", "record_filing")
    assert story.deadlines()["filing"][0] == "met"

    story.on("2025-04-10")
    story.does(TOWN_PARTY, "party", "update_counts", full_members=2, probationary_members=1)
    assert (story.states()["party"], story.states()["party_review"]) == ("branch", "below_branch")
    assert story.open_work() >= {("party_superior", "below_branch")}
    assert story.deadlines()["review"][1].isoformat() == "2025-10-10"

    story.on("2025-10-14")
    assert story.deadlines()["review"][0] == "overdue"
    assert ("party_superior", "review") in story.open_work()
    assert (story.states()["party"], story.states()["party_review"]) == ("branch", "below_branch")
    assert "review_expired" in story.line()

    story.does(BUREAU, "party_review", "keep", note="两名职工正在申请转入组织关系")
    assert story.states()["party_review"] == "kept"
    assert not {("party_superior", "review"), ("party_superior", "below_branch")} & story.open_work()
    assert story.deadlines()["review"][1].isoformat() == "2026-04-14"

    story.on("2026-04-16")
    assert ("party_superior", "review") in story.open_work(), "what was kept is looked at again"
    assert story.states()["party"] == "branch"
    story.does(TOWN_PARTY, "party", "update_counts", full_members=0, probationary_members=0)
    with pytest.raises(Refused, match="must be dispatched"):
        story.does(BUREAU, "party", "end_as_liaison", liaison_kind="own")
    story.does(BUREAU, "party", "dissolve_after_review", note="党员已全部转出")

    states = story.states()
    assert (states["party"], states["party_review"]) == ("surveyed", "over")
    assert not {("party_superior", "review"), ("party_superior", "below_branch")} & story.open_work()
    line = story.line()
    assert line.index("dissolve_after_review") < line.index("nothing_left"), "the review follows the decision"
    story.does(TOWN_PARTY, "party", "propose_dispatched_liaison")
    story.does(TOWN_PARTY, "liaison", "record_consent")
    story.does(TOWN_PARTY, "liaison", "appoint")
    assert story.states()["party"] == "liaison"


@pytest.mark.rule("P-14")
def test_two_members_become_three_again_and_nobody_has_to_decide_anything(tell: Any) -> None:
    story = tell("2025-03-03")
    story.registered("春和", "2025-03-03")
    story.does(TOWN_PARTY, "party", "survey", full_members=3, probationary_members=1)
    story.does(TOWN_PARTY, "party", "apply_branch")
    story.does(BUREAU, "party", "approve_formation")
    story.does(TOWN_PARTY, "party", "record_election", entitled=3, present=3, votes_for=3)
    story.does(BUREAU, "party", "approve_branch")
    story.does(TOWN_PARTY, "party", "update_counts", full_members=2, probationary_members=1)
    story.later(200)
    story.does(TOWN_PARTY, "party", "update_counts", full_members=3, probationary_members=0)
    assert (story.states()["party"], story.states()["party_review"]) == ("branch", "over")
    assert not {("party_superior", "review"), ("party_superior", "below_branch")} & story.open_work()
