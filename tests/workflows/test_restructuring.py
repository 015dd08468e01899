"""A restructured enterprise settles its union and its Party organisation together (WORKFLOWS P-19; M08, M98)."""

import pytest

from tests.workflows.lives import Life, asked, establish, form_branch, registered, step_of
from workflows.definition import Step
from workflows.errors import Refused
from workflows.procedures.restructuring import RESTRUCTURING
from workflows.roles import PARTY_SUPERIOR, UNION_SUPERIOR


def settling() -> list[Step]:
    return [step for step in RESTRUCTURING.steps if step.by is not None]


@pytest.fixture
def life() -> Life:
    """A union and a branch stand, and the enterprise changes its type."""
    life = registered()
    establish(life)
    form_branch(life)
    life.tell("registry.restructured")
    return life


@pytest.mark.rule("P-19")
def test_both_sides_are_asked_at_the_same_time() -> None:
    life = registered()
    unfolded = life.tell("registry.restructured")
    assert [one.work.role.name for one in unfolded.work if one.reason == "under_way"] == [
        "union_superior",
        "party_superior",
    ]
    assert {one.term.name: str(one.deadline.span) for one in unfolded.terms} == {
        "settle_union": "6 month",
        "settle_party": "6 month",
    }


@pytest.mark.rule("P-19")
@pytest.mark.parametrize(
    ("first", "between", "last"),
    [
        ("settle_union", "union_settled", "settle_party_last"),
        ("settle_party", "party_settled", "settle_union_last"),
    ],
)
def test_it_closes_only_when_both_are_settled_in_whichever_order(
    life: Life, first: str, between: str, last: str
) -> None:
    waiting = asked(life.take("restructuring", first))
    assert life.state("restructuring") == between
    assert waiting == ["party_superior" if first == "settle_union" else "union_superior"]
    assert asked(life.take("restructuring", last)) == []
    assert life.state("restructuring") == "closed"


@pytest.mark.rule("P-19")
def test_each_superior_settles_its_own_side_on_its_written_reply() -> None:
    for step in settling():
        union = "union" in step.name
        assert step.by is (UNION_SUPERIOR if union else PARTY_SUPERIOR)
        assert [paper.kind for paper in step.evidence] == [
            "union_restructuring_reply" if union else "party_restructuring_reply"
        ]


@pytest.mark.rule("P-19")
def test_no_number_stands_in_the_open_drawer() -> None:
    for step in settling():
        assert {field.kind for field in step.fields} == {"choice", "text"}
        assert all("党员人数" in field.label.zh for field in step.fields if field.kind == "text"), (
            "the label says what is not written there"
        )
    assert step_of("restructuring", "settle_party").fields[0].name == "party_outcome"


@pytest.mark.rule("P-19")
@pytest.mark.parametrize("side", ["union", "party"])
@pytest.mark.parametrize("outcome", ["kept", "rebuilt", "adjusted", "renamed"])
def test_what_does_not_stand_is_not_called_settled(side: str, outcome: str) -> None:
    life = registered()
    life.tell("registry.restructured")
    with pytest.raises(Refused, match="or say that none is needed"):
        life.take("restructuring", f"settle_{side}", **{f"{side}_outcome": outcome})
    life.take("restructuring", f"settle_{side}", **{f"{side}_outcome": "not_needed"})
    assert life.state("restructuring") == f"{side}_settled"


@pytest.mark.rule("P-19")
@pytest.mark.parametrize("side", ["union", "party"])
def test_what_stands_is_not_called_unneeded(life: Life, side: str) -> None:
    """Nobody may dissolve or merge a union at will (Trade Union Law Art 13), nor by a word in a form."""
    with pytest.raises(Refused, match="The organisation stands"):
        life.take("restructuring", f"settle_{side}", **{f"{side}_outcome": "not_needed"})


@pytest.mark.rule("P-19")
def test_a_term_that_runs_out_settles_nothing(life: Life) -> None:
    assert asked(life.expire("restructuring", "settle_party")) == ["party_superior"]
    assert life.state("restructuring") == "under_way"
    assert life.case.facts["party_form"] == "branch"


@pytest.mark.rule("P-19")
def test_a_type_that_changes_again_is_settled_again_by_both(life: Life) -> None:
    life.take("restructuring", "settle_union")
    assert asked(life.tell("registry.restructured")) == ["union_superior", "party_superior"]
    assert life.state("restructuring") == "under_way"


@pytest.mark.rule("P-19")
def test_a_later_restructuring_is_a_proceeding_of_its_own(life: Life) -> None:
    life.take("restructuring", "settle_union")
    life.take("restructuring", "settle_party_last")
    life.tell("registry.restructured")
    assert [one.state for one in life.case.standings if one.procedure == "restructuring"] == [
        "closed",
        "under_way",
    ]


@pytest.mark.rule("P-19")
@pytest.mark.parametrize(("union_form", "concerned"), [("none", False), ("covered", True)])
def test_a_business_out_of_scope_is_concerned_only_where_it_has_an_organisation(
    union_form: str, concerned: bool
) -> None:
    life = Life(category="92")
    life.case.facts["union_form"] = union_form
    life.tell("registry.restructured")
    assert life.has("restructuring") is concerned


@pytest.mark.rule("L-17")
@pytest.mark.parametrize("state", ["under_way", "union_settled", "party_settled"])
def test_an_enterprise_that_ends_needs_no_settlement(state: str) -> None:
    life = Life.standing_in("restructuring", state)
    assert asked(life.tell("registry.revoked")) == []
    assert life.state("restructuring") == "enterprise_gone"
