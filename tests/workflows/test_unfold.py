"""One event and everything that follows: tracks that meet through notices, ends that close, terms that decide nothing."""

from datetime import date

import pytest

from tests.workflows.lives import (
    MONDAY,
    TOWN,
    Life,
    appoint_liaison,
    book,
    edition,
    elect,
    elect_branch,
    establish,
    form_branch,
    kinds,
    make_ready,
    ordered,
    recruit,
    registered,
)
from workflows.definition import STAY, Definition
from workflows.errors import Refused
from workflows.events import expired
from workflows.registry import law_book
from workflows.unfolded import Unfolded

STATES = [(law, name) for law in law_book().definitions for name in law.state]
#: The tracks of formation itself; what hangs on them (terms of office, legal person …) has tests of its own.
TRACKS = [
    (law, name)
    for law, name in STATES
    if law.name in ("lead", "union", "party", "liaison", "notify_party", "notify_union")
]
ORGANISATIONS = ("joint_branch", "branch", "branch_with_committee", "general_branch", "primary_committee")
#: States of a track in which something stands that only people may wind up.
STANDING = {
    *(("union", name) for name in ("established", "operating", "transfer_asked", "merged")),
    *(("party", name) for name in ORGANISATIONS),
}


def named(one: object) -> str | None:
    return one.name if isinstance(one, Definition) else None


def tasks(unfolded: Unfolded) -> list[str]:
    return [one.work.task.zh for one in unfolded.work]


# -- how a case begins ------------------------------------------------------------------------------


@pytest.mark.rule("L-2", "L-6")
def test_a_registration_opens_lead_and_party_and_tells_the_party_side() -> None:
    life = Life()
    unfolded = life.tell("registry.registered")
    assert [(one.procedure, one.state) for one in unfolded.opened] == [
        ("lead", "contacting"),
        ("party", "unsurveyed"),
    ]
    assert kinds(unfolded) == ["enterprise_registered"]
    assert [entry.step for entry in unfolded.entries] == ["opened", "place", "opened"]
    assert tasks(unfolded) == ["上门走访，摸清情况"]
    assert [(one.term.name, one.deadline.due_on) for one in unfolded.terms] == [
        ("contact", date(2026, 3, 16))
    ]


@pytest.mark.rule("P-1")
@pytest.mark.parametrize("order", ["party_first", "parallel"])
def test_where_the_party_does_not_wait_its_survey_is_due_at_once(order: str) -> None:
    life = registered(ordered(order))
    assert (life.state("lead"), life.state("party")) == ("contacting", "survey_due")


@pytest.mark.rule("L-6")
def test_without_a_known_town_a_person_assigns_the_case() -> None:
    life = Life(placed=False)
    life.tell("registry.registered")
    assert life.state("lead") == "registered"
    unfolded = life.take("lead", "assign")
    assert (life.state("lead"), unfolded.placed, life.case.division) == (
        "contacting",
        "220204102",
        "220204102",
    )
    assert life.case.facts["placed"] is True


def test_an_individual_business_is_recorded_and_taken_up_when_a_person_decides_so() -> None:
    life = Life(category="92")
    assert kinds(life.tell("registry.registered")) == []
    assert (life.state("lead"), life.has("party")) == ("out_of_scope", False)
    assert kinds(life.take("lead", "take_up")) == ["enterprise_registered"]
    assert (life.state("lead"), life.state("party")) == ("contacting", "unsurveyed")


@pytest.mark.rule("L-1", "L-2")
def test_a_project_notified_beforehand_becomes_the_same_case_when_it_registers() -> None:
    life = Life()
    life.tell("registry.prenotified")
    unfolded = life.tell("registry.registered")
    assert [one.procedure for one in unfolded.opened] == ["party"]
    assert life.state("lead") == "contacting"


@pytest.mark.rule("L-2", "L-4")
def test_a_project_called_off_that_registers_all_the_same_is_not_lost() -> None:
    life = Life()
    life.tell("registry.prenotified")
    life.take("lead", "cancel")
    assert life.state("lead") == "withdrawn"
    assert kinds(life.tell("registry.registered")) == ["enterprise_registered"]
    assert life.state("lead") == "contacting"


