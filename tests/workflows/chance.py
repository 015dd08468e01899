"""What may happen to the files of a small world at any moment, each thing decided by nothing but the chance it is given."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from random import Random

from tests.workflows.consistent import OF_ONE_FILE, counts_agree, somebody_can_act
from tests.workflows.far import FAR, registered
from tests.workflows.world import COUNTIES, Kept, World, policies
from workflows import forms
from workflows.casefile import Standing
from workflows.definition import Step
from workflows.errors import Fault
from workflows.events import REGISTRY_EVENTS, Event, Scalar
from workflows.procedures.enterprise_gone import GONE
from workflows.procedures.question import SIGNS
from workflows.registry import law_book
from workflows.runner import explain

#: So many things happen in one life.
MOMENTS = 60
#: More files than this are not begun in one life.
MOST_FILES = 6
#: What offices say, and what the office makes of it; a move is told with its destination (World.moves).
NEWS = sorted(set(REGISTRY_EVENTS.values()) | {"registry.renamed", "registry.restructured"})
#: What the expiry of a term may move: it is chased, reminded of, or due; nothing is decided (test_no_event_falls_through).
MOVED_BY_EXPIRY = {
    "notify_party",
    "notify_union",
    "union_term",
    "party_term",
    "legal_person",
    "joint_meeting",
}

#: What was lived, over all lives of this run.
LIVED: Counter[str] = Counter()
SEEN: set[tuple[str, str]] = set()


def live(number: int, moments: Iterable[int] = range(MOMENTS)) -> World:
    """The life of this number, and of its moments those given. What happens at one does not hang on the others' chance."""
    world = begin(Random(f"{number}"))
    check(world)
    for moment in moments:
        chance = Random(f"{number}, {moment}")
        _happening(number, moment)(world, chance)
        check(world)
    world.carry_all()
    check(world)
    for file in world:
        somebody_can_act(file)
    return world


def told(number: int, moments: list[int]) -> list[str]:
    """What happened at these moments, by name."""
    return [f"{moment} {_happening(number, moment).__name__}" for moment in moments]


def begin(chance: Random) -> World:
    world = World(policies(chance.choice(["union_first", "party_first", "parallel"])))
    far = chance.choice(FAR)
    if far is registered:
        world.enterprise(
            chance.choice(["registry.registered", "registry.prenotified", "registry.reported"]),
            category=chance.choice(["91", "91", "92", "93"]),
            placed=chance.random() < 0.5,
        )
    else:
        far(world)
    return world


def check(world: World) -> None:
    """Whatever was touched is consistent."""
    for number in sorted(world.touched):
        for holds in OF_ONE_FILE:
            holds(world[number])
    world.touched.clear()
    counts_agree(world)


# -- what may happen -----------------------------------------------------------------------------------------


def the_registry_speaks(world: World, chance: Random) -> None:
    news = chance.choice(NEWS)
    if news in GONE and chance.random() < 0.5:  # or few lives would be long
        somebody_acts(world, chance)
    else:
        LIVED["registry events"] += 1
        _enterprise(world, chance).tell(news)


def an_enterprise_moves(world: World, chance: Random) -> None:
    LIVED["registry events"] += 1
    world.moves(_enterprise(world, chance), chance.choice(list(COUNTIES)))


def the_office_finds_a_sign(world: World, chance: Random) -> None:
    LIVED["signs found"] += 1
    _enterprise(world, chance).hears("office.sign_found", sign=chance.choice(list(SIGNS)))


def time_passes(world: World, chance: Random) -> None:
    world.wait(chance.choice([1, 3, 10, 40]))


def a_notice_arrives(world: World, chance: Random) -> None:
    """The one that waits for it, if there is one; else any proceeding may have sent a notice that arrives now."""
    file = _file(world, chance)
    keys = [one.key for one in file.case.standings if one.state == "due"]
    keys = keys or [one.key for one in file.case.standings]
    if keys:
        LIVED["notices delivered"] += 1
        file.after(file.unfolding().follow(Event("notice.delivered", about=chance.choice(keys))))


def a_letter_arrives(world: World, chance: Random) -> None:
    """Each file hears what it is told in order; which of them hears first is anybody's guess."""
    if world.waiting:
        LIVED["letters carried"] += 1
        world.carry(chance.choice(sorted(world.waiting)))
    else:
        somebody_acts(world, chance)


def a_term_runs_out(world: World, chance: Random) -> None:
    file = _file(world, chance)
    running = sorted(key for key, (_, one) in file.terms.items() if one.is_running)
    if not running:
        somebody_acts(world, chance)
        return
    key, name = chance.choice(running)
    _, deadline = file.terms.pop((key, name))
    if deadline.due_on is not None and deadline.due_on > world.today:
        world.wait((deadline.due_on - world.today).days)
    LIVED["terms run out"] += 1
    before = dict(file.stands)
    file.after(file.unfolding().expire(key, name))
    moved = {one.procedure for one in file.case.standings if before.get(one.key) not in (None, one.state)}
    assert moved <= MOVED_BY_EXPIRY, "a term decided something"


