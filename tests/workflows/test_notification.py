"""Notices both ways: when one is due, that the same facts ask only once, how it is chased, answered and closed (2.5)."""

from datetime import date

import pytest

from tests.workflows.lives import (
    COUNTY,
    Life,
    appoint_liaison,
    book,
    edition,
    establish,
    form_branch,
    kinds,
    ordered,
    registered,
    step_of,
)
from workflows.definition import Definition
from workflows.errors import Refused
from workflows.policies.book import Book
from workflows.registry import law_book
from workflows.unfolded import Unfolded

BOTH = [law_book().current(name) for name in ("notify_party", "notify_union")]


def named(law: Definition) -> str:
    return law.name


def chased(times: int) -> Book:
    return book(edition(COUNTY, date(2000, 1, 1), {"notification.chases": times}))


def with_union(full: int | None = None, order: str = "parallel") -> Life:
    """A union stands; before it came, the Party side counted so many full members, or none yet."""
    life = registered(ordered(order))
    if full is not None:
        life.take("party", "survey", full_members=full)
    establish(life)
    return life


def answered(life: Life, procedure: str, answer: str = "reject") -> None:
    """The receiver says no, and the sender has read it: nothing is under way any more."""
    life.tell("notice.delivered", about=procedure)
    for step in ("acknowledge", answer, "close"):
        life.take(procedure, step)


def counted(life: Life, full: int) -> Unfolded:
    step = "update_counts" if life.state("party") in ("liaison", "branch") else "survey"
    return life.take("party", step, full_members=full, probationary_members=0)


def opened(unfolded: Unfolded) -> list[str]:
    return [one.procedure for one in unfolded.opened]


# -- rule A: the union stands, and the Party side has nobody ----------------------------------------


@pytest.mark.rule("N-A", "N0")
@pytest.mark.parametrize(("full", "asked"), [(None, True), (3, True), (2, False)])
def test_a_union_established_asks_unless_the_party_side_has_said_no(full: int | None, asked: bool) -> None:
    assert with_union(full).has("notify_party") is asked


@pytest.mark.rule("N-A")
def test_a_condition_met_later_asks_then() -> None:
    life = with_union(full=2)
    assert "notify_party" not in opened(counted(life, 2))
    unfolded = counted(life, 3)
    assert opened(unfolded) == ["notify_party"]
    assert kinds(unfolded) == ["notify_party_request"]


@pytest.mark.rule("N-A", "P-17")
def test_a_condition_met_while_a_liaison_stands_asks_too() -> None:
    life = registered(ordered("parallel"))
    appoint_liaison(life, full=2)
    establish(life)
    assert not life.has("notify_party")
    assert "notify_party" in opened(counted(life, 3))


@pytest.mark.rule("N-A")
def test_the_same_standing_of_facts_asks_only_once() -> None:
    life = with_union(full=3)
    answered(life, "notify_party")
    assert "notify_party" not in opened(counted(life, 4))
    assert "notify_party" not in opened(counted(life, 2))
    assert "notify_party" not in opened(counted(life, 3))
    assert life.case.facts["notify_party_for"] == "union:true:1.0"


@pytest.mark.rule("N-A")
def test_an_organisation_that_came_and_went_is_another_standing() -> None:
    life = with_union(full=3)
    answered(life, "notify_party")
    form_branch(life)
    counted(life, 2)
    life.take("party", "dissolve_after_review")
    assert "notify_party" in opened(counted(life, 3))


@pytest.mark.rule("N-A")
def test_without_a_union_nobody_is_asked_to_follow_it() -> None:
    life = registered(ordered("parallel"))
    assert "notify_party" not in opened(life.take("party", "survey", full_members=3))


@pytest.mark.rule("N-A")
@pytest.mark.parametrize("form", ["joint_branch", "branch", "general_branch", "primary_committee"])
def test_where_an_organisation_stands_it_is_not_asked_for(form: str) -> None:
    life = registered(ordered("parallel"))
    life.case.facts.update(union_form="union", party_form=form)
    assert opened(life.hears("union.established")) == ["enterprise_meeting"]
    life.case.facts["party_form"] = "none"
    assert opened(life.hears("union.established")) == ["notify_party"]


# -- rule B: the Party organisation stands, and there is no union -----------------------------------


@pytest.mark.rule("N-B", "N0")
@pytest.mark.parametrize(("union_form", "asked"), [("none", True), ("union", False), ("covered", False)])
def test_an_organisation_formed_asks_where_no_union_stands_or_covers(union_form: str, asked: bool) -> None:
    life = registered(ordered("party_first"))
    life.case.facts["union_form"] = union_form
    form_branch(life)
    assert life.has("notify_union") is asked


@pytest.mark.rule("N-B")
def test_a_change_of_form_is_the_same_standing_and_asks_nobody_again() -> None:
    life = registered(ordered("party_first"))
    form_branch(life)
    answered(life, "notify_union")
    counted(life, 2)
    life.take("party", "apply_joint_branch")
    assert "notify_union" not in opened(life.take("party", "approve_joint_branch"))


@pytest.mark.rule("N-B")
def test_a_cover_that_falls_away_asks_again() -> None:
    life = registered(ordered("party_first"))
    form_branch(life)
    answered(life, "notify_union")
    life.case.facts.update(union_form="none", union_version=1)  # it was covered once, and is no more
    assert opened(life.hears("union.uncovered")) == ["notify_union"]
    answered(life, "notify_union")
    assert opened(life.hears("union.uncovered")) == []


