"""A moved enterprise's file, by the real services: at every moment seen by exactly one of two counties, with its history whole.

Chance moves it to and fro, sends it, accepts it, returns it, lets people work in it meanwhile, and lets the county that does not
have it try all the same.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from services.actor import SERVICE
from services.cases.chain import breaks
from services.db.models.casework import Case, History, Proceeding, WorkItem
from services.db.queries.casebook import Wanted, cases, seen
from services.db.queries.history import history
from services.db.queries.one_case import case as one_case
from services.db.queries.worklist import VIEWS, work_items
from tests.builders import COUNTY, OTHER_COUNTY, TOWN, Town, joins
from workflows.errors import Fault

COUNTIES = (COUNTY, OTHER_COUNTY)
#: What people may do with a file that is moving, the likelier more than once.
STEPS: Mapping[str, Sequence[str]] = {
    "party_hand_over_due": ("transfer_party_relations",) * 3 + ("keep_here",),
    "hand_over_due": ("send_file",) * 5 + ("keep_here",),
    "offered": ("accept", "return_file") * 2,
}
#: So many lives of one file, and so many things that happen in each.
LIVES, MOMENTS = 60, 5


class Moving:
    """One enterprise whose file may move, and what it looked like at the last moment."""

    def __init__(self, town: Town, chance: Random) -> None:
        self.town, self.chance = town, chance
        self.code = town.enterprise()
        with town.runtime.reading(SERVICE) as unit:
            self.case = unit.db.scalars(select(Case.id).where(Case.uscc == self.code)).one()
        self.hashes: list[bytes] = []
        self.news = 0
        if chance.random() < 0.3:
            self._has_a_liaison()

    def _has_a_liaison(self) -> None:
        local = f"party.{TOWN}"
        self.town.take(local, self.code, "party", "survey", full_members=0)
        self.town.take(local, self.code, "party", "propose_dispatched_liaison")
        self.town.take(local, self.code, "liaison", "record_consent")
        self.town.take(local, self.code, "liaison", "appoint")

    # -- what may happen -----------------------------------------------------------------------------------

    def moment(self) -> str:
        """One thing happens that may happen where the file stands; before it, perhaps, somebody tries who may not. Its name."""
        here, there = self.lies_in, next(one for one in COUNTIES if one != self.lies_in)
        steps = STEPS.get(self.state("relocation"), ())
        if steps and self.chance.random() < 0.3:
            self._the_other_county_tries(there, steps)
        choice = self.chance.choice([*steps, "registry", "work"])
        if choice == "keep_here" and self._was_sent():
            choice = "accept_after_all"  # whoever has not accepted the file has nothing to keep
        if choice == "registry":
            self.registry_tells(self.chance.choice(COUNTIES))
        elif choice == "work":
            self._somebody_works()
        elif choice == "transfer_party_relations":
            self.town.take(f"minying.{here}", self.code, "relocation", choice)
        else:
            self.town.take(f"union.{here}", self.code, "relocation", choice)
        return choice

    def registry_tells(self, to: str) -> None:
        """The office that the enterprise is registered with by now tells where it sits."""
        self.news += 1
        told = {"uscc": self.code, "division": TOWN if to == COUNTY else to}
        self.town.hands.emit(f"registry.{self.lies_in}", "changed", f"{self.code}-{self.news}", told)
        self.town.settle()

    def _somebody_works(self) -> None:
        """The local union of the place goes on with its visits."""
        local = f"union.{self.division}"
        if self.state("lead") == "surveyed":
            self.town.take(local, self.code, "lead", "defer")
        else:
            self.town.take(local, self.code, "lead", "survey", headcount=40, applicants=0)

    def _the_other_county_tries(self, there: str, steps: Sequence[str]) -> None:
        """Nothing that lies elsewhere can be touched, or even found."""
        for step in sorted(set(steps)):
            with pytest.raises(Fault, match="not_found"):
                self.town.hands.take(f"union.{there}", self.code, "relocation", step)

    # -- what holds at every moment ------------------------------------------------------------------------

    def check(self) -> None:
        county = self.lies_in
        assert [one for one in COUNTIES if self._finds(f"union.{one}")] == [county]
        for one in COUNTIES:
            assert self._reads(f"union.{one}") == (one == county)
            assert one == county or not self._work_seen_by(f"union.{one}")
        self._work_is_addressed_here(county)
        self._history_only_grew()

    def _finds(self, account: str) -> bool:
        with self.town.runtime.reading(self.town.hands.actor(account)) as unit:
            found = cases(unit, Wanted(uscc=self.code))["items"]
        return [int(one["id"]) for one in found] == [self.case]

    def _reads(self, account: str) -> bool:
        """The file itself, page by page: all of it, or not_found."""
        answers = set()
        with self.town.runtime.reading(self.town.hands.actor(account)) as unit:
            for look in (seen, one_case, history):
                try:
                    look(unit, self.case)
                except Fault as fault:
                    assert fault.code == "not_found"
                    answers.add(False)
                else:
                    answers.add(True)
        assert len(answers) == 1
        return answers.pop()

    def _work_seen_by(self, account: str) -> list[str]:
        found = []
        with self.town.runtime.reading(self.town.hands.actor(account)) as unit:
            for view in VIEWS:
                for status in ("open", "done"):
                    items = work_items(unit, view, status)["items"]
                    found += [one["reason"] for one in items if int(one["case"]) == self.case]
        return found

    def _work_is_addressed_here(self, county: str) -> None:
        """Whatever is still owed is owed in the county where the file lies."""
        with self.town.runtime.reading(SERVICE) as unit:
            owed = unit.db.scalars(
                select(WorkItem.division).where(WorkItem.case_id == self.case, WorkItem.status == "open")
            )
            assert {one[:6] for one in owed} <= {county}

    def _history_only_grew(self) -> None:
        with self.town.runtime.reading(SERVICE) as unit:
            hashes = list(
                unit.db.scalars(
                    select(History.hash).where(History.case_id == self.case).order_by(History.seq)
                )
            )
            assert breaks(unit, newest=1) == []
        assert hashes[: len(self.hashes)] == self.hashes
        self.hashes = hashes

    # -- where it stands -----------------------------------------------------------------------------------

    @property
    def division(self) -> str:
        with self.town.runtime.reading(SERVICE) as unit:
            return unit.db.scalars(select(Case.division).where(Case.id == self.case)).one()

    @property
    def lies_in(self) -> str:
        return self.division[:6]

    def _was_sent(self) -> bool:
        with self.town.runtime.reading(SERVICE) as unit:
            moves = select(Proceeding.data).where(
                Proceeding.case_id == self.case, Proceeding.procedure == "relocation"
            )
            return bool(unit.db.scalars(moves.order_by(Proceeding.id.desc())).first().get("sent"))

    def state(self, procedure: str) -> str:
        """Where its newest proceeding stands; nowhere, if there is none."""
        with self.town.runtime.reading(SERVICE) as unit:
            found = unit.db.scalars(
                select(Proceeding.state)
                .where(Proceeding.case_id == self.case, Proceeding.procedure == procedure)
                .order_by(Proceeding.id.desc())
            ).first()
        return found or ""


@pytest.mark.rule("L-18", "U-24", "P-18")
def test_a_file_that_moves_is_seen_by_exactly_one_county_at_a_time_and_keeps_its_history(
    town: Town, record_property: Callable[[str, object], None]
) -> None:
    joins(town.runtime, "minying", OTHER_COUNTY)
    happened: Counter[str] = Counter()

    @settings(
        max_examples=LIVES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 2**32))
    def lived(number: int) -> None:
        moving = Moving(town, Random(number))
        moving.check()
        moving.registry_tells(OTHER_COUNTY)
        moving.check()
        for _ in range(MOMENTS):
            happened[moving.moment()] += 1
            moving.check()

    lived()
    with town.runtime.reading(SERVICE) as unit:
        files = unit.db.scalars(select(func.count()).select_from(Case)).one()
        assert breaks(unit, newest=files) == []
    record_property("what happened", dict(happened))
    assert files == LIVES
    assert min(happened[one] for one in ("send_file", "accept", "return_file")) > LIVES // 10
