"""Nobody at the door: notices are left, they run out into work for people, and no silence refuses anything (M03)."""

from datetime import date
from typing import Any

import pytest

from services.db.queries import history, one_case
from services.db.queries.casebook import Wanted, cases
from workflows.errors import Fault, Refused

TOWN_UNION, DISTRICT_UNION = "union.220204102", "union.220204"
REGISTRY, INVESTMENT, TOWN_PARTY = "registry.220204", "investment.220204102", "party.220204102"


@pytest.mark.rule("L-8", "L-9", "L-10")
def test_the_notice_left_at_the_door_expires_into_a_work_item(tell: Any) -> None:
    story = tell("2025-03-03")
    story.registered("闭门", "2025-03-03")
    story.does(
        TOWN_UNION,
        "lead",
        "serve_notice",
        service_method="left",
        served_at="越北镇厂房",
        served_on="2025-03-02",
    )
    assert story.deadlines()["notice"] == ("running", date(2025, 4, 1))

    story.on("2025-04-02")
    assert story.deadlines()["notice"][0] == "overdue"
    assert story.states()["lead"] == "notice_served", "a notice that ran out refuses nothing"
    assert ("union_local", "notice") in story.open_work()

    story.does(TOWN_UNION, "lead", "serve_notice", service_method="posted", served_on="2025-04-02")
    assert ("union_local", "notice") not in story.open_work()
    with pytest.raises(Refused, match="2 times already"):
        story.does(TOWN_UNION, "lead", "serve_notice")
    assert story.deadlines()["notice"] == ("running", date(2025, 5, 6)), "the thirtieth day is a holiday"
    story.on("2025-05-07")
    assert ("union_local", "notice") in story.open_work()
    story.does(TOWN_UNION, "lead", "call_unreachable")
    assert story.states()["lead"] == "unreachable"

    story.on("2025-06-03")
    story.does(TOWN_UNION, "lead", "resume_contact")
    story.does(TOWN_UNION, "lead", "survey", headcount=40, applicants=3, women_workers=12)
    story.does(TOWN_UNION, "lead", "open_union")
    assert story.states()["lead"] == "ready"
    assert story.line().count("serve_notice") == 2, "both services stay on file"


@pytest.mark.rule("L-15")
def test_an_obstruction_goes_to_the_authorities_and_only_people_take_it_further(tell: Any) -> None:
    story = tell("2025-03-03")
    story.registered("阻挠", "2025-03-03")
    story.does(DISTRICT_UNION, "lead", "refer_obstruction")
    story.on("2025-04-01")
    assert story.states()["lead"] == "obstructed"
    assert ("union_superior", "referral") in story.open_work()
    story.does(DISTRICT_UNION, "lead", "refer_to_government")
    assert ("union_superior", "referral") not in story.open_work()
    story.does(DISTRICT_UNION, "lead", "end_obstruction")
    assert story.states()["lead"] == "contacting"


@pytest.mark.rule("L-3", "L-2")
def test_workers_ask_and_only_the_union_knows_that_it_was_they(tell: Any) -> None:
    story = tell("2025-03-03")
    case = story.begins(
        TOWN_UNION,
        "lead",
        "worker_request",
        name="闭门有限公司",
        uscc=story.uscc,
        workers=2,
        note="希望成立工会",
    )
    assert story.states()["lead"] == "contacting"
    for office in (REGISTRY, INVESTMENT):
        with pytest.raises(Fault, match="not_found"):
            shown(story, office, case)
    assert_no_trace(shown(story, TOWN_PARTY, case))
    assert "worker_request" in shown(story, TOWN_UNION, case)

    story.on("2025-03-10")
    story.registered("闭门有限公司", "2025-03-10")
    assert story.line().count("registered_meanwhile") == 1
    assert (story.states()["lead"], story.facts("lead")["source"]) == ("contacting", "workers")
    for account in (REGISTRY, INVESTMENT, TOWN_PARTY):
        assert_no_trace(shown(story, account, case))
    with pytest.raises(Fault, match="case_exists"):
        story.begins(TOWN_UNION, "lead", "worker_request", name="又一个", uscc=story.uscc)
    story.does(TOWN_UNION, "lead", "record_request", workers=5)
    assert story.facts("lead")["workers"] == 5


def assert_no_trace(told: str) -> None:
    for word in ("workers", "worker_request", "希望成立工会", "请求"):
        assert word not in told, word


def shown(story: Any, account: str, case: int) -> str:
    """All that the counter gives an account about a case, as text."""
    with story.runtime.reading(story.hands.actor(account)) as unit:
        listed = cases(unit, Wanted(uscc=story.uscc))
        return str((listed, one_case.case(unit, case), history.history(unit, case)))
