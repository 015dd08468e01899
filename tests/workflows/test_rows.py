"""Rows of the law that no other test tells: each a small life, lived as far as the row reaches."""

import pytest

from tests.workflows.branches import running
from tests.workflows.lives import (
    MONDAY,
    TOWNS,
    Life,
    asked,
    elect,
    elect_branch,
    establish,
    examples,
    form_branch,
    make_ready,
    ordered,
    recruit,
    registered,
    step_of,
)
from workflows import forms
from workflows.errors import Fault, Refused


def reported() -> Life:
    life = registered()
    make_ready(life)
    recruit(life)
    elect(life)
    return life


# -- leads ------------------------------------------------------------------------------------------


@pytest.mark.rule("L-1")
def test_a_project_reported_beforehand_is_the_local_unions_to_follow() -> None:
    life = Life()
    unfolded = life.tell("registry.prenotified")
    assert life.state("lead") == "signalled"
    assert "union_local" in asked(unfolded)
    assert not life.has("party"), "nobody else is troubled before the enterprise is registered"


@pytest.mark.rule("L-5")
def test_a_project_that_never_registers_is_looked_into_and_stays_until_somebody_acts() -> None:
    life = Life()
    assert running(life.tell("registry.prenotified"))["signal"] == "180 day"
    assert asked(life.expire("lead", "signal")) == ["union_local"]
    assert life.state("lead") == "signalled"
    assert running(life.take("lead", "follow_up")) == {"signal": "180 day"}
    assert life.state("lead") == "signalled"


@pytest.mark.rule("L-7", "L-11")
def test_a_visit_ends_the_wait_for_first_contact_and_records_numbers_and_no_names() -> None:
    life = registered()
    unfolded = life.take("lead", "survey", headcount=60, applicants=12)
    assert life.state("lead") == "surveyed"
    assert (life.standing("lead").key, "contact") in unfolded.terms_ended
    assert life.case.facts["headcount"] == 60
    assert life.situation("lead")["applicants"] == 12
    assert "applicants" not in life.case.facts, "how many applied stays in the union's drawer"
    with pytest.raises(Fault) as fault:
        forms.check(step_of("lead", "survey"), {"applicants": "张三"}, today=MONDAY, towns=TOWNS)
    assert fault.value.code.startswith("field_")


@pytest.mark.rule("L-8")
def test_a_notice_left_runs_its_period_and_does_not_count_as_a_visit() -> None:
    life = registered()
    unfolded = life.take("lead", "serve_notice")
    assert (life.state("lead"), life.situation("lead")["attempts"]) == ("notice_served", 1)
    assert running(unfolded) == {"notice": "30 day"}
    assert life.standing("lead").on_file == {"union_founding_notice"}
    with pytest.raises(Refused):
        life.take("lead", "open_union")


@pytest.mark.rule("L-10")
@pytest.mark.parametrize("away", ["notice_served", "unreachable"])
def test_whoever_is_found_again_is_surveyed_like_any_other(away: str) -> None:
    life = Life.standing_in("lead", away)
    life.take("lead", "survey", applicants=1)
    assert life.state("lead") == "surveyed"


@pytest.mark.rule("L-14")
def test_an_owner_who_declines_stops_no_worker() -> None:
    life = registered()
    life.take("lead", "survey", applicants=1)
    life.take("lead", "record_decline", reason="owner_unwilling")
    assert life.state("lead") == "declined"
    life.take("lead", "open_union")
    assert (life.state("lead"), life.state("union")) == ("ready", "not_started")


@pytest.mark.rule("L-14")
def test_where_the_owner_declines_and_nobody_applied_nothing_is_forced() -> None:
    life = registered()
    life.take("lead", "survey", applicants=0)
    life.take("lead", "record_decline")
    with pytest.raises(Refused, match="At least one worker"):
        life.take("lead", "open_union")


@pytest.mark.rule("L-15")
def test_an_obstruction_is_referred_by_the_superior_on_evidence_and_visits_go_on_after_it() -> None:
    step = step_of("lead", "refer_obstruction")
    assert step.by is not None and step.by.superior
    assert [paper.kind for paper in step.evidence] == ["obstruction_record"]
    life = registered()
    assert asked(life.take("lead", "refer_obstruction")) == ["union_superior", "party_local"]
    assert life.state("lead") == "obstructed"
    with pytest.raises(Refused):
        life.take("lead", "survey")
    life.take("lead", "end_obstruction")
    assert life.state("lead") == "contacting"


