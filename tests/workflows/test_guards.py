"""The thresholds of the law at their very edges: 以上 includes the number, 不满 excludes it (Civil Code Art 1259)."""

from datetime import date

import pytest

from tests.workflows.lives import MONDAY, TOWN, book, edition, why
from workflows.definition import Situation
from workflows.events import Scalar
from workflows.procedures.party import PARTY
from workflows.procedures.union import UNION
from workflows.runner import why_not


@pytest.mark.rule("P-3", "P-5")
def test_probationary_members_never_count() -> None:
    """Only full members vote and are voted for; ninety-nine probationary ones make no branch."""
    assert why("party", "apply_branch", full_members=2, probationary_members=99, suitable_secretary=True)
    assert why("party", "propose_own_liaison", full_members=0, probationary_members=5)


@pytest.mark.rule("P-5")
def test_without_a_suitable_secretary_a_joint_branch_is_the_way() -> None:
    reason = why("party", "apply_branch", full_members=5, suitable_secretary=False)
    assert reason is not None and "联合党支部" in reason.zh


@pytest.mark.rule("U-7")
@pytest.mark.parametrize(("members", "free"), [(1, True), (24, True), (25, False), (26, False)])
def test_from_twenty_five_members_a_committee_is_mandatory(members: int, free: bool) -> None:
    """Trade Union Law Art 11: 会员二十五人以上. Below, all three forms are lawful; members count, not employees."""
    assert (why("union", "choose_organiser", union_members=members, headcount=200) is None) is free
    assert (why("union", "choose_joint", union_members=members, headcount=200) is None) is free
    assert why("union", "choose_committee", union_members=members, headcount=200) is None


@pytest.mark.rule("U-5")
@pytest.mark.parametrize(("people", "right"), [(2, False), (3, True), (5, True), (6, False)])
def test_a_preparatory_group_has_three_to_five_people(people: int, right: bool) -> None:
    assert (why("union", "form_group", group_size=people) is None) is right


@pytest.mark.rule("U-6")
@pytest.mark.parametrize(
    ("facts", "right"),
    [
        ({"union_members": 30, "women_members": 6, "headcount": 30}, True),
        ({"union_members": 31, "women_members": 6, "headcount": 30}, False),  # more members than workers
        (
            {"union_members": 30, "women_members": 31, "headcount": 60},
            False,
        ),  # more women members than members
        ({"union_members": 30, "women_members": 30}, True),  # nobody has counted the workers yet
        ({"union_members": 0, "women_members": 0}, False),
    ],
)
def test_the_figures_of_members_fit_each_other(facts: dict[str, int], right: bool) -> None:
    assert (why("union", "admit_members", individual_and_voluntary=True, **facts) is None) is right


@pytest.mark.rule("U-6")
def test_an_employer_cannot_join_its_workers_up() -> None:
    reason = why("union", "admit_members", union_members=30, women_members=6, individual_and_voluntary=False)
    assert reason is not None and "本人自愿" in reason.zh


@pytest.mark.rule("U-18")
@pytest.mark.parametrize(
    ("women", "body", "kind", "right"),
    [
        (9, "one_member", "committee", True),
        (9, "committee", "committee", True),
        (9, "none", "committee", False),  # fewer than ten: one member, but not nobody
        (10, "one_member", "committee", False),
        (10, "committee", "committee", True),
        (0, "none", "committee", True),
        (3, "none", "organiser", True),  # an organiser alone has no committee to sit on
        (10, "none", "organiser", False),
    ],
)
def test_ten_women_members_have_a_committee(women: int, body: str, kind: str, right: bool) -> None:
    reason = why(
        "union", "complete_set_up", women_members=women, women_body=body, union_kind=kind, audit_body=True
    )
    assert (reason is None) is right


@pytest.mark.rule("U-18")
def test_a_committee_has_its_audit_body_and_an_organiser_needs_none() -> None:
    assert why("union", "complete_set_up", audit_body=False, women_body="none", union_kind="committee")
    assert (
        why("union", "complete_set_up", audit_body=False, women_body="none", union_kind="organiser") is None
    )


@pytest.mark.rule("U-10", "G-VOTE")
@pytest.mark.parametrize(
    ("posts", "candidates", "right"),
    [
        (3, 3, False),
        (3, 4, True),
        (20, 21, True),  # five per cent exactly
        (21, 22, False),  # 4.8 per cent
        (21, 23, True),
        (1, 1, False),
        (5, 4, False),
    ],
)
def test_candidates_outnumber_posts_by_five_per_cent(posts: int, candidates: int, right: bool) -> None:
    reason = why(
        "union",
        "nominate",
        posts=posts,
        candidate_count=candidates,
        published_from="2026-02-01",
        published_to="2026-02-20",
    )
    assert (reason is None) is right


@pytest.mark.rule("U-10", "G-COMM", "G-CHAIR")
@pytest.mark.parametrize("who", ["relatives_stand", "management_stands_for_chair"])
def test_who_may_not_stand_does_not_stand(who: str) -> None:
    dates = {"published_from": "2026-02-01", "published_to": "2026-02-20"}
    assert why("union", "nominate", posts=3, candidate_count=4, **dates) is None
    assert why("union", "nominate", posts=3, candidate_count=4, **dates, **{who: True})


