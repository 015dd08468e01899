"""Where a case can be assigned: the places below its division where a union body stands, or the division itself."""

from services.directory.divisions import find
from services.runtime import Unit


def towns_below(unit: Unit, division: str) -> list[tuple[str, str]]:
    """(code, name) of every place below that has a union, by code, and last the division itself; none where none is below."""
    unit.runtime.roster.refresh(unit.db)
    found = []
    for body in unit.runtime.roster.children("union", division):
        place = find(body.division)
        found.append((body.division, place.name if place else body.name))
    if found:
        home = find(division)
        found.append((division, f"{home.name if home else division}（本级）"))
    return found
