"""What becomes of a union that stands: its bodies, its numbers, its chair, mergers, its end; and how formation is given up."""

from datetime import date

import pytest

from tests.workflows.lives import (
    COUNTY,
    MONDAY,
    Life,
    book,
    edition,
    elect,
    recruit,
    step_of,
    why,
)
from tests.workflows.unions import (
    covered,
    operating,
    recruited,
    told,
    with_an_organiser,
)
from workflows.errors import Refused
from workflows.events import Scalar
from workflows.procedures.union import UNION
from workflows.procedures.union_guards import FORMING

# -- set-up and numbers (U-18 to U-21) --------------------------------------------------------------------


@pytest.mark.rule("U-18")
@pytest.mark.parametrize(
    ("base", "members", "workers", "body", "why_not"),
    [
        ("members", 9, 40, "one_member", None),  # forty women work there, but nine are members
        ("members", 10, 40, "one_member", "10 or more women members"),
        ("workers", 9, None, "one_member", "enter their number"),
        ("workers", 9, 9, "one_member", None),
        ("workers", 9, 10, "one_member", "10 or more women workers"),
        ("workers", 9, 10, "committee", None),
        ("members", 9, 8, "one_member", "no fewer than women members"),
        ("members", 9, 61, "one_member", "no more than all workers"),
    ],
)
def test_whether_women_members_or_women_workers_count_is_the_places_choice(
    base: str, members: int, workers: int | None, body: str, why_not: str | None
) -> None:
    local = book(edition(COUNTY, date(2000, 1, 1), {"union.women.base": base}))
    life = Life(local)
    life.case = Life.standing_in("union", "established", headcount=60).case
    life.standing("union").data.update(women_members=members, union_members=30, union_kind="committee")
    step = ("union", "complete_set_up")
    if why_not is None:
        life.take(*step, women_body=body, women_workers=workers)
        assert life.state("union") == "operating"
    else:
        with pytest.raises(Refused, match=why_not):
            life.take(*step, women_body=body, women_workers=workers)


@pytest.mark.rule("U-18")
@pytest.mark.parametrize(("headcount", "right"), [(199, False), (200, True), (None, False)])
def test_a_chair_may_be_full_time_from_two_hundred_workers(headcount: int | None, right: bool) -> None:
    """Trade Union Law Art 14; none is ever due."""
    facts: dict[str, Scalar] = {"audit_body": True, "women_body": "none", "headcount": headcount}
    assert (why("union", "complete_set_up", full_time_chair=True, **facts) is None) is right
    assert why("union", "complete_set_up", full_time_chair=False, **facts) is None


@pytest.mark.rule("U-19")
def test_seal_and_account_come_only_after_the_approval() -> None:
    life = recruited()
    elect(life)
    with pytest.raises(Refused) as refused:
        life.take("union", "complete_set_up")
    assert refused.value.code == "step_not_here"
    life.take("union", "approve_result")
    assert "union_approval" in life.standing("union").on_file
    life.take("union", "complete_set_up")
    assert life.state("union") == "operating"


@pytest.mark.rule("U-20", "U-21")
@pytest.mark.parametrize("state", ["established", "operating", "transfer_asked", "covered"])
def test_numbers_are_updated_where_the_union_stands_and_change_nothing_else(state: str) -> None:
    life = Life.standing_in("union", state)
    form = life.case.facts["union_form"]
    life.take("union", "update_counts", union_members=3, women_members=1, migrant_members=2)
    assert (life.state("union"), life.case.facts["union_form"]) == (state, form)
    assert life.standing("union").data["union_members"] == 3


@pytest.mark.rule("U-20")
def test_a_unit_with_an_organiser_may_form_a_committee_and_keeps_its_union_meanwhile() -> None:
    life = with_an_organiser()
    life.take("union", "update_counts", union_members=30)
    life.take("union", "form_committee")
    assert (life.state("union"), life.case.facts["union_form"]) == ("own_committee", "union")
    for step in ("nominate", "approve_candidates", "record_election", "report_result", "approve_result"):
        life.take("union", step)
    assert (life.state("union"), life.case.facts["union_version"]) == ("established", 2)


@pytest.mark.rule("U-20", "U-25")
def test_a_committee_that_does_not_come_about_leaves_the_organiser_in_place() -> None:
    life = with_an_organiser()
    life.take("union", "form_committee")
    unfolded = life.take("union", "abandon")
    assert told(unfolded) == ["union.abandon", "union.union_goes_on"]
    assert (life.state("union"), life.case.facts["union_form"]) == ("operating", "union")
    assert life.situation("union")["union_kind"] == "organiser"


