"""An enterprise moves to another county: its file goes over with its history, and lies in one county at a time (L-18)."""

from typing import Any

import pytest

from services.db.queries.casebook import Wanted, cases
from services.db.queries.history import history
from services.db.queries.one_case import case
from services.db.queries.worklist import work_items
from tests.builders import OTHER_COUNTY, joins
from workflows.errors import Fault

TOWN_UNION, DISTRICT_UNION = "union.220204102", "union.220204"
THERE = f"union.{OTHER_COUNTY}"
FAR_AWAY = "310101"


@pytest.mark.rule("L-18", "U-24")
def test_a_moved_enterprise_keeps_its_history_and_is_seen_by_exactly_one_county_at_a_time(tell: Any) -> None:
    story = tell("2025-03-03")
    story.registered("迁移", "2025-03-03")
    story.does(TOWN_UNION, "lead", "survey", headcount=40, applicants=0)
    story.does(TOWN_UNION, "lead", "defer", reason="workers_casual")

    story.on("2025-06-03")
    story.hears("changed", division=OTHER_COUNTY)
    assert (seen_by(story), story.states()["relocation"]) == ([DISTRICT_UNION], "hand_over_due")
    with pytest.raises(Fault, match="not_found"):
        story.does(THERE, "relocation", "send_file")

    told = lines(story, DISTRICT_UNION)
    story.does(DISTRICT_UNION, "relocation", "send_file")
    assert (seen_by(story), story.states()["relocation"]) == ([THERE], "offered")
    assert "offered" in tasks(story, THERE) and tasks(story, DISTRICT_UNION) == []
    assert lines(story, THERE)[: len(told)] == told, "the whole history went along, line by line"
    with pytest.raises(Fault, match="not_found"):
        story.does(DISTRICT_UNION, "relocation", "accept")

    story.does(THERE, "relocation", "return_file", reason="缺少档案")
    assert (seen_by(story), story.states()["relocation"]) == ([DISTRICT_UNION], "hand_over_due")
    story.does(DISTRICT_UNION, "relocation", "send_file")
    story.does(THERE, "relocation", "accept")
    assert (seen_by(story), story.states()) == (
        [THERE],
        {"lead": "deferred", "party": "survey_due", "relocation": "handed_over"},
    )

    story.on("2025-08-01")
    assert "revisit" not in tasks(story, THERE)
    story.on("2025-09-15")
    assert "revisit" in tasks(story, THERE), "what was due there is due here"
    story.does(THERE, "lead", "survey", headcount=40, applicants=2)
    story.does(THERE, "lead", "open_union")
    assert story.states()["union"] == "not_started"


@pytest.mark.rule("L-18")
def test_a_file_is_not_sent_to_where_nobody_could_open_it(tell: Any) -> None:
    story = tell("2025-03-03")
    story.registered("远方", "2025-03-03")
    story.hears("changed", division=FAR_AWAY)
    assert "send_file" in told_why_not(story, DISTRICT_UNION), "the page does not offer what would be refused"
    with pytest.raises(Fault, match="destination_unlisted"):
        story.does(DISTRICT_UNION, "relocation", "send_file")
    assert (seen_by(story), story.states()["relocation"]) == ([DISTRICT_UNION], "hand_over_due")

    story.does(DISTRICT_UNION, "relocation", "hand_over_outside")
    assert story.states()["relocation"] == story.states()["lead"] == "transferred"
    assert "hand_over_outside" in [line["step"] for line in lines(story, DISTRICT_UNION)], "still read here"


@pytest.mark.rule("P-18", "L-18")
def test_party_relations_go_first_and_an_enterprise_that_comes_back_stays(tell: Any) -> None:
    story = tell("2025-03-03")
    joins(story.runtime, "minying", OTHER_COUNTY)
    story.registered("来回", "2025-03-03")
    story.does("party.220204102", "party", "survey", full_members=0, probationary_members=0)
    story.does("party.220204102", "party", "propose_dispatched_liaison")
    story.does("party.220204102", "liaison", "record_consent")
    story.does("party.220204102", "liaison", "appoint")
    story.on("2025-04-01")
    story.hears("changed", division=OTHER_COUNTY)
    assert story.states()["relocation"] == "party_hand_over_due"
    assert ("party_superior", "party_hand_over_due") in story.open_work()
    story.does("minying.220204", "relocation", "transfer_party_relations")
    assert story.states()["relocation"] == "hand_over_due"

    story.on("2025-04-02")
    story.hears("changed", division="220204102")
    assert (story.states()["relocation"], seen_by(story)) == ("stayed", [DISTRICT_UNION])


def seen_by(story: Any) -> list[str]:
    """Which of the two counties' unions finds the enterprise's file."""
    found = []
    for account in (DISTRICT_UNION, THERE):
        with story.runtime.reading(story.hands.actor(account)) as unit:
            found += [account] * len(cases(unit, Wanted(uscc=story.uscc))["items"])
    return found


def told_why_not(story: Any, account: str) -> list[str]:
    """The steps of the relocation that the account is told are closed."""
    with story.runtime.reading(story.hands.actor(account)) as unit:
        (found,) = cases(unit, Wanted(uscc=story.uscc))["items"]
        shown = case(unit, int(found["id"]))["proceedings"]
        return [one["step"] for each in shown if each["procedure"] == "relocation" for one in each["refused"]]


def lines(story: Any, account: str) -> list[dict[str, Any]]:
    """The history as the account reads it. `Any`: JSON."""
    with story.runtime.reading(story.hands.actor(account)) as unit:
        (case,) = cases(unit, Wanted(uscc=story.uscc))["items"]
        told: list[dict[str, Any]] = history(unit, int(case["id"]))["items"]
    return told


def tasks(story: Any, account: str) -> list[str]:
    """Why the account's body has open work items."""
    with story.runtime.reading(story.hands.actor(account)) as unit:
        return [item["reason"] for item in work_items(unit, "unit", "open")["items"]]
