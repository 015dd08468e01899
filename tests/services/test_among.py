"""One statement for any number of values: it says the same as `IN`, and SQLite's index still answers it."""

import pytest
from sqlalchemy import bindparam, select, text

from services.actor import SERVICE
from services.db.among import among
from services.db.models.directory import Body
from tests.builders import Town

IDS = select(Body.id).where(among(Body.id, "ids")).order_by(Body.id)
CODES = select(Body.code).where(among(Body.code, "codes"))


@pytest.mark.parametrize("ids", [[], [1], [2, 1], [1, 2, 10**12]])
def test_it_finds_those_that_are_named(town: Town, ids: list[int]) -> None:
    with town.runtime.reading(SERVICE) as unit:
        usual = select(Body.id).where(Body.id.in_(bindparam("ids", expanding=True))).order_by(Body.id)
        assert unit.db.scalars(IDS, {"ids": ids}).all() == unit.db.scalars(usual, {"ids": ids}).all()


def test_a_text_longer_than_the_column_is_nobodys(town: Town) -> None:
    """Cut to the column's length it would be somebody else's."""
    with town.runtime.reading(SERVICE) as unit:
        code = unit.db.scalar(select(Body.code).order_by(Body.id).limit(1))
        assert unit.db.scalars(CODES, {"codes": [code]}).all() == [code]
        assert unit.db.scalars(CODES, {"codes": [f"{code}{' ' * 400}x"]}).all() == []


def test_sqlite_looks_it_up_by_its_index(town: Town) -> None:
    if not town.runtime.database.is_sqlite:
        pytest.skip("PostgreSQL answers arrays by any index")
    with town.runtime.reading(SERVICE) as unit:
        asked = IDS.params(ids=[1, 2]).compile(unit.db, compile_kwargs={"literal_binds": True})
        plan = unit.db.execute(text(f"EXPLAIN QUERY PLAN {asked}")).all()
    assert "SEARCH" in str(plan)
