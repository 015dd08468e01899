"""Leads from the first visit on, row by row (WORKFLOWS 2.1): notices, obstacles, and every honest way from there."""

from datetime import date

import pytest

from tests.workflows.leads import asked, due, given
from tests.workflows.lives import (
    COUNTY,
    FILES,
    MONDAY,
    Life,
    book,
    edition,
    examples,
    registered,
    step_of,
    why,
)
from workflows import forms
from workflows.definition import Situation
from workflows.errors import Fault, Refused
from workflows.policies.book import Book, shipped
from workflows.procedures.lead_forms import OBSTACLES
from workflows.procedures.lead_states import LIVE, REFERRED
from workflows.runner import why_not
from workflows.subjects import JOINT_UNION

# -- L-6 and L-7: assigned and visited -----------------------------------------------------------------


@pytest.mark.rule("L-6")
def test_the_superior_assigns_the_town_and_may_send_an_instructor() -> None:
    life = Life(placed=False)
    life.tell("registry.registered")
    unfolded = life.take("lead", "assign", instructor_sent=True)
    assert life.situation("lead")["instructor_sent"] is True
    assert asked(unfolded) == ["union_local"]
    assert asked(life.expire("lead", "contact")) == ["union_superior"]


@pytest.mark.rule("L-7", "L-11")
def test_a_survey_needs_its_two_figures_and_takes_the_rest_where_it_is_known() -> None:
    survey = step_of("lead", "survey")
    assert given(survey, headcount=8, applicants=2) == {"headcount": 8, "applicants": 2}
    full = given(
        survey, headcount=8, applicants=2, women_workers=3, segment="small_workshop", activity="idle"
    )
    assert full == {
        "headcount": 8,
        "applicants": 2,
        "women_workers": 3,
        "segment": "small_workshop",
        "activity": "idle",
    }
    with pytest.raises(Fault, match="Workers who applied"):
        given(survey, headcount=8)


@pytest.mark.rule("L-11")
@pytest.mark.parametrize(
    ("figure", "sentence"), [("applicants", "More applied"), ("women_workers", "more women")]
)
def test_a_survey_counts_nobody_who_does_not_work_there(figure: str, sentence: str) -> None:
    assert why("lead", "survey", **{"headcount": 60, figure: 60}) is None
    reason = why("lead", "survey", **{"headcount": 60, figure: 61})
    assert reason is not None and sentence in reason.en


# -- L-8 and L-9: notices ------------------------------------------------------------------------------


@pytest.mark.rule("L-8")
@pytest.mark.parametrize("missing", ["service_method", "served_at", "served_on"])
def test_a_service_says_how_where_and_when(missing: str) -> None:
    serve = step_of("lead", "serve_notice")
    assert [paper.kind for paper in serve.evidence] == ["union_founding_notice"]
    form = examples(serve)
    with pytest.raises(Fault) as fault:
        given(serve, **{name: value for name, value in form.items() if name != missing})
    assert (fault.value.code, fault.value.field) == ("field_missing", missing)


@pytest.mark.rule("L-8")
def test_whoever_received_a_notice_is_a_post_and_no_person() -> None:
    post = next(field for field in step_of("lead", "serve_notice").fields if field.name == "receiver_post")
    assert not post.required, "what is left at the door nobody receives"
    assert "不写姓名" in post.label.zh and "no name" in post.label.en


@pytest.mark.rule("L-8")
def test_a_notices_period_counts_from_the_day_it_was_served() -> None:
    life = registered()
    unfolded = life.take("lead", "serve_notice", served_on="2026-02-27")
    assert due(unfolded) == {"notice": date(2026, 3, 30)}, "thirty days end on Sunday 29 March"
    assert life.situation("lead")["instrument"] == "建会通知书"


@pytest.mark.rule("L-9")
def test_the_second_notice_has_a_period_of_its_own() -> None:
    life = registered(book(edition(COUNTY, date(2000, 1, 1), {"lead.second_notice": "10 day"})))
    assert due(life.take("lead", "serve_notice")) == {"notice": date(2026, 4, 1)}
    life.wait(31)
    assert asked(life.expire("lead", "notice")) == ["union_local"]
    assert life.state("lead") == "notice_served", "running out refuses nothing"
    assert due(life.take("lead", "serve_notice")) == {"notice": date(2026, 4, 13)}
    with pytest.raises(Refused, match="has not run out yet"):
        life.take("lead", "call_unreachable")
    life.wait(11)
    life.expire("lead", "notice")
    life.take("lead", "call_unreachable")
    assert life.state("lead") == "unreachable"


@pytest.mark.rule("L-9")
@pytest.mark.parametrize(
    ("division", "registered_on", "sentence"),
    [
        ("220204102", "2020-01-02", "knows no opinion letter"),
        ("500101001", None, "no day of registration"),
        ("500101001", "2025-03-02", "after 2026-03-02"),  # the year's last day is today
        ("500101001", "2025-03-01", None),
    ],
)
def test_an_opinion_letter_is_issued_where_the_place_has_it_and_its_time_is_over(
    division: str, registered_on: str | None, sentence: str | None
) -> None:
    """Chongqing: a year after its founding, a unit without a union is sent one (K7 Art 7)."""
    situation = Situation({"registered_on": registered_on}, Book(shipped()).policy(division, MONDAY), MONDAY)
    reason = why_not(step_of("lead", "issue_opinion"), situation)
    assert (reason is None) is (sentence is None)
    assert sentence is None or (reason is not None and sentence in reason.en)


