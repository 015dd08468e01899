"""Lives that nobody planned: any step the law allows, any news, any delay, any letter, in any order, in several files at once.

Three hundred of them are lived in every test run. `make lives` lives ten thousand, or as many as `GONGJIAN_LIVES` says, and
prints what was lived. A life has a number, and the same number is always the same life.
"""

import os
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.workflows import chance
from tests.workflows.chance import LIVED, MOMENTS, SEEN, check, live, told
from tests.workflows.far import joint_union, registered
from tests.workflows.lives import COUNTY
from tests.workflows.world import Kept, World, policies
from workflows.errors import Fault, LawError
from workflows.events import Scalar
from workflows.registry import law_book

#: What a mistake in the law or in the engine looks like.
WRONG = (AssertionError, LawError, Fault, LookupError, TypeError, ValueError)
LIVES = int(os.environ.get("GONGJIAN_LIVES", "300"))


@settings(
    max_examples=LIVES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
@given(st.integers(0, 2**48))
def lived(number: int) -> None:
    """One life, consistent after each moment and at its end; what went wrong is told with no more than what it takes."""
    try:
        world = live(number)
    except WRONG as wrong:
        needed = shortest(number)
        raise AssertionError(f"life {number}: {wrong!r} after {'; '.join(told(number, needed))}") from wrong
    SEEN.update(world.seen)
    LIVED["lives"] += 1
    LIVED["files"] += len(world.files_by_number)
    LIVED["history lines"] += sum(len(file.lines) for file in world)
    LIVED["files that went to another county"] += sum(file.case.division[:6] != COUNTY for file in world)
    LIVED.update({f"letters: {name}": times for name, times in world.carried.items()})


def shortest(number: int) -> list[int]:
    """The moments of a life that went wrong without which it would not have."""
    needed = list(range(MOMENTS))
    for moment in reversed(range(MOMENTS)):
        fewer = [one for one in needed if one != moment]
        try:
            live(number, fewer)
        except WRONG:
            needed = fewer
    return needed


def test_lives_that_nobody_planned_end_consistent(record_property: Callable[[str, object], None]) -> None:
    lived()
    states = {(law.name, state.name) for law in law_book().definitions for state in law.states}
    LIVED["states stood in"] = len(SEEN)
    for name, times in sorted(LIVED.items()):
        record_property(name, times)
        print(f"{times:>10,} {name}")
    never = sorted(f"{law}.{state}" for law, state in states - SEEN)
    print(f"{len(states):>10,} states there are; never stood in: {', '.join(never) or 'none'}")
    assert LIVED["lives"] >= LIVES
    assert {law for law, _ in SEEN} == {law.name for law in law_book().definitions}, (
        "a procedure nobody lived"
    )


def test_a_life_is_the_same_whenever_it_is_lived() -> None:
    first, again = live(7), live(7)
    assert [file.lines for file in first] == [file.lines for file in again]


@pytest.mark.parametrize(
    ("fact", "lie"), [("union_form", "union"), ("party_form", "branch"), ("full_members", 3)]
)
def test_a_fact_that_nothing_stands_behind_would_be_noticed(fact: str, lie: Scalar) -> None:
    """The checks are worth something: whoever wrote this into the open drawer would end the life at once."""
    world = World(policies("parallel"))
    registered(world).case.facts[fact] = lie
    with pytest.raises(AssertionError):
        check(world)


def test_a_letter_that_was_lost_would_be_noticed() -> None:
    world = World(policies("parallel"))
    joint_union(world).standing("joint_union").data["units"] = 1
    with pytest.raises(AssertionError, match="joint_union 1 counts 1"):
        check(world)


def test_a_life_that_goes_wrong_is_told_with_no_more_than_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chance, "OF_ONE_FILE", (_never_moves,))
    number = next(one for one in range(100) if 0 < len(shortest(one)) < MOMENTS)
    (needed,) = told(number, shortest(number))
    assert "an_enterprise_moves" in needed


def _never_moves(file: Kept) -> None:
    assert not file.case.facts.get("moved_to")
