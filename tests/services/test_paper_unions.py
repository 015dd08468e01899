"""Signs in the records that make one ask (CONDUCT 5.3): each found by itself, none of them a verdict."""

from datetime import date, timedelta
from itertools import repeat

import pytest

from services.actor import SERVICE
from services.reckoning.paper_unions import ask, founded, in_question, signs
from tests.builders import COUNTY, OTHER_TOWN, TOWN, Town

BEGINNING = date(2026, 3, 1)


def with_unions(town: Town, count: int) -> list[str]:
    codes = [town.enterprise() for _ in range(count)]
    for code in codes:
        town.with_union(code)
    return codes


def shown(town: Town, division: str = TOWN) -> list[set[str]]:
    with town.runtime.reading(SERVICE) as unit:
        return list(signs(unit, division, founded(unit, division, BEGINNING)).values())


def test_a_union_without_a_sign_counts(town: Town) -> None:
    with_unions(town, 1)
    assert shown(town) == []
    with town.runtime.reading(SERVICE) as unit:
        unions = founded(unit, TOWN, BEGINNING)
        assert len(unions) == 1
        assert in_question(unit, TOWN, unions) == {}
        assert founded(unit, TOWN, BEGINNING + timedelta(days=2)) == [], "approved before that day"
        assert founded(unit, OTHER_TOWN, BEGINNING) == [], "another town's"


@pytest.mark.parametrize(("unions", "crowded"), [(4, 0), (5, 5)])
def test_many_unions_approved_on_one_day_are_all_asked_about(town: Town, unions: int, crowded: int) -> None:
    """Five by national default; four are a busy day."""
    with_unions(town, unions)
    assert shown(town) == [{"mass_founding"}] * crowded


def test_the_same_register_handed_in_twice_is_asked_about_in_both_files(town: Town) -> None:
    town.hands._serial = repeat(1)  # type: ignore[assignment]  # every paper is the same paper
    with_unions(town, 2)
    assert shown(town) == [{"same_lists"}] * 2


def test_more_members_than_workers_are_asked_about(town: Town) -> None:
    code = with_unions(town, 1)[0]
    town.hands.emit(f"registry.{COUNTY}", "changed", "fewer", {"uscc": code, "headcount": 29})
    town.settle()
    assert shown(town) == [{"over_headcount"}]


def test_a_year_in_which_nobody_writes_anything_is_asked_about_and_one_entry_ends_the_silence(
    town: Town,
) -> None:
    code = with_unions(town, 1)[0]
    town.clock.advance(timedelta(days=364))
    assert shown(town) == []
    town.clock.advance(timedelta(days=2))
    assert shown(town) == [{"idle"}]
    town.take(f"union.{TOWN}", code, "union", "complete_set_up")
    assert shown(town) == []


def test_one_question_at_a_time_is_asked_in_a_file_and_none_twice(town: Town) -> None:
    code = with_unions(town, 1)[0]
    town.hands.emit(f"registry.{COUNTY}", "changed", "fewer", {"uscc": code, "headcount": 29})
    town.settle()
    town.clock.advance(timedelta(days=366))
    assert shown(town) == [{"idle", "over_headcount"}]

    def asked() -> int:
        with town.runtime.writing(SERVICE) as unit:
            return ask(unit, TOWN, BEGINNING)

    def settle(step: str) -> None:
        town.take(f"union.{COUNTY if step == 'accept' else TOWN}", code, "question", step)

    assert (asked(), asked()) == (1, 0)
    settle("explain")
    settle("accept")
    with town.runtime.reading(SERVICE) as unit:
        open_still = in_question(unit, TOWN, founded(unit, TOWN, BEGINNING))
        assert list(open_still.values()) == [{"over_headcount"}], "the other sign has not been answered"
    assert (asked(), asked()) == (1, 0)
