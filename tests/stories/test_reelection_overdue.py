"""A re-election that nobody held (换届超期): the term ends, the committee stays, the superior sets a day, and a new term begins."""

from datetime import date
from typing import Any

import pytest

from workflows.errors import Refused

TOWN_UNION, DISTRICT_UNION = "union.220204102", "union.220204"
TOWN_PARTY = "party.220204102"


def union_of_2019(tell: Any) -> Any:
    """A union elected on 20 May 2019 for three years, approved ten days later. `Any`: a story."""
    story = tell("2019-03-01")
    story.registered("红光", "2019-03-01")
    story.on("2019-03-11")
    story.does(TOWN_UNION, "lead", "survey", headcount=80, applicants=40)
    story.does(TOWN_UNION, "lead", "open_union")
    story.does(TOWN_UNION, "union", "file_application")
    story.on("2019-03-20")
    story.does(DISTRICT_UNION, "union", "approve_preparation")
    story.does(TOWN_UNION, "union", "form_group")
    story.does(TOWN_UNION, "union", "admit_members", union_members=40, women_members=12)
    story.does(TOWN_UNION, "union", "choose_committee")
    story.on("2019-05-20")
    story.does(TOWN_UNION, "union", "nominate")
    story.does(DISTRICT_UNION, "union", "approve_candidates")
    story.does(TOWN_UNION, "union", "record_election", entitled=40, present=38, votes_for=30, term_years=3)
    story.does(TOWN_UNION, "union", "report_result")
    story.on("2019-05-30")
    story.does(DISTRICT_UNION, "union", "approve_result")
    story.does(TOWN_UNION, "union", "complete_set_up", women_body="committee")
    return story


@pytest.mark.rule("T-1", "T-9", "T-2", "T-3", "T-4", "T-5", "T-6", "T-7", "T-11")
def test_a_term_runs_out_and_the_superior_has_the_re_election_completed(tell: Any) -> None:
    story = union_of_2019(tell)
    assert story.states()["union_term"] == "in_term"
    assert story.deadlines()["term_end"] == ("running", date(2022, 5, 20))
    assert story.deadlines()["remind"] == ("running", date(2022, 2, 20))  # a Sunday; it stays there

    story.on("2022-02-21")
    assert story.states()["union_term"] == "reminded"
    assert story.notices()[-1] == "union_term_reminder"
    assert ("union_local", "reminded") in story.open_work()

    # Nobody does anything. The last day passes, and that is a fact, no more.
    story.on("2022-05-20")
    assert story.deadlines()["term_end"] == ("running", date(2022, 5, 20))
    story.on("2022-05-21")
    assert story.deadlines()["term_end"][0] == "overdue"
    assert story.facts("union_term")["overdue"] is True
    assert {("union_superior", "term_end"), ("union_local", "reminded")} <= story.open_work()
    stands = (story.states()["union"], story.states()["union_term"])
    assert stands == ("operating", "reminded"), "the committee stays in office"

    # The superior sets a day, and has done its part; the town sets to work.
    story.on("2022-06-01")
    story.does(
        DISTRICT_UNION,
        "union_term",
        "order_completion",
        complete_by="2022-08-31",
        note="到期未换届，限期完成",
    )
    assert ("union_superior", "term_end") not in story.open_work()
    assert story.deadlines()["completion"] == ("running", date(2022, 8, 31))
    story.does(TOWN_UNION, "union_term", "start_preparing")
    story.does(TOWN_UNION, "union_term", "apply")
    story.on("2022-06-10")
    story.does(DISTRICT_UNION, "union_term", "approve_application")
    story.on("2022-07-11")
    story.does(TOWN_UNION, "union_term", "nominate")
    story.does(DISTRICT_UNION, "union_term", "approve_candidates")
    story.on("2022-07-15")
    story.does(
        TOWN_UNION, "union_term", "record_election", entitled=40, present=36, votes_for=31, term_years=5
    )
    assert story.deadlines()["completion"][0] == "met"
    story.does(TOWN_UNION, "union_term", "report_result")
    story.on("2022-07-25")
    story.does(DISTRICT_UNION, "union_term", "approve_result")

    # The new term runs from the new election, for five years; what was before stands in the history.
    assert story.states()["union_term"] == "renewed"
    assert story.deadlines()["term_end"] == ("running", date(2027, 7, 15))
    assert story.facts("union_term")["overdue"] is False
    assert story.facts("union")["held_on"] == "2019-05-20"
    assert not {reason for _, reason in story.open_work()} & {"term_end", "completion"}
    story.on("2022-08-05")
    story.does(TOWN_UNION, "union_term", "record_first_meeting")
    assert story.states()["union_term"] == "in_term"
    assert story.deadlines()["remind"] == ("running", date(2027, 4, 15))
    told = story.line()
    term = [
        "remind_expired",
        "remind",
        "term_end_expired",
        "become_overdue",
        "order_completion",
        "approve_result",
    ]
    assert [step for step in told if step in term] == ["approve_result", *term]


