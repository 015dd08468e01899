"""A union as a legal person: registered, changed, renewed, cancelled; by people, in time, and never by itself (WORKFLOWS 2.3)."""

from datetime import date, timedelta

import pytest

from tests.workflows.lives import MONDAY, Life, elect, make_ready, recruit, registered, step_of, why
from tests.workflows.neighbours import JOINT, operating
from workflows import forms
from workflows.errors import Fault, Refused
from workflows.events import Scalar
from workflows.procedures.legal_person import LEGAL_PERSON
from workflows.procedures.legal_states import STANDS, UNDER_WAY
from workflows.unfolded import Unfolded

CODE = "81220204MA00000152"
PAPERS = frozenset({"union_approval"})


def established() -> Life:
    life = registered()
    make_ready(life)
    recruit(life)
    elect(life)
    life.take("union", "approve_result")
    return life


def legal_person(**fields: object) -> Life:
    """A union that is a legal person."""
    life = established()
    life.take("legal_person", "apply")
    life.take("legal_person", "examine")
    life.take("legal_person", "register", papers=None, **fields)
    return life


def due(unfolded: Unfolded) -> dict[str, date | None]:
    """The terms of the registration that begin with this move, and when they fall due."""
    return {one.term.name: one.deadline.due_on for one in unfolded.terms if one.term in LEGAL_PERSON.terms}


# -- who may be one, and when ----------------------------------------------------------------------------------


@pytest.mark.rule("R0", "R1")
def test_a_union_that_is_established_has_sixty_days_to_apply() -> None:
    life = registered()
    make_ready(life)
    recruit(life)
    elect(life)
    assert not life.has("legal_person"), "before the approval there is nothing to register"
    approved = life.take("union", "approve_result")
    assert life.state("legal_person") == "unregistered"
    assert due(approved) == {"apply": date(2026, 5, 6)}, "the sixtieth day is Labour Day"


@pytest.mark.rule("R0")
def test_a_joint_union_may_be_registered_too() -> None:
    town = operating()
    assert town[JOINT].state("legal_person") == "unregistered"
    assert not town["1"].has("legal_person"), "a unit that it covers is none"


@pytest.mark.rule("R0")
def test_an_organiser_alone_is_no_legal_person() -> None:
    life = registered()
    make_ready(life)
    recruit(life, 20)
    life.take("union", "choose_organiser")
    life.take("union", "elect_organiser", entitled=20, present=20, votes_for=20)
    life.take("union", "report_result")
    life.take("union", "approve_result")
    assert life.state("union") == "established"
    assert not life.has("legal_person")


@pytest.mark.rule("R0")
def test_a_small_union_without_the_means_says_so_and_owes_nothing() -> None:
    life = established()
    life.take("legal_person", "state_conditions_not_met")
    assert life.where(life.standing("legal_person")).settled
    life.take("legal_person", "apply")
    assert life.state("legal_person") == "applied", "it may still apply later"


@pytest.mark.rule("R1")
def test_a_late_application_is_a_work_item_and_still_an_application() -> None:
    life = established()
    expired = life.expire("legal_person", "apply")
    assert [one.reason for one in expired.work] == ["apply"]
    life.take("legal_person", "apply")
    assert life.state("legal_person") == "applied"


# -- examination and registration -------------------------------------------------------------------------------


@pytest.mark.rule("R1", "R3")
def test_the_application_brings_the_approval_of_the_founding() -> None:
    assert {paper.kind for paper in step_of("legal_person", "apply").evidence} == {
        "legal_application",
        "union_approval",
    }
    filled: dict[str, Scalar] = {"certificate_from": "2026-03-02", "valid_to": "2029-03-01"}
    reason = why("legal_person", "register", **filled)
    assert reason is not None and "批复" in reason.zh
    assert why("legal_person", "register", PAPERS, **filled) is None


@pytest.mark.rule("R2")
def test_the_registrar_has_fifteen_days_and_silence_registers_nobody() -> None:
    life = established()
    assert due(life.take("legal_person", "apply")) == {"examine": date(2026, 3, 17)}
    life.expire("legal_person", "examine")
    assert life.state("legal_person") == "applied"


@pytest.mark.rule("R2")
def test_an_application_with_defects_goes_back_and_comes_again() -> None:
    life = established()
    life.take("legal_person", "apply")
    life.take("legal_person", "return_application")
    assert life.state("legal_person") == "returned"
    life.take("legal_person", "apply")
    assert life.state("legal_person") == "applied"


@pytest.mark.rule("R2")
@pytest.mark.parametrize(("before", "step"), [("applied", None), ("examined", "examine")])
def test_a_refusal_says_that_the_conditions_are_not_met(before: str, step: str | None) -> None:
    life = established()
    life.take("legal_person", "apply")
    if step:
        life.take("legal_person", step)
    assert life.state("legal_person") == before
    life.take("legal_person", "refuse")
    assert life.state("legal_person") == "conditions_not_met"