@pytest.mark.rule("U-20")
def test_a_committee_is_re_elected_and_not_formed_once_more() -> None:
    life = operating()
    with pytest.raises(Refused, match="There is a committee already"):
        life.take("union", "form_committee")


# -- the chair (Trade Union Law Art 18) ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entitled", "present", "votes", "why_not"),
    [
        (30, 16, 16, None),  # more than half of all thirty
        (30, 30, 15, "not removed"),
        (20, 20, 20, "Those entitled are the 30 members"),  # all members, not only those who came
    ],
)
def test_a_chair_is_removed_only_by_more_than_half_of_all_members(
    entitled: int, present: int, votes: int, why_not: str | None
) -> None:
    life = operating()
    if why_not is None:
        life.take("union", "remove_chair", entitled=entitled, present=present, votes_for=votes)
        assert (life.state("union"), life.state("union_term")) == ("operating", "vacancy")
    else:
        with pytest.raises(Refused, match=why_not):
            life.take("union", "remove_chair", entitled=entitled, present=present, votes_for=votes)


def test_the_day_of_a_removal_is_not_the_day_of_the_election() -> None:
    """Terms of office are counted from the election."""
    life = operating()
    elected_on = life.standing("union").data["held_on"]
    life.wait(200)
    life.take("union", "remove_chair")
    assert life.standing("union").data["held_on"] == elected_on == MONDAY.isoformat()


def test_an_organiser_is_no_chair() -> None:
    life = with_an_organiser()
    for step in ("remove_chair", "request_chair_transfer"):
        with pytest.raises(Refused, match="has no chair"):
            life.take("union", step)


def test_a_transfer_before_the_term_ends_needs_the_committee_and_the_superior() -> None:
    life = operating()
    with pytest.raises(Refused, match="Without the committee's consent"):
        life.take("union", "request_chair_transfer", committee_consents=False)
    unfolded = life.take("union", "request_chair_transfer")
    assert [(one.term.name, str(one.deadline.span)) for one in unfolded.terms] == [
        ("chair_transfer", "15 day")
    ]
    assert life.case.facts["union_form"] == "union"
    life.take("union", "refuse_transfer")
    assert life.state("union") == "operating"
    life.take("union", "request_chair_transfer")
    life.take("union", "consent_to_transfer")
    assert (life.state("union"), life.state("union_term")) == ("operating", "vacancy")
    assert step_of("union", "consent_to_transfer").not_by == ("request_chair_transfer",)


def test_silence_on_a_transfer_is_no_consent() -> None:
    life = operating()
    life.take("union", "request_chair_transfer")
    unfolded = life.expire("union", "chair_transfer")
    assert life.state("union") == "transfer_asked"
    assert [one.work.role.superior for one in unfolded.work] == [True]
    with pytest.raises(Refused, match="No rule here takes silence for consent"):
        life.take("union", "record_deemed_consent")


def test_where_the_place_says_so_a_person_may_record_that_silence_was_consent() -> None:
    """Shanghai (K5 Art 38). Even there nothing follows by itself, and nobody may say it too early."""
    local = book(edition(COUNTY, date(2000, 1, 1), {"union.chair_transfer.deemed_consent": True}))
    life = operating(local)
    life.take("union", "request_chair_transfer")
    with pytest.raises(Refused, match="has not run out yet"):
        life.take("union", "record_deemed_consent")
    life.expire("union", "chair_transfer")
    assert life.state("union") == "transfer_asked"
    life.take("union", "record_deemed_consent")
    assert (life.state("union"), life.state("union_term")) == ("operating", "vacancy")
    life.take("union", "request_chair_transfer")
    with pytest.raises(Refused, match="has not run out yet"):
        life.take("union", "record_deemed_consent")  # each request has its own time


# -- the end, mergers, giving up (U-22 to U-25) ----------------------------------------------------------------


@pytest.mark.rule("U-22")
@pytest.mark.parametrize("kept", [True, False])
def test_a_union_whose_unit_ended_is_dissolved_by_its_superior_and_memberships_may_be_kept(
    kept: bool,
) -> None:
    life = operating()
    life.tell("registry.deregistered")
    assert (life.state("union"), life.case.facts["union_form"]) == ("winding_up", "union")
    life.take("union", "dissolve", memberships_kept=kept)
    assert (life.state("union"), life.case.facts["union_form"]) == ("dissolved", "none")
    assert life.standing("union").data["memberships_kept"] is kept
    assert UNION.step["dissolve"].emits == ("union.dissolved",)


