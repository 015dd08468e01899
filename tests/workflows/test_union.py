"""How a union comes about, row by row: request, members, form, election, approval; and that nothing of it happens by itself."""

from typing import Any

import pytest

from tests.workflows.lives import (
    elect,
    kinds,
    make_ready,
    recruit,
    registered,
    step_of,
    why,
)
from tests.workflows.unions import (
    asked,
    covered,
    established,
    recruited,
    suggesting,
    told,
)
from workflows.errors import Fault, Refused

# -- the request (U-1 to U-4) ----------------------------------------------------------------------------


@pytest.mark.rule("U-1")
@pytest.mark.parametrize("opinion", ["agrees", "objects", "none"])
def test_the_units_opinion_is_attached_and_vetoes_nothing(opinion: str) -> None:
    life = registered()
    make_ready(life)
    life.take("union", "file_application", unit_opinion=opinion)
    life.take("union", "approve_preparation")
    assert life.standing("union").data["unit_opinion"] == opinion
    assert life.state("union") == "preparing"


@pytest.mark.rule("U-1")
def test_no_guard_ever_asks_for_the_units_opinion() -> None:
    step = step_of("union", "file_application")
    assert step.guards == ()
    assert not next(field for field in step.fields if field.name == "unit_opinion").required


@pytest.mark.rule("U-2")
def test_the_preparation_is_approved_by_the_superior_and_not_by_whoever_filed() -> None:
    step = step_of("union", "approve_preparation")
    assert step.by is not None and step.by.superior
    assert {"file_application", "file_again"} <= set(step.not_by)
    life = asked()
    terms = [one.term.name for one in life.take("union", "approve_preparation").terms]
    assert (life.state("union"), terms) == ("preparing", ["preparation"])


@pytest.mark.rule("U-2")
def test_a_late_reply_is_a_task_and_no_consent() -> None:
    life = asked()
    unfolded = life.expire("union", "approve_preparation")
    assert life.state("union") == "applying"
    assert [one.reason for one in unfolded.work] == ["approve_preparation"]


@pytest.mark.rule("U-3")
def test_defects_are_listed_once_and_what_comes_back_is_decided_on() -> None:
    life = asked()
    unfolded = life.take("union", "return_application", defects="缺会员名单")
    assert [one.term.name for one in unfolded.terms] == ["correct"]
    life.take("union", "file_again")
    with pytest.raises(Refused, match="returned once already"):
        life.take("union", "return_application")
    life.take("union", "approve_preparation")
    assert life.state("union") == "preparing"


@pytest.mark.rule("U-3", "U-4")
def test_a_request_made_anew_may_be_returned_again() -> None:
    life = asked()
    life.take("union", "return_application")
    life.take("union", "file_again")
    life.take("union", "refuse_application")
    life.take("union", "reopen")
    life.take("union", "file_application")
    life.take("union", "return_application")
    assert life.state("union") == "returned"


@pytest.mark.rule("U-4")
@pytest.mark.parametrize("ground", ["not_an_employer", "duplicate", "wrong_jurisdiction"])
def test_a_refusal_names_a_lawful_ground_and_only_one_for_jurisdiction_is_passed_on(ground: str) -> None:
    life = asked()
    life.take("union", "refuse_application", refusal=ground)
    assert life.state("union") == "refused"
    if ground == "wrong_jurisdiction":
        life.take("union", "reroute", competent_union="区建筑业工会联合会")
        assert life.state("union") == "not_started"
    else:
        with pytest.raises(Refused, match="Only a request refused for its jurisdiction"):
            life.take("union", "reroute")
        life.take("union", "reopen")
    life.take("union", "file_application")
    assert life.state("union") == "applying"


@pytest.mark.rule("U-4")
def test_the_owner_not_being_willing_is_no_ground_for_refusal() -> None:
    life = asked()
    with pytest.raises(Fault) as fault:
        life.take("union", "refuse_application", refusal="owner_unwilling")
    assert fault.value.code == "field_choice"


# -- the members and the form (U-5 to U-8) ----------------------------------------------------------------


@pytest.mark.rule("U-5")
def test_the_preparation_has_a_term_whose_end_decides_nothing() -> None:
    life = asked()
    life.take("union", "approve_preparation")
    life.take("union", "form_group")
    unfolded = life.expire("union", "preparation")
    assert life.state("union") == "group_formed"
    assert [one.work.role.superior for one in unfolded.work] == [True]