@pytest.mark.rule("L-2")
def test_the_same_registration_told_again_changes_nothing() -> None:
    life = registered()
    assert life.tell("registry.registered").entries == []


# -- the two tracks meet ----------------------------------------------------------------------------


@pytest.mark.rule("N-A", "N0", "P-1")
def test_an_established_union_asks_the_party_side_and_calls_for_its_survey() -> None:
    life = registered()
    unfolded = establish(life)
    assert life.state("union") == "established"
    assert life.case.facts["union_form"] == "union"
    assert (life.state("notify_party"), life.state("party")) == ("due", "survey_due")
    assert kinds(unfolded) == ["notify_party_request"]


@pytest.mark.rule("N-B", "N0", "N4")
def test_a_party_organisation_formed_first_asks_the_union_side() -> None:
    life = registered(ordered("party_first"))
    unfolded = form_branch(life)
    assert life.case.facts["party_form"] == "branch"
    assert life.state("notify_union") == "due"
    assert kinds(unfolded) == ["notify_union_request"]
    unfolded = establish(life)
    assert kinds(unfolded) == ["union_established"]
    assert not life.has("notify_party")
    assert life.state("notify_union") == "result_reported"


@pytest.mark.rule("N-A")
def test_where_the_party_side_said_no_it_is_told_of_the_union_and_not_asked() -> None:
    """A liaison stands and the condition is not met: a request would be idle, silence would be worse."""
    life = registered(ordered("party_first"))
    appoint_liaison(life)
    assert life.case.facts["party_condition"] is False
    assert kinds(establish(life)) == ["union_established"]
    assert not life.has("notify_party")


@pytest.mark.rule("N-A")
def test_every_union_established_is_told_to_the_party_side_exactly_once() -> None:
    for full in (None, 0, 2, 3):
        life = registered(ordered("parallel"))
        if full is not None:
            life.take("party", "survey", full_members=full)
        told = kinds(establish(life))
        assert len(told) == 1 and told[0] in {"notify_party_request", "union_established"}, (full, told)


@pytest.mark.rule("N4")
def test_a_notice_whose_matter_is_done_before_it_arrives_does_not_wait_for_an_answer() -> None:
    life = registered(ordered("parallel"))
    elect_branch(life)
    establish(life)
    assert life.state("notify_party") == "due"
    life.take("party", "approve_branch")
    assert life.state("notify_party") == "result_reported"
    assert life.tell("notice.delivered", about="notify_party").entries == []


@pytest.mark.rule("N4", "P-3")
def test_a_liaison_in_post_answers_the_notice_and_is_told_to_the_union() -> None:
    life = registered()
    establish(life)
    life.tell("notice.delivered", about="notify_party")
    life.take("notify_party", "acknowledge")
    life.take("notify_party", "accept")
    unfolded = appoint_liaison(life, full=2)
    assert kinds(unfolded) == ["liaison_appointed"]
    assert life.case.facts["party_form"] == "liaison"
    assert (life.state("party"), life.state("liaison")) == ("liaison", "active")
    assert life.state("notify_party") == "result_reported"


@pytest.mark.rule("P-17")
def test_a_branch_formed_ends_the_liaison() -> None:
    life = registered(ordered("party_first"))
    appoint_liaison(life, full=2)
    life.take("party", "update_counts", full_members=4)
    assert life.state("liaison") == "active"  # numbers alone change no form
    for step in ("apply_branch", "approve_formation", "record_election", "approve_branch"):
        life.take("party", step)
    assert (life.state("party"), life.state("liaison")) == ("branch", "ended_by_branch")
    assert life.case.facts["party_form"] == "branch"