@pytest.mark.rule("N-B", "U-23")
def test_a_union_dissolved_after_a_split_is_missed_by_the_organisation_that_goes_on() -> None:
    life = registered(ordered("party_first"))
    form_branch(life)
    establish(life)
    life.take("notify_union", "close")
    life.tell("registry.split")
    assert opened(life.take("union", "dissolve_after_merger")) == ["notify_union"]


@pytest.mark.rule("N-B")
def test_where_no_organisation_stands_a_lost_cover_is_not_the_party_sides_to_tell() -> None:
    life = registered(ordered("party_first"))
    appoint_liaison(life)
    assert "notify_union" not in opened(life.hears("union.uncovered"))


# -- on its way -------------------------------------------------------------------------------------


@pytest.mark.rule("N0", "N1", "N2", "N3", "N4", "N5")
@pytest.mark.parametrize("law", BOTH, ids=named)
def test_a_notice_is_due_delivered_acknowledged_accepted_reported_and_closed(law: Definition) -> None:
    life = Life.standing_in(law.name, "due")
    went = [life.state(law.name)]
    life.tell("notice.delivered", about=law.name)
    went.append(life.state(law.name))
    for step in ("acknowledge", "accept"):
        life.take(law.name, step)
        went.append(life.state(law.name))
    life.hears("party.formed" if law.name == "notify_party" else "union.established")
    went.append(life.state(law.name))
    life.take(law.name, "close")
    went.append(life.state(law.name))
    assert went == ["due", "sent", "acknowledged", "accepted", "result_reported", "closed"]


@pytest.mark.rule("N0")
def test_a_notice_has_its_time_to_be_sent_and_the_sender_looks_into_a_late_one() -> None:
    life = registered(ordered("party_first"))
    terms = {one.term.name: str(one.deadline.span) for one in form_branch(life).terms}
    assert terms["send"] == "5 workday"
    assert [one.work.role.name for one in life.expire("notify_union", "send").work] == ["party_local"]
    assert life.state("notify_union") == "due"
    key = life.standing("notify_union").key
    assert (key, "send") in life.tell("notice.delivered", about="notify_union").terms_ended


@pytest.mark.rule("N3", "N5")
@pytest.mark.parametrize("law", BOTH, ids=named)
@pytest.mark.parametrize("answer", ["reject", "call_not_applicable"])
def test_a_no_has_its_reason_and_only_the_sender_closes(law: Definition, answer: str) -> None:
    assert [(field.name, field.required) for field in law.step[answer].fields] == [("reason", True)]
    life = Life.standing_in(law.name, "acknowledged")
    unfolded = life.take(law.name, answer)
    assert [one.work.role for one in unfolded.work] == [law.step["close"].by]
    assert law.step["close"].by is not law.step[answer].by
    life.take(law.name, "close")
    assert life.where(life.standing(law.name)).final


@pytest.mark.rule("N-chase", "N-escalate")
@pytest.mark.parametrize("times", [0, 1, 2])
def test_a_notice_is_chased_as_often_as_the_place_says_and_then_goes_before_the_joint_meeting(
    times: int,
) -> None:
    life = registered(chased(times))
    establish(life)
    life.tell("notice.delivered", about="notify_party")
    for _ in range(times):
        unfolded = life.expire("notify_party", "acknowledge")
        assert (life.state("notify_party"), kinds(unfolded)) == ("sent", ["notify_party_reminder"])
        assert [one.term.name for one in unfolded.terms] == ["acknowledge"], "a pause before the next one"
    unfolded = life.expire("notify_party", "acknowledge")
    assert (life.state("notify_party"), kinds(unfolded)) == ("escalated", [])


@pytest.mark.rule("N-escalate")
@pytest.mark.parametrize("law", BOTH, ids=named)
def test_silence_is_never_taken_for_an_answer(law: Definition) -> None:
    life = Life.standing_in(law.name, "escalated")
    with pytest.raises(Refused):
        life.take(law.name, "accept")
    life.take(law.name, "acknowledge")
    life.expire(law.name, "answer")
    assert life.state(law.name) == "acknowledged"
    assert all(step.by is not None for name, step in law.step.items() if name in ("acknowledge", "accept"))


@pytest.mark.rule("N-chase")
def test_each_notice_counts_its_own_reminders() -> None:
    life = with_union(full=3)
    life.tell("notice.delivered", about="notify_party")
    life.expire("notify_party", "acknowledge")
    for step in ("acknowledge", "reject", "close"):
        life.take("notify_party", step)
    form_branch(life)
    counted(life, 2)
    life.take("party", "dissolve_after_review")
    counted(life, 3)
    life.tell("notice.delivered", about="notify_party")
    assert kinds(life.expire("notify_party", "acknowledge")) == ["notify_party_reminder"]


# -- what it carries --------------------------------------------------------------------------------


@pytest.mark.rule("N-A", "N-B")
def test_no_notice_records_a_number_of_members() -> None:
    """What an open proceeding keeps, both sides read: versions count comings and goings, never members."""
    life = with_union(full=77)
    form_branch(life)
    for one in life.case.standings:
        if one.procedure in ("notify_party", "notify_union"):
            assert set(one.data) <= {"chases", "reason", "notify_party_for", "notify_union_for"}
            assert "77" not in str(one.data)
    assert not {"full_members", "probationary_members"} & set(life.case.facts)


@pytest.mark.rule("N3")
@pytest.mark.parametrize("law", BOTH, ids=named)
def test_a_notice_asks_for_nothing_but_a_reason(law: Definition) -> None:
    assert {field.name for step in law.steps for field in step.fields} == {"reason"}
    assert not any(step.evidence for step in law.steps)
    assert "不写个人情况和党员人数" in step_of(law.name, "reject").fields[0].label.zh