@pytest.mark.rule("U-11")
@pytest.mark.parametrize(
    ("first", "last", "right"),
    [
        ("2026-02-01", "2026-02-08", True),  # the first day does not count: seven days end on the eighth
        ("2026-02-01", "2026-02-07", False),
        ("2026-02-08", "2026-02-01", False),
        ("2026-02-01", MONDAY.isoformat(), True),
        ("2026-02-01", "2026-03-03", False),  # not over yet
    ],
)
def test_candidates_are_published_for_seven_days(first: str, last: str, right: bool) -> None:
    reason = why("union", "nominate", posts=3, candidate_count=4, published_from=first, published_to=last)
    assert (reason is None) is right


@pytest.mark.rule("U-11")
def test_too_short_a_publication_is_told_its_earliest_end() -> None:
    reason = why(
        "union",
        "nominate",
        posts=3,
        candidate_count=4,
        published_from="2026-02-01",
        published_to="2026-02-02",
    )
    assert reason is not None and "2026-02-08" in reason.zh and "7日" in reason.zh


@pytest.mark.rule("U-13")
def test_a_meeting_is_not_held_before_the_publication_has_ended() -> None:
    """Back-dating an election is one of the threats an honest system tests for (CONDUCT 5.5)."""
    votes: dict[str, Scalar] = {
        "entitled": 30,
        "present": 30,
        "votes_for": 30,
        "secret_ballot": True,
        "published_to": "2026-02-20",
    }
    assert why("union", "record_election", held_on="2026-02-19", **votes)
    assert why("union", "record_election", held_on="2026-02-20", **votes) is None


@pytest.mark.rule("U-13", "G-VOTE", "P-8")
@pytest.mark.parametrize(
    ("procedure", "entitled", "present", "votes", "right"),
    [
        ("union", 30, 20, 16, True),  # two thirds exactly
        ("union", 30, 19, 16, False),
        ("union", 31, 20, 16, False),  # 20.67 are two thirds of 31
        ("union", 31, 21, 16, True),
        ("union", 30, 30, 15, False),  # half is not more than half
        ("union", 30, 20, 15, False),  # three quarters of those present, but half of those entitled
        ("union", 30, 31, 16, False),  # more came than could
        ("union", 30, 20, 21, False),  # more votes than voters
        ("union", 1, 1, 1, True),
        ("party", 5, 4, 3, True),  # four fifths exactly
        ("party", 5, 3, 3, False),
        ("party", 6, 4, 4, False),  # 4.8 are four fifths of 6
        ("party", 6, 5, 4, True),
        ("party", 6, 6, 3, False),  # half is not more than half
        ("party", 3, 3, 2, True),
        ("party", 5, 6, 3, False),
        ("party", 5, 4, 5, False),
    ],
)
def test_quorum_and_majority_are_counted_on_those_entitled(
    procedure: str, entitled: int, present: int, votes: int, right: bool
) -> None:
    reason = why(
        procedure, "record_election", entitled=entitled, present=present, votes_for=votes, secret_ballot=True
    )
    assert (reason is None) is right


@pytest.mark.rule("U-13", "G-VOTE")
def test_an_open_ballot_elects_nobody() -> None:
    assert why("union", "record_election", entitled=30, present=30, votes_for=30, secret_ballot=False)


@pytest.mark.rule("L-12", "L-13")
@pytest.mark.parametrize(("applicants", "begins"), [(0, False), (1, True)])
def test_one_willing_worker_is_enough_and_none_is_a_lawful_reason_to_wait(
    applicants: int, begins: bool
) -> None:
    """The owner's consent is no condition (Trade Union Law Arts 3, 12); without an applicant nothing is forced."""
    assert (why("lead", "open_union", applicants=applicants) is None) is begins
    assert (why("lead", "defer", applicants=applicants) is None) is not begins


@pytest.mark.rule("L-9")
def test_only_after_the_notices_allowed_may_an_enterprise_be_called_unreachable() -> None:
    assert why("lead", "call_unreachable", attempts=1)
    assert why("lead", "call_unreachable", attempts=2), "the second may still be answered"
    assert why("lead", "call_unreachable", attempts=2, ran_out=True) is None
    assert why("lead", "serve_notice", attempts=1) is None
    assert why("lead", "serve_notice", attempts=2)


@pytest.mark.rule("U-18")
def test_a_place_may_draw_its_own_line() -> None:
    """Shanghai and Beijing count 25 women; there a women's member still does at 24."""
    local = book(edition("220204", date(2000, 1, 1), {"union.women.threshold": 25})).policy(TOWN, MONDAY)
    step = UNION.step["complete_set_up"]
    facts: dict[str, Scalar] = {"audit_body": True, "women_body": "one_member", "union_kind": "committee"}
    assert why_not(step, Situation(facts | {"women_members": 24}, local, MONDAY)) is None
    assert why_not(step, Situation(facts | {"women_members": 25}, local, MONDAY)) is not None


@pytest.mark.rule("P-2", "P-3")
def test_a_place_may_leave_liaisons_to_the_town() -> None:
    local = book(edition("220204", date(2000, 1, 1), {"liaison.own_allowed": False})).policy(TOWN, MONDAY)
    assert why_not(PARTY.step["propose_own_liaison"], Situation({"full_members": 1}, local, MONDAY))
    assert (
        why_not(PARTY.step["propose_dispatched_liaison"], Situation({"full_members": 1}, local, MONDAY))
        is None
    )
