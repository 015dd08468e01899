"""Terms of office that do not go by the book: put off (T-8), overdue (T-9), with a post vacant (T-10), or at an end."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.workflows.lives import (
    MONDAY,
    Life,
    establish,
    form_branch,
    ordered,
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
from workflows.definition import STAY
from workflows.errors import Refused
from workflows.procedures.term import PARTY_TERM, UNION_TERM
from workflows.unfolded import Unfolded

# -- T-8: more time --------------------------------------------------------------------------------------------


@pytest.mark.rule("T-8")
@SIDES
def test_an_extension_is_asked_for_with_a_reason_and_granted_by_the_superior(side: str) -> None:
    life = reminded(side)
    asked = goes(life, side, "request_extension", extend_months=6, note="正在改制")
    assert tasks(asked) == [(f"{side}_superior", "extension_requested")]
    assert set(terms(asked)) == {"decide_extension"} and asked.extended == []
    granted = goes(life, side, "grant_extension", note="同意延期至改制完成")
    (longer,) = granted.extended
    assert (longer.term.name, str(longer.by), longer.reason) == ("term_end", "6 month", "同意延期至改制完成")
    assert (life.state(f"{side}_term"), life.standing(f"{side}_term").data["extension_months"]) == (
        "in_term",
        6,
    )
    assert terms(granted)["remind"].due_on == date(2029, 6 if side == "union" else 3, 2), (
        "called to mind anew"
    )
    assert (longer.key, "term_end") not in granted.terms_ended


@pytest.mark.rule("T-8")
@SIDES
def test_a_refused_extension_leaves_the_day_where_it_is(side: str) -> None:
    life = reminded(side)
    goes(life, side, "start_preparing", "request_extension")
    refused = goes(life, side, "refuse_extension", note="没有特殊情况")
    assert (life.state(f"{side}_term"), refused.extended) == ("reminded", [])
    assert refused.entries[0].data["note"] == "没有特殊情况"


@pytest.mark.rule("T-8")
@pytest.mark.parametrize(("side", "most"), [("union", 6), ("party", 12)])
def test_extensions_together_stay_within_what_the_place_allows(side: str, most: int) -> None:
    life = reminded(side)
    with pytest.raises(Refused, match="may not exceed"):
        goes(life, side, "request_extension", extend_months=most + 1)
    goes(life, side, "request_extension", extend_months=most - 1)
    goes(life, side, "grant_extension")
    life.expire(f"{side}_term", "remind")
    with pytest.raises(Refused, match=f"{most - 1} months were granted already"):
        goes(life, side, "request_extension", extend_months=2)
    goes(life, side, "request_extension", extend_months=1)


@pytest.mark.rule("T-8")
def test_a_place_may_grant_no_extension_at_all() -> None:
    life = reminded("union", **{"term.union.extension_max": "none"})
    with pytest.raises(Refused, match="Here no extension is granted"):
        goes(life, "union", "request_extension")


@pytest.mark.rule("T-8", "T-9")
@SIDES
def test_once_the_term_is_over_no_extension_can_be_asked_for(side: str) -> None:
    with pytest.raises(Refused, match="The term is over"):
        goes(overdue(side), side, "request_extension")


# -- T-9: overdue ------------------------------------------------------------------------------------------------


@pytest.mark.rule("T-9")
@SIDES
@pytest.mark.parametrize(
    "state",
    ["reminded", "preparing", "applied", "returned", "approved", "candidates", "meeting_called", "election_failed", "vacancy"],
)  # fmt: skip
def test_overdue_is_a_fact_beside_the_state_and_a_task_for_the_superior(side: str, state: str) -> None:
    life = Life.standing_in(f"{side}_term", state, term_from="2023-03-01")
    open_to_all = dict(life.case.facts)
    unfolded = life.expire(f"{side}_term", "term_end")
    assert (life.state(f"{side}_term"), life.case.facts) == (state, open_to_all)
    assert life.standing(f"{side}_term").data == {"overdue": True}
    assert tasks(unfolded) == [(f"{side}_superior", "term_end")]


@pytest.mark.rule("T-9")
@SIDES
def test_a_term_that_ends_where_nobody_was_reminded_is_called_to_mind_and_overdue_at_once(side: str) -> None:
    life = in_office(side, **{f"term.{side}.remind": "none"})
    life.today = THREE_YEARS_ON + timedelta(days=1)
    unfolded = life.expire(f"{side}_term", "term_end")
    assert life.state(f"{side}_term") == "reminded"
    assert tasks(unfolded) == [(f"{side}_superior", "term_end"), (f"{side}_local", "reminded")]


@pytest.mark.rule("T-9")
@SIDES
def test_nobody_loses_office_by_it(side: str) -> None:
    life = overdue(side)
    assert life.state(side) in ("established", "branch")
    assert life.case.facts[f"{side}_form"] in ("union", "branch")
    for law in (UNION_TERM, PARTY_TERM):
        assert all(
            step.publish == () and not law.state[step.target if step.target != STAY else "in_term"].publishes
            for step in law.steps
        )


@pytest.mark.rule("T-9")
@SIDES
def test_the_superior_orders_the_re_election_by_a_day_and_what_it_had_to_do_is_done(side: str) -> None:
    life = overdue(side)
    key = life.standing(f"{side}_term").key
    begun = goes(life, side, "start_preparing")
    assert "term_end" in begun.overdue_still[key], "that the superior must act is not done by others acting"
    ordered_by = goes(life, side, "order_completion", complete_by="2029-05-31", note="限期换届")
    assert (key, "term_end") in ordered_by.terms_met
    completion = terms(ordered_by)["completion"]
    assert (completion.start_on, completion.due_on) == (life.today, date(2029, 5, 31))
    assert life.state(f"{side}_term") == "preparing"
    late = life.expire(f"{side}_term", "completion")
    assert tasks(late) == [(f"{side}_superior", "completion")]
    again = goes(life, side, "order_completion", complete_by="2029-06-30")
    assert terms(again)["completion"].due_on == date(2029, 6, 30)


@pytest.mark.rule("T-9")
@SIDES
def test_the_day_ordered_is_a_near_one_and_only_for_what_is_overdue(side: str) -> None:
    life = overdue(side)
    with pytest.raises(Refused, match="2029-09-03 at the latest"):
        goes(life, side, "order_completion", complete_by="2029-09-04")
    with pytest.raises(Refused, match="The term is not over yet"):
        goes(reminded(side), side, "order_completion")


@pytest.mark.rule("T-9")
@SIDES
def test_the_order_holds_until_the_election_and_the_fact_until_its_approval(side: str) -> None:
    life = overdue(side)
    key = life.standing(f"{side}_term").key
    goes(life, side, "order_completion", *APPLY, *ELECT[:2])
    elected = goes(life, side, "record_election")
    assert (key, "completion") in elected.terms_ended
    assert life.standing(f"{side}_term").data["overdue"] is True
    goes(life, side, "report_result")
    refused = goes(life, side, "refuse_result")
    assert "completion" in terms(refused), "refused, the order stands again"
    goes(life, side, "call_again", "record_election", *REPORT)
    told = life.standing(f"{side}_term").data
    assert (told["overdue"], told["complete_by"]) == (False, None)


# -- T-10: a vacancy -----------------------------------------------------------------------------------------------


@pytest.mark.rule("T-10")
@SIDES
def test_a_vacant_post_is_filled_by_election_in_time_and_the_term_stays_as_it_was(side: str) -> None:
    life = in_office(side)
    life.today = date(2027, 5, 10)
    vacant = goes(life, side, "report_vacancy", vacant_since="2027-05-03")
    assert life.state(f"{side}_term") == "vacancy"
    by_election = terms(vacant)["by_election"]
    assert (by_election.start_on, by_election.due_on, by_election.unknown_year) == (
        date(2027, 5, 3),
        None,
        2027,
    )
    assert by_election.provisional_on == date(2027, 8, 3)
    key = life.standing(f"{side}_term").key
    assert (key, "term_end") not in vacant.terms_ended
    filled = goes(life, side, "record_by_election")
    assert life.state(f"{side}_term") == "in_term"
    assert "term_end" not in terms(filled) and terms(filled)["remind"].start_on == MONDAY
    assert life.standing(f"{side}_term").data["term_from"] == MONDAY.isoformat()


@pytest.mark.rule("T-10")
@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"management_stands_for_chair": True}, "Managers"),
        ({"secret_ballot": False}, "secret ballot"),
        ({"votes_for": 15}, "Not more than half"),
        ({"chair_chosen_by": "owner"}, "A chair is elected"),
    ],
)
def test_a_chair_is_elected_between_elections_by_the_same_rules(wrong: dict[str, Any], why: str) -> None:
    life = with_union()
    goes(life, "union", "report_vacancy")
    with pytest.raises(Refused, match=why):
        goes(life, "union", "record_by_election", posts=1, candidate_count=2, **wrong)
    goes(life, "union", "record_by_election", posts=1, candidate_count=2)


@pytest.mark.rule("T-10")
def test_a_by_election_too_is_examined_by_the_party_organisation_and_held_for_this_vacancy() -> None:
    life = with_union()
    life.case.facts["party_form"] = "branch"
    goes(life, "union", "report_vacancy")
    with pytest.raises(Refused, match="must examine"):
        goes(life, "union", "record_by_election")
    goes(life, "union", "party_examines_by_election", "record_by_election", "report_vacancy")
    with pytest.raises(Refused, match="must examine"):
        goes(life, "union", "record_by_election")


@pytest.mark.rule("T-10")
def test_a_chair_removed_or_transferred_leaves_a_vacancy_by_itself() -> None:
    life = with_union()
    life.take("union", "complete_set_up")
    vacant = life.take("union", "remove_chair", votes_for=20)
    assert life.state("union_term") == "vacancy"
    assert tasks(vacant)[-1] == ("union_local", "vacancy")
    assert life.standing("union_term").data["vacant_since"] == MONDAY.isoformat()


@pytest.mark.rule("T-10")
@SIDES
def test_a_post_cannot_have_fallen_vacant_before_the_term_began(side: str) -> None:
    with pytest.raises(Refused, match="before this term began"):
        goes(in_office(side), side, "report_vacancy", vacant_since="2026-03-01")


@pytest.mark.rule("T-10", "T-9")
@SIDES
def test_a_term_that_ends_during_a_vacancy_is_overdue_like_any_other(side: str) -> None:
    life = reminded(side)
    goes(life, side, "report_vacancy")
    life.today = THREE_YEARS_ON + timedelta(days=1)
    life.expire(f"{side}_term", "term_end")
    filled = goes(life, side, "record_by_election")
    assert life.state(f"{side}_term") == "in_term"
    assert terms(filled)["remind"].due_on is not None and terms(filled)["remind"].due_on < life.today
    life.expire(f"{side}_term", "remind")
    goes(life, side, "order_completion", *APPLY)
    assert life.state(f"{side}_term") == "approved"


# -- how it ends -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("event", ["union.dissolved", "joint_union.dissolved", "federation.dissolved"])
def test_with_the_union_its_term_ends(event: str) -> None:
    life = with_union()
    ended = life.tell(event)
    assert life.state("union_term") == "ended"
    assert {name for _, name in ended.terms_ended} >= {"term_end", "remind"}


def test_a_union_founded_again_after_its_end_has_a_term_of_its_own() -> None:
    life = with_union()
    life.tell("union.dissolved")
    life.today = date(2027, 3, 1)
    life.standing("union").data["office_from"] = "2027-02-01"
    found = opened_terms(life.tell("union.established"), "union_term")
    assert found["term_end"].due_on == date(2030, 2, 1)


def test_an_organisation_elected_anew_begins_its_term_anew_and_one_only_adjusted_does_not() -> None:
    life = with_branch()
    assert life.tell("party.adjusted").entries == []
    life.today = date(2027, 3, 1)
    life.standing("party").data["office_from"] = "2027-02-01"
    anew = life.tell("party.formed")
    assert [entry.step for entry in anew.entries if entry.procedure == "party_term"] == ["formed_anew"]
    assert {name: one.due_on for name, one in terms(anew, life.standing("party_term").key).items()} == {
        "term_end": date(2030, 2, 1),
        "remind": date(2029, 8, 1),
    }


@SIDES
def test_a_re_election_of_an_enterprise_that_is_gone_is_no_longer_owed(side: str) -> None:
    life = overdue(side)
    life.tell("registry.deregistered")
    assert (life.state(f"{side}_term"), life.state(side)) == ("enterprise_gone", "winding_up")


@pytest.mark.rule("L-16")
@SIDES
def test_a_term_of_office_runs_on_while_the_enterprise_suspends_operation(side: str) -> None:
    life = registered(ordered("party_first"))
    life.tell("registry.suspended")
    unfolded = establish(life) if side == "union" else form_branch(life)
    assert all(one.is_running for one in opened_terms(unfolded, f"{side}_term").values())


BEGINNINGS: list[tuple[str, Callable[[Life], Unfolded]]] = [("union", establish), ("party", form_branch)]


@pytest.mark.parametrize(("side", "begin"), BEGINNINGS, ids=["union", "party"])
def test_one_side_reads_nothing_of_the_others_term(side: str, begin: Callable[[Life], Unfolded]) -> None:
    life = registered(ordered("party_first"))
    begin(life)
    other = "party" if side == "union" else "union"
    assert "term_from" in life.situation(side)
    assert not life.has(f"{other}_term")
    if other == "party":
        assert "term_from" not in life.situation("party")
