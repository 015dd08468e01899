"""越北镇 as a demonstration: 37 enterprises with a union, seven with a branch and thirty with a liaison (DATA.md A1).

The town and the three figures come from the report; the enterprises, their numbers and the split of own and dispatched
liaisons are made up here and say so. Everything happens by real steps under a clock that is moved, in the order of its days.
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import structlog
from sqlalchemy import func, select
from stdnum.cn import uscc as codes

from services.access.accounts import create_account
from services.actor import SERVICE
from services.clock import SettableClock
from services.db.models.casework import Case
from services.demo.hands import Hands
from services.directory.bodies import NATION, create_body
from services.documents.templates import set_mark
from services.meetings.plan import plan
from services.runtime import Runtime

#: Known to everybody, and only ever set by the demo (CONTRACT, "Running").
PASSWORD = "gongjian-demo"  # noqa: S105
COUNTY, TOWN = "220204", "220204102"

BODIES: tuple[tuple[str, str, str], ...] = (
    ("registry", COUNTY, "船营区市场监督管理局（演示）"),
    ("investment", TOWN, "越北镇招商办公室（演示）"),
    ("union", COUNTY, "船营区总工会（演示）"),
    ("union", TOWN, "越北镇总工会（演示）"),
    ("orgdept", COUNTY, "船营区委组织部（演示）"),
    ("minying", COUNTY, "船营区民营经济党委（演示）"),
    ("party", TOWN, "越北镇党委（演示）"),
    ("auditor", COUNTY, "船营区审计（演示）"),
    ("admin", NATION, "系统管理员（演示）"),
    ("security", COUNTY, "安全管理员（演示）"),
)

#: The characters that the numbers of their papers begin with (made up).
MARKS = {
    ("union", COUNTY): "船工",
    ("union", TOWN): "越工",
    ("minying", COUNTY): "船民党",
    ("party", TOWN): "越党",
    ("investment", TOWN): "越招",
}

REGISTRY, DISTRICT_UNION, TOWN_UNION = f"registry.{COUNTY}", f"union.{COUNTY}", f"union.{TOWN}"
ORGDEPT = f"orgdept.{COUNTY}"
TOWN_PARTY, BUREAU = f"party.{TOWN}", f"minying.{COUNTY}"

#: So that a newcomer's inbox is not empty: notices whose result is still to be checked, liaisons who are due for a visit.
LEFT_TO_CLOSE, LEFT_TO_VISIT = frozenset({35, 36, 37}), frozenset({11, 12})

TRADES = ("机械", "食品", "印刷", "纺织", "建材", "运输", "电子", "家具", "包装", "餐饮")
LENGTH = timedelta(days=290)

Action = Callable[[], None]
Life = Iterator[tuple[int, Action]]


@dataclass(frozen=True, slots=True)
class Enterprise:
    """One made-up enterprise. `full` are its full Party members; `party_first` tells which body was quicker."""

    number: int
    workers: int
    members: int
    women: int
    full: int
    party_first: bool = False

    @property
    def uscc(self) -> str:
        return self._code("91")

    @property
    def union_code(self) -> str:
        """The code of its union as a legal person."""
        return self._code("81")

    @property
    def has_committee(self) -> bool:
        """With 25 members or more a committee is due; the smaller unions here elect one organiser."""
        return self.members >= 25

    def _code(self, holder: str) -> str:
        stem = f"{holder}{COUNTY}MAY{self.number:06d}"
        return stem + str(codes.calc_check_digit(stem))

    @property
    def name(self) -> str:
        return f"演示{self.number:02d}号{TRADES[self.number % len(TRADES)]}有限公司"


def enterprises() -> list[Enterprise]:
    """Seven with three or more full members (three of them Party-first), twelve with one or two, eighteen with none."""
    full = [3, 5, 8, 4, 3, 12, 6] + [1, 2] * 6 + [0] * 18
    return [
        Enterprise(
            number=index + 1,
            workers=20 + index * 7 % 160,
            members=12 + index * 5 % 60 if index % 3 else 26 + index,
            women=3 + index % 9,
            full=members,
            party_first=index in (1, 3, 5),
        )
        for index, members in enumerate(full)
    ]


def load(runtime: Runtime) -> bool:
    """The demo area stands, made once; False when something is there already."""
    with runtime.reading(SERVICE) as unit:
        if unit.db.execute(select(func.count()).select_from(Case)).scalar_one():
            return False
        start = datetime.combine(unit.today - LENGTH, time(9), tzinfo=runtime.settings.zone)
        end = unit.now
    clock = SettableClock(start)
    town = Runtime(runtime.settings, law=runtime.law, policies=runtime.policies, clock=clock, bells=_Silent())
    try:
        _found_bodies(town)
        _live(Hands(town), clock, start, end)
    finally:
        town.close()
    return True


class _Silent:
    def ring(self, name: str) -> None:
        """Nobody listens while the demo is made; `Hands.settle` does the workers' part."""


def _found_bodies(town: Runtime) -> None:
    with town.writing(SERVICE) as unit:
        for kind, division, name in BODIES:
            create_body(unit, kind, division, name)
            if (kind, division) in MARKS:
                set_mark(unit, f"{kind}.{division}", MARKS[kind, division])
            create_account(
                unit, "admin" if kind == "admin" else f"{kind}.{division}", f"{kind}.{division}", PASSWORD
            )