# -- the union --------------------------------------------------------------------------------------


@pytest.mark.rule("U-1")
def test_a_request_is_filed_on_paper_and_goes_to_the_superior() -> None:
    life = registered()
    make_ready(life)
    assert "union_application" in {paper.kind for paper in step_of("union", "file_application").evidence}
    unfolded = life.take("union", "file_application")
    assert (life.state("union"), asked(unfolded)) == ("applying", ["union_superior"])
    assert running(unfolded) == {"approve_preparation": "15 day"}


@pytest.mark.rule("U-3")
def test_a_request_with_defects_goes_back_with_a_list_and_a_term() -> None:
    life = registered()
    make_ready(life)
    life.take("union", "file_application")
    unfolded = life.take("union", "return_application", defects="请补充会员名单")
    assert (life.state("union"), life.situation("union")["defects"]) == ("returned", "请补充会员名单")
    assert running(unfolded) == {"correct": "10 workday"}
    life.take("union", "file_again")
    assert life.state("union") == "applying"


@pytest.mark.rule("U-4")
def test_a_refusal_names_one_of_the_lawful_grounds() -> None:
    step = step_of("union", "refuse_application")
    for ground in ("not_an_employer", "wrong_jurisdiction", "duplicate"):
        forms.check(step, examples(step) | {"refusal": ground}, today=MONDAY, towns=TOWNS)
    with pytest.raises(Fault) as fault:
        forms.check(step, examples(step) | {"refusal": "owner_unwilling"}, today=MONDAY, towns=TOWNS)
    assert fault.value.code.startswith("field_")
    with pytest.raises(Fault):
        forms.check(step, {}, today=MONDAY, towns=TOWNS)


@pytest.mark.rule("U-5")
def test_a_preparation_has_its_term() -> None:
    life = registered()
    make_ready(life)
    life.take("union", "file_application")
    assert running(life.take("union", "approve_preparation")) == {"preparation": "90 day"}
    assert asked(life.expire("union", "preparation")) == ["union_superior"]
    assert life.state("union") == "preparing"


@pytest.mark.rule("U-8")
def test_a_joint_union_that_does_not_take_a_unit_leaves_the_form_open() -> None:
    life = registered()
    make_ready(life)
    recruit(life, members=10)
    life.take("union", "choose_joint")
    life.take("union", "decline_joint")
    assert (life.state("union"), life.case.facts["union_form"]) == ("recruited", "none")
    life.take("union", "choose_organiser")
    assert life.state("union") == "organiser_only"


@pytest.mark.rule("U-9")
def test_an_organiser_is_elected_on_record() -> None:
    life = registered()
    make_ready(life)
    recruit(life, members=10)
    life.take("union", "choose_organiser")
    life.take("union", "elect_organiser", papers=(), entitled=10, present=10, votes_for=9)
    with pytest.raises(Refused, match="No election record"):
        life.take("union", "report_result")


@pytest.mark.rule("U-11", "U-12")
def test_candidates_go_to_the_vote_only_when_the_superior_agrees() -> None:
    life = registered()
    make_ready(life)
    recruit(life)
    life.take("union", "choose_committee")
    assert asked(life.take("union", "nominate"))[0] == "union_superior"
    with pytest.raises(Refused):
        life.take("union", "record_election")
    life.take("union", "reject_candidates")
    assert life.state("union") == "own_committee"
    life.take("union", "nominate")
    life.take("union", "approve_candidates")
    assert life.state("union") == "meeting_called"


@pytest.mark.rule("U-2", "U-12", "U-16", "P-6", "P-9")
@pytest.mark.parametrize(
    ("procedure", "filing", "deciding"),
    [
        ("union", "file_application", "approve_preparation"),
        ("union", "file_again", "approve_preparation"),
        ("union", "nominate", "approve_candidates"),
        ("union", "report_result", "approve_result"),
        ("party", "apply_branch", "approve_formation"),
        ("party", "record_election", "approve_branch"),
    ],
)
def test_the_superior_decides_and_never_the_one_who_filed(procedure: str, filing: str, deciding: str) -> None:
    step = step_of(procedure, deciding)
    assert step.by is not None and step.by.superior
    assert filing in step.not_by