@pytest.mark.rule("R2", "R3", "R4", "R5", "R6")
@pytest.mark.parametrize(
    ("decision", "filing"),
    [
        ("examine", "apply"),
        ("return_application", "apply"),
        ("refuse", "apply"),
        ("register", "apply"),
        ("record_change", "file_change"),
        ("return_change", "file_change"),
        ("renew", "file_renewal"),
        ("return_renewal", "file_renewal"),
        ("cancel", "file_cancellation"),
        ("return_cancellation", "file_cancellation"),
    ],
)
def test_whoever_files_does_not_decide(decision: str, filing: str) -> None:
    step, filed = step_of("legal_person", decision), step_of("legal_person", filing)
    assert filing in step.not_by
    assert (filed.by, step.by) == (step_of("union", "nominate").by, step_of("union", "approve_result").by)


@pytest.mark.rule("R2")
@pytest.mark.parametrize("event", ["registry.renamed", "registry.moved"])
def test_what_changes_during_the_examination_is_corrected_first(event: str) -> None:
    life = established()
    life.take("legal_person", "apply")
    life.tell(event)
    assert life.state("legal_person") == "returned"


@pytest.mark.rule("R3")
def test_registration_gives_a_code_and_a_certificate() -> None:
    life = legal_person(legal_code=CODE)
    standing = life.standing("legal_person")
    assert standing.state == "registered"
    assert standing.data["legal_code"] == CODE
    assert "legal_certificate" in standing.on_file


@pytest.mark.rule("R3")
@pytest.mark.parametrize(
    ("code", "why_not"),
    [
        ("81220204MA00000153", "check"),  # the check character is wrong
        ("91220204MA00000151", "81"),  # an enterprise's code
        ("8122", "18"),
    ],
)
def test_only_a_unions_own_code_is_taken(code: str, why_not: str) -> None:
    with pytest.raises(Fault, match=why_not) as fault:
        forms.check(
            step_of("legal_person", "register"),
            {"legal_code": code, "certificate_from": "2026-03-02", "valid_to": "2029-03-01"},
            today=MONDAY,
        )
    assert fault.value.code == "uscc_bad"


@pytest.mark.rule("R3")
@pytest.mark.parametrize(
    ("years", "valid_to", "right"),
    [
        (3, "2029-03-02", True),  # three years to the day
        (3, "2029-03-03", False),
        (5, "2031-03-02", True),
        (5, "2031-03-03", False),
        (None, "2031-03-03", True),  # no term is stated
    ],
)
@pytest.mark.parametrize("step", ["register", "record_change", "renew"])
def test_a_certificate_is_valid_for_the_term_of_office_at_most(
    step: str, years: int | None, valid_to: str, right: bool
) -> None:
    reason = why(
        "legal_person", step, PAPERS, certificate_from="2026-03-02", valid_to=valid_to, term_years=years
    )
    assert (reason is None) is right


# -- changes --------------------------------------------------------------------------------------------------------


@pytest.mark.rule("R4")
@pytest.mark.parametrize(
    "event", ["registry.renamed", "registry.moved", "union.reelected", "union.by_elected"]
)
def test_a_new_name_place_or_chair_is_registered_within_thirty_days(event: str) -> None:
    life = legal_person()
    changed = life.tell(event)
    assert life.state("legal_person") == "change_due"
    assert due(changed) == {"change": date(2026, 4, 1)}
    life.take("legal_person", "file_change")
    life.take("legal_person", "record_change")
    assert life.state("legal_person") == "registered"


@pytest.mark.rule("R4")
def test_a_change_that_the_registrar_returns_is_still_due() -> None:
    life = legal_person()
    life.take("legal_person", "file_change")
    life.take("legal_person", "return_change")
    assert life.state("legal_person") == "change_due"


@pytest.mark.rule("R4")
def test_a_second_change_is_not_lost_while_the_first_is_before_the_registrar() -> None:
    life = legal_person()
    life.take("legal_person", "file_change")
    life.tell("union.reelected")
    assert life.state("legal_person") == "change_due"


@pytest.mark.rule("R4")
def test_a_late_change_does_not_end_the_registration() -> None:
    life = legal_person()
    life.tell("registry.renamed")
    life.expire("legal_person", "change")
    assert life.state("legal_person") == "change_due"


# -- renewal --------------------------------------------------------------------------------------------------------


@pytest.mark.rule("R5")
def test_renewal_falls_due_thirty_days_before_the_certificate_ends() -> None:
    life = established()
    life.take("legal_person", "apply")
    life.take("legal_person", "examine")
    issued = life.take("legal_person", "register", certificate_from="2026-03-02", valid_to="2029-03-02")
    assert due(issued) == {"renew": date(2029, 1, 31), "certificate": date(2029, 3, 2)}


