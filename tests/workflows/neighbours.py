"""Several files at once: what one tells another is carried at once, as the mail room would carry it."""

from dataclasses import dataclass, field

from tests.workflows.lives import FILES, Life, make_ready, recruit
from workflows.subjects import FEDERATION as FEDERATION_FILE
from workflows.subjects import JOINT_UNION as JOINT_UNION_FILE
from workflows.unfolded import Unfolded

#: The files that the tests' forms offer, by number.
JOINT, OTHER = (number for number, _ in FILES[JOINT_UNION_FILE.name])
FEDERATION = FILES[FEDERATION_FILE.name][0][0]
#: What establishes a union of any kind.
ELECTED_AND_APPROVED = frozenset({"union_election_record", "union_approval"})


@dataclass
class Neighbours:
    """Lives by the number of their file, and where their proceedings point."""

    lives: dict[str, Life] = field(default_factory=dict)
    links: dict[tuple[str, int, str], str] = field(default_factory=dict)
    carried: list[tuple[str, str, str]] = field(default_factory=list)
    """(event, from, to) of everything that was told, in order."""

    def __getitem__(self, number: str) -> Life:
        return self.lives[number]

    def take(
        self,
        number: str,
        procedure: str,
        step: str,
        *,
        papers: tuple[str, ...] | None = None,
        **fields: object,
    ) -> Unfolded:
        return self._after(number, self[number].take(procedure, step, papers=papers, **fields))

    def tell(self, number: str, event: str) -> Unfolded:
        return self._after(number, self[number].tell(event))

    def begin(self, number: str, procedure: str) -> None:
        """A new file, begun by a person who proposes what it is about."""
        self.lives[number] = Life()
        self._after(number, self[number].begin(procedure, "propose"))

    def _after(self, number: str, unfolded: Unfolded) -> Unfolded:
        for link in unfolded.links:
            self.links[number, link.key, link.name] = str(link.to)
        for telling in unfolded.tellings:
            heard_by = [str(telling.to)] if telling.to is not None else self._linked_to(number)
            for to in heard_by:
                self.carried.append((telling.event.name, number, to))
                if to in self.lives:
                    data = dict(telling.event.data) | {"from_case": number}
                    self._after(to, self[to].hears(telling.event.name, **data))
        return unfolded

    def _linked_to(self, number: str) -> list[str]:
        return sorted({one for (one, _, _), to in self.links.items() if to == number})

    # -- stretches that many tests walk ------------------------------------------------------------------

    def small_firm(self, number: str, members: int = 24) -> None:
        """A unit whose members are too few for a committee of their own, before it chooses a form."""
        self.lives[number] = Life()
        self.tell(number, "registry.registered")
        make_ready(self[number])
        recruit(self[number], members)

    def choose(self, number: str, joint_union: str) -> None:
        self.take(number, "union", "choose_joint", joint_union=joint_union)

    def cover(self, number: str, joint_union: str) -> None:
        """The unit chooses the joint union and is admitted to it."""
        self.choose(number, joint_union)
        self.take(number, "union", "admit_to_joint")

    def joint_union(self, number: str, *units: str) -> None:
        """A joint union that is approved, and covers these units, which are new."""
        self.begin(number, "joint_union")
        self.take(number, "joint_union", "approve")
        for unit in units:
            self.small_firm(unit)
            self.cover(unit, number)

    def elect(self, number: str) -> None:
        """From units that joined to a committee that the superior approved."""
        for step in ("nominate", "approve_candidates", "record_election", "report_result", "approve_result"):
            self.take(number, "joint_union", step)

    def found_own_union(self, number: str, members: int = 26) -> None:
        """A covered unit whose members have become enough founds a union of its own."""
        self.take(number, "union", "found_own_union")
        recruit(self[number], members)
        for step in ("choose_committee", "nominate", "approve_candidates"):
            self.take(number, "union", step)
        self.take(number, "union", "record_election", entitled=members, present=members, votes_for=members)
        self.take(number, "union", "report_result")
        self.take(number, "union", "approve_result")

    def units(self, number: str) -> int:
        """How many units the joint union counts."""
        found = self[number].standing("joint_union").data["units"]
        assert isinstance(found, int)
        return found


def operating() -> Neighbours:
    """A joint union of two units, elected and approved."""
    town = Neighbours()
    town.joint_union(JOINT, "1", "2")
    town.elect(JOINT)
    return town


def two_joint_unions() -> Neighbours:
    """The same, and another one beside it that covers nothing yet."""
    town = operating()
    town.joint_union(OTHER)
    return town
