"""Who may change bodies, accounts and calendars: an administrator of the division, or the house."""

from services.directory.scope import covers
from services.runtime import Unit
from workflows.errors import Fault


def require_administrator(unit: Unit, division: str = "000000") -> None:
    """The actor may administer `division`, or a Fault says no. The command line speaks for the house."""
    if unit.actor.kind not in ("service", "admin") or not covers(unit.actor.division, division):
        raise Fault("not_permitted")
