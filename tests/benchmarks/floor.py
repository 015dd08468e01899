"""The floor under one life of a case: the same rows in the same tables and as many commits, by the bare driver and nothing else.

What the floor leaves out is the work: no law, no check, no hash, no form, no permission. The ratio says what all of that costs.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from services.db.wall import HOUSE
from services.runtime import Runtime

#: Tables of one case in the order in which they may be filled; `inbox` has its own commit, as it has in life.
TABLES = (
    "cases", "proceedings", "links", "history", "work_items", "deadlines", "outbox", "notices", "filings",
)  # fmt: skip
#: Columns that point at other rows or must be unique, and how far each case's are moved on.
KEYS = {"id", "case_id", "proceeding_id", "outbox_id", "inbox_id"}
UNIQUE = {"uscc", "dedupe", "event_id", "case_key"}
STEPS = 4
#: The floor stands before the same wall as the office does.
BEGIN = f"BEGIN; {HOUSE.sets}"

Rows = dict[str, list[dict[str, Any]]]


def sample(runtime: Runtime, case_id: int) -> Rows:
    """The rows that one life left behind, as the driver gives them back. `Any`: column values."""
    raw = runtime.database.engine.raw_connection()
    try:
        cursor: Any = raw.cursor()
        if not runtime.database.is_sqlite:
            cursor.execute(BEGIN, prepare=False)
        found: Rows = {}
        for table in (*TABLES, "inbox"):
            cursor.execute(f"SELECT * FROM {table} WHERE {_belongs(table, case_id)}")
            names = [column[0] for column in cursor.description]
            found[table] = [dict(zip(names, map(_plain, row), strict=True)) for row in cursor.fetchall()]
        if found["links"]:
            found["heard"] = _heard(cursor, found)
        for row in found["outbox"]:  # what another file is told, too: the lives of the floor do not meet
            row["case_id"] = case_id
        raw.rollback()
        return found
    finally:
        raw.close()


def _heard(cursor: Any, found: Rows) -> list[dict[str, Any]]:
    """The line in the joint union's file, which was told of this one. It is laid here as the last of this file's own, so that
    the lives of the floor do not meet."""
    told = ", ".join(str(row["to_case_id"]) for row in found["links"])
    cursor.execute(f"SELECT * FROM history WHERE case_id IN ({told}) ORDER BY seq DESC LIMIT 1")
    names = [column[0] for column in cursor.description]
    line = dict(zip(names, map(_plain, cursor.fetchone()), strict=True))
    return [line | {"case_id": found["cases"][0]["id"], "seq": found["history"][-1]["seq"] + 1}]


def live(runtime: Runtime, rows: Rows, shifts: Sequence[int], *, batch: int) -> None:
    """The rows of one life again for each shift: an inbox commit each, a batch's opening and deliveries together, four steps each."""
    raw = runtime.database.engine.raw_connection()
    cursor: Any = raw.cursor()
    mark = "?" if runtime.database.is_sqlite else "%s"
    try:
        for start in range(0, len(shifts), batch):
            turn = shifts[start : start + batch]
            for shift in turn:
                with _Commit(runtime, raw, cursor):
                    _insert(cursor, mark, "inbox", [_moved(row, shift) for row in rows["inbox"]])
            opening, steps, arrivals = _split(rows)
            _together(runtime, raw, cursor, mark, opening, turn)
            for step in steps:
                for shift in turn:
                    with _Commit(runtime, raw, cursor):
                        cursor.execute(
                            f"SELECT * FROM cases WHERE id = {mark}", (rows["cases"][0]["id"] + shift,)
                        )
                        cursor.fetchall()
                        for table, lines in step.items():
                            _insert(cursor, mark, table, [_moved(line, shift) for line in lines])
                        key = rows["cases"][0]["id"] + shift
                        cursor.execute(f"UPDATE cases SET seq = seq + 1 WHERE id = {mark}", (key,))
                        cursor.execute(
                            f"UPDATE proceedings SET revision = revision + 1 WHERE case_id = {mark}", (key,)
                        )
            for arrival in arrivals:
                _together(runtime, raw, cursor, mark, arrival, turn)
    finally:
        raw.close()


