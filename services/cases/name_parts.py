"""What a search by a part of a name looks up: every two neighbouring signs of a file's name, with where the file lies.

The tables make them out of the names themselves, so nothing travels. A pair of signs, because most words of Chinese have two;
an index of longer pieces cannot find them, and a row for each pair can be looked up behind the wall, which an index of whole
texts cannot (deploy/handbook/speed.md).
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Integer, bindparam, delete, func, insert, literal, select, tuple_

from services.db.among import among
from services.db.models.casework import Case, NamePart

LONGEST_NAME = 200

_start = select(literal(1, Integer).label("at")).cte("start", recursive=True)
_start = _start.union_all(select(_start.c.at + 1).where(_start.c.at < bindparam("longest")))
_PARTS = (
    select(func.lower(func.substr(Case.name, _start.c.at, 2)).label("part"), Case.division, Case.id)
    .join(_start, _start.c.at < func.length(Case.name))
    .where(among(Case.id, "cases"))
    .distinct()
)
_KEY = (NamePart.part, NamePart.division, NamePart.case_id)
_KEEP = insert(NamePart).inline().from_select([column.key for column in _KEY], _PARTS)
_FORGET = delete(NamePart).where(tuple_(*_KEY).in_(_PARTS))


def keep_names(db: Connection, names: Mapping[int, str]) -> None:
    """These files are found by every part of the name that they bear now, where they lie now."""
    if names:
        db.execute(_KEEP, {"cases": list(names), "longest": max(map(len, names.values()))})


def forget_names(db: Connection, cases: Sequence[int]) -> None:
    """Before their names or places change: these files are found no more by what they bear so far."""
    if cases:
        db.execute(_FORGET, {"cases": cases, "longest": LONGEST_NAME})
