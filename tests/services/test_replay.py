"""A file can be made again from its history alone. Three dozen lives that nobody planned are lived in every test run on each database;
`GONGJIAN_REPLAYS=10000` lives as many as it says, and prints what was lived."""

import json
import os
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from services.actor import SERVICE
from services.db.models.casework import History
from services.ledger import replay_here as replaying
from services.ledger.fsck import Wrong
from services.ledger.layout import GENESIS, line_hash
from services.ledger.replay_here import replay_here
from services.runtime import Runtime
from tests.builders import TOWN, Town
from tests.services.test_erasure import erase_all, said_about
from tests.services.unplanned import Unplanned
from tests.tampering import tamper
from workflows.events import canonical

LIVES = int(os.environ.get("GONGJIAN_REPLAYS", "36"))


def otherwise(runtime: Runtime) -> tuple[int, list[Wrong]]:
    """How many cases were made again, and which of them stand otherwise than their lines say."""
    with runtime.reading(SERVICE) as unit:
        found = list(replay_here(unit))
    return sum(count for count, _ in found), [wrong for _, many in found for wrong in many]


@pytest.mark.timeout(300 + LIVES)
def test_lives_that_nobody_planned_are_made_again_from_their_lines(
    town: Town, record_property: Callable[[str, object], None]
) -> None:
    unplanned, numbers = Unplanned(town, LIVES), iter(range(1, 100_000))

    @settings(
        max_examples=LIVES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 2**48))
    def lived(chance: int) -> None:
        unplanned.live(next(numbers), Random(chance))

    lived()
    count, wrong = otherwise(town.runtime)
    unplanned.lived |= {"cases": count, "lives": next(numbers) - 1, "states stood in": len(unplanned.states)}
    for name, times in sorted(unplanned.lived.items()):
        record_property(name, times)
        print(f"{times:>10,} {name}")
    assert wrong == []
    assert count >= LIVES * 0.9 and unplanned.lived["steps taken"] > LIVES


#: What somebody with the tables in hand may change without touching the history; and what is then said to be otherwise.
LIES = {
    "a state": ("UPDATE proceedings SET state = 'recruiting' WHERE procedure = 'union'", "state"),
    "a fact of a proceeding": ("UPDATE proceedings SET revision = 40 WHERE procedure = 'union'", "state"),
    "a proceeding that is gone": ("DELETE FROM proceedings WHERE procedure = 'party'", "state"),
    "where the file lies": ("UPDATE cases SET division = '220204101'", "where it lies"),
    "an open fact": ("UPDATE cases SET facts = '{}'", "its facts"),
    "a last day": ("UPDATE deadlines SET due_on = '2031-01-01' WHERE state = 'running'", "terms"),
    "a term that is gone": ("DELETE FROM deadlines WHERE state = 'running'", "terms"),
    "work that is gone": ("DELETE FROM work_items WHERE status = 'open'", "work"),
    "work that was never done": ("UPDATE work_items SET status = 'open'", "work"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_table_that_says_otherwise_than_the_history_is_told(town: Town, lie: str) -> None:
    town.with_union(town.enterprise())
    assert otherwise(town.runtime) == (1, [])
    statement, told = LIES[lie]
    tamper(town.runtime.database, statement)
    _, wrong = otherwise(town.runtime)
    assert wrong and all("案卷1" in one.text.zh and "case 1" in one.text.en.lower() for one in wrong)
    assert any(told in one.text.en for one in wrong)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("to", "established"),
        ("step", "approve_result"),
        ("cause", "party.formed"),
        ("policy", "另一版"),
        ("data", {}),
        ("at", "yesterday"),
        ("laid", ["nowhere"]),
        ("cause", "erasure"),
        ("cause", 7),
        ("evidence", [7]),
    ],
)
def test_a_line_that_the_law_would_not_have_written_is_named_although_its_chain_closes(
    town: Town, key: str, value: object
) -> None:
    """The owner writes a line anew, and every hash after it: only the law book still knows."""
    code = town.enterprise()
    town.take(f"union.{TOWN}", code, "lead", "survey", headcount=60, applicants=30)
    town.take(f"union.{TOWN}", code, "lead", "open_union")
    town.take(f"union.{TOWN}", code, "union", "file_application")
    with town.runtime.reading(SERVICE) as unit:
        rows = unit.db.execute(
            select(History.seq, History.canon, History.algorithm).order_by(History.seq)
        ).all()
    forged = next(row.seq for row in rows if json.loads(row.canon)["step"] == "file_application")
    tip = GENESIS
    for row in rows:
        canon = bytes(row.canon)
        if row.seq == forged:
            canon = canonical(json.loads(canon) | {key: value})
        tip = line_hash(tip, canon, row.algorithm)
        tamper(
            town.runtime.database,
            "UPDATE history SET canon = ?, hash = ? WHERE seq = ?",
            (canon, tip, row.seq),
        )
    _, wrong = otherwise(town.runtime)
    assert [f"Line {forged} of case 1" in one.text.en for one in wrong] == [True]
    assert ("put on file later" in wrong[0].text.en) == (key == "policy")


def test_a_line_that_was_put_into_the_other_sides_drawer_is_named(town: Town) -> None:
    """Which drawer a line lies in decides who may read it, and is no part of what was hashed."""
    code = town.enterprise()
    town.take(f"union.{TOWN}", code, "lead", "survey", headcount=60, applicants=30)
    assert otherwise(town.runtime) == (1, [])
    tamper(
        town.runtime.database,
        "UPDATE history SET compartment = 'party' WHERE compartment = 'union' AND seq > 2",
    )
    _, wrong = otherwise(town.runtime)
    assert [one.text.en.count("compartment") for one in wrong] == [1]


def test_a_case_that_moves_while_it_is_read_is_looked_at_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, moved = town.enterprise(), list[bool]()

    class Slow(replaying._Here):
        def __init__(self, *read: Any) -> None:
            if not moved:
                moved.append(True)
                town.take(f"union.{TOWN}", code, "lead", "survey", headcount=60, applicants=30)
            super().__init__(*read)

    monkeypatch.setattr(replaying, "_Here", Slow)
    assert otherwise(town.runtime) == (1, [])
    assert len(moved) == 1


def test_what_was_erased_is_no_difference(town: Town) -> None:
    case, _ = said_about(town)
    assert otherwise(town.runtime) == (1, [])
    erase_all(town, case)
    assert otherwise(town.runtime) == (1, [])
