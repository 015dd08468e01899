"""Files that point at each other: which ones a form may name, what was named, and what one file has to tell another."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select

from services.cases.docket import Move, keys_of
from services.db.models.casework import Case, Link, Proceeding
from services.db.models.mail import Outbox
from services.db.rows import write_rows
from services.directory.divisions import prefix
from services.runtime import Unit
from workflows.definition import Act
from workflows.forms import NO_FILES, Files
from workflows.subjects import ENTERPRISE

_FILES = (
    select(Case.id, Case.subject, Case.name, Proceeding.procedure, Proceeding.version, Proceeding.state)
    .join(Proceeding, Proceeding.case_id == Case.id)
    .where(
        Case.subject != ENTERPRISE.name,  # the index holds the others only
        Case.subject.in_(bindparam("subjects", expanding=True)),
        Case.division >= bindparam("county"),
        Case.division < bindparam("next"),
        Case.status != "closed",
        Proceeding.procedure.in_(bindparam("begun_by", expanding=True)),
    )
    .order_by(Case.id.desc())
    .limit(bindparam("most"))
)
_NAMED = _FILES.where(Case.id.in_(bindparam("numbers", expanding=True)))

_UNLINK = delete(Link).where(Link.proceeding_id == bindparam("proceeding"), Link.name == bindparam("link"))

#: The kind of an outbox row that is an event for the file `case_id`, not a notice to a body.
EVENT = "event"
#: A county has few joint unions, federations and campaigns; more than this no form could show.
MOST = 500


def files_named(unit: Unit, act: Act, division: str, given: Mapping[str, object]) -> Files:
    """Of the files that this form may name, those it does name; all, where it names one that it may not."""
    links = [field for field in act.fields if field.kind == "link" and field.to is not None]
    numbers = {str(given[field.name]) for field in links if given.get(field.name)}
    if not all(one.isascii() and one.isdigit() and len(one) < 19 for one in numbers):
        return files_for(unit, act, division)
    found = files_for(unit, act, division, sorted(int(one) for one in numbers))
    known = {number for files in found.values() for number, _ in files}
    return found if numbers <= known else files_for(unit, act, division)


def files_for(unit: Unit, act: Act, division: str, numbers: Sequence[int] | None = None) -> Files:
    """By subject, the (number, name) pairs that the links of this form may name, newest first; of these `numbers` only, if given.

    What a file was begun for must not be over: a dissolved joint union may have its registration to settle still, but
    covers nobody any more.
    """
    may_stand_in = {
        field.to.name: field.standing_in
        for field in act.fields
        if field.kind == "link" and field.to is not None
    }
    wanted = set(may_stand_in)
    if not wanted:
        return NO_FILES
    law = unit.runtime.law
    begun_by = {
        one.name
        for one in law.definitions
        for opening in one.openings
        if opening.subject and opening.subject.name in wanted
    }
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    county = prefix(division[:6])
    asked: dict[str, Any] = {"subjects": sorted(wanted), "begun_by": sorted(begun_by), "most": MOST}
    asked |= {"county": county, "next": county + ":"}  # ":" follows "9"
    if numbers is not None:
        asked["numbers"] = list(numbers)
    with unit.as_office():  # a town's union joins what lies in the county
        rows = unit.db.execute(_FILES if numbers is None else _NAMED, asked).all()
    for row in rows:
        allowed = may_stand_in[row.subject] or law.definition(row.procedure, row.version).state
        if row.state in allowed and not law.definition(row.procedure, row.version).state[row.state].final:
            found[row.subject].append((str(row.id), row.name))
    return found


def write_links(unit: Unit, moves: Sequence[Move]) -> None:
    """A proceeding points where its newest form says."""
    rows = [
        {"proceeding_id": keys_of(move).get(new.key, new.key), "name": new.name}
        | {"case_id": move.docket.row["id"], "to_case_id": new.to}
        for move in moves
        for new in move.unfolded.links
    ]
    if rows:
        unit.db.execute(_UNLINK, [{"proceeding": row["proceeding_id"], "link": row["name"]} for row in rows])
        write_rows(unit.db, Link, rows)


def write_tellings(unit: Unit, moves: Sequence[Move]) -> None:
    """One outbox row for each file that is told. The row belongs to the file that hears it, so that it hears things in order."""
    rows = []
    for move in moves:
        keys, row = keys_of(move), move.docket.row
        first = row["seq"] - len(move.unfolded.entries)
        for new in move.unfolded.tellings:
            heard_by = [new.to] if new.to is not None else _linked_to(unit, row["id"])
            for to in heard_by:
                rows.append(
                    {
                        "dedupe": f"{row['id']}:{first + new.entry + 1}:{new.event.name}:{to}",
                        "case_id": to,
                        "state": "pending",
                    }
                    | {"proceeding_id": keys.get(new.key, new.key), "kind": EVENT, "due_at": unit.now}
                    | {"sender_role": "", "recipient_role": ""}
                    | {
                        "payload": {
                            "event": new.event.name,
                            "data": dict(new.event.data),
                            "from_case": str(row["id"]),
                        }
                    }
                )
    if rows:
        write_rows(unit.db, Outbox, rows)
        unit.bells.add("outbox")


def _linked_to(unit: Unit, case_id: int) -> list[int]:
    found = select(Link.case_id).where(Link.to_case_id == case_id).distinct().order_by(Link.case_id)
    return list(unit.db.execute(found).scalars())
