"""How every list is cut: so many items, and a cursor that says where the next ones begin. Ids come
from outside as words."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, RowMapping

from services.directory.divisions import UnknownDivision
from services.directory.scope import within
from workflows.errors import Fault

LARGEST_ID = 2**63 - 1
ITEMS = 50


def key_of(word: str) -> int:
    """The id that a word from outside stands for. What cannot be an id is not on file."""
    if not (word.isascii() and word.isdigit() and len(word) <= 19) or int(word) > LARGEST_ID:
        raise Fault("not_found")
    return int(word)


def after(cursor: str | None) -> int | None:
    """The id that a cursor stands for; one that we never gave out is a mistake of the asker."""
    if not cursor:
        return None
    try:
        return key_of(cursor)
    except Fault:
        raise Fault(
            "parameter_bad",
            field="cursor",
            name="cursor",
            zh="请使用上一页给出的 next",
            en="use the `next` of the page before",
        ) from None


def behind(cursor: str | None) -> str:
    """The word that a cursor stands for in a list by codes or names; nothing before the first page."""
    if cursor and not (cursor.isascii() and cursor.isprintable() and len(cursor) <= 60):
        after(cursor)
    return cursor or ""


def one_of(name: str, value: str, allowed: Sequence[str]) -> str:
    """The value, if it is one of those allowed."""
    if value not in allowed:
        listed = ", ".join(allowed)
        raise Fault(
            "parameter_bad", field=name, name=name, zh=f"只能是：{listed}", en=f"it must be one of: {listed}"
        )
    return value


def below(column: Any, division: str) -> ColumnElement[bool]:
    """Does it lie in the division that was asked for? What can be no division's code is a mistake of the asker. `Any`: any text column."""
    try:
        return within(column, division)
    except UnknownDivision:
        raise Fault(
            "parameter_bad",
            field="division",
            name="division",
            zh="应为6位、9位或12位区划代码",
            en="it must be a division code of 6, 9 or 12 digits",
        ) from None


def cut(
    rows: Sequence[RowMapping],
    shown: Callable[[RowMapping], dict[str, Any]],
    *,
    key: str = "id",
    size: int = ITEMS,
) -> dict[str, Any]:
    """A page of at most `size` of the rows, and the cursor to the next if there is one more. `Any`: JSON."""
    kept = rows[:size]
    return {"items": [shown(row) for row in kept], "next": str(kept[-1][key]) if len(rows) > size else None}
