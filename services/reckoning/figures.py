"""Figures that a step rests on and that nobody may fill in: worked out from other files on the day, recorded with the step."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from services.meetings.books import counts
from services.reckoning.paper_unions import founded, in_question
from services.runtime import Unit
from workflows.definition import Facts
from workflows.errors import LawError
from workflows.events import Scalar


@dataclass(frozen=True, slots=True)
class Asked:
    """For which file, in which division and from which day on figures are worked out."""

    case: int
    division: str
    since: date


def reckoned(unit: Unit, names: Collection[str], asked: Asked) -> Facts:
    """The figures of these names; none are worked out where none is asked for."""
    found: dict[str, Scalar] = {}
    for name in names:
        if name not in found:
            if name not in RECKONERS:
                raise LawError(f"a step asks for a figure nobody works out: {name}")
            with unit.as_office():
                found |= RECKONERS[name](unit, asked)
    return {name: found[name] for name in names}


def _unions(unit: Unit, asked: Asked) -> dict[str, Scalar]:
    """How many unions were founded in the division from that day on, how many of them are in question, how many count."""
    unions = founded(unit, asked.division, asked.since)
    doubted = len(in_question(unit, asked.division, unions))
    return {
        "unions_founded": len(unions),
        "unions_in_question": doubted,
        "unions_that_count": len(unions) - doubted,
    }


def _meeting(unit: Unit, asked: Asked) -> dict[str, Scalar]:
    """Who came to the meeting that the file is about, and how far its agenda is done."""
    return counts(unit, asked.case, asked.division)


#: Every figure that a procedure may ask for, by who works it out.
RECKONERS: dict[str, Callable[[Unit, Asked], dict[str, Scalar]]] = {
    **dict.fromkeys(("unions_founded", "unions_in_question", "unions_that_count"), _unions),
    **dict.fromkeys(
        (
            *("members", "present", "present_union", "present_party"),
            *("agenda_items", "agenda_open", "agenda_ownerless", "last_held"),
        ),
        _meeting,
    ),
}