def open_only(runtime: Runtime, rows: Rows, shifts: Sequence[int], *, batch: int) -> None:
    """Every row of a case just opened, with its inbox row, in commits of `batch` cases."""
    raw = runtime.database.engine.raw_connection()
    cursor: Any = raw.cursor()
    mark = "?" if runtime.database.is_sqlite else "%s"
    whole = {"inbox": rows["inbox"]} | {name: rows[name] for name in TABLES if rows[name]}
    try:
        for start in range(0, len(shifts), batch):
            _together(runtime, raw, cursor, mark, whole, shifts[start : start + batch])
    finally:
        raw.close()


class _Commit:
    def __init__(self, runtime: Runtime, raw: Any, cursor: Any) -> None:
        self.lite, self.raw, self.cursor = runtime.database.is_sqlite, raw, cursor

    def __enter__(self) -> None:
        if self.lite:
            self.cursor.execute("BEGIN IMMEDIATE")
        else:
            self.cursor.execute(BEGIN, prepare=False)

    def __exit__(self, *failure: object) -> None:
        if self.lite:
            self.cursor.execute("COMMIT")
        else:
            self.raw.commit()


def _split(rows: Rows) -> tuple[Rows, list[Rows], list[Rows]]:
    """One life as an opening, four steps and the arrivals of its notices and its event, every row in exactly one of them."""
    history, notices = rows["history"], rows["notices"]
    opening: Rows = {"cases": rows["cases"], "proceedings": rows["proceedings"], "history": history[:3]}
    opening |= {name: rows[name][:1] for name in ("work_items", "deadlines")} | {"outbox": rows["outbox"]}
    later = {
        "history": history[3 : len(history) - len(notices)],
        "filings": rows["filings"],
        "links": rows["links"],
    }
    later |= {name: rows[name][1:] for name in ("work_items", "deadlines")}
    steps = [{name: lines[index::STEPS] for name, lines in later.items()} for index in range(STEPS)]
    last = history[len(history) - len(notices) :]
    arrivals = [{"history": [line], "notices": [notice]} for line, notice in zip(last, notices, strict=True)]
    arrivals.append({"history": rows["heard"]})
    return opening, steps, arrivals


def _together(runtime: Runtime, raw: Any, cursor: Any, mark: str, rows: Rows, shifts: Sequence[int]) -> None:
    with _Commit(runtime, raw, cursor):
        for table, lines in rows.items():
            _insert(cursor, mark, table, [_moved(line, shift) for shift in shifts for line in lines])


def _insert(cursor: Any, mark: str, table: str, lines: Sequence[dict[str, Any]]) -> None:
    if not lines:
        return
    names = list(lines[0])
    text = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join([mark] * len(names))})"
    values = [tuple(line.values()) for line in lines]
    if len(values) == 1:
        cursor.execute(text, values[0])
    else:
        cursor.executemany(text, values)


def _moved(row: dict[str, Any], shift: int) -> dict[str, Any]:
    """The row for another case: its keys moved on, its unique words made its own."""
    return {name: _value(name, value, shift) for name, value in row.items()}


def _value(name: str, value: Any, shift: int) -> Any:
    if value is None or (name not in KEYS and name not in UNIQUE):
        return value
    return value + shift if name in KEYS else f"F{shift:012d}" if name == "uscc" else f"{value}+{shift}"


def _plain(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _belongs(table: str, case_id: int) -> str:
    match table:
        case "cases":
            return f"id = {case_id}"
        case "filings" | "outbox":
            return f"proceeding_id IN (SELECT id FROM proceedings WHERE case_id = {case_id})"
        case _:
            return f"case_id = {case_id}"


def shifts(count: int, *, first: int) -> Iterator[int]:
    """Moves far enough apart that no two cases' rows meet: one life's ids lie within a few hundred."""
    return (first + index * 10_000 for index in range(count))