@pytest.mark.rule("L-9")
def test_an_opinion_letter_is_the_superiors_on_paper_and_refuses_nothing() -> None:
    step = step_of("lead", "issue_opinion")
    assert step.by is not None and step.by.superior
    assert [paper.kind for paper in step.evidence] == ["union_opinion"]
    life = registered(Book(shipped()))
    life.case.division = "500101001"
    life.case.facts["registered_on"] = "2025-02-03"
    life.take("lead", "serve_notice")
    life.take("lead", "issue_opinion")
    assert life.state("lead") == "notice_served"
    assert life.situation("lead")["letter"] == "建立工会意见书"


# -- L-10 to L-14: on from the visit -------------------------------------------------------------------


@pytest.mark.rule("L-10")
@pytest.mark.parametrize("away", ["notice_served", "unreachable"])
def test_contact_restored_begins_the_visits_and_the_count_of_notices_anew(away: str) -> None:
    life = Life.standing_in("lead", away)
    life.standing("lead").data["attempts"] = 2
    life.take("lead", "resume_contact")
    assert (life.state("lead"), life.situation("lead")["attempts"]) == ("contacting", 0)


@pytest.mark.rule("L-13", "L-14")
@pytest.mark.parametrize("step", ["defer", "record_decline"])
@pytest.mark.parametrize("obstacle", [one.value for one in OBSTACLES])
def test_every_known_obstacle_is_a_reason_that_can_be_recorded(step: str, obstacle: str) -> None:
    """M23: the owner's reasons, the workers', and the district's; none of them is taken for a fault."""
    life = registered()
    life.take("lead", "survey", applicants=0)
    life.take("lead", step, reason=obstacle)
    assert life.situation("lead")["reason"] == obstacle


@pytest.mark.rule("L-13")
def test_where_nobody_applies_a_later_visit_falls_due() -> None:
    life = registered()
    life.take("lead", "survey", applicants=0)
    assert due(life.take("lead", "defer"))["revisit"] == date(2026, 9, 2)
    assert asked(life.expire("lead", "revisit")) == ["union_local"]
    life.take("lead", "survey", applicants=1)
    life.take("lead", "open_union")
    assert life.state("lead") == "ready"


@pytest.mark.rule("L-12", "L-14")
def test_no_step_to_a_union_asks_for_the_owners_consent() -> None:
    for name in ("survey", "open_union"):
        assert not {"owner_consents", "consent", "reason"} & {
            one.name for one in step_of("lead", name).fields
        }
    assert why("lead", "open_union", applicants=1, reason="owner_unwilling") is None


# -- L-15: obstruction ---------------------------------------------------------------------------------


@pytest.mark.rule("L-15")
@pytest.mark.parametrize("state", [name for name in LIVE if name not in REFERRED])
def test_an_obstruction_is_referred_from_wherever_it_is_met(state: str) -> None:
    life = Life.standing_in("lead", state)
    unfolded = life.take("lead", "refer_obstruction")
    assert (life.state("lead"), asked(unfolded)) == ("obstructed", ["union_superior"])
    assert due(unfolded) == {"referral": date(2026, 3, 23)}


@pytest.mark.rule("L-15")
def test_an_order_that_is_refused_goes_before_the_government_and_never_by_itself() -> None:
    life = Life.standing_in("lead", "obstructed")
    assert asked(life.expire("lead", "referral")) == ["union_superior"]
    assert life.state("lead") == "obstructed"
    step = step_of("lead", "refer_to_government")
    assert [paper.kind for paper in step.evidence] == ["government_referral"]
    unfolded = life.take("lead", "refer_to_government")
    assert (life.state("lead"), list(due(unfolded))) == ("escalated", ["referral"])


@pytest.mark.rule("L-15")
@pytest.mark.parametrize("state", REFERRED)
def test_an_obstruction_put_right_lets_the_visits_go_on(state: str) -> None:
    life = Life.standing_in("lead", state)
    assert asked(life.take("lead", "end_obstruction")) == ["union_local"]
    assert life.state("lead") == "contacting"


# -- L-16 to L-18: the enterprise stops, ends, moves ---------------------------------------------------


@pytest.mark.rule("L-16")
def test_no_term_of_a_lead_runs_while_the_enterprise_is_suspended() -> None:
    for state, step in (
        ("obstructed", "refer_to_government"),
        ("surveyed", "defer"),
        ("contacting", "serve_notice"),
    ):
        life = Life.standing_in("lead", state)
        life.tell("registry.suspended")
        unfolded = life.take("lead", step)
        assert unfolded.terms and not any(one.deadline.is_running for one in unfolded.terms)


