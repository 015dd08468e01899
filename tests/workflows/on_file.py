"""Which papers are certainly on file: on every way by which a proceeding can have come to where it stands.

A proceeding is followed through all its states at once. Where the law asks what stands already (`party_form`), a state is told
apart by that fact; all else may be anything, so that more ways are considered than life allows, and never fewer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.workflows.lives import MONDAY, examples, national_policy
from workflows.definition import STAY, Act, Definition, Facts, Guard, Situation
from workflows.events import Scalar
from workflows.registry import law_book

KINDS = frozenset(law_book().evidence)
#: Papers of which any one will do, under the name of what they prove.
EITHER = {"formation_decided": frozenset({"branch_formation_approval", "superior_decision"})}
ALL = KINDS | EITHER.keys()
#: Numbers at which the law decides differently; a guard that none of them satisfies would hide a way.
NUMBERS: tuple[Mapping[str, Scalar], ...] = (
    {},
    *(
        {"full_members": many, "union_members": many, "units": many, "unions": many, "headcount": 1000}
        for many in (0, 1, 3, 7, 24, 50, 100)
    ),
    {"full_members": 3, "suitable_secretary": False, "asks_exception": True},
    {"review_cause": "enterprise_merged", "transfer_unanswered": True, "overdue": True, "reminded": True},
    {"application_returned": True, "from_case": "1", "covered_by": "1", "member_of": "1", "cover": "none"},
    {"refusal": "wrong_jurisdiction", "liaison_kind": "own", "posts": 3, "candidate_count": 4},
)


@dataclass(frozen=True, slots=True)
class Place:
    """A state, and what the open drawer says meanwhile of the facts that are told apart."""

    state: str
    facts: tuple[tuple[str, Scalar], ...]

    def says(self, name: str) -> Scalar:
        return dict(self.facts).get(name)


@dataclass(frozen=True, slots=True)
class Certain:
    """What is certainly on file in each place, and what is when a step is about to be taken."""

    places: Mapping[Place, frozenset[str]]
    before: Mapping[str, frozenset[str]]


def certain(
    law: Definition, begins: Facts | None = None, *, stale: Mapping[str, frozenset[str]] | None = None
) -> Certain:
    """`begins` are the facts told apart, as they stand at the beginning.

    With `stale`, whatever was handed in before one of those steps counts for nothing after it; then no guard is believed
    either, for a guard looks only whether there is such a paper at all.
    """
    told_apart = dict(begins or {})
    places: dict[Place, frozenset[str]] = {}
    before: dict[str, frozenset[str]] = {}
    edge: list[Place] = []

    def papers(act: Act) -> frozenset[str]:
        return _asked(act) if stale else _asked(act) | _demanded(act)

    def arrive(place: Place, held: frozenset[str]) -> None:
        known = places.get(place)
        if known is None or not known <= held:
            places[place] = held if known is None else known & held
            edge.append(place)

    for opening in law.openings:
        for place in _after(law, opening, Place("", tuple(told_apart.items())), opening.state):
            arrive(place, papers(opening))
    while edge:
        place = edge.pop()
        for step in law.steps:
            if place.state in step.sources and _open(step, place):
                before[step.name] = before.get(step.name, ALL) & places[place]
                held = (places[place] | papers(step)) - (stale or {}).get(step.name, frozenset())
                target = place.state if step.target == STAY else step.target
                for following in _after(law, step, place, target):
                    arrive(following, held)
    return Certain(places, before)


def _asked(act: Act) -> frozenset[str]:
    """The papers it asks for: the office refuses it without them (services.cases.papers)."""
    kinds = {paper.kind for paper in act.evidence}
    return frozenset(kinds | {name for name, either in EITHER.items() if kinds & either})


def _demanded(act: Act) -> frozenset[str]:
    """The papers without which one of its guards refuses."""
    wanted = {kind: frozenset({kind}) for kind in KINDS} | EITHER
    return frozenset(
        name for name, kinds in wanted.items() if any(_demands(guard, kinds) for guard in act.guards)
    )


def _demands(guard: Guard, kinds: frozenset[str]) -> bool:
    """With every paper it allows; without these it refuses."""
    whole = Situation({}, national_policy(), MONDAY, KINDS)
    without = Situation({}, national_policy(), MONDAY, KINDS - kinds)
    return guard(whole) is None and guard(without) is not None


def _open(act: Act, place: Place) -> bool:
    """No guard refuses because of the facts told apart: one that refuses here would allow it in another place."""
    return all(
        any(guard(one) is None for one in _situations(act, dict(place.facts)))
        or not any(guard(one) is None for one in _situations(act, {}))
        for guard in act.guards
    )


def _situations(act: Act, facts: Facts) -> Iterator[Situation]:
    filled = examples(act)
    for numbers in NUMBERS:
        for more in _elsewhere() if not facts else ({},):
            yield Situation({**filled, **numbers, **more, **facts}, national_policy(), MONDAY, KINDS)


def _elsewhere() -> Sequence[Facts]:
    """What the facts told apart may be in other places."""
    return (
        {"party_form": "none"},
        {"party_form": "branch", "party_committee": True},
        {"party_form": "branch", "party_committee": False},
        {"party_form": "joint_branch"},
        {"party_form": "general_branch"},
        {"party_form": "primary_committee"},
        {"party_form": "liaison"},
        {"union_form": "union", "after_merger": True, "union_kind": "organiser"},
        {"union_form": "union", "after_merger": False, "union_kind": "committee"},
        {"union_form": "covered"},
        {"union_form": "none"},
    )


def _after(law: Definition, act: Act, place: Place, target: str) -> set[Place]:
    """Where it leads: the facts told apart are what the act derives and the state publishes, whatever all else may be."""
    found = set()
    for situation in _situations(act, dict(place.facts)):
        derived = act.derive(situation) if act.derive is not None else {}
        facts = {
            name: law.state[target].publishes.get(name, derived.get(name, value))
            for name, value in place.facts
        }
        found.add(Place(target, tuple(facts.items())))
    return found
