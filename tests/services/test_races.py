"""Things that come at the same moment, or in the wrong order: each is done once, and whoever came too late hears why.

The full numbers of RELIABILITY §3 by environment: GONGJIAN_RACES=1000, GONGJIAN_DEADLINES=100000."""

import json
import os
import time
from collections import Counter as Tally
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from services.actor import SERVICE
from services.cases.advance import StepTaken, take_step
from services.clock import SettableClock
from services.db.models.casework import Case, Deadline, History, Proceeding
from services.db.models.mail import Inbox
from services.deadlines.fire import drain_due, fire
from services.demo.hands import Hands
from services.drains import Drain
from services.intake.apply import drain_inbox
from services.intake.envelope import check
from services.intake.lists import import_list
from services.intake.receive import receive
from services.invariants import Books
from services.runtime import Runtime, Unit
from tests.builders import COUNTY, TOWN, Counter, registered, uscc
from tests.services.test_lists import HEADER

RACES = int(os.environ.get("GONGJIAN_RACES") or 40)
DEADLINES = int(os.environ.get("GONGJIAN_DEADLINES") or 600)
REGISTRY, LOCAL = f"registry.{COUNTY}", f"union.{TOWN}"


def listed(runtime: Runtime, folder: Path, count: int) -> None:
    """So many enterprises by one list, each with a first visit to be made by the same day."""
    rows = [
        f"{number}号公司,{uscc(number)},2025-02-27,,,,,吉林,吉林,吉林市船营区越北镇"
        for number in range(count)  # five digits of a code: 100,000 of them
    ]
    path = folder / "list.csv"
    path.write_text("\n".join([HEADER, *rows]))
    told = Tally(verdict.status for verdict in import_list(runtime, path, REGISTRY))
    assert told == {"accepted": count}


def settable(runtime: Runtime) -> SettableClock:
    assert isinstance(runtime.clock, SettableClock)
    return runtime.clock


def sound(runtime: Runtime) -> None:
    """Nothing is wrong in the books but that their clock is a test's."""
    found = Books(runtime.settings.database).violations()
    assert [one for one in found if one.invariant != "I6"] == []


