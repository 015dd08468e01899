"""红光: the union came in 1999, the branch in 2001 (DATA.md A12)."""

from typing import Any

import pytest

TOWN_UNION, DISTRICT_UNION = "union.220204102", "union.220204"
TOWN_PARTY, BUREAU = "party.220204102", "minying.220204"


@pytest.mark.rule("N-A", "N1", "N2", "N3", "N5", "P-17")
def test_the_union_comes_first_and_the_branch_two_years_later(tell: Any) -> None:
    story = tell("1999-03-01")
    story.registered("红光", "1999-03-01")
    assert story.states() == {"lead": "contacting", "party": "unsurveyed"}
    assert story.notices() == ["enterprise_registered"]

    story.on("1999-03-10")
    story.does(TOWN_UNION, "lead", "survey", headcount=80, applicants=40)
    story.does(TOWN_UNION, "lead", "open_union")
    story.does(TOWN_UNION, "union", "file_application")
    story.on("1999-03-20")
    story.does(DISTRICT_UNION, "union", "approve_preparation")
    story.does(TOWN_UNION, "union", "form_group")
    story.on("1999-04-15")
    story.does(TOWN_UNION, "union", "admit_members", union_members=40, women_members=12)
    story.does(TOWN_UNION, "union", "choose_committee")
    story.on("1999-05-05")
    story.does(TOWN_UNION, "union", "nominate")
    story.does(DISTRICT_UNION, "union", "approve_candidates")
    story.on("1999-05-10")
    story.does(TOWN_UNION, "union", "record_election", entitled=40, present=38, votes_for=30)
    story.does(TOWN_UNION, "union", "report_result")
    story.on("1999-05-20")
    story.does(DISTRICT_UNION, "union", "approve_result")

    assert story.states() == {
        "lead": "ready",
        "union": "established",
        "union_term": "in_term",
        "legal_person": "unregistered",
        "party": "survey_due",
        "notify_party": "sent",
    }
    assert story.notices()[-1] == "notify_party_request"
    story.does(TOWN_UNION, "union", "complete_set_up", women_body="committee")
    story.does(TOWN_UNION, "legal_person", "apply")
    story.does(DISTRICT_UNION, "legal_person", "examine")
    story.does(DISTRICT_UNION, "legal_person", "register")

    story.on("1999-06-01")
    story.does(TOWN_PARTY, "notify_party", "acknowledge")
    story.does(TOWN_PARTY, "party", "survey", full_members=2, probationary_members=1)
    story.does(TOWN_PARTY, "notify_party", "call_not_applicable", reason="正式党员不足三名")
    story.does(TOWN_UNION, "notify_party", "close")
    story.does(TOWN_PARTY, "party", "propose_own_liaison")
    story.does(TOWN_PARTY, "liaison", "record_consent")
    story.does(TOWN_PARTY, "liaison", "appoint")
    assert story.status() == "settled"
    assert story.states()["party"] == "liaison"

    story.on("2001-04-02")
    story.does(TOWN_PARTY, "party", "update_counts", full_members=3, probationary_members=0)
    assert story.states()["party"] == "liaison", "a third member changes no form by itself"
    assert story.states()["party_review"] == "form_due"
    assert story.states()["notify_party"] == "sent", "the condition is met now, and the union says so again"
    story.does(TOWN_PARTY, "party", "apply_branch")
    story.on("2001-04-20")
    story.does(BUREAU, "party", "approve_formation")
    story.does(TOWN_PARTY, "party", "record_election", entitled=3, present=3, votes_for=3)
    story.does(BUREAU, "party", "approve_branch")

    story.does(TOWN_UNION, "notify_party", "close")
    assert story.states() == {
        "enterprise_meeting": "standing",
        "lead": "ready",
        "union": "operating",
        "union_term": "in_term",
        "legal_person": "registered",
        "party": "branch",
        "party_term": "in_term",
        "party_review": "over",
        "liaison": "ended_by_branch",
        "notify_party": "closed",
    }
    assert story.status() == "settled"
    assert story.notices()[-1] == "party_formed"


def test_a_year_without_a_calendar_is_unknown_and_says_so(tell: Any) -> None:
    story = tell("1999-03-01")
    story.registered("红光", "1999-03-01")
    assert story.deadlines()["contact"] == ("running", None)
