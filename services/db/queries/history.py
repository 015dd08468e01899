"""A case's history as this actor may read it: line by line, in order, as it was written and hashed."""

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from services.clock import end_of_day
from services.db.models.casework import History
from services.db.queries.casebook import seen
from services.db.queries.hidden import veiled_line
from services.db.queries.page import after, cut
from services.db.queries.sight import compartments, is_onlooker
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
    rows = unit.db.execute(
        select(History.seq, History.compartment, History.canon, History.algorithm, History.hash)
        .where(*conditions)
        .order_by(History.seq)
        .limit(LINES + 1)
    ).mappings()
    return cut(
        rows.all(),
        lambda row: (
            veiled_line(unit.runtime.law, _with_words_for_ids(json.loads(row["canon"])))
            | {
                "case": str(case_id),
                "compartment": row["compartment"],
                "algorithm": row["algorithm"],
                "hash": bytes(row["hash"]).hex(),
            }
        ),
        key="seq",
        size=LINES,
    )


def names(unit: Unit, case_id: int) -> list[dict[str, Any]]:
    """Everything that `history` hides from this actor in one case, as it was written, line by line. `Any`: JSON."""
    found = []
    rows = select(History.canon).where(*_readable(unit, case_id)).order_by(History.seq)
    for (canon,) in unit.db.execute(rows):
        line = json.loads(canon)
        said = line["data"] | {"opinion": line.get("opinion")}
        found += [
            {name: line[name] for name in ("seq", "at", "procedure", "step", "says", "actor", "body")}
            | {"field": field, "value": said[field]}
            for field in veiled_line(unit.runtime.law, line)["masked"]
        ]
    return found


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
