"""Figures that a step rests on and that nobody may fill in: worked out from other files on the day, recorded with the step."""

from collections.abc import Callable, Collection, Mapping
from datetime import date

from services.reckoning.paper_unions import founded, in_question
from services.runtime import Unit
from workflows.errors import LawError


def reckoned(unit: Unit, names: Collection[str], division: str, since: date) -> Mapping[str, int]:
    """The figures of these names, for a division from a day on; none are worked out where none is asked for."""
    found: dict[str, int] = {}
    for name in names:
        if name not in found:
            if name not in RECKONERS:
                raise LawError(f"a step asks for a figure nobody works out: {name}")
            with unit.as_office():
                found |= RECKONERS[name](unit, division, since)
    return {name: found[name] for name in names}


def _unions(unit: Unit, division: str, since: date) -> dict[str, int]:
    """How many unions were founded in the division from that day on, how many of them are in question, how many count."""
    unions = founded(unit, division, since)
    asked = len(in_question(unit, division, unions))
    return {
        "unions_founded": len(unions),
        "unions_in_question": asked,
        "unions_that_count": len(unions) - asked,
    }


#: Every figure that a procedure may ask for, by who works it out.
RECKONERS: dict[str, Callable[[Unit, str, date], dict[str, int]]] = dict.fromkeys(
    ("unions_founded", "unions_in_question", "unions_that_count"), _unions
)
