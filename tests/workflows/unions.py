"""Stretches of a union's life that many tests walk."""

from tests.workflows.lives import (
    Life,
    establish,
    make_ready,
    recruit,
    registered,
)
from workflows.definition import Situation
from workflows.policies.book import Book
from workflows.unfolded import Unfolded


def asked(policies: Book | None = None) -> Life:
    """The request to found a union lies before the superior."""
    life = registered(policies)
    make_ready(life)
    life.take("union", "file_application")
    return life


def recruited(members: int = 30) -> Life:
    life = registered()
    make_ready(life)
    recruit(life, members)
    return life


def established(policies: Book | None = None) -> Life:
    life = registered(policies)
    establish(life)
    return life


def operating(policies: Book | None = None) -> Life:
    life = established(policies)
    life.take("union", "complete_set_up")
    return life


def with_an_organiser(members: int = 20) -> Life:
    life = recruited(members)
    life.take("union", "choose_organiser")
    life.take("union", "elect_organiser", entitled=members, present=members, votes_for=members)
    for step in ("report_result", "approve_result", "complete_set_up"):
        life.take("union", step)
    return life


def covered(members: int = 20) -> Life:
    life = recruited(members)
    life.take("union", "choose_joint")
    life.take("union", "admit_to_joint")
    return life


def suggesting(life: Life) -> Situation:
    """What a form's suggestions are made of."""
    return life.unfolding().situation(life.standing("union"))


def told(unfolded: Unfolded) -> list[str]:
    """The steps of an unfolding, in order."""
    return [f"{entry.procedure}.{entry.step}" for entry in unfolded.entries]
