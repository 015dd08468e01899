"""What an actor may see, as conditions of SQL: his divisions, and the drawers he may open (S07;
CONDUCT.md 5.2-1)."""

from sqlalchemy import ColumnElement, and_, false, or_

from services.actor import Actor
from services.cases import names
from services.db.models.casework import Case, Proceeding
from services.directory.divisions import prefix
from services.directory.scope import drawers, may_know, within
from workflows.definition import Definition
from workflows.errors import Fault
from workflows.registry import LawBook
from workflows.roles import KINDS, Role
from workflows.subjects import SUBJECTS


def compartments(actor: Actor) -> list[str]:
    """The drawers as they stand in the tables. Who may open none has no business with cases at all."""
    found = sorted(drawer.value for drawer in drawers(actor))
    if not found:
        raise Fault("not_permitted")
    return found


def cases_of(actor: Actor) -> ColumnElement[bool]:
    """The files that lie in his divisions, about what he may know of. Everything that shows a case asks for this.

    An office that only reports knows of no file before an office has told of its enterprise: that there is one would tell that
    workers asked for a union (CONDUCT 5.2-5).
    """
    known = [within(Case.division, actor.division)]
    subjects = sorted(name for name in SUBJECTS if may_know(actor, name))
    if len(subjects) < len(SUBJECTS):
        known.append(Case.subject.in_(subjects))
    if is_onlooker(actor):
        told = (Case.registered_on.is_not(None), names.is_project())
        known.append(or_(*told, Case.facts["reported"].as_boolean()))
    return and_(*known)


def own_proceedings_of(actor: Actor) -> ColumnElement[bool]:
    """Those in his own drawers: what he may search by. Which body a guest's step waits for, no condition of SQL can tell."""
    return Proceeding.compartment.in_([] if is_onlooker(actor) else compartments(actor))


def proceedings_of(actor: Actor, law: LawBook) -> ColumnElement[bool]:
    """Those in his own drawers, and those of another drawer that wait for a step of his.

    `scope.may_see` in SQL, but that onlookers are shown no proceeding at all unless it waits for them.
    """
    opened = compartments(actor)
    if is_onlooker(actor):
        opened = []
    guest = (_waits_here(one, actor) for one in law.definitions if one.compartment.value not in opened)
    return or_(Proceeding.compartment.in_(opened), *guest)


def is_onlooker(actor: Actor) -> bool:
    """Does he neither form anything nor audit it: an office that reports, and need know no more?"""
    return len(drawers(actor)) < len(KINDS["union"].opens)


def _waits_here(law: Definition, actor: Actor) -> ColumnElement[bool]:
    states = {
        state
        for step in law.steps
        if step.by is not None and _could_fill(actor, step.by)
        for state in step.sources
    }
    if not states:
        return false()
    same_law = and_(Proceeding.procedure == law.name, Proceeding.version == law.version)
    return and_(same_law, Proceeding.state.in_(sorted(states)))


def _could_fill(actor: Actor, role: Role) -> bool:
    """`scope.fills` for a case that is known to lie in the actor's divisions."""
    return actor.kind in role.kinds and (not role.superior or len(prefix(actor.division)) <= 6)