@pytest.mark.fault("F34")
@pytest.mark.timeout(3600)
def test_deadlines_that_end_in_the_same_second_are_told_once_each_and_in_order(
    runtime: Runtime, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed(runtime, tmp_path, DEADLINES)
    with runtime.reading(SERVICE) as unit:
        ends = list(unit.db.execute(select(Deadline.fire_at).distinct()).scalars())
    assert len(ends) == 1, "all in one second"
    settable(runtime).move_to(ends[0] - timedelta(seconds=1))
    assert drain_due(runtime) == 0, "never early"
    settable(runtime).move_to(ends[0])
    told: list[int] = []

    def work(unit: Unit, keys: Sequence[int]) -> None:
        told.extend(keys)
        fire(unit, keys)

    spied = Drain("due", Deadline, Deadline.fire_at, Deadline.case_id, work, waiting="running", by_day=True)
    began = time.monotonic()
    while spied.run(runtime, 200):
        continue
    seconds = time.monotonic() - began
    with capsys.disabled():
        print(f"\n{DEADLINES} deadlines in {seconds:.1f} s: {DEADLINES / seconds:.0f}/s")
    assert len(told) == DEADLINES and told == sorted(told)
    with runtime.reading(SERVICE) as unit:
        assert unit.db.execute(select(Deadline.state, func.count()).group_by(Deadline.state)).all() == [
            ("overdue", DEADLINES)
        ]
        lines = select(func.count()).select_from(History).where(History.at == ends[0])
        assert unit.db.scalar(lines.where(History.inbox_id.is_(None))) >= DEADLINES
    sound(runtime)
    if DEADLINES >= 10_000:  # asked for in full: then the promise is meant too
        assert DEADLINES / seconds >= 200


@pytest.mark.fault("F35")
@pytest.mark.timeout(3600)
def test_a_deadline_and_a_person_at_the_same_moment_are_each_recorded_once_one_after_the_other(
    runtime: Runtime, hands: Hands, tmp_path: Path
) -> None:
    """A visit made in time ends the term: then nothing is overdue. A term that was over first stays so, and the visit counts."""
    listed(runtime, tmp_path, RACES)
    with runtime.reading(SERVICE) as unit:
        due = select(Deadline.id, Deadline.proceeding_id, Deadline.fire_at).order_by(Deadline.id)
        rows = unit.db.execute(due).all()
    settable(runtime).move_to(rows[0].fire_at)
    actor = hands.actor(LOCAL)
    outcomes: Tally[str] = Tally()
    for row in rows:

        def visit(key: int = row.proceeding_id) -> None:
            with runtime.writing(actor) as unit:
                take_step(unit, StepTaken(key, "survey", {"headcount": 60, "applicants": 3}))

        def run_out(key: int = row.id) -> None:
            with runtime.writing(SERVICE) as unit:
                fire(unit, [key])

        at_once(visit, run_out)
        with runtime.reading(SERVICE) as unit:
            steps = [
                json.loads(bytes(canon))["step"]
                for canon in unit.db.scalars(
                    select(History.canon)
                    .where(History.proceeding_id == row.proceeding_id)
                    .order_by(History.seq)
                )
            ]
            state = unit.db.scalar(select(Deadline.state).where(Deadline.id == row.id))
        told = steps.index("contact_expired") if "contact_expired" in steps else None
        assert steps.count("survey") == 1
        assert (state, told is None) in {("met", True), ("overdue", False)}
        assert told is None or (steps.count("contact_expired") == 1 and told < steps.index("survey"))
        outcomes[str(state)] += 1
    assert outcomes.total() == RACES
    sound(runtime)


@pytest.mark.fault("F36")
@pytest.mark.timeout(3600)
def test_of_two_officers_on_one_page_one_acts_and_the_other_is_told_that_it_is_stale(
    counter: Counter,
) -> None:
    code = counter.town.enterprise()
    runtime = counter.town.runtime
    counter.headers(LOCAL)
    for number in range(RACES):
        lead = counter.proceeding(LOCAL, code, "lead")
        answers: list[Any] = []

        def act(headcount: int, lead: Any = lead, answers: Any = answers) -> None:
            said = {"fields": {"headcount": headcount, "applicants": 3}, "evidence": []}
            answers.append(counter.step(LOCAL, lead, "survey", expected_revision=lead["revision"], **said))

        at_once(lambda number=number: act(100 + number), lambda number=number: act(1100 + number))  # type: ignore[misc]  # its default
        assert sorted(one.status_code for one in answers) == [200, 409]
        assert {one.json()["code"] for one in answers if one.status_code == 409} == {"revision_stale"}
    with runtime.reading(SERVICE) as unit:
        assert (
            unit.db.scalar(select(func.count()).select_from(History).where(History.account_id.is_not(None)))
            == RACES
        )
    sound(runtime)


@pytest.mark.fault("F37")
def test_one_key_fifty_times_at_once_has_one_effect_and_fifty_equal_answers(counter: Counter) -> None:
    code = counter.town.enterprise()
    lead = counter.proceeding(LOCAL, code, "lead")
    counter.headers(LOCAL)

    def act(headcount: int) -> Any:
        said = {"fields": {"headcount": headcount, "applicants": 3}, "evidence": []}
        return counter.step(LOCAL, lead, "survey", key="the-same", **said)

    with ThreadPoolExecutor(50) as many:
        answers = list(many.map(act, [60] * 50))
    assert [one.status_code for one in answers] == [200] * 50
    assert len({one.content for one in answers}) == 1
    other = act(61)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")
    with counter.town.runtime.reading(SERVICE) as unit:
        assert (
            unit.db.scalar(select(func.count()).select_from(History).where(History.account_id.is_not(None)))
            == 1
        )


#: Six things that the registry says of one enterprise; each about something else, so that their order is the carrier's alone.
SAID: tuple[tuple[str, dict[str, Any]], ...] = (
    ("registered", {}),
    ("changed", {"name": "更名后的公司"}),
    ("changed", {"address": "吉林市船营区新地址"}),
    ("changed", {"headcount": 70}),
    ("changed", {"industry": "I65"}),
    ("suspended", {}),
)


@pytest.mark.fault("F39")
@pytest.mark.timeout(1200)
def test_six_events_end_the_same_in_whatever_order_they_come(runtime: Runtime) -> None:
    """All 720 orders. Before the registration there is no file: what comes earlier waits for it, and says so."""
    orders = list(permutations(range(len(SAID))))
    waited = 0
    for place in range(len(SAID)):
        with runtime.writing(SERVICE) as unit:
            unit.runtime.roster.refresh(unit.db)
            arrived = [
                check(_event(number, order[place]), today=unit.today) for number, order in enumerate(orders)
            ]
            for start in range(0, len(arrived), 100):
                receipts = receive(unit, arrived[start : start + 100], office=None, channel="http")
                assert {one.status for one in receipts} == {"accepted"}
        while drain_inbox(runtime):
            continue
        with runtime.reading(SERVICE) as unit:
            states = dict(
                unit.db.execute(select(Inbox.state, func.count()).group_by(Inbox.state)).tuples().all()
            )
            assert states.keys() <= {"applied", "waiting"}
            waited += states.get("waiting", 0)
    assert waited
    with runtime.reading(SERVICE) as unit:
        assert unit.db.execute(select(Inbox.state).distinct()).scalars().all() == ["applied"]
        ends = Tally(
            (
                row.name,
                row.address,
                row.industry,
                row.paused,
                row.status,
                json.dumps(row.facts, sort_keys=True),
                row.state,
            )
            for row in unit.db.execute(
                select(*Case.__table__.c, Proceeding.state)
                .join(Proceeding, Proceeding.case_id == Case.id)
                .where(Proceeding.procedure == "lead")
            )
        )
    assert list(ends.values()) == [len(orders)], ends
    sound(runtime)


def _event(number: int, which: int) -> dict[str, Any]:
    fact, data = SAID[which]
    said = registered(number, town=TOWN)
    said["data"] = (
        said["data"] | {"name": "公司", "registered_on": "2025-02-27"} | data
        if fact == "registered"
        else data | {"uscc": uscc(number)}
    )
    said |= {"id": f"{number}-{which}", "type": f"gongjian.registry.enterprise.{fact}.v1"}
    del said["time"]
    return said


def at_once(*works: Callable[[], object]) -> None:
    line = Barrier(len(works))

    def begin(work: Callable[[], object]) -> None:
        line.wait(30)
        work()

    with ThreadPoolExecutor(len(works)) as hands:
        list(hands.map(begin, works))