@pytest.mark.rule("P-16")
def test_a_liaison_relieved_leaves_the_form_open_and_the_open_drawer_says_so() -> None:
    life = registered(ordered("party_first"))
    appoint_liaison(life)
    life.take("liaison", "revoke")
    assert (life.state("party"), life.case.facts["party_form"]) == ("surveyed", "none")
    life.take("party", "propose_dispatched_liaison")
    life.take("liaison", "record_consent")
    life.take("liaison", "appoint")
    assert life.case.facts["party_form"] == "liaison"
    assert [one.state for one in life.case.standings if one.procedure == "liaison"] == ["revoked", "active"]


@pytest.mark.rule("P-7", "P-16")
def test_a_liaison_relieved_during_an_application_is_not_gone_back_to() -> None:
    life = registered(ordered("party_first"))
    appoint_liaison(life, full=2)
    life.take("party", "apply_joint_branch")
    life.take("liaison", "revoke")
    assert life.case.facts["party_form"] == "none"
    life.take("party", "return_joint_branch")
    with pytest.raises(Refused):
        life.take("party", "withdraw_to_liaison")
    life.take("party", "withdraw_to_none")
    assert life.state("party") == "surveyed"


@pytest.mark.rule("P-18")
def test_a_branch_formed_after_its_liaison_left_is_known_for_one_when_the_enterprise_ends() -> None:
    life = registered(ordered("party_first"))
    appoint_liaison(life, full=2)
    life.take("party", "update_counts", full_members=3)
    life.take("party", "apply_branch")
    life.take("liaison", "revoke")
    for step in ("approve_formation", "record_election", "approve_branch"):
        life.take("party", step)
    life.tell("registry.deregistered")
    assert (life.state("party"), life.case.facts["party_form"]) == ("winding_up", "branch")


@pytest.mark.parametrize(("full", "before"), [(3, "surveyed"), (2, "liaison")])
def test_an_application_given_up_before_the_election_leaves_what_stood(full: int, before: str) -> None:
    life = registered(ordered("party_first"))
    if before == "liaison":
        appoint_liaison(life, full=full)
        life.take("party", "update_counts", full_members=3)
    else:
        life.take("party", "survey", full_members=full)
    life.take("party", "apply_branch")
    life.take("party", "approve_formation")
    life.take("party", "withdraw_to_liaison" if before == "liaison" else "withdraw_to_none")
    assert life.state("party") == before


@pytest.mark.rule("P-2")
def test_a_liaison_who_declines_leaves_the_form_open() -> None:
    life = registered(ordered("party_first"))
    life.take("party", "survey", full_members=0)
    life.take("party", "propose_dispatched_liaison")
    assert life.state("party") == "liaison_pending"
    life.take("liaison", "record_refusal")
    assert life.state("party") == "surveyed"


@pytest.mark.rule("P-3", "P-16")
def test_nobody_becomes_liaison_without_consenting() -> None:
    life = registered(ordered("party_first"))
    life.take("party", "survey", full_members=0)
    life.take("party", "propose_dispatched_liaison")
    with pytest.raises(Refused, match="Without consent"):
        life.take("liaison", "record_consent", consents=False)
    with pytest.raises(Refused):
        life.take("liaison", "appoint")
    life.take("liaison", "record_consent")
    life.take("liaison", "appoint")
    with pytest.raises(Refused, match="successor's consent"):
        life.take("liaison", "hand_over", consents=False)


@pytest.mark.rule("P-1", "U-4", "U-25")
@pytest.mark.parametrize(
    "why", ["defer", "record_decline", "set_aside", "refer_obstruction", "refuse_application", "abandon"]
)
def test_where_no_union_comes_for_now_the_party_side_need_not_wait_for_it(why: str) -> None:
    life = registered()
    if why in ("refuse_application", "abandon"):
        make_ready(life)
        life.take("union", "file_application")
        life.take("union", why)
        assert life.state("union") in ("refused", "abandoned")
    else:
        life.take("lead", "survey", applicants=0)
        life.take("lead", why)
    assert life.state("party") == "survey_due"


@pytest.mark.rule("U-25")
def test_formation_given_up_may_begin_again() -> None:
    life = registered()
    make_ready(life)
    life.take("union", "abandon")
    life.take("union", "reopen")
    assert life.state("union") == "not_started"
    recruit(life)
    elect(life)
    life.take("union", "approve_result")
    assert life.state("notify_party") == "due"


