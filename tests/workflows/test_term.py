"""Terms of office (换届), from the reminder to the first meeting: T-1 to T-7 and T-11, with no database behind it."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.workflows.lives import (
    MONDAY,
    Life,
    book,
    edition,
    establish,
    form_branch,
    kinds,
    make_ready,
    ordered,
    recruit,
    registered,
)
from tests.workflows.offices import (
    APPLY,
    ELECT,
    REPORT,
    SIDES,
    THREE_YEARS_ON,
    goes,
    in_office,
    opened_terms,
    overdue,
    reminded,
    tasks,
    terms,
    with_branch,
    with_union,
)
from workflows.errors import Refused
from workflows.policies.model import Value
from workflows.procedures.term import PARTY_TERM, UNION_TERM
from workflows.roles import PARTY_LOCAL, PARTY_SUPERIOR, UNION_LOCAL, UNION_SUPERIOR

# -- T-1: the reminder ---------------------------------------------------------------------------------


@pytest.mark.rule("T-1")
@pytest.mark.parametrize(("side", "remind"), [("union", "2028-12-02"), ("party", "2028-09-02")])
def test_a_term_of_office_runs_three_years_from_its_election_and_is_called_to_mind_before(
    side: str, remind: str
) -> None:
    life = registered(ordered("party_first"))
    unfolded = establish(life) if side == "union" else form_branch(life)
    found = opened_terms(unfolded, f"{side}_term")
    assert {name: one.due_on for name, one in found.items()} == {
        "term_end": THREE_YEARS_ON,
        "remind": date.fromisoformat(remind),
    }
    assert life.state(f"{side}_term") == "in_term"
    assert all(one.unknown_year is None for one in found.values()), "a term of office needs no calendar"


@pytest.mark.rule("T-1")
def test_the_term_counts_from_the_election_and_not_from_the_day_of_its_approval() -> None:
    life = registered()
    make_ready(life)
    recruit(life)
    life.wait(20)
    for step in ("choose_committee", "nominate", "approve_candidates"):
        life.take("union", step)
    life.take("union", "record_election", held_on=life.today.isoformat(), term_years=5)
    elected = life.today
    life.take("union", "report_result")
    life.wait(10)
    end = opened_terms(life.take("union", "approve_result"), "union_term")["term_end"]
    assert (elected, end.start_on, end.due_on) == (date(2026, 3, 22), elected, date(2031, 3, 22))
    assert "按登记的日期2026-03-22" in end.derivation[0].zh


@pytest.mark.rule("T-1")
@pytest.mark.parametrize(
    ("key", "value", "years", "end", "remind"),
    [
        ("term.union.default", "5 year", None, "2031-03-02", "2030-12-02"),
        ("term.union.default", "5 year", 3, "2029-03-02", "2028-12-02"),  # what the election said holds
        ("term.union.remind", "6 month", None, "2029-03-02", "2028-09-02"),
    ],
)
def test_a_place_decides_on_the_usual_term_and_on_the_reminder(
    key: str, value: Value, years: int | None, end: str, remind: str
) -> None:
    life = registered(book(edition("220204", date(2000, 1, 1), {key: value})))
    make_ready(life)
    recruit(life)
    for step in ("choose_committee", "nominate", "approve_candidates"):
        life.take("union", step)
    life.take("union", "record_election", term_years=years)
    life.take("union", "report_result")
    found = opened_terms(life.take("union", "approve_result"), "union_term")
    assert [str(found[name].due_on) for name in ("term_end", "remind")] == [end, remind]


@pytest.mark.rule("T-1")
def test_a_place_without_a_reminder_has_the_term_all_the_same() -> None:
    life = registered(book(edition("220204", date(2000, 1, 1), {"term.union.remind": "none"})))
    assert set(opened_terms(establish(life), "union_term")) == {"term_end"}


@pytest.mark.rule("T-1")
def test_a_federation_has_its_own_length_and_an_organiser_none() -> None:
    life = Life()
    found = opened_terms(life.tell("federation.established"), "union_term")
    assert found["term_end"].due_on == date(2031, 3, 2)
    organiser = Life()
    organiser.case.facts["union_kind"] = "organiser"
    organiser.tell("union.established")
    assert not organiser.has("union_term")


@pytest.mark.rule("T-1")
@pytest.mark.parametrize(
    ("form", "end"), [("joint_branch", "2029"), ("general_branch", "2029"), ("primary_committee", "2031")]
)
def test_a_partys_term_is_as_long_as_its_form_says(form: str, end: str) -> None:
    life = Life()
    life.case.facts["party_form"] = form
    found = opened_terms(life.tell("party.formed"), "party_term")["term_end"]
    assert str(found.due_on) == f"{end}-03-02"
    assert ("primary committee" in found.citation) == (form == "primary_committee")


@pytest.mark.rule("T-1")
@SIDES
def test_the_reminder_is_a_letter_and_a_task_and_decides_nothing(side: str) -> None:
    life = in_office(side)
    before = dict(life.case.facts)
    life.today = date(2028, 12, 4)
    unfolded = life.expire(f"{side}_term", "remind")
    assert (life.state(f"{side}_term"), life.case.facts) == ("reminded", before)
    assert kinds(unfolded) == [f"{side}_term_reminder"]
    assert tasks(unfolded) == [(f"{side}_local", "reminded")]
    delivered = life.tell("notice.delivered", about=f"{side}_term")
    assert [entry.compartment.value for entry in delivered.entries] == [side], "it stays in its own drawer"


# -- T-2: preparing ------------------------------------------------------------------------------------


@pytest.mark.rule("T-2")
def test_a_union_that_begins_tells_the_party_organisation_where_there_is_one() -> None:
    life = reminded("union")
    assert kinds(goes(life, "union", "start_preparing")) == []
    life = reminded("union")
    life.case.facts["party_form"] = "branch"
    assert kinds(goes(life, "union", "start_preparing")) == ["union_reelection"]
    assert life.state("union_term") == "preparing"


@pytest.mark.rule("T-2", "T-8")
def test_a_union_waits_for_the_reminder_and_a_party_organisation_may_ask_to_be_early() -> None:
    life = with_union()
    with pytest.raises(Refused, match="reminder has not come"):
        goes(life, "union", "start_preparing")
    life = with_branch()
    goes(life, "party", *APPLY)
    assert life.state("party_term") == "approved"


# -- T-3, T-4: the request and the reply -----------------------------------------------------------------


@pytest.mark.rule("T-3", "T-4")
@SIDES
def test_a_request_is_answered_in_time_or_goes_back_and_is_filed_again(side: str) -> None:
    life = reminded(side)
    applied = goes(life, side, "start_preparing", "apply")
    assert terms(applied)["approve"].start_on == life.today
    assert tasks(applied) == [(f"{side}_superior", "applied")]
    returned = goes(life, side, "return_application")
    assert (life.standing(f"{side}_term").key, "approve") in returned.terms_ended
    assert tasks(returned) == [(f"{side}_local", "returned")]
    life.wait(20)
    again = goes(life, side, "apply_again")
    assert terms(again)["approve"].start_on == life.today, "filed again, the reply has its whole time again"
    goes(life, side, "approve_application")
    assert life.state(f"{side}_term") == "approved"


@pytest.mark.rule("T-3", "T-4", "T-7", "T-8")
@pytest.mark.parametrize("law", [UNION_TERM, PARTY_TERM], ids=lambda law: law.name)
def test_whoever_files_does_not_decide(law: Any) -> None:
    """`Any`: a definition."""
    for decides, filed in (
        ("approve_application", "apply"),
        ("return_application", "apply_again"),
        ("approve_candidates", "nominate"),
        ("approve_result", "report_result"),
        ("refuse_result", "record_election"),
        ("grant_extension", "request_extension"),
        ("refuse_extension", "request_extension"),
    ):
        assert filed in law.step[decides].not_by
        assert law.step[decides].by in (UNION_SUPERIOR, PARTY_SUPERIOR)
        assert law.step[filed].by in (UNION_LOCAL, PARTY_LOCAL)


@pytest.mark.rule("T-4", "T-7", "T-8")
@SIDES
@pytest.mark.parametrize(
    ("state", "term"),
    [
        ("applied", "approve"),
        ("reported", "approve_new_officers"),
        ("extension_requested", "decide_extension"),
    ],
)
def test_silence_is_no_consent(side: str, state: str, term: str) -> None:
    life = Life.standing_in(f"{side}_term", state)
    unfolded = life.expire(f"{side}_term", term)
    assert life.state(f"{side}_term") == state
    assert tasks(unfolded) == [(f"{side}_superior", term)]


# -- T-5: candidates and the election ---------------------------------------------------------------------


@pytest.mark.rule("T-5")
@pytest.mark.parametrize(
    ("step", "wrong", "why"),
    [
        ("nominate", {"relatives_stand": True}, "Close relatives"),
        ("nominate", {"management_stands_for_chair": True}, "Managers"),
        ("nominate", {"secretary_is_chair_candidate": True, "secretary_is_owner": True}, "owner"),
        ("nominate", {"posts": 3, "candidate_count": 3}, "outnumber posts"),
        ("nominate", {"posts": 9, "candidate_count": 10}, "committee has 3 to 7"),
        ("nominate", {"published_from": "2028-12-01"}, "Publication lasts 7 days"),
        ("record_election", {"secret_ballot": False}, "secret ballot"),
        ("record_election", {"present": 19, "votes_for": 19}, "Fewer than 2/3"),
        ("record_election", {"votes_for": 15}, "Not more than half"),
        ("record_election", {"chair_chosen_by": "owner"}, "A chair is elected"),
        ("record_election", {"term_years": 4}, "3 or 5 years"),
        ("record_election", {"held_on": "2028-12-01"}, "precede the end"),
    ],
)
def test_a_union_is_elected_again_by_the_rules_of_its_first_election(
    step: str, wrong: dict[str, Any], why: str
) -> None:
    life = reminded("union")
    goes(life, "union", *APPLY, *ELECT[: ELECT.index(step)])
    with pytest.raises(Refused, match=why):
        goes(life, "union", step, **wrong)


@pytest.mark.rule("T-5")
@pytest.mark.parametrize(
    ("step", "wrong", "why"),
    [
        ("nominate", {"posts": 3, "candidate_count": 3}, "outnumber posts"),
        ("record_election", {"present": 3, "votes_for": 3}, "Fewer than 4/5"),
        ("record_election", {"votes_for": 2}, "Not more than half"),
        ("record_election", {"votes_for": 6}, "Votes may not exceed"),
    ],
)
def test_a_party_organisation_is_elected_again_by_the_rules_of_its_first_election(
    step: str, wrong: dict[str, Any], why: str
) -> None:
    life = reminded("party")
    goes(life, "party", *APPLY, *ELECT[: ELECT.index(step)])
    with pytest.raises(Refused, match=why):
        goes(life, "party", step, **wrong)


@pytest.mark.rule("T-5")
@SIDES
def test_the_last_election_is_not_recorded_for_the_next(side: str) -> None:
    life = in_office(side)
    life.today = MONDAY + timedelta(days=30)
    life.expire(f"{side}_term", "remind")
    goes(life, side, *APPLY, *ELECT[:2])
    life.standing(f"{side}_term").data["published_to"] = "2026-03-01"
    with pytest.raises(Refused, match="comes after the last election"):
        goes(life, side, "record_election", held_on=MONDAY.isoformat())


@pytest.mark.rule("T-5")
def test_the_enterprises_own_party_organisation_examines_the_unions_candidates() -> None:
    life = reminded("union")
    life.case.facts["party_form"] = "branch"
    goes(life, "union", *APPLY, "nominate")
    with pytest.raises(Refused, match="must examine the candidates first"):
        goes(life, "union", "approve_candidates")
    goes(life, "union", "party_examines", "approve_candidates")
    assert life.state("union_term") == "meeting_called"


@pytest.mark.rule("T-5")
@SIDES
def test_an_election_that_failed_is_held_again_within_its_time(side: str) -> None:
    life = reminded(side)
    goes(life, side, *APPLY, "nominate", "reject_candidates", "nominate", "approve_candidates")
    failed = goes(life, side, "record_void_election")
    assert life.state(f"{side}_term") == "election_failed"
    assert set(terms(failed)) == {"reelect"}
    goes(life, side, "nominate_again")
    assert life.state(f"{side}_term") == "approved"
    goes(
        life, side, "nominate", "approve_candidates", "record_void_election", "call_again", "record_election"
    )
    assert life.state(f"{side}_term") == "elected"


# -- T-6, T-7, T-11: report, approval, first meeting ---------------------------------------------------------


@pytest.mark.rule("T-6")
@SIDES
def test_the_result_is_reported_in_time_and_never_without_the_election_on_file(side: str) -> None:
    life = reminded(side)
    elected = goes(life, side, *APPLY, *ELECT)
    assert terms(elected)["report"].start_on == life.today
    assert (life.standing(f"{side}_term").key, "term_end") in elected.terms_ended, (
        "elected in time is in time"
    )
    life.standing(f"{side}_term").on_file = frozenset()
    with pytest.raises(Refused, match="No election record"):
        goes(life, side, "report_result")


@pytest.mark.rule("T-7")
@SIDES
def test_the_approved_election_begins_the_next_term(side: str) -> None:
    life = reminded(side)
    life.today = date(2029, 2, 14)
    goes(life, side, *APPLY, *ELECT, "report_result")
    life.wait(5)
    approved = goes(life, side, "approve_result")
    assert life.state(f"{side}_term") == "renewed"
    assert terms(approved)["term_end"].due_on == date(2032, 2, 14)
    told = life.standing(f"{side}_term").data
    assert (told["term_from"], told["overdue"], told["reminded"]) == ("2029-02-14", False, False)
    again = goes(life, side, "record_first_meeting")
    assert terms(again)["remind"].due_on in (date(2031, 11, 14), date(2031, 8, 14))


@pytest.mark.rule("T-7")
def test_a_union_re_elected_has_its_registration_as_a_legal_person_changed() -> None:
    life = reminded("union")
    life.standing("legal_person").state = "registered"
    approved = goes(life, "union", *APPLY, *ELECT, *REPORT)
    assert ("legal_person", "union.reelected") in [(one.procedure, one.cause) for one in approved.entries]
    assert life.state("legal_person") == "change_due"


@pytest.mark.rule("T-7")
def test_a_new_committee_may_have_another_length_of_office() -> None:
    life = reminded("union")
    goes(life, "union", *APPLY, *ELECT[:2])
    goes(life, "union", "record_election", term_years=5)
    assert life.standing("union_term").data["term_length"] == 3, "until it is approved nothing has changed"
    approved = goes(life, "union", *REPORT)
    end = terms(approved)["term_end"]
    assert end.due_on == date(2033, 12, 4)
    assert end.citation == "工会法第16条：三年或者五年 / Trade Union Law Art 16: three or five years"


@pytest.mark.rule("T-7")
@SIDES
def test_a_refused_result_leaves_the_old_term_running_as_it_was(side: str) -> None:
    life = reminded(side)
    goes(life, side, "request_extension", extend_months=6)
    goes(life, side, "grant_extension", *APPLY, *ELECT, "report_result")
    refused = goes(life, side, "refuse_result")
    assert life.state(f"{side}_term") == "election_failed"
    assert terms(refused)["term_end"].due_on == date(2029, 9, 2), "with the months it was granted"


@pytest.mark.rule("T-7", "T-9")
@SIDES
def test_a_re_election_overwrites_nothing_of_the_one_before_it(side: str) -> None:
    life = overdue(side)
    lines = [goes(life, side, step).entries[0] for step in (*APPLY, *ELECT, *REPORT)]
    life.today = date(2032, 1, 5)
    goes(life, side, "record_first_meeting")
    life.expire(f"{side}_term", "remind")
    lines += [goes(life, side, step).entries[0] for step in (*APPLY, *ELECT, *REPORT)]
    held = [one.data["held_on"] for one in lines if one.step == "record_election"]
    began = [one.data["term_from"] for one in lines if one.step == "approve_result"]
    assert held == began == ["2029-03-03", "2032-01-05"]


@pytest.mark.rule("T-11")
@SIDES
def test_after_a_re_election_the_first_meeting_is_due(side: str) -> None:
    life = reminded(side)
    renewed = goes(life, side, *APPLY, *ELECT, *REPORT)
    assert tasks(renewed)[-1] == (f"{side}_local", "renewed")
    assert "first_meeting" in terms(renewed)
    late = life.expire(f"{side}_term", "first_meeting")
    assert tasks(late) == [(f"{side}_superior", "first_meeting")]
    goes(life, side, "record_first_meeting")
    assert life.state(f"{side}_term") == "in_term"
