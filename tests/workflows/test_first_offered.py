"""Whoever knows nothing but the offers comes to the end: every form can be handed in as it is shown, and the first step that is
offered to whoever is waited for goes on."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest

from tests.workflows.far import FAR, Far, registered
from tests.workflows.lives import COUNTY, book, edition
from tests.workflows.world import Kept, World
from workflows import forms
from workflows.casefile import Standing
from workflows.definition import STAY, Step
from workflows.events import Event
from workflows.policies.model import Value
from workflows.roles import KINDS, Role
from workflows.runner import explain, why_not

#: Places that decide otherwise, each in its own way: no form may count on the national numbers.
PLACES: Mapping[str, Mapping[str, Value]] = {
    "national": {},
    "parallel": {"formation.order": "parallel"},
    "stricter": {
        "union.group.minimum": 5,
        "union.candidate.publicity_days": 20,
        "union.elect.surplus_percent": 60,
        "union.women.base": "workers",
        "term.union.years": ("2",),
        "term.union.extension_max": "2 month",
        "term.completion_max": "1 month",
        "extension.max_days": 5,
        "party.elect.surplus_percent": 80,
        "party.committee.posts_min": 5,
        "party.joint.max_units": 2,
    },
}
#: Where somebody's no leads. Who always takes the first step that is offered is never led there.
TURNED_BACK = frozenset(
    {
        "returned", "refused", "abandoned", "election_void", "election_failed", "conditions_not_met", "declined",
        "not_joined", "rejected", "upheld", "deferred", "obstructed", "escalated", "out_of_scope", "revoked",
        "extension_requested", "vacancy", "stayed",
    }
)  # fmt: skip


def _of_size(members: int, full: int) -> Far:
    """An enterprise where so many work, all of whom want a union, and with so many full members of the Party."""

    def far(world: World) -> None:
        file = registered(world)
        file.take("lead", "survey", headcount=members, applicants=members, women_workers=members // 2)
        file.take("party", "survey", full_members=full)

    return far


LIVES = {
    **{f"far-{place}": far for place, far in enumerate(FAR)},
    **{
        f"{members}-members-{full}-full": _of_size(members, full)
        for members, full in ((1, 0), (1, 1), (12, 3), (24, 7), (25, 7), (60, 50), (120, 100), (1200, 0))
    },
}


def world_of(place: str) -> World:
    return World(book(edition(COUNTY, date(2000, 1, 1), PLACES[place])))


def offered(file: Kept, standing: Standing, role: Role | None = None) -> Iterator[Step]:
    """The steps that are open here, to this role or to anybody, in the order in which a page shows them."""
    explained = explain(file.law_of(standing), standing.state, file.unfolding().situation(standing))
    for one in sorted(explained, key=lambda one: one.step.target in (STAY, standing.state)):
        runs = not one.step.extends or (standing.key, one.step.extends) in file.terms
        lacks = forms.nothing_to_choose(one.step, file.world.files(file))
        if one.why_not is None and runs and lacks is None and role in (None, one.step.by):
            yield one.step


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("far", LIVES.values(), ids=LIVES)
def test_every_form_that_is_offered_can_be_handed_in_as_it_is_shown(far: Far, place: str) -> None:
    """`Any`: whatever forms take besides."""
    world = world_of(place)
    far(world)
    for file in world:
        for standing in file.case.standings:
            for step in offered(file, standing):
                suggested = forms.suggestions(step, file.unfolding().situation(standing))
                where: dict[str, Any] = {"today": file.today, "towns": file.towns, "files": world.files(file)}
                shown = forms.examples(step, suggested=suggested, **where)
                filled = forms.check(step, shown, **where)
                papers = [paper.kind for paper in step.evidence]
                situation = file.unfolding().situation(standing, extra=filled, papers=papers)
                assert why_not(step, situation) is None, (standing.procedure, step.name, shown)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("far", LIVES.values(), ids=LIVES)
def test_who_always_takes_the_first_step_that_goes_on_comes_to_where_nothing_is_owed(
    far: Far, place: str
) -> None:
    world = world_of(place)
    far(world)
    began = {(file.number, one.key): one.state for file in world for one in file.case.standings}
    visits = Counter[tuple[str, int, str]]()
    while (found := next(_turns(world), None)) is not None:
        file, standing, step = found
        file.take(standing.procedure, step.name)
        visits[file.number, standing.key, standing.state] += step.target != STAY
        turned = standing.state in TURNED_BACK and began.get((file.number, standing.key)) not in TURNED_BACK
        assert not turned, (standing.procedure, step.name)
        assert max(visits.values()) <= 2, (standing.procedure, step.name, "led in circles")
    owing = [
        (one.procedure, one.state)
        for file in world
        for one in file.case.standings
        if not (file.where(one).settled or file.where(one).final)
    ]
    assert owing == []


def _turns(world: World) -> Iterator[tuple[Kept, Standing, Step]]:
    """Who may move something on: whoever is waited for; then a guest, who was only told by a notice that he is asked."""
    world.carry_all()
    for file in world:
        for standing in file.case.standings:
            if standing.state == "due":
                file.after(file.unfolding().follow(Event("notice.delivered", about=standing.key)))
    moving = [(file, one) for file in world for one in file.live if not file.where(one).settled]
    for file, standing in moving:
        for work in file.where(standing).works:
            for step in offered(file, standing, work.role):
                if step.target not in (STAY, standing.state):
                    yield file, standing, step
    for file, standing in moving:
        for step in offered(file, standing):
            if step.by is not None and not _opens_its_drawer(step.by, file, standing):
                yield file, standing, step


def _opens_its_drawer(role: Role, file: Kept, standing: Standing) -> bool:
    return all(file.law_of(standing).compartment in KINDS[kind].opens for kind in role.kinds)
