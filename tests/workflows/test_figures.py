"""Figures that do not add up raise a question; they are neither taken silently nor thrown away (DATA.md A5, A6)."""

from typing import Any

import pytest

from tests.workflows.lives import Life

XIANGFEN = {"committees": 14, "joint_unions": 6, "organisations": 20, "legal_units": 20, "members": 900}


def reported(**figures: int) -> Life:
    life = Life()
    life.begin("figures", "report", **{"migrant_members": 0, **figures})
    return life


def test_the_figures_of_xiangfen_raise_a_question_that_names_the_least_number_of_units() -> None:
    life = reported(**XIANGFEN)
    assert life.state("figures") == "questioned"
    data = life.standing("figures").data
    assert data["least_units"] == 26
    assert data["question_units"] is True
    assert data["question_organisations"] is False
    assert data["legal_units"] == 20, "the figure stands as it was reported"


@pytest.mark.parametrize(("units", "state"), [(25, "questioned"), (26, "consistent"), (27, "consistent")])
def test_a_joint_union_covers_two_units_or_more(units: int, state: str) -> None:
    assert reported(**XIANGFEN | {"legal_units": units}).state("figures") == state


@pytest.mark.parametrize(
    ("wrong", "question"),
    [
        ({"organisations": 21}, "question_organisations"),
        ({"members": 300, "migrant_members": 301}, "question_migrants"),
        ({"members": 19}, "question_members"),
    ],
)
def test_each_thing_that_does_not_add_up_is_asked_by_name(wrong: dict[str, int], question: str) -> None:
    life = reported(**XIANGFEN | {"legal_units": 26} | wrong)
    assert life.state("figures") == "questioned"
    data = life.standing("figures").data
    assert [name for name, wrong in data.items() if name.startswith("question_") and wrong] == [question]


def test_the_migrant_workers_of_guxian_are_a_part_of_its_members() -> None:
    """506 new members of one industry union, 414 of them migrant workers: 81.8 % (DATA.md A6)."""
    figures: dict[str, Any] = {"committees": 1, "joint_unions": 0, "organisations": 1, "legal_units": 1}
    assert reported(**figures, members=506, migrant_members=414).state("figures") == "consistent"


def test_an_explanation_leaves_the_figures_as_they_were_and_a_correction_is_compared_again() -> None:
    life = reported(**XIANGFEN)
    life.take("figures", "explain", note="涵盖单位只计本月新增 / newly covered units only")
    assert (life.state("figures"), life.standing("figures").data["legal_units"]) == ("explained", 20)
    life.take("figures", "correct", **XIANGFEN | {"legal_units": 21, "migrant_members": 0})
    assert life.state("figures") == "questioned"
    life.take("figures", "correct", **XIANGFEN | {"legal_units": 31, "migrant_members": 0})
    assert life.state("figures") == "consistent"
    assert life.standing("figures").data["question_units"] is False
