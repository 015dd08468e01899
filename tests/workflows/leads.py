"""What tests of leads read out of an unfolding, and how they hand in a form."""

from datetime import date

from tests.workflows.lives import FILES, MONDAY, TOWNS
from workflows import forms
from workflows.definition import Act
from workflows.roles import Compartment
from workflows.unfolded import Unfolded


def asked(unfolded: Unfolded) -> list[str]:
    """The roles that have something to do in the lead from here on."""
    return [one.work.role.name for one in unfolded.work if one.compartment is Compartment.UNION]


def due(unfolded: Unfolded) -> dict[str, date | None]:
    return {one.term.name: one.deadline.due_on for one in unfolded.terms}


def given(act: Act, **fields: object) -> object:
    return forms.check(act, fields, today=MONDAY, towns=TOWNS, files=FILES)
