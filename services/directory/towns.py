"""Which towns a case can be assigned to: those below its division where a union body stands."""

from services.directory.divisions import find
from services.runtime import Unit


def towns_below(unit: Unit, division: str) -> list[tuple[str, str]]:
    """(code, name) of every place below that has a union, by code; none when the case already lies in a town."""
    unit.runtime.roster.refresh(unit.db)
    found = []
    for body in unit.runtime.roster.children("union", division):
        place = find(body.division)
        found.append((body.division, place.name if place else body.name))
    return found