@pytest.mark.rule("U-22")
def test_a_union_that_is_forming_a_committee_when_its_unit_ends_is_wound_up_and_not_closed() -> None:
    life = with_an_organiser()
    life.take("union", "form_committee")
    life.tell("registry.deregistered")
    assert (life.state("union"), life.case.facts["union_form"]) == ("winding_up", "union")


@pytest.mark.rule("U-23")
@pytest.mark.parametrize("event", ["registry.merged", "registry.split"])
def test_after_a_merger_or_a_split_the_union_is_formed_anew_and_stands_until_that_is_approved(
    event: str,
) -> None:
    life = operating()
    unfolded = life.tell(event)
    assert (life.state("union"), life.case.facts["union_form"]) == ("merged", "union")
    assert "帮助重新建会并报批" in [one.work.task.zh for one in unfolded.work]
    recruit(life, 30)
    elect(life)
    assert life.case.facts["union_form"] == "union"
    life.take("union", "approve_result")
    assert (life.state("union"), life.case.facts["union_version"]) == ("established", 2)
    life.tell(event)
    assert life.state("union") == "merged", "a union formed anew may be merged again"


@pytest.mark.rule("U-23", "U-25")
@pytest.mark.parametrize("end", ["abandon", "refuse_application"])
def test_a_new_request_that_fails_leaves_the_old_union_and_the_task(end: str) -> None:
    life = operating()
    life.tell("registry.merged")
    life.take("union", "file_application")
    life.take("union", end)
    assert (life.state("union"), life.case.facts["union_form"]) == ("merged", "union")
    life.take("union", "dissolve_after_merger")
    assert (life.state("union"), life.case.facts["union_form"]) == ("disbanded", "none")


@pytest.mark.rule("U-23", "U-4")
def test_after_a_split_the_workers_of_a_dissolved_union_may_form_one_again() -> None:
    life = operating()
    life.tell("registry.split")
    life.take("union", "dissolve_after_merger")
    assert life.state("legal_person") in ("cancel_due", "union_gone"), (
        "the old union's registration goes with it"
    )
    life.take("union", "reopen")
    assert life.state("union") == "not_started"


@pytest.mark.rule("U-23")
@pytest.mark.parametrize("event", ["registry.merged", "registry.split"])
def test_another_merger_while_the_union_is_formed_anew_begins_that_again_and_dissolves_nothing(
    event: str,
) -> None:
    life = operating()
    life.tell("registry.merged")
    life.take("union", "file_application")
    life.tell(event)
    assert (life.state("union"), life.case.facts["union_form"]) == ("merged", "union")


@pytest.mark.rule("U-23", "J-deregistered")
def test_a_covered_unit_that_merges_into_another_is_covered_no_more() -> None:
    life = covered()
    life.tell("registry.merged")
    assert (life.state("union"), life.state("coverage")) == ("enterprise_gone", "deregistered")
    assert life.case.facts["union_form"] == "none"


@pytest.mark.rule("U-23")
def test_a_split_ends_no_cover() -> None:
    life = covered()
    life.tell("registry.split")
    assert (life.state("union"), life.state("coverage")) == ("covered", "covered")


@pytest.mark.rule("U-25")
@pytest.mark.parametrize("state", FORMING)
def test_formation_may_be_given_up_at_any_time_before_its_approval_and_begun_again(state: str) -> None:
    life = Life.standing_in("union", state)
    life.take("union", "abandon", note="无人申请")
    assert life.state("union") == "abandoned"
    life.take("union", "reopen")
    assert life.state("union") == "not_started"


@pytest.mark.rule("U-25")
@pytest.mark.parametrize("state", ["established", "operating", "covered", "winding_up"])
def test_what_stands_is_not_abandoned(state: str) -> None:
    life = Life.standing_in("union", state)
    with pytest.raises(Refused) as refused:
        life.take("union", "abandon")
    assert refused.value.code == "step_not_here"


@pytest.mark.rule("J-federation")
def test_a_union_that_operates_may_ask_to_join_a_federation() -> None:
    life = operating()
    life.take("union", "join_federation")
    assert (life.state("union"), life.has("membership")) == ("operating", True)


@pytest.mark.rule("U-20")
def test_an_enterprise_that_grew_says_so_with_its_members() -> None:
    life = Life.standing_in("union", "operating", headcount=60)
    counts = {"union_members": 80, "women_members": 10, "migrant_members": 0}
    with pytest.raises(Refused, match="more members than workers"):
        life.take("union", "update_counts", headcount=60, **counts)
    life.take("union", "update_counts", headcount=100, **counts)
    assert life.case.facts["headcount"] == 100
