"""Many rows at once: written into a table, or turned to what they say now.

On PostgreSQL many rows travel as one JSON text, which the server takes apart: half the work of a statement a row, and, unlike
COPY, open to who stands behind row-level security. A few rows, and all on SQLite, go one by one.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    Insert,
    String,
    TableValuedAlias,
    Update,
    bindparam,
    cast,
    column,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB

#: Fewer rows than this go as fast one by one.
MANY = 8

Rows = Sequence[Mapping[str, Any]]


def write_rows(db: Connection, model: Any, rows: Rows, *, once_by: tuple[str, ...] = ()) -> None:
    """The rows stand in the model's table; all name the same columns, and nobody reads back what the database filled in.

    Where a row with the same `once_by` is there already, it stays as it is. `Any`: a model, and values of its columns.
    """
    if rows and _is_many(db, rows):
        db.execute(_written(model, tuple(rows[0]), once_by), {"rows": _json(rows)})
    elif rows:
        db.execute(_written_alone(model, once_by, db.dialect.name), rows)


def turn_rows(db: Connection, model: Any, rows: Rows) -> None:
    """The rows with these ids say this now; all name the same columns. `Any`: as above."""
    if rows and _is_many(db, rows):
        db.execute(_turned(model, tuple(rows[0])), {"rows": _json(rows)})
    elif rows:
        given = [{f"new_{name}": value for name, value in row.items()} for row in rows]
        db.execute(_turned_alone(model, tuple(rows[0])), given)


def _is_many(db: Connection, rows: Rows) -> bool:
    return len(rows) >= MANY and db.dialect.name != "sqlite"


@cache
def _written(model: Any, names: tuple[str, ...], once_by: tuple[str, ...]) -> Insert:
    """`Any`: as above."""
    statement = postgresql.insert(model).inline().from_select(names, select(*_sent(model, names).c))
    return statement.on_conflict_do_nothing(index_elements=once_by) if once_by else statement


@cache
def _written_alone(model: Any, once_by: tuple[str, ...], dialect: str) -> Insert:
    """`Any`: as above."""
    if not once_by:
        return insert(model).inline()
    if dialect == "sqlite":
        return sqlite.insert(model).inline().on_conflict_do_nothing(index_elements=once_by)
    return postgresql.insert(model).inline().on_conflict_do_nothing(index_elements=once_by)


@cache
def _turned(model: Any, names: tuple[str, ...]) -> Update:
    """`Any`: as above."""
    sent = _sent(model, names)
    values = {name: sent.c[name] for name in names if name != "id"}
    return update(model).where(model.id == sent.c.id).values(values)


@cache
def _turned_alone(model: Any, names: tuple[str, ...]) -> Update:
    """`Any`: as above."""
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names if name != "id"}
    return update(model).where(model.id == bindparam("new_id")).values(values)


def _sent(model: Any, names: tuple[str, ...]) -> TableValuedAlias:
    """The rows on their way, as a table of their own. `Any`: as above."""
    columns = model.__table__.c
    sent = func.jsonb_to_recordset(cast(bindparam("rows", type_=String), JSONB))
    given = sent.table_valued(*(column(name, columns[name].type) for name in names), name="sent")
    return given.render_derived(with_types=True)


def _plain(value: object) -> str:
    """What JSON has no word for, as PostgreSQL reads it."""
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError("an instant without a zone")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no value of a column")


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain).encode
