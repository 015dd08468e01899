"""How rows of work are taken, counted and set aside: one bad row harms no other, and a row that kills its worker is isolated."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from psycopg.errors import LockNotAvailable
from sqlalchemy import event, func, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from services.actor import SERVICE
from services.clock import SettableClock
from services.db.models.casework import Case, Deadline, History, WorkItem
from services.db.models.directory import Body
from services.db.models.mail import Inbox, Notice, Outbox
from services.db.session import without_waiting
from services.deadlines.fire import DUE, drain_due
from services.demo.hands import Hands
from services.demo.town import REGISTRY, Enterprise
from services.drains import CRASHES, LEASE, TRIES, Drain
from services.intake.apply import INBOX, apply_rows, drain_inbox
from services.outbox import OUTBOX, drain_outbox
from services.runtime import Runtime, Unit
from tests.services.conftest import MORNING
from workflows.errors import Fault


def register(hands: Hands, *numbers: int) -> None:
    for number in numbers:
        one = Enterprise(number, 20, 0, 0, 0)
        data = {"uscc": one.uscc, "name": one.name, "registered_on": "2025-03-03", "division": "220204102"}
        hands.emit(REGISTRY, "registered", f"e{number}", data)


def states(runtime: Runtime, model: Any) -> list[str]:
    with runtime.reading(SERVICE) as unit:
        return list(unit.db.execute(select(model.state).order_by(model.id)).scalars())


def count(runtime: Runtime, model: Any) -> int:
    with runtime.reading(SERVICE) as unit:
        return int(unit.db.execute(select(func.count()).select_from(model)).scalar_one())


def advance(runtime: Runtime, by: timedelta) -> None:
    clock = runtime.clock
    assert isinstance(clock, SettableClock)
    clock.advance(by)


def test_what_fails_only_when_the_answers_come_is_the_same_error_as_ever(runtime: Runtime) -> None:
    twins = {
        "code": "union.220204",
        "kind": "union",
        "division": "220204",
        "name": "又一个",
        "created_at": MORNING,
    }
    with pytest.raises(IntegrityError), runtime.writing(SERVICE) as unit, without_waiting(unit.db):
        unit.db.execute(insert(Body).inline(), [twins])


def test_one_bad_row_is_set_aside_and_the_others_are_done(runtime: Runtime, hands: Hands) -> None:
    register(hands, 1, 2, 3)

    def work(unit: Unit, keys: Sequence[int]) -> None:
        if 2 in keys:
            raise ArithmeticError("poison")
        apply_rows(unit, keys)

    poisoned = Drain("inbox", Inbox, Inbox.due_at, Inbox.case_key, work)
    assert poisoned.run(runtime, 10) == 3
    assert states(runtime, Inbox) == ["applied", "pending", "applied"]
    for _ in range(TRIES):
        advance(runtime, timedelta(minutes=3))
        poisoned.run(runtime, 10)
    assert states(runtime, Inbox) == ["applied", "failed", "applied"]
    with runtime.reading(SERVICE) as unit:
        row = unit.db.execute(select(Inbox.attempts, Inbox.error_code).where(Inbox.id == 2)).one()
    assert (row.attempts, row.error_code) == (TRIES, "broken")


def test_a_refusal_is_final_at_once_and_keeps_its_sentence(runtime: Runtime, hands: Hands) -> None:
    register(hands, 1)

    def work(unit: Unit, keys: Sequence[int]) -> None:
        raise Fault("division_unknown", division="229999")

    Drain("inbox", Inbox, Inbox.due_at, Inbox.case_key, work).run(runtime, 10)
    assert states(runtime, Inbox) == ["failed"]
    with runtime.reading(SERVICE) as unit:
        assert "229999" in unit.db.execute(select(Inbox.error)).scalar_one()["zh"]


def test_a_row_that_kills_its_worker_is_quarantined_after_three(runtime: Runtime, hands: Hands) -> None:
    register(hands, 1)
    for _ in range(CRASHES):
        with runtime.writing(SERVICE) as unit:
            assert INBOX.claim(unit, 10) == [1]  # … and the worker dies here, before its work
        advance(runtime, timedelta(minutes=1))
    with runtime.writing(SERVICE) as unit:
        assert INBOX.claim(unit, 10) == []
    assert states(runtime, Inbox) == ["failed"]


def test_the_circle_around_a_row_that_kills_narrows_until_it_stands_alone(
    runtime: Runtime, hands: Hands
) -> None:
    """Two hundred rows that were in hand when a worker was killed went one by one, and everything else stood behind them."""
    register(hands, *range(1, 11))
    claims = []
    for _ in range(3):
        with runtime.writing(SERVICE) as unit:
            claims.append(INBOX.claim(unit, 10))
        advance(runtime, timedelta(minutes=1))
    assert [len(keys) for keys in claims] == [10, 3, 1]
    assert set(claims[2]) < set(claims[1]) < set(claims[0])


def test_a_leased_row_is_not_taken_by_another(runtime: Runtime, hands: Hands) -> None:
    register(hands, 1)
    with runtime.writing(SERVICE) as unit:
        assert INBOX.claim(unit, 10) == [1]
    with runtime.writing(SERVICE) as unit:
        assert INBOX.claim(unit, 10) == []


def test_an_event_does_not_overtake_its_enterprises_earlier_one_that_is_in_hand(
    runtime: Runtime, hands: Hands
) -> None:
    """Two workers had the registration and the change at once: the change found no case and waited for ever."""
    register(hands, 1, 2)
    with runtime.writing(SERVICE) as unit:
        assert INBOX.claim(unit, 10) == [1, 2]
    change = {"uscc": Enterprise(1, 20, 0, 0, 0).uscc, "headcount": 30}
    hands.emit(REGISTRY, "changed", "e1-changed", change)
    with runtime.writing(SERVICE) as unit:
        assert INBOX.claim(unit, 10) == []
    with runtime.writing(SERVICE) as unit:
        apply_rows(unit, [1, 2])
    assert drain_inbox(runtime) == 1
    assert states(runtime, Inbox) == ["applied"] * 3


def test_a_row_that_was_put_off_keeps_its_enterprises_later_ones_back(runtime: Runtime, hands: Hands) -> None:
    register(hands, 1)

    def work(unit: Unit, keys: Sequence[int]) -> None:
        raise ArithmeticError("not now")

    Drain("inbox", Inbox, Inbox.due_at, Inbox.case_key, work).run(runtime, 10)
    hands.emit(REGISTRY, "changed", "e1-changed", {"uscc": Enterprise(1, 20, 0, 0, 0).uscc, "headcount": 30})
    assert drain_inbox(runtime) == 0
    advance(runtime, timedelta(minutes=3))
    assert (drain_inbox(runtime), drain_inbox(runtime)) == (1, 1)
    assert states(runtime, Inbox) == ["applied", "applied"]


def test_what_is_only_waited_for_is_never_set_aside(
    runtime: Runtime, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.db.again._FIRST_PAUSE_SECONDS", 0)
    register(hands, 1, 2, 3)
    held, applied = True, list[int]()

    def work(unit: Unit, keys: Sequence[int]) -> None:
        if held and 2 in keys:
            raise OperationalError(None, None, LockNotAvailable())
        apply_rows(unit, keys)
        applied.extend(keys)

    waited_for = Drain("inbox", Inbox, Inbox.due_at, Inbox.case_key, work)
    for _ in range(2 * TRIES):
        waited_for.run(runtime, 10)
        advance(runtime, LEASE)
    assert states(runtime, Inbox) == ["applied", "pending", "applied"] and sorted(applied) == [1, 3]
    held = False
    assert waited_for.run(runtime, 10) == 1
    assert states(runtime, Inbox) == ["applied"] * 3 and sorted(applied) == [1, 2, 3]
    with runtime.reading(SERVICE) as unit:
        assert unit.db.scalar(select(func.max(Inbox.attempts))) == 0


def test_rows_that_go_alone_are_held_however_long_each_takes(runtime: Runtime, hands: Hands) -> None:
    register(hands, 1, 2, 3)
    others, alone = list[int](), list[int]()

    def work(unit: Unit, keys: Sequence[int]) -> None:
        if len(keys) > 1:
            advance(runtime, LEASE - timedelta(seconds=1))
            raise ArithmeticError("poison")
        with runtime.reading(SERVICE) as another:
            others.extend(
                another.db.scalars(
                    select(Inbox.id).where(Inbox.state == "pending", Inbox.due_at <= another.now)
                )
            )
        alone.extend(keys)
        apply_rows(unit, keys)
        advance(runtime, LEASE - timedelta(seconds=1))

    assert Drain("inbox", Inbox, Inbox.due_at, Inbox.case_key, work).run(runtime, 10) == 3
    assert (alone, others) == ([1, 2, 3], [])
    assert states(runtime, Inbox) == ["applied"] * 3


def test_rows_that_others_took_meanwhile_are_theirs_and_no_crash_is_counted(
    runtime: Runtime, hands: Hands
) -> None:
    register(hands, 1, 2)
    alone: list[int] = []

    def overtake(unit: Unit, keys: Sequence[int]) -> None:
        if len(keys) == 1:
            alone.extend(keys)
            return
        unit.db.rollback()
        advance(runtime, LEASE)
        with runtime.writing(SERVICE) as another:
            assert INBOX.claim(another, 10) == [1, 2]
        raise ArithmeticError("poison")

    slow = Drain("inbox", Inbox, Inbox.due_at, Inbox.case_key, overtake)
    for _ in range(2 * CRASHES):
        assert slow.run(runtime, 10) == 2
        with runtime.reading(SERVICE) as unit:
            assert unit.db.scalars(select(Inbox.deliveries)).all() == [1, 1]  # the other's
        with runtime.writing(SERVICE) as unit:
            INBOX._not_tried(unit, [1, 2])  # it waits, too, and lets go
        advance(runtime, LEASE)
    assert alone == [] and drain_inbox(runtime) == 2
    assert states(runtime, Inbox) == ["applied"] * 2


def test_two_workers_on_an_expired_lease_apply_once(runtime: Runtime, hands: Hands) -> None:
    register(hands, *range(20))
    keys = list(range(1, 21))

    def again(_: int) -> None:
        with runtime.writing(SERVICE) as unit:
            apply_rows(unit, keys)

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(again, range(4)))
    assert count(runtime, Case) == 20
    assert count(runtime, History) == 60


def test_a_notice_arrives_once_however_often_it_is_carried(runtime: Runtime, hands: Hands) -> None:
    register(hands, 1)
    drain_inbox(runtime)
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda _: drain_outbox(runtime), range(8)))
    with runtime.writing(SERVICE) as unit:
        unit.db.execute(update(Outbox).values(due_at=unit.now))
    assert drain_outbox(runtime) == 0
    assert (count(runtime, Notice), states(runtime, Outbox)) == (1, ["done"])


def test_a_deadline_fires_once_after_its_last_day_and_never_before(runtime: Runtime, hands: Hands) -> None:
    register(hands, 1)
    hands.settle()
    with runtime.reading(SERVICE) as unit:
        due = unit.db.execute(select(Deadline.fire_at)).scalar_one()
    clock = runtime.clock
    assert isinstance(clock, SettableClock)
    clock.move_to(due - timedelta(seconds=1))
    assert drain_due(runtime) == 0
    clock.move_to(due)
    with ThreadPoolExecutor(4) as workers:
        assert sum(workers.map(lambda _: drain_due(runtime), range(4))) == 1
    assert states(runtime, Deadline) == ["overdue"]
    with runtime.reading(SERVICE) as unit:
        reasons = list(
            unit.db.execute(
                select(WorkItem.reason).where(WorkItem.status == "open").order_by(WorkItem.id)
            ).scalars()
        )
    assert reasons == ["contacting", "contact"]


def test_every_history_closes_over_the_line_before_it(runtime: Runtime, hands: Hands) -> None:
    import hashlib

    register(hands, 1, 2)
    hands.settle()
    with runtime.reading(SERVICE) as unit:
        rows = unit.db.execute(
            select(History.case_id, History.canon, History.hash).order_by(History.case_id, History.seq)
        ).all()
        tips = dict(unit.db.execute(select(Case.id, Case.tip)).tuples().all())
    for case_id, tip in tips.items():
        previous = bytes(32)
        for row in (one for one in rows if one.case_id == case_id):
            previous = hashlib.sha256(b"\x00gj-hist-v1" + previous + bytes(row.canon)).digest()
            assert previous == bytes(row.hash)
        assert previous == bytes(tip)


def test_a_row_that_another_claim_holds_for_a_moment_is_waited_for_and_not_passed_over(
    runtime: Runtime, hands: Hands
) -> None:
    if runtime.database.is_sqlite:
        pytest.skip("SQLite has one writer: nobody can hold a row beside us")
    register(hands, 1)
    with runtime.writing(SERVICE) as unit:
        keys = INBOX.claim(unit, 10)
    held, let_go = Event(), Event()

    def hold() -> None:
        with runtime.writing(SERVICE) as unit:
            unit.db.execute(select(Inbox.id).where(Inbox.id.in_(keys)).with_for_update())
            held.set()
            let_go.wait(5)

    def work() -> None:
        with runtime.writing(SERVICE) as unit:
            apply_rows(unit, keys)

    with ThreadPoolExecutor(2) as workers:
        holder = workers.submit(hold)
        assert held.wait(5)
        worker = workers.submit(work)
        let_go.wait(0.2)
        let_go.set()
        holder.result()
        worker.result()
    assert states(runtime, Inbox) == ["applied"]


@pytest.mark.parametrize(
    ("drain", "wanted"),
    [
        (INBOX, {"ix_inbox_case_key_id"}),
        (OUTBOX, {"ix_outbox_due_at", "ix_outbox_case_id_id"}),
        (DUE, {"ix_deadlines_fire_at"}),
    ],
)
def test_on_sqlite_a_claim_asks_the_indexes_of_what_waits(
    runtime: Runtime, drain: Drain, wanted: set[str]
) -> None:
    """An index of only such rows answers no question that hides the state in a parameter: with twelve thousand events waiting, one
    claim looked at each beside each, for twenty seconds."""
    with runtime.reading(SERVICE) as unit:
        if unit.db.dialect.name != "sqlite":
            pytest.skip("PostgreSQL plans with the values in hand")
        asked: list[tuple[str, Any]] = []

        @event.listens_for(unit.db, "before_cursor_execute")
        def note(_db: Any, _cursor: Any, said: str, values: Any, *_: Any) -> None:
            asked.append((said, values))

        assert drain.claim(unit, 200) == []
        ((said, values),) = asked
        plan = unit.db.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", values)
        told = " ".join(row[3] for row in plan)
    assert {name for name in wanted if name in told} == wanted and "SCAN" not in told, told
