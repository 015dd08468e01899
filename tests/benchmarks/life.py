"""One full life of a case, the shortest that touches both sides: 14 recorded transitions, 4 human steps, 3 notices, 1 event for
another file.

registered → the union finds it covered by a joint union, whose file counts it → Party survey → joint branch applied for and
approved; its term of office begins.
"""

import json
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Event
from typing import TypeAlias

from sqlalchemy import func, select

from services.access.accounts import create_account
from services.access.actors import actor_of
from services.actor import SERVICE, Actor
from services.cases.advance import StepTaken, take_step
from services.db.models.casework import Case, History, Proceeding
from services.demo.hands import Hands
from services.demo.town import (
    BODIES,
    BUREAU,
    COUNTY,
    DISTRICT_UNION,
    REGISTRY,
    TOWN_PARTY,
    TOWN_UNION,
    Enterprise,
)
from services.directory.bodies import create_body
from services.documents.store import look, store
from services.intake.apply import drain_inbox
from services.intake.receive import receive_raw
from services.outbox import drain_outbox
from services.runtime import Runtime

TRANSITIONS, HUMAN_STEPS, NOTICES = 14, 4, 3

#: Who takes which step of which procedure, with what fields and what paper.
Taken: TypeAlias = tuple[str, str, str, Mapping[str, object], str | None]

STEPS: tuple[Taken, ...] = (
    (TOWN_UNION, "lead", "link_covered", {}, "coverage_list"),
    (TOWN_PARTY, "party", "survey", {"full_members": 2, "probationary_members": 0}, None),
    (TOWN_PARTY, "party", "apply_joint_branch", {"joint_units": 3}, "joint_branch_application"),
    (BUREAU, "party", "approve_joint_branch", {}, "joint_branch_approval"),
)


#: Enterprises that go through life together, and how many such groups a process has under way.
GROUP, SIDE_BY_SIDE = 20, 4
#: Units that one joint union covers: a city reported 1,128 in 193 unions (DATA A4).
UNITS = 6

_DONE = object()
_a_moment = Event()


