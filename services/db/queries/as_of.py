"""A case as it stood at the end of a day: told again from its history, line by line, never from what the tables say today."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from services.clock import end_of_day
from services.db.models.casework import Proceeding
from services.db.queries.history import told_until
from services.db.queries.sight import own_proceedings_of
from services.runtime import Unit
from workflows.definition import Definition, Field
from workflows.words import Text

_YES = {True: Text("是", "yes"), False: Text("否", "no")}
#: Fields whose value can be said in words without asking another file.
_SAID = ("integer", "text", "date", "yes_no", "choice")


def as_of(unit: Unit, case_id: int, day: date) -> list[dict[str, Any]]:
    """Where each proceeding that the actor may read stood when that day was over, since when, and what its steps had recorded. `Any`: JSON."""
    laws = _laws(unit, case_id)
    found: dict[int, dict[str, Any]] = {}
    for line in told_until(unit, case_id, _end(unit, day)):
        key = line["proceeding"]
        if key is None or int(key) not in laws:
            continue
        law = laws[int(key)]
        one = found.setdefault(
            int(key),
            {"id": str(key), "title": law.label.as_dict(), "state": None, "since": None, "facts": {}},
        )
        if line["to"] is not None and line["to"] != one["state"]:
            one |= {"state": line["to"], "since": line["at"], "label": law.state[line["to"]].label.as_dict()}
        one["facts"] |= _said(law, line["data"])
    return [found[key] for key in sorted(found) if found[key]["state"] is not None]


def between(unit: Unit, case_id: int, first: date, last: date) -> list[dict[str, Any]]:
    """The lines that were written after the first day was over and before the last one was. `Any`: JSON."""
    begins = _end(unit, first).isoformat()
    return [
        line
        for line in told_until(unit, case_id, _end(unit, last))
        if datetime.fromisoformat(line["at"]) > datetime.fromisoformat(begins)
    ]


def days(unit: Unit, case_id: int) -> list[date]:
    """The days on which something was written that the actor may read, the first one first."""
    zone = unit.runtime.settings.zone
    lines = told_until(unit, case_id, _end(unit, unit.today))
    return sorted({datetime.fromisoformat(line["at"]).astimezone(zone).date() for line in lines})


def _laws(unit: Unit, case_id: int) -> Mapping[int, Definition]:
    rows = unit.db.execute(
        select(Proceeding.id, Proceeding.procedure, Proceeding.version).where(
            Proceeding.case_id == case_id, own_proceedings_of(unit.actor)
        )
    )
    return {row.id: unit.runtime.law.definition(row.procedure, row.version) for row in rows}


def _said(law: Definition, data: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """By the name of the field: how it is called, and its value in words. `Any`: JSON."""
    fields = {field.name: field for opening in law.openings for field in opening.fields}
    fields |= {field.name: field for step in law.steps for field in step.fields}
    return {
        name: {"label": fields[name].label.as_dict(), "value": _value(fields[name], value).as_dict()}
        for name, value in data.items()
        if name in fields and fields[name].kind in _SAID and value is not None
    }


def _value(field: Field, value: object) -> Text:
    if isinstance(value, bool):
        return _YES[value]
    for choice in field.choices:
        if choice.value == value:
            return choice.label
    return Text(str(value), str(value))


def _end(unit: Unit, day: date) -> datetime:
    return end_of_day(day, unit.runtime.settings.zone)