def somebody_begins_a_file(world: World, chance: Random) -> None:
    law, opening = chance.choice(law_book().begun_by_persons)
    if len(world.files_by_number) < MOST_FILES and chance.random() < 0.4 and world.can_begin(opening):
        with _unless_refused("files begun"):
            world.begin(law.name, opening, chance)
    else:
        somebody_acts(world, chance)


def the_calendar_plans(world: World, chance: Random) -> None:
    """A group has its next meeting planned, or a planned one moved; where there is no group yet, somebody sets one up."""
    groups = [one for one in world if any(here.state == "standing" for here in _of(one, "coordination"))]
    planned = [one for one in world if any(here.state == "planned" for here in _of(one, "joint_meeting"))]
    if planned and chance.random() < 0.3:
        LIVED["meetings planned anew"] += 1
        chance.choice(planned).hears(
            "calendar.meeting_replanned", planned_on=world.today.isoformat(), still_provisional=False
        )
    elif len(world.files_by_number) >= MOST_FILES:
        somebody_acts(world, chance)
    elif groups:
        LIVED["meetings planned"] += 1
        world.plan_meeting(chance.choice(groups))
    else:
        opening = law_book().current("coordination").openings[0]
        with _unless_refused("files begun"):
            world.begin("coordination", opening, chance)


def _of(file: Kept, procedure: str) -> list[Standing]:
    return [one for one in file.case.standings if one.procedure == procedure]


def somebody_acts(world: World, chance: Random) -> None:
    """A person takes a step that the law offers, somewhere; the form may still be refused."""
    for file in chance.sample(list(world), len(world.files_by_number)):
        standings = [one for one in file.live if any(step.by for step in file.law_of(one).steps)]
        for standing in chance.sample(standings, len(standings)):
            reckoned = chance.choice([0, 5])
            steps = _offered(file, standing, reckoned)
            if steps:
                _take(file, standing, chance.choice(steps), chance, reckoned)
                return


def two_act(world: World, chance: Random) -> None:
    somebody_acts(world, chance)
    somebody_acts(world, chance)


#: What happens at a moment, and how often beside the others.
HAPPENINGS: tuple[tuple[Callable[[World, Random], None], int], ...] = (
    (somebody_acts, 8),
    (two_act, 2),
    (the_registry_speaks, 2),
    (an_enterprise_moves, 1),
    (a_letter_arrives, 2),
    (a_notice_arrives, 1),
    (a_term_runs_out, 2),
    (time_passes, 1),
    (the_office_finds_a_sign, 1),
    (somebody_begins_a_file, 1),
    (the_calendar_plans, 1),
)


def _happening(number: int, moment: int) -> Callable[[World, Random], None]:
    return Random(f"{number}: {moment}").choices(
        [what for what, _ in HAPPENINGS], [often for _, often in HAPPENINGS]
    )[0]


def _file(world: World, chance: Random) -> Kept:
    return chance.choice(list(world))


def _enterprise(world: World, chance: Random) -> Kept:
    """A file that offices may speak of; where there is none yet, one is registered."""
    found = [one for one in world if one.is_an_enterprises]
    return chance.choice(found) if found else registered(world)


def _take(file: Kept, standing: Standing, step: Step, chance: Random, reckoned: int) -> None:
    given = file.world.filled(file, step, chance)
    if chance.random() < 0.5:  # as a clerk would, who leaves what the form proposes
        given |= forms.suggestions(
            step, file.unfolding().situation(standing, extra=_reckons([step], reckoned))
        )
    papers = [paper.kind for paper in step.evidence]
    with _unless_refused("steps taken"):
        facts = forms.check(step, given, today=file.today, towns=file.towns, files=file.world.files(file))
        file.after(file.unfolding().take(standing.key, step, {**facts, **_reckons([step], reckoned)}, papers))


@contextmanager
def _unless_refused(what: str) -> Iterator[None]:
    """Chance fills in forms as it likes; that a guard or a limit of a field says no is no failure."""
    try:
        yield
    except Fault as fault:
        assert fault.code in ("guard", "field_range"), fault
        LIVED["forms refused"] += 1
    else:
        LIVED[what] += 1


def _offered(file: Kept, standing: Standing, reckoned: int) -> list[Step]:
    """What a person could take here. A link needs a file to name; more time is given only to what runs."""
    law = file.law_of(standing)
    situation = file.unfolding().situation(standing, extra=_reckons(law.steps, reckoned))
    listed = file.world.files(file)
    return [
        one.step
        for one in explain(law, standing.state, situation)
        if one.why_not is None
        and forms.nothing_to_choose(one.step, listed) is None
        and (not one.step.extends or (standing.key, one.step.extends) in file.terms)
    ]


def _reckons(steps: Iterable[Step], found: int) -> dict[str, Scalar]:
    """What the office would work out from other files: as many as chance says."""
    return {name: found for step in steps for name in step.reckons}
