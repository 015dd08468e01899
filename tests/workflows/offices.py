"""Builders for tests of terms of office: a union or a branch that was elected on one Monday, and how far its term has come."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.workflows.lives import Life, book, edition, establish, form_branch, registered
from workflows.deadlines import Deadline
from workflows.policies.model import Value
from workflows.unfolded import Unfolded

SIDES = pytest.mark.parametrize("side", ["union", "party"])
THREE_YEARS_ON = date(2029, 3, 2)


def with_union(**local: Value) -> Life:
    """An enterprise whose union was elected and approved on one Monday."""
    life = registered(book(edition("220204", date(2000, 1, 1), local)))
    establish(life)
    return life


def with_branch(**local: Value) -> Life:
    """An enterprise whose Party branch was elected and approved on one Monday."""
    wanted: dict[str, Value] = {"formation.order": "party_first"}
    life = registered(book(edition("220204", date(2000, 1, 1), wanted | local)))
    form_branch(life)
    return life


def in_office(side: str, **local: Value) -> Life:
    return with_union(**local) if side == "union" else with_branch(**local)


def terms(unfolded: Unfolded, key: int | None = None) -> dict[str, Deadline]:
    return {one.term.name: one.deadline for one in unfolded.terms if key in (None, one.key)}


def opened_terms(unfolded: Unfolded, procedure: str) -> dict[str, Deadline]:
    """The terms that run from the opening of this procedure."""
    index = [one.procedure for one in unfolded.opened].index(procedure)
    return terms(unfolded, -1 - index)


def tasks(unfolded: Unfolded) -> list[tuple[str, str]]:
    return [(one.work.role.name, one.reason) for one in unfolded.work]


def goes(life: Life, side: str, *steps: str, **fields: Any) -> Unfolded:
    """Steps of the term, one after the other; what the last one made is returned. `Any`: a form's values."""
    unfolded = Unfolded()
    for step in steps:
        unfolded = life.take(f"{side}_term", step, **(fields if step == steps[-1] else {}))
    return unfolded


def reminded(side: str, **local: Value) -> Life:
    """Its term ends soon, and it has been told so."""
    life = in_office(side, **local)
    life.today = date(2028, 12, 4)
    life.expire(f"{side}_term", "remind")
    return life


def overdue(side: str, **local: Value) -> Life:
    life = reminded(side, **local)
    life.today = THREE_YEARS_ON + timedelta(days=1)
    life.expire(f"{side}_term", "term_end")
    return life


APPLY = ("start_preparing", "apply", "approve_application")
ELECT = ("nominate", "approve_candidates", "record_election")
REPORT = ("report_result", "approve_result")
