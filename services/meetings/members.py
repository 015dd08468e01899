"""Which bodies sit at a place's joint meeting (M26), and which side of the table each is on."""

from sqlalchemy import select

from services.db.models.directory import Body
from services.runtime import Unit
from workflows.roles import KINDS, MEETING, PARTY_SUPERIOR, Compartment


def members(unit: Unit, division: str) -> list[int]:
    """The ids of the place's own bodies that the role of a member names, by code."""
    found = select(Body.id).where(Body.division == division, Body.kind.in_(MEETING.kinds)).order_by(Body.code)
    return list(unit.db.execute(found).scalars())


def side(kind: str) -> str:
    """`union` or `party`, by the drawer that the kind of body opens; neither for any other.

    >>> side("union"), side("orgdept"), side("tax")
    ('union', 'party', '')
    """
    opens = KINDS[kind].opens
    if Compartment.UNION in opens and Compartment.PARTY in opens:
        return ""
    if Compartment.UNION in opens:
        return "union"
    return "party" if Compartment.PARTY in opens and kind in (*PARTY_SUPERIOR.kinds, "party") else ""