@pytest.mark.rule("U-6")
@pytest.mark.parametrize(
    ("members", "migrants", "right"),
    [
        (506, 414, True),  # the county's industry union, as reported
        (506, 506, True),
        (506, 507, False),
        (1, 0, True),
    ],
)
def test_migrant_workers_among_the_members_are_no_more_than_the_members(
    members: int, migrants: int, right: bool
) -> None:
    facts = {"union_members": members, "women_members": 0, "migrant_members": migrants}
    assert (why("union", "admit_members", individual_and_voluntary=True, **facts) is None) is right
    assert (why("union", "update_counts", **facts) is None) is right


@pytest.mark.rule("U-6")
def test_who_joins_before_the_election_joins_individually_too_and_may_vote() -> None:
    life = recruited(30)
    life.take("union", "choose_committee")
    with pytest.raises(Refused, match="voluntary and individual"):
        life.take("union", "admit_more_members", union_members=33, individual_and_voluntary=False)
    life.take("union", "admit_more_members", union_members=33)
    assert life.state("union") == "own_committee"
    life.take("union", "nominate")
    life.take("union", "approve_candidates")
    with pytest.raises(Refused, match="Those entitled are the 33 members"):
        life.take("union", "record_election", entitled=30, present=30, votes_for=30)
    life.take("union", "record_election", entitled=33, present=33, votes_for=30)


@pytest.mark.rule("U-7")
@pytest.mark.parametrize("members", [1, 24, 25, 200])
def test_an_own_committee_is_open_to_any_number_of_members(members: int) -> None:
    assert step_of("union", "choose_committee").guards == ()
    assert why("union", "choose_committee", union_members=members) is None


@pytest.mark.rule("U-7", "U-9")
def test_an_organiser_is_not_elected_once_members_have_reached_the_number() -> None:
    life = recruited(24)
    life.take("union", "choose_organiser")
    life.take("union", "admit_more_members", union_members=25)
    with pytest.raises(Refused, match="a committee is mandatory"):
        life.take("union", "elect_organiser", entitled=25, present=25, votes_for=25)
    life.take("union", "choose_committee")
    assert (life.state("union"), life.situation("union")["union_kind"]) == ("own_committee", "committee")


@pytest.mark.rule("U-8", "J-applied", "J-covered")
def test_a_joint_union_is_named_and_its_superior_admits_the_unit() -> None:
    life = recruited(24)
    life.take("union", "choose_joint")
    assert life.state("coverage") == "applied"
    unfolded = life.take("union", "admit_to_joint")
    assert kinds(unfolded) == ["union_covered"]
    assert (life.state("union"), life.state("coverage")) == ("covered", "covered")
    assert (life.case.facts["union_form"], life.case.facts["union_version"]) == ("covered", 1)


@pytest.mark.rule("U-8")
def test_without_naming_a_joint_union_nobody_joins_one() -> None:
    life = recruited(24)
    with pytest.raises(Fault) as fault:
        life.take("union", "choose_joint", joint_union="")
    assert (fault.value.code, fault.value.field) == ("field_missing", "joint_union")


@pytest.mark.rule("U-8")
def test_a_joint_union_that_declines_leaves_the_other_forms_open() -> None:
    life = recruited(24)
    life.take("union", "choose_joint")
    life.take("union", "decline_joint")
    assert (life.state("union"), life.state("coverage")) == ("recruited", "declined")
    life.take("union", "choose_organiser")


@pytest.mark.rule("U-8", "J-left")
def test_when_the_cover_ends_the_unit_has_no_union_and_one_is_due_again() -> None:
    life = covered()
    unfolded = life.take("coverage", "leave")
    assert told(unfolded)[:2] == ["coverage.leave", "union.cover_ended"]
    assert (life.state("union"), life.case.facts["union_form"]) == ("not_started", "none")
    assert [one.work.task.zh for one in unfolded.work] == ["帮助提出建会请示"]
    life.take("union", "file_application")


@pytest.mark.rule("U-8", "J-graduated")
def test_a_covered_unit_that_founds_its_own_union_stays_covered_until_it_stands() -> None:
    life = covered()
    life.take("union", "found_own_union")
    recruit(life, 30)
    assert life.case.facts["union_form"] == "covered"
    elect(life)
    assert (life.case.facts["union_form"], life.state("coverage")) == ("covered", "covered")
    life.take("union", "approve_result")
    assert (life.case.facts["union_form"], life.state("coverage")) == ("union", "graduated")
    assert (life.state("union"), life.case.facts["union_version"]) == ("established", 2)