def _live(hands: Hands, clock: SettableClock, start: datetime, end: datetime) -> None:
    """All lives at once, each action on its own day, the earliest first; terms run out in between as they would."""
    lives = [_life(hands, one, end) for one in enterprises()]
    agenda: list[tuple[datetime, int, Action]] = []

    def book(index: int, after: datetime) -> None:
        following = next(lives[index], None)
        if following is not None:
            days, action = following
            heapq.heappush(agenda, (after + timedelta(days=days), index, action))

    for index in range(len(lives)):
        book(index, start + timedelta(days=index * 2))
    while agenda:
        moment, index, action = heapq.heappop(agenda)
        if moment > end:
            continue
        clock.move_to(max(moment, clock.now()))
        hands.settle()
        action()
        hands.settle()
        book(index, moment)
    clock.move_to(end)
    hands.settle()
    hands.begin(ORGDEPT, "coordination", "set_up", name="船营区党建带工建协调小组（演示）")
    plan(hands.runtime)
    structlog.get_logger(__name__).info("demo_loaded", enterprises=len(lives))


def _life(hands: Hands, one: Enterprise, end: datetime) -> Life:
    yield 0, lambda: hands.emit(REGISTRY, "registered", f"demo-{one.number:04d}", _registration(hands, one))
    if one.party_first:
        yield from _party(hands, one)
        yield from _union(hands, one, told=True)
        yield 2, lambda: hands.take(TOWN_PARTY, one.uscc, "notify_union", "close")
    else:
        yield from _union(hands, one, told=False)
        yield 2, lambda: hands.take(TOWN_PARTY, one.uscc, "notify_party", "acknowledge")
        yield 1, lambda: hands.take(TOWN_PARTY, one.uscc, "notify_party", "accept")
        yield from _party(hands, one)
        if one.number not in LEFT_TO_CLOSE:
            yield 2, lambda: hands.take(TOWN_UNION, one.uscc, "notify_party", "close")
    if one.has_committee:
        yield from _legal_person(hands, one)
    while one.full < 3 and one.number not in LEFT_TO_VISIT:
        yield 75, lambda: hands.take(TOWN_PARTY, one.uscc, "liaison", "record_visit")


def _registration(hands: Hands, one: Enterprise) -> dict[str, object]:
    return {
        "uscc": one.uscc,
        "name": one.name,
        "registered_on": hands.runtime.clock.now().astimezone(hands.runtime.settings.zone).date().isoformat(),
        "type": "有限责任公司",
        "division": COUNTY,
        "address": f"吉林省吉林市船营区越北镇演示路{one.number}号",
    }


def _union(hands: Hands, one: Enterprise, *, told: bool) -> Life:
    def town(procedure: str, step: str, **fields: object) -> Action:
        return lambda: hands.take(TOWN_UNION, one.uscc, procedure, step, **fields)

    def district(step: str, **fields: object) -> Action:
        return lambda: hands.take(DISTRICT_UNION, one.uscc, "union", step, **fields)

    if told:
        yield 1, town("notify_union", "acknowledge")
        yield 1, town("notify_union", "accept")
    yield 3, town("lead", "survey", headcount=one.workers + one.members, applicants=one.members)
    yield 1, town("lead", "open_union")
    yield 2, town("union", "file_application")
    yield 4, district("approve_preparation")
    yield 2, town("union", "form_group")
    yield 6, town("union", "admit_members", union_members=one.members, women_members=one.women)
    figures = {"entitled": one.members, "present": one.members - 1, "votes_for": one.members - 2}
    if one.has_committee:
        yield 1, town("union", "choose_committee")
        yield 9, town("union", "nominate")
        if one.party_first:
            yield 1, lambda: hands.take(TOWN_PARTY, one.uscc, "union", "party_examines")
        yield 2, district("approve_candidates")
        yield 3, town("union", "record_election", **figures)
    else:
        yield 1, town("union", "choose_organiser")
        yield 3, town("union", "elect_organiser", **figures)
    yield 2, town("union", "report_result")
    yield 5, district("approve_result")
    yield 3, town("union", "complete_set_up", women_body="committee" if one.women >= 10 else "one_member")


def _legal_person(hands: Hands, one: Enterprise) -> Life:
    def district(step: str, **fields: object) -> Action:
        return lambda: hands.take(DISTRICT_UNION, one.uscc, "legal_person", step, **fields)

    yield 2, lambda: hands.take(TOWN_UNION, one.uscc, "legal_person", "apply")
    yield 6, district("examine")
    yield 3, district("register", legal_code=one.union_code)


def _party(hands: Hands, one: Enterprise) -> Life:
    def town(procedure: str, step: str, **fields: object) -> Action:
        return lambda: hands.take(TOWN_PARTY, one.uscc, procedure, step, **fields)

    def bureau(step: str) -> Action:
        return lambda: hands.take(BUREAU, one.uscc, "party", step)

    yield 5, town("party", "survey", full_members=one.full, probationary_members=one.number % 2)
    if one.full >= 3:
        yield 3, town("party", "apply_branch")
        yield 7, bureau("approve_formation")
        yield 5, town("party", "record_election", entitled=one.full, present=one.full, votes_for=one.full)
        yield 3, bureau("approve_branch_with_committee" if one.full >= 7 else "approve_branch")
        yield 4, bureau("record_filing")
    else:
        yield 2, town("party", "propose_own_liaison" if one.full else "propose_dispatched_liaison")
        yield 2, town("liaison", "record_consent")
        yield 2, town("liaison", "appoint")
