"""Every line that is written becomes an entry of the log, once, in its place; the log is signed for, and begins as it began."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from services.access import journal
from services.actor import SERVICE
from services.clock import SettableClock
from services.db.models.access import Journal
from services.db.models.casework import History
from services.db.models.ledger import Leaf, LogCheckpoint, LogTile, Unsealed
from services.invariants import Books
from services.ledger.identity import identity
from services.ledger.integrate import integrate, reader
from services.ledger.merkle import consistency, includes, inclusion, is_consistent, root, root_of
from services.ledger.notes import Checkpoint, Note
from services.ledger.tiles import Tiles
from services.runtime import Runtime
from tests.builders import BEGAN, COUNTY, Town, found
from tests.tampering import tamper


def hashes(runtime: Runtime) -> list[bytes]:
    """Of the entries by their numbers, out of the books themselves; they are numbered without a gap."""
    with runtime.reading(SERVICE) as unit:
        of_lines = {
            (row.case_id, row.seq): bytes(row.hash)
            for row in unit.db.execute(select(History.case_id, History.seq, History.hash))
        }
        of_deeds = {row.id: bytes(row.hash) for row in unit.db.execute(select(Journal.id, Journal.hash))}
        leaves = unit.db.execute(
            select(Leaf.number, Leaf.case_id, Leaf.seq, Leaf.journal_id).order_by(Leaf.number)
        ).all()
    assert [one.number for one in leaves] == list(range(len(leaves)))
    return [of_deeds[one.journal_id] if one.journal_id else of_lines[one.case_id, one.seq] for one in leaves]


def notes(runtime: Runtime) -> list[Note]:
    with runtime.reading(SERVICE) as unit:
        return [
            Note.read(one) for one in unit.db.scalars(select(LogCheckpoint.note).order_by(LogCheckpoint.size))
        ]


def rows(runtime: Runtime, model: Any) -> int:
    with runtime.reading(SERVICE) as unit:
        return len(unit.db.execute(select(model)).all())


def all_taken_in(runtime: Runtime) -> None:
    while integrate(runtime):
        pass


def check(runtime: Runtime) -> int:
    """The log is whole, and every checkpoint of it is signed and continues the one before; yields its size."""
    leaves = hashes(runtime)
    with runtime.reading(SERVICE) as unit:
        log = identity(unit)
        assert log is not None and log.size == len(leaves)
        tiles = Tiles(reader(unit), log.algorithm)
        before = (0, root_of([], log.algorithm))
        for note in notes(runtime):
            assert note.by(log.key)
            said = Checkpoint.read(note.text)
            assert (said.origin, said.algorithm) == (log.origin, log.algorithm)
            assert (
                said.root
                == root_of(leaves[: said.size], log.algorithm)
                == root(tiles.whole, said.size, log.algorithm)
            )
            proof = consistency(tiles.whole, before[0], said.size, log.algorithm)
            assert is_consistent(*before[:1], said.size, before[1], said.root, proof, log.algorithm)
            before = (said.size, said.root)
        assert before[0] == len(leaves)
        for at in {0, 1, len(leaves) // 2, len(leaves) - 1}:
            proof = inclusion(tiles.whole, at, len(leaves), log.algorithm)
            assert includes(leaves[at], at, len(leaves), proof, before[1], log.algorithm)
    return len(leaves)


def test_lines_and_deeds_are_entries_once_and_in_their_order(town: Town) -> None:
    runtime = town.runtime
    town.with_union(town.enterprise())
    with runtime.writing(town.hands.actor(f"admin.{COUNTY}")) as unit:
        journal.write(unit, "body.create", "body x")
    assert integrate(runtime) and not integrate(runtime)
    first = check(runtime)
    assert first == rows(runtime, History) + rows(runtime, Journal) and rows(runtime, Unsealed) == 0
    for number in range(40):
        town.enterprise(name=f"第{number}号商贸有限公司")
        if number % 5 == 0:
            integrate(runtime)
    all_taken_in(runtime)
    assert check(runtime) == rows(runtime, History) + rows(runtime, Journal) > first
    with runtime.reading(SERVICE) as unit:
        order = unit.db.execute(
            select(Leaf.case_id, Leaf.seq).where(Leaf.case_id.is_not(None)).order_by(Leaf.number)
        ).all()
    seen: dict[int, int] = {}
    for case, seq in order:
        assert seq == seen.get(case, 0) + 1
        seen[case] = seq


def test_many_writers_and_many_sealers_at_once_lose_nothing_and_take_nothing_twice(town: Town) -> None:
    runtime = town.runtime
    names = iter(range(1000))

    def write(_: int) -> None:
        for _ in range(6):
            with runtime.writing(town.hands.actor(f"admin.{COUNTY}")) as unit:
                journal.write(unit, "body.create", f"body {next(names)}")

    def seal(_: int) -> None:
        for _ in range(20):
            integrate(runtime)

    with ThreadPoolExecutor(8) as hands:
        for done in [*(hands.submit(write, n) for n in range(5)), *(hands.submit(seal, n) for n in range(3))]:
            done.result()
    all_taken_in(runtime)
    assert check(runtime) == rows(runtime, Journal) + rows(runtime, History)


def test_a_line_that_was_lost_before_it_was_taken_in_is_waited_for_and_missed(town: Town) -> None:
    runtime = town.runtime
    town.enterprise(name="甲机械有限公司")
    town.enterprise(name="乙纺织有限公司")
    tamper(runtime.database, "DELETE FROM history WHERE case_id = 1 AND seq = 2")
    all_taken_in(runtime)
    check(runtime)
    assert rows(runtime, Unsealed) == 1
    told = [one.en for one in Books(runtime.settings.database).violations() if one.invariant == "I4"]
    assert any("wait for the log, and not all of them are there" in one for one in told)


def test_a_log_longer_than_a_tile_grows_upwards(town: Town) -> None:
    runtime = town.runtime
    for batch in (3, 300, 253, 1, 700):
        with runtime.writing(town.hands.actor(f"admin.{COUNTY}")) as unit:
            for number in range(batch):
                journal.write(unit, "body.create", f"body {batch}/{number}")
        all_taken_in(runtime)
    assert check(runtime) > 1200 and rows(runtime, LogTile) >= 6


def test_where_national_cryptography_is_required_the_tree_is_made_with_it(
    make_runtime: Callable[..., Runtime],
) -> None:
    clock = SettableClock(BEGAN)
    runtime = make_runtime(clock=clock)
    runtime.settings = runtime.settings.model_copy(
        update={"hash_algorithm": "sm3", "ledger_origin": "ledger.cy.example/1"}
    )
    found(runtime)
    town = Town(runtime, clock)
    town.enterprise()
    all_taken_in(runtime)
    assert check(runtime)
    assert notes(runtime)[-1].text.startswith("ledger.cy.example/1\n") and notes(runtime)[-1].text.endswith(
        "\nhash sm3\n"
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history SET canon = canon",
        "DELETE FROM history",
        "UPDATE journal SET actor = actor",
        "DELETE FROM log_leaves",
        "UPDATE log_leaves SET number = number",
        "UPDATE log_checkpoints SET note = note",
        "DELETE FROM log_checkpoints",
    ],
)
def test_the_database_itself_refuses_to_change_what_was_written(town: Town, statement: str) -> None:
    town.enterprise()
    all_taken_in(town.runtime)
    line = town.runtime.database.engine.raw_connection()
    cursor = line.cursor()
    if not town.runtime.database.is_sqlite:
        cursor.execute("SET LOCAL gongjian.house = 'on'")
    with pytest.raises(Exception, match=r"stays as it was written|journal"):
        cursor.execute(statement)
    line.invalidate()
    tamper(
        town.runtime.database, statement
    )  # and its owner can do it all the same: that is what the rest is for