@pytest.mark.rule("R5")
def test_a_renewed_certificate_has_its_own_end() -> None:
    life = legal_person(certificate_from="2026-03-02", valid_to="2029-03-01")
    life.today = date(2029, 1, 30)
    life.expire("legal_person", "renew")
    assert life.state("legal_person") == "renewal_due"
    life.take("legal_person", "file_renewal")
    renewed = life.take("legal_person", "renew", certificate_from="2029-01-30", valid_to="2032-01-30")
    assert life.state("legal_person") == "registered"
    assert due(renewed) == {"renew": date(2031, 12, 31), "certificate": date(2032, 1, 30)}


@pytest.mark.rule("R5")
def test_a_renewal_that_the_registrar_returns_is_still_due() -> None:
    life = Life.standing_in("legal_person", "renewal_filed")
    life.take("legal_person", "return_renewal")
    assert life.state("legal_person") == "renewal_due"


@pytest.mark.rule("R4", "R5")
def test_a_re_election_on_the_way_to_a_renewal_is_registered_with_it() -> None:
    life = Life.standing_in("legal_person", "renewal_due")
    life.tell("union.reelected")
    assert life.state("legal_person") == "change_due"
    life.take("legal_person", "file_change")
    recorded = life.take(
        "legal_person", "record_change", certificate_from="2026-03-02", valid_to="2029-03-01"
    )
    assert set(due(recorded)) == {"renew", "certificate"}


@pytest.mark.rule("R5")
def test_a_certificate_that_has_run_out_ends_no_union() -> None:
    life = legal_person()
    life.today = MONDAY + timedelta(days=1095)
    life.expire("legal_person", "renew")
    expired = life.expire("legal_person", "certificate")
    assert [one.reason for one in expired.work] == ["certificate"]
    assert (life.state("legal_person"), life.state("union")) == ("renewal_due", "established")


# -- the end ----------------------------------------------------------------------------------------------------------


@pytest.mark.rule("R6")
@pytest.mark.parametrize("state", STANDS)
@pytest.mark.parametrize(
    "event", ["union.dissolved", "joint_union.dissolved", "registry.deregistered", "registry.revoked"]
)
def test_where_a_union_is_registered_its_end_calls_for_cancellation(state: str, event: str) -> None:
    life = Life.standing_in("legal_person", state)
    life.tell(event)
    assert life.state("legal_person") == "cancel_due"


@pytest.mark.rule("R6")
@pytest.mark.parametrize("state", [*UNDER_WAY, "conditions_not_met"])
@pytest.mark.parametrize(
    ("event", "ends_in"), [("union.dissolved", "union_gone"), ("registry.deregistered", "enterprise_gone")]
)
def test_where_nothing_is_registered_there_is_nothing_to_cancel(state: str, event: str, ends_in: str) -> None:
    life = Life.standing_in("legal_person", state)
    life.tell(event)
    assert life.state("legal_person") == ends_in
    assert life.where(life.standing("legal_person")).final


@pytest.mark.rule("R6")
@pytest.mark.parametrize("open_matter", ["funds_cleared", "debts_settled"])
def test_nothing_is_cancelled_before_its_affairs_are_settled(open_matter: str) -> None:
    life = Life.standing_in("legal_person", "cancel_due")
    with pytest.raises(Refused):
        life.take("legal_person", "file_cancellation", papers=None, **{open_matter: False})
    assert life.state("legal_person") == "cancel_due"
    life.take("legal_person", "file_cancellation")
    with pytest.raises(Refused, match="certificate is not withdrawn"):
        life.take("legal_person", "cancel", certificate_withdrawn=False)
    life.take("legal_person", "cancel")
    assert life.state("legal_person") == "cancelled"


@pytest.mark.rule("R6")
def test_a_cancellation_with_defects_goes_back() -> None:
    life = Life.standing_in("legal_person", "cancel_filed")
    life.take("legal_person", "return_cancellation")
    assert life.state("legal_person") == "cancel_due"


@pytest.mark.rule("R4", "U-23")
def test_after_a_merger_the_union_stays_a_legal_person_until_it_is_founded_anew() -> None:
    life = legal_person()
    life.tell("registry.split")
    assert (life.state("union"), life.state("legal_person")) == ("merged", "registered")
    recruit(life)
    elect(life)
    life.take("union", "approve_result")
    assert life.state("legal_person") == "change_due"


@pytest.mark.rule("R0", "R6")
def test_a_union_founded_after_another_was_cancelled_is_registered_on_its_own() -> None:
    life = legal_person()
    life.standing("legal_person").state = "cancelled"
    life.tell("union.established")
    assert life.state("legal_person") == "unregistered"
    assert len([one for one in life.case.standings if one.procedure == "legal_person"]) == 2