@pytest.mark.rule("L-17")
@pytest.mark.parametrize("event", ["registry.deregistered", "registry.revoked", "registry.merged"])
@pytest.mark.parametrize("state", [*LIVE, "out_of_scope"])
def test_a_lead_ends_with_its_enterprise(state: str, event: str) -> None:
    life = Life.standing_in("lead", state)
    assert asked(life.tell(event)) == []
    assert life.state("lead") == "enterprise_gone"


@pytest.mark.rule("L-17", "U-23")
@pytest.mark.parametrize("state", [*LIVE, "out_of_scope"])
def test_an_enterprise_that_was_split_goes_on_and_so_does_its_lead(state: str) -> None:
    life = Life.standing_in("lead", state)
    life.tell("registry.split")
    assert life.state("lead") == state


@pytest.mark.rule("L-18")
@pytest.mark.parametrize("state", [*LIVE, "out_of_scope"])
def test_a_lead_handed_over_to_where_this_system_does_not_reach_ends_as_transferred(state: str) -> None:
    life = Life.standing_in("lead", state)
    assert asked(life.tell("relocation.left")) == []
    assert life.state("lead") == "transferred"


@pytest.mark.rule("L-18")
@pytest.mark.parametrize("state", LIVE)
def test_a_lead_that_arrives_in_another_county_stands_where_it_stood(state: str) -> None:
    life = Life.standing_in("lead", state)
    life.tell("relocation.arrived")
    assert life.state("lead") == ("contacting" if state == "registered" else state), (
        "only one that waited for its town goes on, for now its town is known"
    )


# -- L-19: covered already -----------------------------------------------------------------------------


@pytest.mark.rule("L-19")
def test_a_unit_covered_already_is_linked_to_the_joint_unions_own_file() -> None:
    life = registered()
    unfolded = life.take("lead", "link_covered", joint_union=FILES["joint_union"][0][0])
    assert {(one.name, str(one.to)) for one in unfolded.links if one.name == "joint_union"} == {
        ("joint_union", FILES["joint_union"][0][0])
    }
    assert (life.state("lead"), life.case.facts["union_form"]) == ("covered", "covered")


@pytest.mark.rule("L-19")
def test_a_unit_is_not_linked_to_a_joint_union_that_has_no_file() -> None:
    step = step_of("lead", "link_covered")
    assert [(field.kind, field.to, field.required) for field in step.fields] == [("link", JOINT_UNION, True)]
    with pytest.raises(Fault):
        given(step, joint_union="越北镇联合工会")
    assert forms.nothing_to_choose(step, {}) is not None


# -- the place's own deadline for founding a union ------------------------------------------------------


def in_place(division: str, registered_on: str) -> Life:
    life = Life(Book(shipped()))
    life.case.division = division
    life.case.facts["registered_on"] = registered_on
    return life


@pytest.mark.parametrize(
    ("division", "ends"),
    [
        ("220204102", None),  # the nation sets none
        ("310101001", date(2026, 7, 15)),  # Shanghai: six months after opening
        ("500101001", date(2027, 1, 15)),  # Chongqing: a year
        ("410102001", date(2027, 1, 15)),  # Zhengzhou: a year
    ],
)
def test_a_local_time_for_founding_a_union_counts_from_the_registration(
    division: str, ends: date | None
) -> None:
    life = in_place(division, "2026-01-15")
    terms = {one.term.name: one.deadline for one in life.tell("registry.registered").terms}
    if ends is None:
        assert "formation" not in terms
    elif ends.year == 2026:
        assert terms["formation"].due_on == ends
    else:
        assert (terms["formation"].due_on, terms["formation"].unknown_year) == (None, ends.year)


def test_where_only_willing_workers_make_it_count_it_counts_once_they_are_willing() -> None:
    """Beijing: six months after opening, and the workers willing (K6 Art 11)."""
    life = in_place("110101001", "2026-01-15")
    assert "formation" not in due(life.tell("registry.registered"))
    assert "formation" not in due(life.take("lead", "survey", applicants=0))
    life.take("lead", "record_decline")
    assert due(life.take("lead", "survey", applicants=2)) == {"formation": date(2026, 7, 15)}


def test_when_the_local_time_is_over_the_superior_sends_help_and_nobody_has_refused() -> None:
    life = in_place("310101001", "2026-01-15")
    life.tell("registry.registered")
    life.wait(200)
    unfolded = life.expire("lead", "formation")
    assert asked(unfolded) == ["union_superior"]
    assert "派人帮助" in unfolded.work[0].work.task.zh
    assert life.state("lead") == "contacting"


def test_a_lead_of_unknown_registration_counts_from_the_day_of_the_news() -> None:
    life = Life(Book(shipped()))
    life.case.division = "310101001"
    assert due(life.begin("lead", "village", town=None))["formation"] == date(2026, 9, 2)


@pytest.mark.rule("L-11", "L-13")
def test_a_survey_written_down_wrongly_is_written_down_again() -> None:
    life = registered()
    life.take("lead", "survey", applicants=5)
    with pytest.raises(Refused, match="may not be deferred"):
        life.take("lead", "defer")
    life.take("lead", "survey", applicants=0)
    life.take("lead", "defer")
    assert life.state("lead") == "deferred"
