"""Whose jurisdiction a division lies in. A body sees and acts below its own division, and nowhere else (S07)."""

from typing import Any

from sqlalchemy import ColumnElement, and_, true

from services.actor import Actor
from services.directory.divisions import prefix
from services.runtime import Unit
from workflows.definition import Definition
from workflows.roles import KINDS, Compartment, Role
from workflows.subjects import SUBJECTS


def covers(division: str, other: str) -> bool:
    """Does `other` lie in or below `division`?

    >>> covers("220200", "220204102"), covers("220204", "220202")
    (True, False)
    """
    return other.startswith(prefix(division))


def within(column: Any, division: str) -> ColumnElement[bool]:
    """The same as a condition that an index on the column can answer. `Any`: any text column."""
    start = prefix(division)
    return true() if not start else and_(column >= start, column < start + ":")


def drawers(actor: Actor) -> frozenset[Compartment]:
    """The compartments this actor may open; an unknown kind of body opens none."""
    kind = KINDS.get(actor.kind)
    return kind.opens if kind else frozenset()


def may_know(actor: Actor, subject: str) -> bool:
    """May this actor be told at all that there is a file about such a thing?"""
    return SUBJECTS[subject].drawer in drawers(actor)


def may_see(unit: Unit, law: Definition, state: str, division: str) -> bool:
    """Own drawers always; another's only while a step there waits for this very body."""
    if law.compartment in drawers(unit.actor):
        return True
    return any(
        step.by is not None and state in step.sources and fills(unit, step.by, division) for step in law.steps
    )


def fills(unit: Unit, role: Role, division: str) -> bool:
    """May the actor's body act in the role for an enterprise of that division?

    What is the local body's to do is the nearest body's alone: a superior that filed a request in its place could not
    decide on it afterwards.
    """
    actor = unit.actor
    if actor.kind not in role.kinds or not covers(actor.division, division):
        return False
    if role.superior:
        return len(prefix(actor.division)) <= 6
    unit.runtime.roster.refresh(unit.db)
    nearest = unit.runtime.roster.fills(role.name, division)
    return nearest is not None and nearest.id == actor.body_id
