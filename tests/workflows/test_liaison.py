"""Liaisons: proposed, consented, in post, visited, renewed, handed over, replaced, ended by a branch (2.4)."""

import pytest

from tests.workflows.branches import a_place, counted, running
from tests.workflows.lives import MONDAY, appoint_liaison, ordered, registered, step_of
from workflows.definition import Situation
from workflows.errors import Refused
from workflows.policies.book import published
from workflows.runner import why_not


@pytest.mark.rule("P-16")
def test_a_liaison_who_leaves_is_replaced_in_time() -> None:
    life = registered(ordered("party_first"))
    appoint_liaison(life, full=1)
    assert running(life.take("liaison", "revoke"))["replace_liaison"] == "1 month"
    assert (life.state("party"), life.case.facts["party_form"]) == ("surveyed", "none")
    life.take("party", "propose_dispatched_liaison")
    life.expire("party", "replace_liaison")
    assert life.state("party") == "liaison_pending", "a term that ran out appoints nobody"
    life.take("liaison", "record_consent")
    key = life.standing("party").key
    assert (key, "replace_liaison") in life.take("liaison", "appoint").terms_ended


@pytest.mark.rule("P-16")
def test_the_time_to_replace_runs_only_where_a_liaison_was() -> None:
    life = registered(ordered("party_first"))
    assert "replace_liaison" not in running(life.take("party", "survey", full_members=1))


@pytest.mark.rule("P-17")
def test_a_branch_is_applied_for_once_a_dispatched_liaisons_enterprise_has_three_members() -> None:
    life = registered(ordered("party_first"))
    appoint_liaison(life)
    with pytest.raises(Refused, match="no branch can be formed"):
        life.take("party", "apply_branch")
    counted(life, 3)
    assert (life.state("party"), life.state("liaison")) == ("liaison", "active")
    for step in ("apply_branch", "approve_formation", "record_election", "approve_branch"):
        life.take("party", step)
    assert (life.state("party"), life.state("liaison")) == ("branch", "ended_by_branch")


@pytest.mark.rule("P-2", "P-3")
def test_a_liaison_goes_from_proposed_over_consent_to_post() -> None:
    life = registered(ordered("party_first"))
    life.take("party", "survey", full_members=0)
    life.take("party", "propose_dispatched_liaison")
    went = [life.state("liaison")]
    for step in ("record_consent", "appoint"):
        life.take("liaison", step)
        went.append(life.state("liaison"))
    assert went == ["proposed", "consented", "active"]
    assert step_of("liaison", "appoint").not_by == (), "a small office has one clerk"


@pytest.mark.rule("P-16")
def test_a_successor_begins_anew_and_the_form_stays() -> None:
    life = registered(ordered("party_first"))
    appoint_liaison(life, full=1)
    with pytest.raises(Refused, match="successor's consent"):
        life.take("liaison", "hand_over", consents=False)
    assert running(life.take("liaison", "hand_over"))["visit"] == "3 month"
    assert [one.state for one in life.case.standings if one.procedure == "liaison"] == [
        "handed_over",
        "active",
    ]
    assert (life.state("party"), life.case.facts["party_form"]) == ("liaison", "liaison")


@pytest.mark.rule("P-16")
def test_a_place_may_limit_the_term_of_an_appointment_and_it_can_be_renewed() -> None:
    life = registered(a_place(liaison__term="2 year"))
    begun = appoint_liaison(life, full=1)
    assert running(begun)["appointment"] == "2 year"
    life.expire("liaison", "appointment")
    assert life.state("liaison") == "active", "nobody leaves a post because a term ran out"
    with pytest.raises(Refused, match="nobody is appointed again"):
        life.take("liaison", "reappoint", consents=False)
    renewed = life.take("liaison", "reappoint")
    assert running(renewed)["appointment"] == "2 year"
    assert life.standing("liaison").key in renewed.work_ended


@pytest.mark.rule("P-16")
def test_the_nation_sets_no_term_of_appointment() -> None:
    life = registered(ordered("party_first"))
    assert "appointment" not in running(appoint_liaison(life))


@pytest.mark.rule("P-3")
def test_whoever_declines_is_not_appointed_and_the_form_is_open_again() -> None:
    life = registered(ordered("party_first"))
    life.take("party", "survey", full_members=1)
    life.take("party", "propose_own_liaison")
    life.take("liaison", "record_refusal")
    assert (life.state("liaison"), life.state("party")) == ("declined", "surveyed")


@pytest.mark.parametrize(("serves", "right"), [(1, True), (3, True), (4, False)])
def test_a_place_may_limit_how_many_enterprises_one_liaison_serves(serves: int, right: bool) -> None:
    """Hefei: three (K47). Nationally there is no limit."""
    step = step_of("liaison", "appoint")
    hefei, elsewhere = (published().policy(place, MONDAY) for place in ("340100", "220204"))
    assert (why_not(step, Situation({"serves": serves}, hefei, MONDAY)) is None) is right
    assert why_not(step, Situation({"serves": 99}, elsewhere, MONDAY)) is None