@pytest.mark.rule("U-8")
def test_a_unit_leaves_one_joint_union_before_it_joins_another() -> None:
    life = covered()
    life.take("union", "found_own_union")
    recruit(life, 20)
    with pytest.raises(Refused, match="leave that one"):
        life.take("union", "choose_joint")
    life.take("coverage", "leave")
    assert (life.state("union"), life.case.facts["union_form"]) == ("recruited", "none")
    life.take("union", "choose_joint")


@pytest.mark.rule("U-8", "U-25")
@pytest.mark.parametrize("end", ["abandon", "refuse_application"])
def test_an_own_founding_that_comes_to_nothing_leaves_the_cover_as_it_was(end: str) -> None:
    life = covered()
    life.take("union", "found_own_union")
    life.take("union", "file_application")
    unfolded = life.take("union", end)
    assert told(unfolded) == [f"union.{end}", "union.cover_goes_on"]
    assert (life.state("union"), life.case.facts["union_form"]) == ("covered", "covered")
    assert life.case.facts["union_version"] == 1, "nothing new came about"


@pytest.mark.rule("U-8")
def test_when_the_joint_union_chosen_is_no_more_another_form_is_chosen() -> None:
    life = recruited(20)
    life.take("union", "choose_joint")
    life.tell("coverage.ended")
    assert life.state("union") == "recruited"


# -- the first election (U-9 to U-17) -----------------------------------------------------------------------


@pytest.mark.rule("U-9", "G-VOTE")
@pytest.mark.parametrize(
    ("entitled", "present", "votes", "secret", "why_not"),
    [
        (20, 20, 20, True, None),
        (20, 14, 11, True, None),
        (19, 19, 19, True, "Those entitled are the 20 members"),
        (20, 13, 12, True, "Fewer than 2/3"),
        (20, 20, 10, True, "Not more than half"),
        (20, 20, 20, False, "secret ballot"),
    ],
)
def test_an_organiser_is_elected_by_the_same_rules(
    entitled: int, present: int, votes: int, secret: bool, why_not: str | None
) -> None:
    life = recruited(20)
    life.take("union", "choose_organiser")

    def record() -> None:
        life.take(
            "union",
            "elect_organiser",
            entitled=entitled,
            present=present,
            votes_for=votes,
            secret_ballot=secret,
        )

    if why_not is None:
        record()
        assert life.state("union") == "elected"
        assert "union_election_record" in life.standing("union").on_file
    else:
        with pytest.raises(Refused, match=why_not):
            record()


@pytest.mark.rule("U-9", "U-14")
def test_a_void_election_of_an_organiser_is_held_again() -> None:
    life = recruited(20)
    life.take("union", "choose_organiser")
    unfolded = life.take("union", "record_void_election")
    assert [one.term.name for one in unfolded.terms] == ["reelect"]
    for step in ("call_again", "nominate_again"):
        with pytest.raises(Refused, match="elect the organiser again"):
            life.take("union", step)
    life.take("union", "elect_organiser_again")
    life.take("union", "elect_organiser", entitled=20, present=20, votes_for=20)
    assert life.state("union") == "elected"


@pytest.mark.rule("U-10", "U-11")
def test_a_candidate_from_outside_may_be_recommended_and_it_is_recorded() -> None:
    life = recruited()
    life.take("union", "choose_committee")
    life.take("union", "nominate", outside_candidate=True)
    assert life.standing("union").data["outside_candidate"] is True
    assert life.state("union") == "candidates"


@pytest.mark.rule("U-11", "U-12")
def test_where_there_is_no_party_organisation_the_superior_examines_alone() -> None:
    life = recruited()
    life.take("union", "choose_committee")
    assert kinds(life.take("union", "nominate")) == []
    with pytest.raises(Refused, match="has no Party organisation"):
        life.take("union", "party_examines")
    life.take("union", "approve_candidates")
    assert life.state("union") == "meeting_called"