@pytest.mark.rule("U-8")
def test_a_joint_union_covers_and_both_sides_know() -> None:
    life = registered()
    make_ready(life)
    recruit(life, members=10)
    life.take("union", "choose_joint")
    assert kinds(life.take("union", "admit_to_joint")) == ["union_covered"]
    assert (life.case.facts["union_form"], life.state("party")) == ("covered", "survey_due")


@pytest.mark.rule("L-19")
def test_a_unit_already_covered_says_so() -> None:
    life = registered()
    assert kinds(life.take("lead", "link_covered")) == ["union_covered"]
    assert (life.state("lead"), life.state("union"), life.state("party")) == (
        "covered",
        "covered",
        "survey_due",
    )


# -- the drawers ------------------------------------------------------------------------------------


@pytest.mark.rule("P-1")
def test_the_union_side_never_sees_a_party_number() -> None:
    life = registered(ordered("parallel"))
    make_ready(life)
    form_branch(life)
    for procedure in ("lead", "union", "notify_union"):
        seen = life.situation(procedure)
        assert not {"full_members", "probationary_members", "entitled", "liaison_kind"} & set(seen), procedure
        assert seen["party_condition"] is True
    assert life.situation("party")["full_members"] == 5
    assert not {"union_members", "women_members", "applicants"} & set(life.situation("party"))


def test_what_the_registry_corrects_is_believed_over_an_older_survey() -> None:
    life = registered()
    make_ready(life)
    for step in ("file_application", "approve_preparation", "form_group"):
        life.take("union", step)
    with pytest.raises(Refused, match="more members than workers"):
        life.take("union", "admit_members", union_members=70)
    life.case.facts["headcount"] = 80
    life.take("union", "admit_members", union_members=70)


# -- the enterprise stops, goes on, ends --------------------------------------------------------------


@pytest.mark.rule("L-16")
def test_terms_that_begin_while_the_enterprise_is_suspended_stand_still() -> None:
    life = registered()
    assert life.tell("registry.suspended").paused is True
    assert life.tell("registry.suspended").entries == []
    unfolded = life.take("lead", "serve_notice")
    assert [(one.term.name, one.deadline.is_running) for one in unfolded.terms] == [("notice", False)]
    assert life.tell("registry.resumed").paused is False
    unfolded = life.take("lead", "serve_notice")
    assert [one.deadline.is_running for one in unfolded.terms] == [True]


@pytest.mark.rule("L-17", "U-22", "P-18")
@pytest.mark.parametrize("event", ["registry.deregistered", "registry.revoked"])
@pytest.mark.parametrize(("law", "state"), TRACKS, ids=named)
def test_when_the_enterprise_ends_forming_tracks_close_and_organisations_wait_for_people(
    law: Definition, state: str, event: str
) -> None:
    life = Life.standing_in(law.name, state)
    before = dict(life.case.facts)
    unfolded = life.tell(event)
    after = life.state(law.name)
    if (law.name, state) in STANDING:
        assert after == "winding_up"
        assert life.case.facts == before  # nothing is dissolved: the form stands until people decide
        assert [one.work.role.superior for one in unfolded.work] == [True]
    elif (
        (law.name, state) == ("lead", "withdrawn")
        or law.state[state].final
        or state in ("winding_up", "leaving")
    ):
        assert (after, unfolded.entries) == (state, [])
    else:
        assert after == "enterprise_gone"
        assert life.case.facts.get(f"{law.name}_form", "none") == "none"
        assert unfolded.work == []


@pytest.mark.rule("P-18")
@pytest.mark.parametrize("state", ["joint_applying", "applying", "returned", "approved_to_form", "elected"])
def test_a_joint_branch_that_was_being_upgraded_is_not_dissolved_by_the_machine(state: str) -> None:
    life = Life.standing_in("party", state, party_form="joint_branch")
    life.tell("registry.deregistered")
    assert (life.state("party"), life.case.facts["party_form"]) == ("winding_up", "joint_branch")