@pytest.mark.rule("T-8", "T-9")
def test_what_was_put_off_in_time_is_not_overdue_and_what_is_over_cannot_be_put_off(tell: Any) -> None:
    story = union_of_2019(tell)
    story.on("2022-03-01")
    story.does(TOWN_UNION, "union_term", "request_extension", extend_months=3, note="厂房搬迁")
    story.on("2022-03-10")
    story.does(DISTRICT_UNION, "union_term", "grant_extension", note="同意延期三个月")
    assert story.deadlines()["term_end"] == ("running", date(2022, 8, 20))
    story.on("2022-05-21")
    assert story.states()["union_term"] == "reminded"  # three months before the new last day
    assert story.deadlines()["term_end"] == ("running", date(2022, 8, 20))
    story.does(TOWN_UNION, "union_term", "request_extension", extend_months=3, note="搬迁未完")

    # The superior lets the day pass; what is over by then can only be refused.
    story.on("2022-08-21")
    assert story.deadlines()["term_end"] == ("overdue", date(2022, 8, 20))
    with pytest.raises(Refused, match="term_not_running"):
        story.does(DISTRICT_UNION, "union_term", "grant_extension", note="同意")
    assert story.states()["union_term"] == "extension_requested"
    story.does(DISTRICT_UNION, "union_term", "refuse_extension", note="任期已满")
    assert ("union_superior", "term_end") in story.open_work()


@pytest.mark.rule("T-10")
def test_a_chair_who_leaves_is_replaced_by_election_and_the_term_ends_when_it_would_have(tell: Any) -> None:
    story = union_of_2019(tell)
    story.on("2020-09-01")
    story.does(TOWN_UNION, "union_term", "report_vacancy", vacant_since="2020-08-28")
    assert story.deadlines()["by_election"] == ("running", date(2020, 11, 30))  # 28 November is a Saturday
    story.on("2020-12-01")
    assert ("union_superior", "by_election") in story.open_work()
    story.does(
        TOWN_UNION, "union_term", "record_by_election",
        posts=1, candidate_count=2, entitled=40, present=35, votes_for=33,
    )  # fmt: skip
    assert story.states()["union_term"] == "in_term"
    assert story.deadlines()["term_end"] == ("running", date(2022, 5, 20))
    assert ("union_superior", "by_election") not in story.open_work()


@pytest.mark.rule("T-2")
def test_the_party_organisation_hears_that_the_union_prepares_its_re_election(tell: Any) -> None:
    story = union_of_2019(tell)
    story.does(TOWN_PARTY, "party", "survey", full_members=3)
    story.does(TOWN_PARTY, "party", "apply_branch")
    story.does("minying.220204", "party", "approve_formation")
    story.does(TOWN_PARTY, "party", "record_election", entitled=3, present=3, votes_for=3)
    story.does("minying.220204", "party", "approve_branch")
    assert story.deadlines()["term_end"] == ("running", date(2022, 5, 30))  # the branch's own
    story.on("2022-02-21")
    story.does(TOWN_UNION, "union_term", "start_preparing")
    assert story.notices()[-1] == "union_reelection"
