"""A case's history as this actor may read it: line by line, in order, as it was written and hashed."""

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from services.clock import end_of_day
from services.db.models.casework import History, HistoryValue
from services.db.models.ledger import Leaf
from services.db.queries.casebook import seen
from services.db.queries.hidden import veiled_line
from services.db.queries.page import after, cut
from services.db.queries.sight import compartments, is_onlooker
from services.ledger.values import told
from services.runtime import Unit
from workflows.errors import Fault
from workflows.plain import day_of, moment_of

LINES = 200


def history(
    unit: Unit, case_id: int, *, as_of: str | None = None, cursor: str | None = None
) -> dict[str, Any]:
    """A page of lines from the drawers he may open, up to a moment or to the end of a day; nothing of
    any other, and nothing personal. `Any`: JSON."""
    conditions = _readable(unit, case_id)
    moment, last = _until(unit, as_of), after(cursor)
    if moment is not None:
        conditions.append(History.at <= moment)
    if last is not None:
        conditions.append(History.seq > last)
    rows = (
        unit.db.execute(
            select(History.seq, History.compartment, History.canon, History.algorithm, History.hash)
            .where(*conditions)
            .order_by(History.seq)
            .limit(LINES + 1)
        )
        .mappings()
        .all()
    )
    values = _values(unit, case_id, rows[0]["seq"], rows[-1]["seq"]) if rows else {}
    entries = _entries(unit, case_id, rows[0]["seq"], rows[-1]["seq"]) if rows else {}
    return cut(
        rows,
        lambda row: (
            veiled_line(
                unit.runtime.law,
                _with_words_for_ids(told(json.loads(row["canon"]), values.get(row["seq"], {}))),
            )
            | {
                "case": str(case_id),
                "compartment": row["compartment"],
                "algorithm": row["algorithm"],
                "hash": bytes(row["hash"]).hex(),
                "entry": entries.get(row["seq"]),
            }
        ),
        key="seq",
        size=LINES,
    )


def told_until(unit: Unit, case_id: int, moment: datetime) -> list[dict[str, Any]]:
    """Every line that was written before that moment, from the drawers he may open, and nothing personal. `Any`: JSON."""
    rows = unit.db.execute(
        select(History.seq, History.canon)
        .where(*_readable(unit, case_id), History.at < moment)
        .order_by(History.seq)
    ).all()
    values = _values(unit, case_id, rows[0].seq, rows[-1].seq) if rows else {}
    return [
        veiled_line(
            unit.runtime.law, _with_words_for_ids(told(json.loads(row.canon), values.get(row.seq, {})))
        )
        for row in rows
    ]


def names(unit: Unit, case_id: int) -> list[dict[str, Any]]:
    """Everything that `history` hides from this actor in one case, as it was written, line by line. `Any`: JSON."""
    found = []
    rows = unit.db.execute(
        select(History.seq, History.canon).where(*_readable(unit, case_id)).order_by(History.seq)
    ).all()
    values = _values(unit, case_id, 1, rows[-1].seq) if rows else {}
    for row in rows:
        line = told(json.loads(row.canon), values.get(row.seq, {}))
        said = line["data"] | {"opinion": line.get("opinion")}
        found += [
            {name: line[name] for name in ("seq", "at", "procedure", "step", "says", "actor", "body")}
            | {"field": field, "value": said[field]}
            for field in veiled_line(unit.runtime.law, line)["masked"]
        ]
    return found


def _values(unit: Unit, case_id: int, first: int, last: int) -> dict[int, dict[str, str]]:
    """What the lines of the case say about persons, as JSON: by line, by field."""
    rows = unit.db.execute(
        select(HistoryValue.seq, HistoryValue.field, HistoryValue.value).where(
            HistoryValue.case_id == case_id, HistoryValue.seq.between(first, last)
        )
    )
    found = dict[int, dict[str, str]]()
    for row in rows:
        found.setdefault(row.seq, {})[row.field] = row.value
    return found


def _entries(unit: Unit, case_id: int, first: int, last: int) -> dict[int, int]:
    """Which entries of the ledger the lines are; a line that was written a moment ago is none yet."""
    asked = select(Leaf.seq, Leaf.number).where(Leaf.case_id == case_id, Leaf.seq.between(first, last))
    with unit.as_office():
        rows = unit.db.execute(asked).all()
    return {row.seq: row.number for row in rows}


def _readable(unit: Unit, case_id: int) -> list[ColumnElement[bool]]:
    """The lines of the case that lie open to this actor; not_found when the case does not."""
    seen(unit, case_id)
    conditions = [History.case_id == case_id, History.compartment.in_(compartments(unit.actor))]
    if is_onlooker(unit.actor):  # what the registry itself has said, and nothing that came of it
        conditions += [History.proceeding_id.is_(None), History.inbox_id.is_not(None)]
    return conditions


def _with_words_for_ids(line: dict[str, Any]) -> dict[str, Any]:
    """Ids are strings wherever the counter gives them out; in the hashed line they are numbers. `Any`: JSON."""
    told = line | {name: str(line[name]) for name in ("proceeding", "inbox") if line.get(name) is not None}
    if "evidence" in line:
        told["evidence"] = [paper | {"id": str(paper["id"])} for paper in line["evidence"]]
    return told


def _until(unit: Unit, as_of: str | None) -> datetime | None:
    if not as_of:
        return None
    day, moment = day_of(as_of), moment_of(as_of)
    if moment is not None:
        return moment
    if day is not None and day < date.max:  # the very last one has no end
        return end_of_day(day, unit.runtime.settings.zone)
    raise Fault(
        "parameter_bad",
        field="as_of",
        name="as_of",
        zh="应写作 2019-01-02 或 2019-01-02T09:30:00+08:00",
        en="write 2019-01-02 or 2019-01-02T09:30:00+08:00",
    )
