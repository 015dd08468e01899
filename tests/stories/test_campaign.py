"""A hundred days in 越北镇: areas, targets, owners; and unions that stand on paper only do not meet the target (M09, CONDUCT 5.3)."""

from dataclasses import replace
from typing import Any

import pytest

from services.demo.town import COUNTY, DISTRICT_UNION, TOWN, TOWN_UNION
from services.housekeeping import tidy
from services.reckoning.published import COUNTED, DOUBTED, FOUNDED, behind, now, published
from tests.builders import uscc
from workflows.errors import Refused

AUDITOR = f"auditor.{COUNTY}"
FORMING = ("file_application", "approve_preparation", "form_group", "admit_members", "choose_committee")
ELECTING = ("nominate", "approve_candidates", "record_election", "report_result", "approve_result")


def found_union(story: Any, uscc: str, name: str, **headcount: int) -> None:
    """Ten steps by two unions, from the visit to the approval."""
    story.uscc = uscc
    story.registered(name, "2019-04-08")
    story.does(TOWN_UNION, "lead", "survey", applicants=30, **headcount)
    story.does(TOWN_UNION, "lead", "open_union")
    for step in (*FORMING, *ELECTING):
        actor = DISTRICT_UNION if step.startswith("approve") else TOWN_UNION
        story.does(actor, "union", step)


def test_a_target_is_not_met_by_unions_whose_records_raise_a_question(tell: Any) -> None:
    story = tell("2019-03-01")
    campaign = story.begins(DISTRICT_UNION, "campaign", "start", name="百日攻坚")
    area = story.begins(
        DISTRICT_UNION,
        "campaign_area",
        "set_area",
        name="越北镇片区",
        campaign=str(campaign),
        town=TOWN,
        target=2,
    )
    assert story.facts("campaign", campaign)["areas"] == 1

    story.on("2019-04-15")
    found_union(story, uscc(1), "红光印刷有限公司", headcount=60)
    found_union(story, uscc(2), "德运食品有限公司", headcount=60)

    # the register afterwards says that the second has ten workers: thirty members cannot be right
    story.hears("changed", headcount=10)
    with pytest.raises(Refused) as refused:
        story.does_in(area, TOWN_UNION, "campaign_area", "report_met")
    assert "1家" in refused.value.text.zh and "2家" in refused.value.text.zh

    # the question is put to the town union, explained, and accepted by somebody else
    assert tidy(story.runtime) >= 1
    assert story.states()["question"] == "asked"
    assert story.facts("question")["sign"] == "over_headcount"
    story.does(TOWN_UNION, "question", "explain", note="登记的人数是旧数 / the register is out of date")
    story.does(DISTRICT_UNION, "question", "accept")

    story.does_in(area, TOWN_UNION, "campaign_area", "report_met")
    assert story.states(area) == {"campaign_area": "met"}
    assert story.facts("campaign_area", area)["unions_founded"] == 2
    assert story.facts("campaign_area", area)["unions_in_question"] == 0

    # each figure leads to the files that make it; what was founded later is not among them, and what is asked later is seen
    with story.runtime.reading(story.hands.actor(AUDITOR)) as unit:
        (report,) = published(unit)
        members = behind(unit, report)
        assert report.figures == now(members) == {FOUNDED: 2, DOUBTED: 0, COUNTED: 2}
        assert [one.name for one in members] == ["红光印刷有限公司", "德运食品有限公司"]
    story.on("2019-04-16")
    found_union(story, uscc(3), "后来纺织有限公司", headcount=60)
    with story.runtime.reading(story.hands.actor(AUDITOR)) as unit:
        assert len(behind(unit, report)) == 2
        assert behind(unit, replace(report, division="220202")) == []
    story.uscc = uscc(2)

    # asked once and answered, it is not asked again
    tidy(story.runtime)
    assert story.states()["question"] == "accepted"

    # a hundred days after its start the campaign is a work item; people close it
    story.on("2019-06-11")
    assert ("union_superior", "campaign") in story.work_in(campaign)
    story.does_in(campaign, DISTRICT_UNION, "campaign", "close")
    assert story.states(campaign) == {"campaign": "closed"}


def test_a_campaign_cannot_be_closed_while_an_area_has_not_reported(tell: Any) -> None:
    story = tell("2019-03-01")
    campaign = story.begins(DISTRICT_UNION, "campaign", "start")
    area = story.begins(
        DISTRICT_UNION, "campaign_area", "set_area", campaign=str(campaign), town=TOWN, target=3
    )
    with pytest.raises(Refused, match="1 areas have not reported"):
        story.does_in(campaign, DISTRICT_UNION, "campaign", "close")
    story.does_in(area, TOWN_UNION, "campaign_area", "report_not_met", note="职工暂不愿意 / not willing now")
    assert story.facts("campaign", campaign)["areas_reported"] == 1
    story.does_in(campaign, DISTRICT_UNION, "campaign", "close")
    assert story.states(campaign) == {"campaign": "closed"}
