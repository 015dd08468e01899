"""When the members of a union grow or fall, people look at its form again; nothing about it changes by itself (U-20, U-21)."""

import pytest

from tests.workflows.lives import Life, registered
from workflows.registry import law_book
from workflows.unfolded import Unfolded

ORGANISER = {"union_kind": "organiser"}
COMMITTEE = {"union_kind": "committee"}
JOINT = {"union_kind": "joint"}


def counted(state: str, kind: dict[str, str], members: int) -> Life:
    """A union, or a cover, whose members have been counted anew."""
    life = Life.standing_in("union", state)
    life.standing("union").data.update(kind)
    count(life, members)
    return life


def count(life: Life, members: int) -> Unfolded:
    counts = {"union_members": members, "women_members": 0, "migrant_members": 0, "headcount": 60}
    return life.take("union", "update_counts", **counts)


@pytest.mark.rule("U-20", "U-21")
@pytest.mark.parametrize(
    ("state", "kind", "members", "review"),
    [
        ("operating", ORGANISER, 24, None),
        ("operating", ORGANISER, 25, "grown"),
        ("covered", JOINT, 24, None),
        ("covered", JOINT, 25, "grown"),
        ("covered", {}, 25, "grown"),  # linked to its joint union from the start
        ("operating", COMMITTEE, 25, None),
        ("operating", COMMITTEE, 24, "shrunk"),
        ("established", COMMITTEE, 24, "shrunk"),
        ("operating", COMMITTEE, 0, "shrunk"),
    ],
)
def test_at_twenty_five_members_people_look_at_the_form_again(
    state: str, kind: dict[str, str], members: int, review: str | None
) -> None:
    life = counted(state, kind, members)
    assert life.has("union_review") is (review is not None)
    if review is not None:
        assert life.state("union_review") == review
        assert law_book().current("union_review").state[review].works[0].role.superior


@pytest.mark.rule("U-20", "U-21")
@pytest.mark.parametrize(
    ("state", "kind", "members"), [("operating", ORGANISER, 40), ("operating", COMMITTEE, 3)]
)
def test_a_review_changes_nothing_and_neither_does_its_term(
    state: str, kind: dict[str, str], members: int
) -> None:
    life = counted(state, kind, members)
    unfolded = life.expire("union_review", "review")
    assert len(unfolded.work) == 1
    assert (life.state("union"), life.case.facts["union_form"]) == (state, "union")
    assert life.situation("union")["union_kind"] == kind["union_kind"]


@pytest.mark.rule("U-21")
def test_no_union_is_abolished_because_its_members_are_few() -> None:
    """Trade Union Law Art 13. The superior bears with it, and says why."""
    life = counted("operating", COMMITTEE, 20)
    life.take("union_review", "keep", note="季节性用工，年后恢复")
    assert (life.state("union_review"), life.state("union")) == ("kept", "operating")
    count(life, 19)
    assert life.state("union_review") == "kept", "what was decided is not asked again for the same cause"


@pytest.mark.rule("U-20", "U-21")
@pytest.mark.parametrize(("kind", "members", "again"), [(ORGANISER, 30, 24), (COMMITTEE, 20, 25)])
def test_a_review_is_over_once_the_numbers_no_longer_call_for_it(
    kind: dict[str, str], members: int, again: int
) -> None:
    life = counted("operating", kind, members)
    count(life, again)
    assert life.state("union_review") == "over"
    count(life, members)
    assert life.state("union_review") in ("grown", "shrunk"), "a new one begins when they do"


@pytest.mark.rule("U-20")
def test_a_review_is_over_once_the_committee_stands() -> None:
    life = counted("operating", ORGANISER, 30)
    life.take("union", "form_committee")
    assert life.state("union_review") == "grown"
    for step in ("nominate", "approve_candidates", "record_election", "report_result", "approve_result"):
        life.take("union", step)
    assert (life.state("union"), life.state("union_review")) == ("established", "over")


@pytest.mark.rule("U-20")
def test_a_review_of_a_cover_is_over_once_the_unit_has_no_cover_any_more() -> None:
    life = registered()
    life.take("lead", "link_covered")
    count(life, 30)
    assert life.state("union_review") == "grown"
    life.take("coverage", "leave")
    assert life.state("union_review") == "over"


@pytest.mark.rule("U-21", "U-22")
def test_a_review_ends_with_the_enterprise_and_the_union_waits_for_people() -> None:
    life = counted("operating", COMMITTEE, 20)
    life.tell("registry.deregistered")
    assert (life.state("union_review"), life.state("union")) == ("enterprise_gone", "winding_up")
