"""One full life of a case, the shortest that touches both sides: 12 recorded transitions, 4 human steps, 3 notices.

registered → the union finds it covered by a joint union → Party survey → joint branch applied for and approved.
"""

import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from threading import Event

from sqlalchemy import func, select

from services.access.accounts import create_account
from services.access.actors import actor_of
from services.actor import SERVICE, Actor
from services.cases.advance import StepTaken, take_step
from services.db.models.casework import Case, History, Proceeding
from services.demo.town import BODIES, BUREAU, COUNTY, REGISTRY, TOWN_PARTY, TOWN_UNION, Enterprise
from services.directory.bodies import create_body
from services.documents.store import store
from services.intake.apply import drain_inbox
from services.intake.receive import receive_raw
from services.outbox import drain_outbox
from services.runtime import Runtime

TRANSITIONS, HUMAN_STEPS, NOTICES = 12, 4, 3

STEPS: tuple[tuple[str, str, str, Mapping[str, object], str | None], ...] = (
    (TOWN_UNION, "lead", "link_covered", {"covering_union": "越北镇联合工会"}, "coverage_list"),
    (TOWN_PARTY, "party", "survey", {"full_members": 2, "probationary_members": 0}, None),
    (TOWN_PARTY, "party", "apply_joint_branch", {"joint_units": 3}, "joint_branch_application"),
    (BUREAU, "party", "approve_joint_branch", {}, "joint_branch_approval"),
)


#: Enterprises that go through life together, and how many such groups a process has under way.
GROUP, SIDE_BY_SIDE = 20, 4

_DONE = object()
_a_moment = Event()


def furnish(runtime: Runtime) -> dict[str, str]:
    """The demo's bodies and accounts, and one document of each kind: a coverage list serves many units. Kind → id."""
    with runtime.writing(SERVICE) as unit:
        for kind, division, name in BODIES:
            create_body(unit, kind, division, name)
            code = f"{kind}.{division}"
            create_account(unit, code, code, None)
    papers = {}
    for account, _, _, _, kind in STEPS:
        if kind is not None:
            with runtime.writing(actor(runtime, account)) as unit:
                papers[kind] = str(
                    store(
                        unit,
                        kind=kind,
                        number=None,
                        issued_on=None,
                        name="a.txt",
                        media="text/plain",
                        content="材料".encode(),
                    )[0]
                )
    return papers


def actor(runtime: Runtime, account: str) -> Actor:
    with runtime.reading(SERVICE) as unit:
        return actor_of(unit, account)


def live(runtime: Runtime, numbers: Sequence[int], papers: Mapping[str, str]) -> None:
    """Every enterprise of `numbers` lives its whole life: each event and each step its own commit.

    Some groups are under way at once, at different points of their lives, and between their turns this process drains
    like a worker; so nobody waits for rows that another process has in hand, as in an office nobody does.
    """
    actors = {account: actor(runtime, account) for account, *_ in STEPS}
    groups = deque(numbers[start : start + GROUP] for start in range(0, len(numbers), GROUP))
    under_way: deque[Iterator[None]] = deque()
    while groups or under_way:
        if groups and len(under_way) < SIDE_BY_SIDE:
            under_way.append(_lives(runtime, groups.popleft(), papers, actors))
        turn = under_way.popleft()
        if next(turn, _DONE) is not _DONE:
            under_way.append(turn)
        drained = drain_inbox(runtime) + drain_outbox(runtime)
        if not drained and not groups:
            _a_moment.wait(0.001)
    while drain_inbox(runtime) + drain_outbox(runtime):
        continue


def _lives(
    runtime: Runtime, numbers: Sequence[int], papers: Mapping[str, str], actors: Mapping[str, Actor]
) -> Iterator[None]:
    """One group's lives; yields where others may have their turn."""
    for number in numbers:
        receive_raw(runtime, event(number), "application/cloudevents+json", {}, REGISTRY, "http")
    yield
    codes = [enterprise(number).uscc for number in numbers]
    for account, procedure, step, fields, kind in STEPS:
        while len(keys := _proceedings(runtime, codes, procedure)) < len(codes):
            yield
        for key in keys:
            with runtime.writing(actors[account]) as unit:
                take_step(unit, StepTaken(key, step, fields, [papers[kind]] if kind else []))
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


def check(runtime: Runtime, cases: int) -> None:
    """The lives were whole: every case settled, with exactly the transitions that a life has."""
    with runtime.reading(SERVICE) as unit:
        settled = unit.db.execute(
            select(func.count()).select_from(Case).where(Case.status == "settled")
        ).scalar_one()
        lines = unit.db.execute(select(func.count()).select_from(History)).scalar_one()
    assert (settled, lines) == (cases, cases * TRANSITIONS), (settled, lines, cases)


def _proceedings(runtime: Runtime, codes: Sequence[str], procedure: str) -> list[int]:
    with runtime.reading(SERVICE) as unit:
        rows = unit.db.execute(
            select(Proceeding.id)
            .join(Case, Case.id == Proceeding.case_id)
            .where(Case.uscc.in_(codes), Proceeding.procedure == procedure)
        )
        return list(rows.scalars())
