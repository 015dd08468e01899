"""Party organisations of every form, for tests that ask what befalls them."""

from datetime import date

from tests.workflows.lives import (
    COUNTY,
    Life,
    appoint_liaison,
    book,
    edition,
    elect_branch,
    ordered,
    registered,
)
from workflows.policies.book import Book
from workflows.policies.model import Value
from workflows.unfolded import Unfolded

APPROVALS = {
    5: "approve_branch",
    9: "approve_branch_with_committee",
    60: "approve_general_branch",
    120: "approve_primary_committee",
}


def a_place(**settings: Value) -> Book:
    """A county that does some things its own way; dots are written as double underscores."""
    values = {key.replace("__", "."): value for key, value in settings.items()}
    return book(edition(COUNTY, date(2000, 1, 1), {"formation.order": "party_first", **values}))


def organisation(full: int = 5) -> Life:
    """An organisation of the form that so many full members call for."""
    life = registered(ordered("party_first"))
    elect_branch(life, full)
    life.take("party", APPROVALS[full])
    return life


def joint_branch(full: int = 2) -> Life:
    life = registered(ordered("party_first"))
    life.take("party", "survey", full_members=full)
    life.take("party", "apply_joint_branch")
    life.take("party", "approve_joint_branch")
    return life


def liaison(full: int) -> Life:
    """An own liaison where there is a full member, else a dispatched one."""
    life = registered(ordered("party_first"))
    appoint_liaison(life, full)
    return life


def branch_of_two() -> Life:
    life = organisation()
    counted(life, 2)
    return life


def counted(life: Life, full: int) -> Unfolded:
    return life.take("party", "update_counts", full_members=full, probationary_members=0)


def running(unfolded: Unfolded) -> dict[str, str]:
    """The terms that begin here, with their spans."""
    return {one.term.name: str(one.deadline.span) for one in unfolded.terms}
