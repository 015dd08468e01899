"""The checker itself: silent over a clean house, and it names each kind of damage."""

import pytest
from sqlalchemy import text

from tests.builders import COUNTY, Town, registered, uscc
from tests.crash.checker import Books

EVENT = (f"/registry/{COUNTY}", "2026-0001")
REGISTRY = f"registry.{COUNTY}"


@pytest.fixture
def books(town: Town) -> Books:
    """One enterprise, registered and then changed twice."""
    town.hands.emit(REGISTRY, "registered", EVENT[1], registered()["data"])
    for number in (2, 3):
        town.settle()
        town.hands.emit(REGISTRY, "changed", f"change-{number}", {"uscc": uscc(1), "headcount": number})
    town.settle()
    return Books(town.runtime.settings.database)


DAMAGE = (
    ("DELETE FROM inbox WHERE id = 1", "accepted and lost"),
    ("UPDATE inbox SET state = 'pending' WHERE id = 1", "has been pending since"),
    ("UPDATE inbox SET state = 'lost' WHERE id = 1", "is lost"),
    ("UPDATE inbox SET state = 'waiting' WHERE id = 2", "inbox row 2 is waiting"),
    ("UPDATE inbox SET case_id = 2 WHERE id = 2", "inbox row 2 was applied more than once"),
    ("UPDATE history SET at = '2020-01-01 00:00:00+00:00' WHERE seq = 2", "inbox row 1 was applied more than once"),
    ("UPDATE history SET inbox_id = 5 - inbox_id WHERE inbox_id > 1", "were applied in the order [1, 3, 2]"),
    ("UPDATE history SET inbox_id = 9 WHERE inbox_id = 2", "history names inbox row 9"),
    ("UPDATE history SET hash = (SELECT tip FROM cases) WHERE seq = 2", "breaks at line 2"),
    ("DELETE FROM history WHERE seq = (SELECT seq FROM cases)", "lines and has"),
    ("UPDATE cases SET seq = seq + 1", "lines and has"),
    ("UPDATE cases SET tip = (SELECT hash FROM history WHERE seq = 1)", "does not end where the case says"),
    ("UPDATE proceedings SET state = 'surveyed'", "is in surveyed, its history says"),
    ("UPDATE outbox SET state = 'failed'", "is failed"),
    ("DELETE FROM notices", "arrived 0 times"),
)  # fmt: skip


def test_a_clean_house_is_clean(books: Books) -> None:
    assert books.waiting() == 0
    assert books.violations({EVENT}) == []


@pytest.mark.parametrize(("damage", "told"), DAMAGE, ids=[told for _, told in DAMAGE])
def test_damage_is_named(town: Town, books: Books, damage: str, told: str) -> None:
    with town.runtime.database.writing() as connection:
        assert connection.execute(text(damage)).rowcount
    assert [line for line in books.violations({EVENT}) if told in line]
