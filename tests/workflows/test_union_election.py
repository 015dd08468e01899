"""The rules of election at their edges: who may stand, who meets, how many, and what counts."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from tests.workflows.lives import (
    MONDAY,
    TOWN,
    Life,
    book,
    edition,
    elect,
    make_ready,
    recruit,
    registered,
    why,
)
from workflows.definition import Situation
from workflows.errors import Refused
from workflows.events import Scalar
from workflows.policies.book import published
from workflows.policies.model import Policy, Value
from workflows.procedures.union import UNION
from workflows.runner import why_not
from workflows.unfolded import Unfolded

PUBLISHED: dict[str, Scalar] = {"published_from": "2026-02-01", "published_to": "2026-02-20"}


def nomination(posts: int = 3, candidates: int = 4, **facts: Scalar) -> dict[str, Scalar]:
    return PUBLISHED | {"posts": posts, "candidate_count": candidates} | facts


def election(entitled: int, **facts: Scalar) -> dict[str, Scalar]:
    """A meeting to which all came and at which all voted alike."""
    votes: dict[str, Scalar] = {"entitled": entitled, "present": entitled, "votes_for": entitled}
    return votes | {"secret_ballot": True, "meeting": "general", "union_members": entitled} | facts


def place_with(values: Mapping[str, Value]) -> Policy:
    return book(edition("220204", date(2000, 1, 1), values)).policy(TOWN, MONDAY)


def called(members: int = 30) -> Life:
    """The meeting of a union with that many members has been called."""
    life = registered()
    make_ready(life)
    life.case.facts["headcount"] = 100_000
    recruit(life, members)
    low, _ = life.policies.policy(TOWN, MONDAY).band("union.committee.sizes", members)
    life.take("union", "choose_committee")
    life.take("union", "nominate", posts=low, candidate_count=low * 2)
    life.take("union", "approve_candidates")
    return life


# -- who stands -------------------------------------------------------------------------------------------


@pytest.mark.rule("G-COMM")
def test_close_relatives_of_the_principal_do_not_stand_for_the_committee() -> None:
    assert why("union", "nominate", **nomination(relatives_stand=False)) is None
    reason = why("union", "nominate", **nomination(relatives_stand=True))
    assert reason is not None and "工会法第十条" in reason.zh


@pytest.mark.rule("G-CHAIR")
def test_management_does_not_stand_for_chair() -> None:
    reason = why("union", "nominate", **nomination(management_stands_for_chair=True))
    assert reason is not None and "主席候选人" in reason.zh


@pytest.mark.rule("G-CHAIR")
@pytest.mark.parametrize("who", ["legal_representative", "pay_head"])
def test_whom_a_place_bars_besides_is_asked_everywhere_and_barred_there(who: str) -> None:
    facts = nomination(**{f"{who}_stands_for_chair": True})
    assert why("union", "nominate", **facts) is None
    local = place_with({"union.chair.barred": (who,)})
    reason = why_not(UNION.step["nominate"], Situation(facts, local, MONDAY))
    assert reason is not None and reason.en.startswith("Here")
    assert why_not(UNION.step["nominate"], Situation(nomination(), local, MONDAY)) is None


@pytest.mark.rule("G-CHAIR")
def test_candidates_must_outnumber_the_posts() -> None:
    assert why("union", "nominate", **nomination(3, 3))
    assert why("union", "nominate", **nomination(3, 4)) is None


@pytest.mark.rule("G-CONCURRENT")
@pytest.mark.parametrize(
    ("stands", "owner", "free"),
    [(True, False, True), (True, True, False), (False, True, True), (False, False, True)],
)
def test_a_party_secretary_may_be_chair_too_unless_the_secretary_is_the_owner(
    stands: bool, owner: bool, free: bool
) -> None:
    facts = nomination(secretary_is_chair_candidate=stands, secretary_is_owner=owner)
    assert (why("union", "nominate", **facts) is None) is free


@pytest.mark.rule("G-SIZE")
@pytest.mark.parametrize(
    ("members", "posts", "right"),
    [
        (24, 1, True),
        (24, 2, False),
        (26, 2, False),
        (26, 3, True),
        (200, 7, True),
        (200, 8, False),
        (201, 6, False),
        (201, 7, True),
        (1000, 15, True),
        (1001, 15, True),
        (1001, 14, False),
        (5000, 21, True),
        (5001, 21, True),
        (5001, 20, False),
        (10000, 29, True),
        (10001, 37, True),
        (10001, 38, False),
    ],
)
def test_the_committee_has_the_posts_that_its_members_call_for(members: int, posts: int, right: bool) -> None:
    facts = nomination(posts, posts * 2, union_members=members)
    assert (why("union", "nominate", **facts) is None) is right


@pytest.mark.rule("G-SIZE")
def test_a_place_has_its_own_table_of_posts() -> None:
    futian = published().policy("440304", MONDAY)
    for members, posts, right in (
        (10, 1, True),
        (11, 1, False),
        (25, 3, True),
        (100, 5, True),
        (100, 7, False),
    ):
        facts = nomination(posts, posts * 2, union_members=members)
        assert (why_not(UNION.step["nominate"], Situation(facts, futian, MONDAY)) is None) is right


# -- who meets --------------------------------------------------------------------------------------------


@pytest.mark.rule("G-MEET", "U-13")
@pytest.mark.parametrize(
    ("members", "meeting", "right"),
    [
        (99, "general", True),
        (99, "delegates", False),
        (100, "delegates", True),
        (100, "general", True),  # delegates may meet from there on; all members always may
    ],
)
def test_delegates_may_meet_from_a_hundred_members(members: int, meeting: str, right: bool) -> None:
    """`Any`: plain values of a form."""
    life = called(members)
    entitled = members if meeting == "general" else 30
    figures: dict[str, Any] = {"entitled": entitled, "present": entitled, "votes_for": entitled}
    figures |= {"meeting": meeting, "delegates": 0 if meeting == "general" else entitled}
    if right:
        life.take("union", "record_election", **figures)
        assert life.state("union") == "elected"
    else:
        with pytest.raises(Refused, match="fewer than 100, all members meet"):
            life.take("union", "record_election", **figures)


@pytest.mark.rule("G-MEET")
def test_a_place_may_draw_the_line_for_delegates_elsewhere() -> None:
    facts = election(40, union_members=150, meeting="delegates", delegates=40)
    assert why("union", "record_election", **facts) is None
    later = place_with({"union.delegates.from": 200})
    assert why_not(UNION.step["record_election"], Situation(facts, later, MONDAY))


@pytest.mark.rule("G-MEET")
def test_where_all_members_meet_there_are_no_delegates() -> None:
    reason = why("union", "record_election", **election(150, delegates=40))
    assert reason is not None and "代表人数请填0" in reason.zh


@pytest.mark.rule("G-DELEGATES")
@pytest.mark.parametrize(
    ("members", "delegates", "right"),
    [
        (100, 29, False),
        (100, 30, True),
        (200, 40, True),
        (200, 41, False),
        (201, 39, False),
        (201, 40, True),
        (1000, 60, True),
        (1001, 60, True),
        (1001, 59, False),
        (5000, 90, True),
        (5001, 130, True),
        (10000, 131, False),
        (10001, 130, True),
        (50000, 180, True),
        (50001, 240, True),
        (50001, 241, False),
    ],
)
def test_the_number_of_delegates_follows_the_number_of_members(
    members: int, delegates: int, right: bool
) -> None:
    facts = election(delegates, union_members=members, meeting="delegates", delegates=delegates)
    assert (why("union", "record_election", **facts) is None) is right


# -- what counts ------------------------------------------------------------------------------------------


@pytest.mark.rule("G-VOTE", "U-13")
@pytest.mark.parametrize(
    ("facts", "why_not_so"),
    [
        ({}, None),
        ({"union_members": 31}, "Those entitled are the 31 members"),
        ({"union_members": 29}, "Those entitled are the 29 members"),
        ({"union_members": 150, "meeting": "delegates", "delegates": 31}, "the 31 delegates"),
        ({"union_members": 150, "meeting": "delegates", "delegates": 30}, None),
        ({"headcount": 30}, None),
        ({"headcount": 29}, "More are entitled than the 29"),
    ],
)
def test_those_entitled_are_all_members_or_all_delegates(
    facts: dict[str, Scalar], why_not_so: str | None
) -> None:
    reason = why("union", "record_election", **(election(30) | facts))
    assert (reason is None) if why_not_so is None else (reason is not None and why_not_so in reason.en)


@pytest.mark.rule("U-13")
@pytest.mark.parametrize(("held_on", "right"), [("2026-02-26", False), ("2026-02-27", True)])
def test_no_meeting_was_held_before_the_enterprise_was_registered(held_on: str, right: bool) -> None:
    for step in ("record_election", "elect_organiser"):
        facts = election(20, held_on=held_on, registered_on="2026-02-27")
        assert (why("union", step, **facts) is None) is right


@pytest.mark.rule("U-13")
@pytest.mark.parametrize(("years", "right"), [(2, False), (3, True), (4, False), (5, True), (None, True)])
def test_a_term_of_office_is_three_or_five_years(years: int | None, right: bool) -> None:
    for step in ("record_election", "elect_organiser"):
        assert (why("union", step, **election(20, term_years=years)) is None) is right


@pytest.mark.rule("G-CHAIR", "U-13")
@pytest.mark.parametrize(("chosen_by", "right"), [("meeting", True), ("committee", True), ("owner", False)])
def test_a_chair_whom_the_owner_engaged_is_none(chosen_by: str, right: bool) -> None:
    """Seed 001: the owner of 红光 engaged somebody as chair. That fills no post."""
    reason = why("union", "record_election", **election(30, chair_chosen_by=chosen_by))
    assert (reason is None) is right
    assert right or (reason is not None and "凭选举记录登记" in reason.zh)


@pytest.mark.rule("U-13", "U-16")
def test_the_figures_of_the_election_stand_on_file_with_its_record() -> None:
    life = registered()
    make_ready(life)
    recruit(life)
    elect(life)
    kept = life.standing("union").data
    assert (kept["held_on"], kept["entitled"], kept["term_years"]) == (MONDAY.isoformat(), 30, 3)
    assert "union_election_record" in life.standing("union").on_file


# -- who is asked for the candidates ------------------------------------------------------------------------


def owed(unfolded: Unfolded) -> list[str]:
    return [one.work.role.name for one in unfolded.work]


@pytest.mark.rule("U-11", "U-12")
def test_where_a_party_organisation_stands_everybody_waits_for_its_opinion_first() -> None:
    life = Life.standing_in("union", "own_committee", union_members=30, party_form="branch")
    assert owed(life.take("union", "nominate")) == ["party_local"]
    assert owed(life.take("union", "party_examines")) == ["union_superior"]


@pytest.mark.rule("U-11")
def test_where_none_stands_the_superior_alone_is_asked_until_one_is_formed() -> None:
    life = Life.standing_in("union", "own_committee", union_members=30, party_form="none")
    assert owed(life.take("union", "nominate")) == ["union_superior"]
    life.case.facts["party_form"] = "branch"
    assert owed(life.tell("party.formed")) == ["party_local"]
    life.case.facts["party_form"] = "none"
    assert owed(life.tell("party.dissolved")) == ["union_superior"]
