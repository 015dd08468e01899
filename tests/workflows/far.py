"""How far lives may have come when chance takes over: by chance alone few would ever see an election, a move, or a second file."""

from collections.abc import Callable

from tests.workflows.lives import (
    appoint_liaison,
    elect,
    elect_branch,
    establish,
    form_branch,
    make_ready,
    recruit,
)
from tests.workflows.world import THERE, Kept, World
from workflows.registry import law_book

Far = Callable[[World], object]


def registered(world: World) -> Kept:
    return world.enterprise("registry.registered")


def _then(*stretches: Callable[[Kept], object]) -> Far:
    """A registered enterprise that has lived these stretches."""

    def far(world: World) -> None:
        file = registered(world)
        for stretch in stretches:
            stretch(file)

    return far


# -- one enterprise --------------------------------------------------------------------------------------


def operating(file: Kept) -> None:
    establish(file)
    file.take("union", "complete_set_up")


def many_members(file: Kept) -> None:
    elect_branch(file, full=100)


def with_organiser(file: Kept) -> None:
    make_ready(file)
    recruit(file, 12)
    file.take("union", "choose_organiser")
    file.take("union", "elect_organiser", entitled=12, present=12, votes_for=12)
    file.take("union", "report_result")
    file.take("union", "approve_result")
    file.take("union", "complete_set_up")


def legal_person(file: Kept) -> None:
    operating(file)
    for step in ("apply", "examine", "register"):
        file.take("legal_person", step)


def union_re_election(file: Kept) -> None:
    operating(file)
    file.expire("union_term", "remind")
    file.world.wait(30)
    for step in ("start_preparing", "apply", "approve_application"):
        file.take("union_term", step)


def union_re_elected(file: Kept) -> None:
    union_re_election(file)
    for step in ("nominate", "approve_candidates", "record_election", "report_result"):
        file.take("union_term", step)


def party_re_election(file: Kept) -> None:
    form_branch(file)
    file.world.wait(30)
    for step in ("start_preparing", "apply", "approve_application", "nominate", "approve_candidates"):
        file.take("party_term", step)


def branch_shrinks(file: Kept) -> None:
    form_branch(file)
    file.take("party", "update_counts", full_members=1)


def branch_grows(file: Kept) -> None:
    form_branch(file)
    file.take("party", "update_counts", full_members=60)


def in_question(file: Kept) -> None:
    establish(file)
    file.hears("office.sign_found", sign="idle")


def restructured(file: Kept) -> None:
    operating(file)
    file.tell("registry.restructured")


def split(file: Kept) -> None:
    establish(file)
    form_branch(file)
    file.tell("registry.split")


def formed_anew(file: Kept) -> None:
    """The enterprise was merged into another, and its union is to be formed anew there."""
    establish(file)
    form_branch(file)
    file.tell("registry.merged")
    file.take("union", "file_application")
    file.take("union", "approve_preparation")


def offered(file: Kept) -> None:
    establish(file)
    file.world.moves(file, THERE)
    file.take("relocation", "send_file")


def offered_with_branch(file: Kept) -> None:
    form_branch(file)
    file.world.moves(file, THERE)
    file.take("relocation", "transfer_party_relations")
    file.take("relocation", "send_file")


# -- several files ---------------------------------------------------------------------------------------


def _begin(world: World, procedure: str, opening: str, **fields: object) -> Kept:
    law = law_book().current(procedure)
    act = next(one for one in law.openings if one.by is not None and one.name == opening)
    return world.begin(procedure, act, None, **fields)


def joint_union(world: World) -> Kept:
    """Approved, with two units that have joined it."""
    joint = _begin(world, "joint_union", "propose")
    joint.take("joint_union", "approve")
    for _ in range(2):
        unit = registered(world)
        make_ready(unit)
        recruit(unit, 20)
        unit.take("union", "choose_joint", joint_union=joint.number)
        unit.take("union", "admit_to_joint")
    world.carry_all()
    return joint


def joint_union_operates(world: World) -> Kept:
    joint = joint_union(world)
    for step in ("nominate", "approve_candidates", "record_election", "report_result", "approve_result"):
        joint.take("joint_union", step)
    return joint


def graduating(world: World) -> None:
    """A covered unit has grown, and has elected a committee of its own."""
    joint_union_operates(world)
    unit = next(one for one in world if one.has("coverage"))
    unit.take("union", "update_counts", union_members=30)
    unit.take("union", "found_own_union")
    recruit(unit)
    elect(unit)


def a_union_split_and_to_be_covered(world: World) -> None:
    """A union with all that belongs to one is formed anew after a split: as part of a joint union, if the superior agrees."""
    of_unions, joint = _begin(world, "federation", "propose"), joint_union(world)
    of_unions.take("federation", "approve")
    unit = registered(world)
    legal_person(unit)
    unit.take("union", "join_federation", federation=of_unions.number)
    for step in ("apply", "accept"):
        unit.take("membership", step)
    unit.tell("registry.split")
    for step in ("file_application", "approve_preparation", "form_group"):
        unit.take("union", step)
    unit.take("union", "admit_members", union_members=12)
    unit.take("union", "choose_joint", joint_union=joint.number)


def federation(world: World) -> Kept:
    """Two unions want to belong to it, and one does."""
    of_unions = _begin(world, "federation", "propose")
    of_unions.take("federation", "approve")
    for place in range(2):
        unit = registered(world)
        operating(unit)
        unit.take("union", "join_federation", federation=of_unions.number)
        unit.take("membership", "apply")
        if place == 0:
            unit.take("membership", "accept")
    return of_unions


def federation_operates(world: World) -> None:
    of_unions = federation(world)
    for unit in world:
        if unit.has("membership") and unit.state("membership") == "applied":
            unit.take("membership", "accept")
    world.carry_all()
    of_unions.take("federation", "record_election")
    of_unions.take("federation", "approve_result")


def campaign(world: World) -> None:
    moving = _begin(world, "campaign", "start")
    _begin(world, "campaign_area", "set_area", campaign=moving.number)


def figures(world: World) -> None:
    _begin(world, "figures", "report")


def asked_by_workers(world: World) -> None:
    _begin(world, "lead", "worker_request")


FAR: tuple[Far, ...] = (
    registered,
    _then(make_ready),
    _then(make_ready, recruit),
    _then(make_ready, recruit, elect),
    _then(establish),
    _then(operating),
    _then(with_organiser),
    _then(legal_person),
    _then(union_re_election),
    _then(union_re_elected),
    _then(appoint_liaison),
    _then(elect_branch),
    _then(many_members),
    _then(form_branch),
    _then(party_re_election),
    _then(branch_shrinks),
    _then(branch_grows),
    _then(establish, form_branch),
    _then(establish, appoint_liaison),
    _then(in_question),
    _then(restructured),
    _then(split),
    _then(formed_anew),
    _then(offered),
    _then(offered_with_branch),
    joint_union,
    joint_union_operates,
    graduating,
    a_union_split_and_to_be_covered,
    federation,
    federation_operates,
    campaign,
    figures,
    asked_by_workers,
)
