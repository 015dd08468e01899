"""A plan of activities that the Party organisation decides on, and a bulletin that two people make (M52, M84)."""

from typing import Any

import pytest

from tests.builders import COUNTY, TOWN
from workflows.errors import Fault, Refused

UNION, PARTY = f"union.{TOWN}", f"party.{TOWN}"
DISTRICT, ORGDEPT = f"union.{COUNTY}", f"orgdept.{COUNTY}"


@pytest.mark.rule("S-plan")
def test_a_plan_is_decided_on_posted_and_reviewed_once_something_is_on_record(tell: Any) -> None:
    story = tell("2026-03-02")
    case = story.begins(UNION, "activity_plan", "draft_plan", name="2026年活动计划")
    story.does_in(case, UNION, "activity_plan", "submit_plan")
    story.does_in(case, PARTY, "activity_plan", "return_plan", note="补充经费")
    story.does_in(case, UNION, "activity_plan", "submit_plan")
    story.on("2026-03-30")
    assert ("party_local", "decide_plan") in story.work_in(case)
    assert story.states(case) == {"activity_plan": "party_discussion"}  # nothing was decided by itself
    story.does_in(case, PARTY, "activity_plan", "approve_plan")
    story.does_in(case, UNION, "activity_plan", "post_plan")
    with pytest.raises(Refused) as early:
        story.does_in(case, UNION, "activity_plan", "review_plan")
    assert "登记" in early.value.text.zh
    story.does_in(case, UNION, "activity_plan", "record_held", activity="质量征文")
    story.does_in(case, UNION, "activity_plan", "record_cancelled", activity="春游")
    story.does_in(case, UNION, "activity_plan", "review_plan")
    facts = story.facts("activity_plan", case)
    assert (facts["activities_held"], facts["activities_cancelled"]) == (1, 1)
    assert story.states(case) == {"activity_plan": "reviewed"}


@pytest.mark.rule("S-bulletin")
def test_who_drafted_a_bulletin_does_not_release_it(tell: Any) -> None:
    story = tell("2026-03-02")
    case = story.begins(DISTRICT, "bulletin", "draft_bulletin", name="百日攻坚建会经验")
    story.does_in(case, DISTRICT, "bulletin", "send_to_check")
    with pytest.raises(Fault) as same:
        story.does_in(case, DISTRICT, "bulletin", "release")
    assert same.value.code == "same_person"
    story.does_in(case, ORGDEPT, "bulletin", "release")
    assert story.states(case) == {"bulletin": "released"}