@pytest.mark.rule("U-14")
def test_a_void_election_has_a_term_for_the_next_and_elects_nobody() -> None:
    life = registered()
    make_ready(life)
    recruit(life)
    for step in ("choose_committee", "nominate", "approve_candidates"):
        life.take("union", step)
    assert running(life.take("union", "record_void_election")) == {"reelect": "30 day"}
    with pytest.raises(Refused):
        life.take("union", "report_result")
    life.take("union", "call_again")
    life.take("union", "record_election")
    assert life.state("union") == "elected"


@pytest.mark.rule("U-15")
def test_a_result_is_reported_within_its_term() -> None:
    life = registered()
    make_ready(life)
    recruit(life)
    for step in ("choose_committee", "nominate", "approve_candidates"):
        life.take("union", step)
    assert running(life.take("union", "record_election")) == {"report_result": "10 day"}
    assert asked(life.expire("union", "report_result")) == ["union_local"]
    unfolded = life.take("union", "report_result")
    assert (life.state("union"), asked(unfolded)) == ("reported", ["union_superior"])
    assert (life.standing("union").key, "report_result") in unfolded.terms_ended


@pytest.mark.rule("U-16")
def test_a_superior_that_does_not_reply_has_not_approved() -> None:
    life = reported()
    life.wait(60)
    assert asked(life.expire("union", "approve_result")) == ["union_superior"]
    assert (life.state("union"), life.case.facts["union_form"]) == ("reported", "none")


@pytest.mark.rule("U-17")
def test_a_result_refused_is_no_union_and_another_election_is_due() -> None:
    life = reported()
    assert running(life.take("union", "refuse_result")) == {"reelect": "30 day"}
    assert (life.state("union"), life.case.facts["union_form"]) == ("election_void", "none")
    for step in ("call_again", "record_election", "report_result", "approve_result"):
        life.take("union", step)
    assert life.state("union") == "established"


@pytest.mark.rule("U-18", "U-19")
def test_companion_bodies_seal_and_account_come_with_the_approval_and_not_before() -> None:
    life = reported()
    with pytest.raises(Refused):
        life.take("union", "complete_set_up", women_body="one_member")
    assert "set_up" in running(life.take("union", "approve_result"))
    life.take("union", "complete_set_up", women_body="one_member")
    assert (life.state("union"), life.case.facts["union_form"]) == ("operating", "union")


@pytest.mark.rule("U-24")
def test_a_move_hands_the_file_over_and_leaves_the_union_as_it_is() -> None:
    life = registered()
    establish(life)
    life.take("union", "complete_set_up", women_body="one_member")
    life.tell("registry.moved")
    assert (life.state("union"), life.case.facts["union_form"]) == ("operating", "union")


# -- the Party organisation -------------------------------------------------------------------------


@pytest.mark.rule("P-4")
def test_a_joint_branch_stands_once_the_superior_has_approved_it() -> None:
    life = registered(ordered("party_first"))
    life.take("party", "survey", full_members=2)
    life.take("party", "apply_joint_branch")
    assert life.case.facts["party_form"] == "none"
    life.take("party", "approve_joint_branch")
    assert (life.state("party"), life.case.facts["party_form"]) == ("joint_branch", "joint_branch")


@pytest.mark.rule("P-6")
def test_the_superior_has_a_month_to_reply_and_its_silence_is_no_consent() -> None:
    life = registered(ordered("party_first"))
    life.take("party", "survey", full_members=3)
    assert running(life.take("party", "apply_branch"))["approve_branch"] == "1 month"
    assert asked(life.expire("party", "approve_branch")) == ["party_superior"]
    assert life.state("party") == "applying"
    life.take("party", "approve_formation")
    assert life.state("party") == "approved_to_form"


@pytest.mark.rule("P-7")
def test_a_request_returned_may_be_filed_again_or_withdrawn() -> None:
    life = registered(ordered("party_first"))
    life.take("party", "survey", full_members=3)
    life.take("party", "apply_branch")
    life.take("party", "return_request", note="请补充")
    assert (life.state("party"), life.situation("party")["note"]) == ("returned", "请补充")
    life.take("party", "apply_branch")
    life.take("party", "return_request")
    life.take("party", "withdraw_to_none")
    assert life.state("party") == "surveyed"


