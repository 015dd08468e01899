"""A restructured enterprise: union and Party organisation are settled together with it, or it is not closed (M08, M98)."""

from typing import Any

import pytest

from workflows.errors import Fault, Refused

TOWN_UNION, DISTRICT_UNION = "union.220204102", "union.220204"
TOWN_PARTY, BUREAU = "party.220204102", "minying.220204"


@pytest.mark.rule("P-19")
def test_restructuring_closes_only_when_both_are_settled(tell: Any) -> None:
    story = tell("2025-03-03")
    story.registered("改制", "2025-03-03", type="全民所有制企业")
    union_stands(story)
    story.on("2025-05-12")
    story.hears("changed", type="有限责任公司（国有独资）")
    assert story.states()["restructuring"] == "under_way"
    assert {("union_superior", "under_way"), ("party_superior", "under_way")} <= story.open_work()

    with pytest.raises(Refused, match="The organisation stands"):
        story.does(DISTRICT_UNION, "restructuring", "settle_union", union_outcome="not_needed")
    story.does(DISTRICT_UNION, "restructuring", "settle_union", union_outcome="rebuilt")
    assert story.states()["restructuring"] == "union_settled"
    assert ("party_superior", "union_settled") in story.open_work()
    assert ("union_superior", "under_way") not in story.open_work()

    with pytest.raises(Refused, match="No Party form stands yet"):
        story.does(BUREAU, "restructuring", "settle_party_last", party_outcome="rebuilt")
    with pytest.raises(Fault, match="step_not_yours"):
        story.does(DISTRICT_UNION, "restructuring", "settle_party_last")

    story.later(400)
    assert story.states()["restructuring"] == "union_settled", "no time that runs out settles anything"
    assert ("party_superior", "settle_party") in story.open_work()

    story.does(TOWN_PARTY, "party", "survey", full_members=0, probationary_members=0)
    story.does(TOWN_PARTY, "party", "propose_dispatched_liaison")
    story.does(TOWN_PARTY, "liaison", "record_consent")
    story.does(TOWN_PARTY, "liaison", "appoint")
    story.does(BUREAU, "restructuring", "settle_party_last", party_outcome="rebuilt")
    assert story.states()["restructuring"] == "closed"
    assert not {work for work in story.open_work() if work[1].startswith("settle_")}


def union_stands(story: Any) -> None:
    story.does(TOWN_UNION, "lead", "survey", headcount=80, applicants=40)
    story.does(TOWN_UNION, "lead", "open_union")
    story.does(TOWN_UNION, "union", "file_application")
    story.does(DISTRICT_UNION, "union", "approve_preparation")
    story.does(TOWN_UNION, "union", "form_group")
    story.does(TOWN_UNION, "union", "admit_members", union_members=12, women_members=4)
    story.does(TOWN_UNION, "union", "choose_organiser")
    story.does(TOWN_UNION, "union", "elect_organiser", entitled=12, present=12, votes_for=10)
    story.does(TOWN_UNION, "union", "report_result")
    story.does(DISTRICT_UNION, "union", "approve_result")