@pytest.mark.rule("L-17", "P-18")
@pytest.mark.parametrize("consented", [False, True])
def test_a_liaison_on_the_way_and_the_party_track_end_together(consented: bool) -> None:
    life = registered(ordered("party_first"))
    life.take("party", "survey", full_members=0)
    life.take("party", "propose_dispatched_liaison")
    if consented:
        life.take("liaison", "record_consent")
    life.tell("registry.deregistered")
    assert (life.state("party"), life.state("liaison"), life.state("lead")) == ("enterprise_gone",) * 3


@pytest.mark.rule("U-22", "P-18")
def test_the_whole_case_of_a_dead_enterprise_ends_by_peoples_decisions() -> None:
    life = registered()
    establish(life)
    life.take("union", "complete_set_up", women_body="one_member")
    form_branch(life)
    life.tell("registry.deregistered")
    life.take("union", "dissolve")
    life.take("party", "dissolve")
    assert (life.case.facts["union_form"], life.case.facts["party_form"]) == ("none", "none")
    assert all(life.where(one).final for one in life.case.standings)


@pytest.mark.rule("L-18")
def test_a_move_is_put_to_the_union_and_a_second_one_again_after_the_first() -> None:
    life = registered()
    life.tell("registry.moved")
    assert life.tell("registry.moved").opened == []
    life.case.facts |= {"moved_to": "220211", "moved_from": TOWN}
    life.take("relocation", "send_file")
    life.take("relocation", "accept", town=None)
    life.tell("registry.moved")
    assert [one.state for one in life.case.standings if one.procedure == "relocation"] == [
        "handed_over",
        "hand_over_due",
    ]


# -- terms ------------------------------------------------------------------------------------------

TERMS = [
    (law, term.name, state) for law in law_book().definitions for term in law.terms for state in term.during
]


@pytest.mark.rule("L-5", "L-9", "U-16")
@pytest.mark.parametrize(("law", "term", "state"), TERMS, ids=named)
def test_an_expired_term_is_a_task_for_a_person_and_decides_nothing(
    law: Definition, term: str, state: str
) -> None:
    life = Life.standing_in(law.name, state)
    facts = dict(life.case.facts)
    unfolded = life.expire(law.name, term)
    reminded = {step.target for step in law.steps if expired(term) in step.on and state in step.sources}
    after = life.where(life.standing(law.name))
    assert after.name in {state} | reminded - {STAY} and not after.final
    assert life.case.facts == facts
    asked = [law.term[term].work] if after.name == state else [law.term[term].work, *after.works]
    assert tasks(unfolded) and set(tasks(unfolded)) <= {work.task.zh for work in asked}
    assert unfolded.entries[0].says.zh.startswith("期限届满")
    assert not unfolded.opened


@pytest.mark.rule("N-chase", "N-escalate")
def test_a_notice_unanswered_is_chased_once_then_put_before_the_joint_meeting() -> None:
    life = registered()
    establish(life)
    life.tell("notice.delivered", about="notify_party")
    unfolded = life.expire("notify_party", "acknowledge")
    assert (life.state("notify_party"), kinds(unfolded)) == ("sent", ["notify_party_reminder"])
    assert [one.term.name for one in unfolded.terms] == ["acknowledge"]
    unfolded = life.expire("notify_party", "acknowledge")
    assert (life.state("notify_party"), kinds(unfolded)) == ("escalated", [])
    life.take("notify_party", "acknowledge")
    assert life.state("notify_party") == "acknowledged"  # never taken for consent: it still needs its answer


def test_a_visit_made_ends_the_reminder_of_it_and_begins_the_next_interval() -> None:
    life = registered(ordered("party_first"))
    appoint_liaison(life)
    life.wait(100)
    life.expire("liaison", "visit")
    key = life.standing("liaison").key
    unfolded = life.take("liaison", "record_visit")
    assert key in unfolded.work_ended
    assert unfolded.terms_ended == [(key, "visit")]
    assert [one.term.name for one in unfolded.terms] == ["visit"]