@pytest.mark.rule("U-11", "U-12")
@pytest.mark.parametrize("form", ["joint_branch", "branch", "general_branch", "primary_committee"])
def test_a_party_organisation_examines_the_candidates_and_both_must_agree(form: str) -> None:
    life = recruited()
    life.case.facts["party_form"] = form
    life.take("union", "choose_committee")
    assert kinds(life.take("union", "nominate")) == ["union_candidates"]
    with pytest.raises(Refused, match="must examine the candidates first"):
        life.take("union", "approve_candidates")
    life.take("union", "party_examines", party_agrees=False)
    assert life.state("union") == "candidates"
    with pytest.raises(Refused, match="does not agree"):
        life.take("union", "approve_candidates")
    life.take("union", "reject_candidates")
    life.take("union", "nominate")
    with pytest.raises(Refused, match="must examine the candidates first"):
        life.take("union", "approve_candidates")  # what was said of the others does not count for these
    life.take("union", "party_examines", party_agrees=True)
    life.take("union", "approve_candidates")
    assert life.state("union") == "meeting_called"


@pytest.mark.rule("U-12")
def test_a_liaison_is_no_organisation_and_examines_nobody() -> None:
    assert why("union", "approve_candidates", party_form="liaison") is None
    assert why("union", "party_examines", party_form="liaison")


@pytest.mark.rule("U-12")
def test_whoever_nominates_does_not_approve() -> None:
    for step in ("approve_candidates", "reject_candidates"):
        assert step_of("union", step).not_by == ("nominate",)


@pytest.mark.rule("U-14")
@pytest.mark.parametrize(
    ("again", "target"), [("call_again", "meeting_called"), ("nominate_again", "own_committee")]
)
def test_a_void_election_is_called_again_or_nominated_again_within_its_term(again: str, target: str) -> None:
    life = recruited()
    for step in ("choose_committee", "nominate", "approve_candidates"):
        life.take("union", step)
    unfolded = life.take("union", "record_void_election")
    assert [(one.term.name, str(one.deadline.span)) for one in unfolded.terms] == [("reelect", "30 day")]
    with pytest.raises(Refused, match="call the meeting again"):
        life.take("union", "elect_organiser_again")
    life.take("union", again)
    assert life.state("union") == target


@pytest.mark.rule("U-15")
def test_the_result_is_reported_in_time_and_only_with_the_record() -> None:
    life = recruited()
    for step in ("choose_committee", "nominate", "approve_candidates"):
        life.take("union", step)
    unfolded = life.take("union", "record_election")
    assert [(one.term.name, str(one.deadline.span)) for one in unfolded.terms] == [
        ("report_result", "10 day")
    ]
    life.standing("union").on_file -= {"union_election_record"}
    with pytest.raises(Refused, match="No election record"):
        life.take("union", "report_result")


@pytest.mark.rule("U-16")
def test_an_approval_that_does_not_come_is_a_task_and_no_approval() -> None:
    life = recruited()
    elect(life)
    unfolded = life.expire("union", "approve_result")
    assert (life.state("union"), life.case.facts["union_form"]) == ("reported", "none")
    assert ["不答复不等于同意" in one.work.why.zh for one in unfolded.work] == [True]


@pytest.mark.rule("U-16")
def test_each_founding_raises_the_number_that_notices_go_by() -> None:
    life = established()
    assert life.case.facts["union_version"] == 1


@pytest.mark.rule("U-17")
def test_where_the_procedure_was_not_lawful_it_is_voted_again() -> None:
    life = recruited()
    elect(life)
    unfolded = life.take("union", "refuse_result")
    assert (life.state("union"), life.case.facts["union_form"]) == ("election_void", "none")
    assert [one.term.name for one in unfolded.terms] == ["reelect"]


@pytest.mark.parametrize("members", [1, 2, 12, 24, 25, 26, 99, 100, 200, 201, 1200])
def test_what_the_forms_suggest_can_be_handed_in_as_it_is(members: int) -> None:
    """Who fills every form by its own examples comes to the end, however many members there are. `Any`: plain values."""
    life = registered()
    life.take("lead", "survey", headcount=members, applicants=members, women_workers=members // 2)
    life.take("lead", "open_union")
    for name in (
        "file_application", "approve_preparation", "form_group", "admit_members", "choose_committee", "nominate",
        "approve_candidates", "record_election", "report_result", "approve_result", "complete_set_up",
    ):  # fmt: skip
        step = step_of("union", name)
        suggested = step.suggests(suggesting(life)) if step.suggests is not None else {}
        life.take("union", name, **dict[str, Any](suggested))
    assert life.state("union") == "operating"
    assert life.standing("union").data["union_members"] == members
