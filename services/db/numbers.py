"""Ids handed out before their rows are written, so that hundreds of rows and those that point at them go in without asking back."""

from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, func, select, text


def reserve(db: Connection, model: Any, count: int) -> list[int]:
    """`count` ids nobody else will use, rising. Inside a writing transaction only. `Any`: a model with an integer id.

    PostgreSQL gives them from the column's sequence; on SQLite the one writer counts on from the highest.
    """
    if count == 0:
        return []
    if db.dialect.name == "sqlite":
        highest = db.execute(_highest(model)).scalar_one() or 0
        return list(range(highest + 1, highest + 1 + count))
    sequence = f"{model.__tablename__}_id_seq"
    found = db.execute(
        text("SELECT nextval(:sequence) FROM generate_series(1, :count)"),
        {"sequence": sequence, "count": count},
    )
    return sorted(found.scalars())


@cache
def _highest(model: Any) -> Select[Any]:
    """`Any`: as above."""
    return select(func.max(model.id))