@dataclass(frozen=True, slots=True)
class Furnished:
    """What lives find when they begin: documents by kind, and the files of joint unions."""

    papers: Mapping[str, str]
    joint_unions: Sequence[int]

    def covering(self, number: int) -> str:
        """The joint union of this enterprise."""
        return str(self.joint_unions[number // UNITS])


def furnish(runtime: Runtime, lives: int) -> Furnished:
    """The demo's bodies and accounts, one document of each kind (a coverage list serves many units), and a joint union for
    every few of so many lives."""
    with runtime.writing(SERVICE) as unit:
        for kind, division, name in BODIES:
            create_body(unit, kind, division, name)
            code = f"{kind}.{division}"
            create_account(unit, code, code, None)
    papers = {}
    for account, _, _, _, paper in STEPS:
        if paper is not None:
            with runtime.writing(actor(runtime, account)) as unit:
                papers[paper] = str(
                    store(
                        unit,
                        look(
                            runtime,
                            unit.actor,
                            kind=paper,
                            number=None,
                            issued_on=None,
                            name="a.txt",
                            media="text/plain",
                            content="材料".encode(),
                        ),
                    )
                )
    hands = Hands(runtime)
    joint_unions = [
        hands.begin(TOWN_UNION, "joint_union", "propose", name=f"基准第{number}联合工会")
        for number in range(lives // UNITS + 1)
    ]
    for file in joint_unions:
        hands.take_in(DISTRICT_UNION, file, "joint_union", "approve")
    return Furnished(papers, joint_unions)


def actor(runtime: Runtime, account: str) -> Actor:
    with runtime.reading(SERVICE) as unit:
        return actor_of(unit, account)


def live(runtime: Runtime, numbers: Sequence[int], found: Furnished) -> None:
    """Every enterprise of `numbers` lives its whole life: each event and each step its own commit.

    Some groups are under way at once, at different points of their lives, and between their turns this process drains
    like a worker; so nobody waits for rows that another process has in hand, as in an office nobody does.
    """
    actors = {account: actor(runtime, account) for account, *_ in STEPS}
    groups = deque(numbers[start : start + GROUP] for start in range(0, len(numbers), GROUP))
    under_way: deque[Iterator[None]] = deque()
    while groups or under_way:
        if groups and len(under_way) < SIDE_BY_SIDE:
            under_way.append(_lives(runtime, groups.popleft(), found, actors))
        turn = under_way.popleft()
        if next(turn, _DONE) is not _DONE:
            under_way.append(turn)
        drained = drain_inbox(runtime) + drain_outbox(runtime)
        if not drained and not groups:
            _a_moment.wait(0.001)
    while drain_inbox(runtime) + drain_outbox(runtime):
        continue


def surveyed(runtime: Runtime, numbers: Sequence[int], found: Furnished) -> list[int]:
    """The Party proceedings of these enterprises, each so far that a joint branch may be applied for."""
    life = _lives(
        runtime, numbers, found, {account: actor(runtime, account) for account, *_ in STEPS}, STEPS[:2]
    )
    while next(life, _DONE) is not _DONE:
        drain_inbox(runtime), drain_outbox(runtime)
    standing = _proceedings(runtime, [enterprise(number).uscc for number in numbers], "party")
    return [key for key, _ in standing]


def _lives(
    runtime: Runtime,
    numbers: Sequence[int],
    found: Furnished,
    actors: Mapping[str, Actor],
    steps: Sequence[Taken] = STEPS,
) -> Iterator[None]:
    """One group's lives; yields where others may have their turn."""
    for number in numbers:
        receive_raw(runtime, event(number), "application/cloudevents+json", {}, REGISTRY, "http")
    yield
    codes = {enterprise(number).uscc: number for number in numbers}
    for account, procedure, step, fields, kind in steps:
        while len(standing := _proceedings(runtime, codes, procedure)) < len(codes):
            yield
        papers = [found.papers[kind]] if kind else []
        for key, code in standing:
            named = {"joint_union": found.covering(codes[code])} if step == "link_covered" else {}
            with runtime.writing(actors[account]) as unit:
                take_step(unit, StepTaken(key, step, {**fields, **named}, papers))
        yield


def enterprise(number: int) -> Enterprise:
    return Enterprise(number, workers=20, members=0, women=0, full=2)


def event(number: int) -> bytes:
    one = enterprise(number)
    said = {
        "specversion": "1.0",
        "id": f"life-{number}",
        "source": f"/registry/{COUNTY}",
        "type": "gongjian.registry.enterprise.registered.v1",
        "data": {
            "uscc": one.uscc,
            "name": f"基准{number}号有限公司",
            "registered_on": "2025-03-03",
            "type": "有限责任公司",
            "division": "220204102",
            "address": "吉林省吉林市船营区越北镇",
        },
    }
    return json.dumps(said, ensure_ascii=False).encode()


def last_case(runtime: Runtime) -> int:
    """The file of an enterprise whose life is over."""
    with runtime.reading(SERVICE) as unit:
        found = select(func.max(Case.id)).where(Case.subject == "enterprise", Case.status == "settled")
        return int(unit.db.execute(found).scalar_one())


def check(runtime: Runtime, cases: int) -> None:
    """The lives were whole: every case settled, with exactly the transitions that a life has."""
    of_enterprises, settled = Case.subject == "enterprise", Case.status == "settled"
    counted = select(func.count()).select_from(History).join(Case, Case.id == History.case_id)
    with runtime.reading(SERVICE) as unit:
        whole = unit.db.execute(
            select(func.count()).select_from(Case).where(of_enterprises, settled)
        ).scalar_one()
        lines = unit.db.execute(counted.where(of_enterprises)).scalar_one()
        units = unit.db.execute(select(Proceeding.data).where(Proceeding.procedure == "joint_union"))
        covered = sum(data["units"] for data in units.scalars())
    assert (whole, lines, covered) == (cases, cases * TRANSITIONS, cases), (whole, lines, covered, cases)


def _proceedings(runtime: Runtime, codes: Collection[str], procedure: str) -> list[tuple[int, str]]:
    """(proceeding, code) of those that have begun."""
    with runtime.reading(SERVICE) as unit:
        rows = unit.db.execute(
            select(Proceeding.id, Case.uscc)
            .join(Case, Case.id == Proceeding.case_id)
            .where(Case.uscc.in_(codes), Proceeding.procedure == procedure)
        )
        return [(row.id, str(row.uscc)) for row in rows]
