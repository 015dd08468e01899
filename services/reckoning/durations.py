"""How long proceedings stood in a state before they left it, beside the term that the law sets for it: what an auditor looks at when he asks
where time goes. Counted over what left a state within a period."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles
from typing import Any

from sqlalchemy import select

from services.clock import end_of_day
from services.db.models.casework import Case, History
from services.db.queries.deeds import Period, bounded
from services.db.queries.sight import cases_of, compartments
from services.runtime import Unit
from workflows.definition import Definition, State
from workflows.words import Text


@dataclass(frozen=True, slots=True)
class Stay:
    """How long a state was stood in, in days of 24 hours: how often, the middle one, the ninth of ten, the longest; `terms` are what the law
    sets for it here."""

    procedure: Text
    state: Text
    left: int
    middle: float
    ninth: float
    longest: float
    terms: tuple[Text, ...]


def stays(unit: Unit, asked: Period) -> list[Stay]:
    """Of every state that was left in the period, in the order of the law book; what the actor may not read is not counted."""
    found: dict[tuple[str, str], list[timedelta]] = defaultdict(list)
    for procedure, state, lasted in _left(unit, asked):
        found[procedure, state].append(lasted)
    return [
        _stay(unit, law, state, found[law.name, state.name])
        for law in unit.runtime.law.definitions
        if law is unit.runtime.law.current(law.name)
        for state in law.states
        if found.get((law.name, state.name))
    ]


def _left(unit: Unit, asked: Period) -> Iterator[tuple[str, str, timedelta]]:
    zone = unit.runtime.settings.zone
    begins, ends = end_of_day(asked.first - timedelta(days=1), zone), end_of_day(asked.last, zone)
    moved = (
        select(History.proceeding_id)
        .where(History.at >= begins, History.at < ends, History.proceeding_id.is_not(None))
        .distinct()
    )
    rows = unit.db.execute(
        select(History.proceeding_id, History.at, History.canon)
        .join(Case, Case.id == History.case_id)
        .where(cases_of(unit.actor), History.compartment.in_(compartments(unit.actor)))
        .where(History.proceeding_id.in_(moved), History.at < ends)
        .order_by(History.proceeding_id, History.case_id, History.seq)
        .execution_options(yield_per=2000)
    )
    since: dict[int, datetime] = {}
    for row in bounded(rows):
        said: Any = json.loads(row.canon)  # Any: JSON
        entered = since.setdefault(row.proceeding_id, row.at)
        if said["from"] is not None and said["from"] != said["to"]:
            if row.at >= begins:
                yield said["procedure"], said["from"], row.at - entered
            since[row.proceeding_id] = row.at


def _stay(unit: Unit, law: Definition, state: State, lasted: list[timedelta]) -> Stay:
    days = sorted(one / timedelta(days=1) for one in lasted)
    ninth = quantiles(days, n=10, method="inclusive")[-1] if len(days) > 1 else days[0]
    return Stay(
        law.label, state.label, len(days), median(days), ninth, days[-1], tuple(_terms(unit, law, state))
    )


def _terms(unit: Unit, law: Definition, state: State) -> Iterator[Text]:
    policy = unit.runtime.policies.policy(unit.actor.division, unit.today)
    for term in law.terms:
        if state.name in term.during and term.policy and term.measure is None and term.rests_on is None:
            span = policy.span(term.policy)
            if span is not None:
                yield Text("{zh}：{span_zh}", "{en}: {span_en}").filled(
                    zh=term.label.zh, en=term.label.en, span_zh=span.words.zh, span_en=span.words.en
                )