@pytest.mark.rule("P-8")
def test_a_branch_that_has_not_elected_is_not_approved() -> None:
    life = registered(ordered("party_first"))
    life.take("party", "survey", full_members=3)
    life.take("party", "apply_branch")
    life.take("party", "approve_formation")
    with pytest.raises(Refused):
        life.take("party", "approve_branch")
    with pytest.raises(Refused, match="no election can be held"):
        life.take("party", "record_election", entitled=3, present=2, votes_for=2)


@pytest.mark.rule("P-9")
def test_officers_refused_are_elected_again() -> None:
    life = registered(ordered("party_first"))
    elect_branch(life)
    life.take("party", "refuse_officers")
    assert (life.state("party"), life.case.facts["party_form"]) == ("approved_to_form", "none")


@pytest.mark.rule("P-14", "P-15")
@pytest.mark.parametrize(
    ("state", "full"), [("branch", 2), ("branch", 0), ("branch_with_committee", 6), ("general_branch", 49)]
)
def test_numbers_that_fall_dissolve_and_shrink_nothing(state: str, full: int) -> None:
    life = Life.standing_in("party", state)
    form = life.case.facts["party_form"]
    life.take("party", "update_counts", full_members=full, probationary_members=0)
    assert (life.state("party"), life.case.facts["party_form"]) == (state, form)


@pytest.mark.rule("P-12", "P-13")
@pytest.mark.parametrize(
    ("state", "full"), [("branch", 7), ("branch_with_committee", 50), ("general_branch", 100)]
)
def test_numbers_that_rise_make_no_larger_form_by_themselves(state: str, full: int) -> None:
    life = Life.standing_in("party", state)
    life.take("party", "update_counts", full_members=full, probationary_members=0)
    assert life.state("party") == state


@pytest.mark.rule("P-17")
def test_a_third_member_lets_a_branch_be_applied_for_where_a_liaison_stands() -> None:
    life = Life.standing_in("party", "liaison", full_members=2)
    with pytest.raises(Refused, match="no branch can be formed"):
        life.take("party", "apply_branch")
    life = Life.standing_in("party", "liaison")
    life.take("party", "update_counts", full_members=3)
    assert life.state("party") == "liaison"
    life.take("party", "apply_branch")
    assert life.state("party") == "applying"


# -- notices ----------------------------------------------------------------------------------------


@pytest.mark.rule("N-B")
@pytest.mark.parametrize(("union_form", "told"), [("none", True), ("union", False), ("covered", False)])
def test_the_union_side_is_asked_only_where_no_union_stands_or_covers(union_form: str, told: bool) -> None:
    life = registered(ordered("party_first"))
    life.case.facts["union_form"] = union_form
    form_branch(life)
    assert life.has("notify_union") is told


@pytest.mark.rule("N1", "N2", "N3", "N4", "N5")
def test_a_notice_goes_its_way_from_delivery_to_its_close() -> None:
    life = registered()
    establish(life)
    went = [life.state("notify_party")]
    life.tell("notice.delivered", about="notify_party")
    went.append(life.state("notify_party"))
    for step in ("acknowledge", "accept"):
        life.take("notify_party", step)
        went.append(life.state("notify_party"))
    form_branch(life)
    went.append(life.state("notify_party"))
    life.take("notify_party", "close")
    went.append(life.state("notify_party"))
    assert went == ["due", "sent", "acknowledged", "accepted", "result_reported", "closed"]


@pytest.mark.rule("N3", "N5")
@pytest.mark.parametrize("answer", ["reject", "call_not_applicable"])
def test_a_no_gives_its_reason_and_is_read_by_the_sender(answer: str) -> None:
    life = Life.standing_in("notify_party", "acknowledged")
    with pytest.raises(Fault, match="field_missing"):
        forms.check(step_of("notify_party", answer), {}, today=MONDAY, towns=TOWNS)
    assert asked(life.take("notify_party", answer)) == ["union_local"]
    life.take("notify_party", "close")
    assert life.where(life.standing("notify_party")).final


@pytest.mark.rule("N2", "N-escalate")
def test_only_a_person_acknowledges_a_notice() -> None:
    for law in ("notify_party", "notify_union"):
        assert step_of(law, "acknowledge").by is not None
        assert step_of(law, "accept").by is not None
