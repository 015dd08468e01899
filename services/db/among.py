"""A condition: the column holds one of the values that are given under a name when the statement is executed.

On PostgreSQL they travel as one array. SQLAlchemy's own `IN` writes a mark for each, so that a claim of three rows and one of four
are two statements, each taken apart anew by SQLAlchemy, the driver and the server. SQLite has no arrays.
"""

from typing import Any

from sqlalchemy import ARRAY, Boolean, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class among(FunctionElement[bool]):  # noqa: N801  # it reads like SQLAlchemy's own
    """`among(Case.id, "ids")` is true of the cases whose id is in the list `ids`. `Any`: a column."""

    inherit_cache = True
    type = Boolean()

    def __init__(self, column: Any, name: str) -> None:
        super().__init__(column, bindparam(name, type_=column.type, expanding=True))

    def self_group(self, against: object = None) -> "among":  # a condition already: no "= 1" after it
        return self


@compiles(among)
def _as_marks(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, given = element.clauses
    return compiler.process(column.in_(given), **options)


@compiles(among, "postgresql")
def _as_array(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, given = element.clauses
    of = (
        String() if isinstance(column.type, String) else column.type
    )  # a cast to the column's own length would cut
    array = bindparam(given.key, type_=ARRAY(of))
    return f"{compiler.process(column, **options)} = ANY ({compiler.process(array, **options)})"
