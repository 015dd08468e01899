"""Unions that may stand on paper only (CONDUCT 5.3): the signs, found in the records, and the questions asked because of them.

A sign is a reason to ask, never a verdict: what the superior union has accepted as explained counts like any other.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from services.cases import load
from services.cases.docket import Move
from services.cases.record import record
from services.db.models.casework import Case, History, Proceeding
from services.db.models.paper import Document, Filing
from services.directory.scope import within
from services.runtime import Unit
from workflows.events import Event
from workflows.policies.model import Policy
from workflows.procedures.question import ACCEPTED, QUESTION, SIGNS
from workflows.procedures.union import UNION
from workflows.procedures.union_guards import MEMBERSHIP
from workflows.subjects import ENTERPRISE


@dataclass(frozen=True, slots=True)
class Founded:
    """A union with a committee or organiser of its own, as its file shows it."""

    case_id: int
    proceeding_id: int
    on: date
    members: int
    headcount: int | None
    elected_on: date | None
    registered_on: date | None


def founded(unit: Unit, division: str, since: date) -> list[Founded]:
    """The unions approved in a division from that day on, which still stand, whatever else is going on in them."""
    rows = unit.db.execute(
        select(Case.id, Case.facts, Case.registered_on, Proceeding.id.label("proceeding"), Proceeding.data)
        .join(Proceeding, Proceeding.case_id == Case.id)
        .where(within(Case.division, division), Case.subject == ENTERPRISE.name)
        .where(Case.facts["union_form"].as_string() == "union", Proceeding.procedure == UNION.name)
        .where(Proceeding.data["established_on"].as_string() >= since.isoformat())
        .order_by(Case.id)
    )
    return [_founded(row) for row in rows]


def signs(unit: Unit, division: str, unions: Sequence[Founded]) -> dict[int, set[str]]:
    """By case, what the records of these unions make one ask; cases without a sign are not named."""
    policy = unit.runtime.policies.policy(division, unit.today)
    found: dict[int, set[str]] = defaultdict(set)
    crowded = _crowded_days(unions, policy)
    quiet = _quiet(unit, unions, policy)
    twins = _same_lists(unit, unions)
    for one in unions:
        shown = {
            "mass_founding": one.on in crowded,
            "idle": one.case_id in quiet,
            "same_lists": one.proceeding_id in twins,
            "over_headcount": one.headcount is not None and one.members > one.headcount,
            "before_registration": one.elected_on is not None
            and one.registered_on is not None
            and one.elected_on < one.registered_on,
        }
        found[one.case_id] |= {sign for sign in SIGNS if shown[sign]}
    return {case: names for case, names in found.items() if names}


def in_question(unit: Unit, division: str, unions: Sequence[Founded]) -> dict[int, set[str]]:
    """By case, the signs that no accepted account has answered yet."""
    found = signs(unit, division, unions)
    answered = _accepted(unit, list(found))
    return {case: open_still for case, names in found.items() if (open_still := names - answered[case])}


def ask(unit: Unit, division: str, since: date) -> int:
    """Every sign that nobody was asked about yet is a question in its file; returns how many were asked."""
    found = in_question(unit, division, founded(unit, division, since))
    moves = []
    for docket in load.by_ids(unit, found).values() if found else ():
        for sign in sorted(found[docket.row["id"]]):
            unfolded = load.unfolding(unit, docket.file).follow(Event("office.sign_found", {"sign": sign}))
            if unfolded.entries:
                moves.append(Move(docket, unfolded))
                break  # one at a time: the next is asked when this one is settled
    record(unit, moves)
    return len(moves)


def _founded(row: Any) -> Founded:
    """`Any`: a row of the columns selected in `founded`."""
    held, headcount = row.data.get("held_on"), row.facts.get("headcount")
    return Founded(
        case_id=row.id,
        proceeding_id=row.proceeding,
        on=date.fromisoformat(row.data["established_on"]),
        members=int(row.data.get("union_members") or 0),
        headcount=headcount if isinstance(headcount, int) else None,
        elected_on=date.fromisoformat(held) if held else None,
        registered_on=row.registered_on,
    )


def _crowded_days(unions: Sequence[Founded], policy: Policy) -> set[date]:
    limit = policy.number("campaign.mass_founding")
    return {day for day, count in Counter(one.on for one in unions).items() if count >= limit}


def _quiet(unit: Unit, unions: Sequence[Founded], policy: Policy) -> set[int]:
    """Unions old enough to have done something, in whose files nobody has written anything for as long."""
    span = policy.span("campaign.idle")
    if span is None:
        return set()
    old = [one.case_id for one in unions if span.after(one.on) <= unit.today]
    if not old:
        return set()
    last = unit.db.execute(
        select(History.case_id, func.max(History.at).label("at"))
        .where(History.case_id.in_(old), History.account_id.is_not(None))
        .group_by(History.case_id)
    )
    zone = unit.runtime.settings.zone
    return {row.case_id for row in last if span.after(row.at.astimezone(zone).date()) <= unit.today}


def _same_lists(unit: Unit, unions: Sequence[Founded]) -> set[int]:
    """Proceedings whose member register is, byte for byte, one that another union handed in too."""
    keys = [one.proceeding_id for one in unions]
    if not keys:
        return set()
    rows = unit.db.execute(
        select(Filing.proceeding_id, Document.sha256)
        .join(Document, Document.id == Filing.document_id)
        .where(Filing.proceeding_id.in_(keys), Document.kind == MEMBERSHIP.kind)
    ).all()
    holders: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        holders[row.sha256].add(row.proceeding_id)
    return {key for held_by in holders.values() if len(held_by) > 1 for key in held_by}


def _accepted(unit: Unit, cases: Sequence[int]) -> Mapping[int, set[str]]:
    """By case, the signs whose account was accepted."""
    found: dict[int, set[str]] = defaultdict(set)
    for row in unit.db.execute(
        select(Proceeding.case_id, Proceeding.data).where(
            Proceeding.case_id.in_(cases),
            Proceeding.procedure == QUESTION.name,
            Proceeding.state == ACCEPTED,
        )
    ):
        found[row.case_id].add(str(row.data.get("sign")))
    return found