@pytest.mark.rule("L-9", "L-10")
def test_a_notice_served_again_ends_the_reminder_and_waits_anew() -> None:
    life = registered()
    life.take("lead", "serve_notice")
    life.expire("lead", "notice")
    unfolded = life.take("lead", "serve_notice")
    assert life.standing("lead").key in unfolded.work_ended
    assert tasks(unfolded) == ["等企业回应，可再次走访"]
    with pytest.raises(Refused, match="2 times already"):
        life.take("lead", "serve_notice")
    life.expire("lead", "notice")
    life.take("lead", "call_unreachable")
    life.take("lead", "resume_contact")
    life.take("lead", "serve_notice")  # a new beginning counts anew


@pytest.mark.rule("L-13")
def test_a_term_keeps_the_policy_the_proceeding_began_under() -> None:
    later = edition("220204", date(2026, 3, 10), {"lead.revisit": "1 month"})
    life = registered(book(later))
    life.wait(20)
    life.take("lead", "survey", applicants=0)
    unfolded = life.take("lead", "defer")
    assert str(unfolded.terms[0].deadline.span) == "6 month"


def test_a_place_without_a_span_starts_no_term() -> None:
    life = registered(book(edition("220204", date(2000, 1, 1), {"notice.period": "none"})))
    assert life.take("lead", "serve_notice").terms == []


# -- "established" and "formed" are never reached otherwise -------------------------------------------


@pytest.mark.rule("U-16")
def test_a_union_is_never_established_without_its_approval_and_its_election_record() -> None:
    life = registered()
    make_ready(life)
    recruit(life)
    elect(life)
    with pytest.raises(Refused, match="No written approval"):
        life.take("union", "approve_result", papers=())
    life.standing("union").on_file -= {"union_election_record"}
    with pytest.raises(Refused, match="No election record"):
        life.take("union", "approve_result")
    assert life.case.facts["union_form"] == "none"


#: Back to what stood all the while; and a cover that another file has on paper.
KEPT_MEANWHILE = ("link_covered", "cover_goes_on", "union_goes_on", "merger_stays_open", "merge")
#: What stands while one of its own matters is being decided.
MEANWHILE = STANDING | {("party", "committee_elected"), ("union", "winding_up")}


@pytest.mark.rule("U-8", "U-16", "P-4", "P-9")
def test_no_automatic_step_reaches_an_organisation() -> None:
    """Founding is always a person's decision, on paper, of a superior body that did not ask for it itself."""
    for law in law_book().definitions:
        for step in law.steps:
            arrives = (law.name, step.target) in STANDING or step.target in ("dissolved", "covered")
            stood_before = {(law.name, source) for source in step.sources} <= MEANWHILE
            if not arrives or stood_before or step.name in KEPT_MEANWHILE:
                continue
            assert step.by is not None or step.target == "covered", step.name
            if step.by is not None and not step.name.startswith("withdraw"):
                assert step.by.superior and step.evidence, step.name
                assert step.name == "dissolve" or step.not_by, step.name


@pytest.mark.rule("P-9")
def test_a_party_organisation_needs_both_replies_and_the_election() -> None:
    life = registered(ordered("party_first"))
    elect_branch(life)
    with pytest.raises(Refused, match="Approval or election record is missing"):
        life.take("party", "approve_branch", papers=())
    life.take("party", "refuse_officers")
    assert life.state("party") == "approved_to_form"
    life.take("party", "record_election")
    life.take("party", "approve_branch")


def test_history_tells_who_moved_what_and_why() -> None:
    life = registered()
    establishing = establish(life)
    told = [(entry.procedure, entry.step, entry.cause, entry.to_state) for entry in establishing.entries]
    assert told[0] == ("union", "approve_result", "person", "established")
    assert set(told[1:]) == {
        ("party", "survey_called", "union.established", "survey_due"),
        ("notify_party", "opened", "union.established", "due"),
        ("legal_person", "opened", "union.established", "unregistered"),
        ("union_term", "opened", "union.established", "in_term"),
    }
    assert {entry.policy for entry in establishing.entries} == {"000000@1992-04-03"}
    assert life.today == MONDAY
