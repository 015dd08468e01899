"""Deadlocks, lost serializations and locks not had: tried again, five times at most, and never half-applied (F19)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import ModuleType
from typing import Any

import psycopg
import pytest
from fastapi.routing import APIRoute
from httpx2 import Response
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError, OperationalError

from api.again import Again
from api.app import DESCRIBED
from api.v1 import accounts, cases, documents
from services.actor import SERVICE
from services.cases import answers
from services.db.again import TRIES, again
from services.db.models.access import Journal
from services.db.models.casework import Case, History
from services.intake.apply import INBOX, apply_rows, drain_inbox
from services.invariants import Books
from services.runtime import Runtime, Unit
from tests.builders import TOWN, Counter, assert_problem

LOCAL = f"union.{TOWN}"
WRITERS = 32


def in_the_way(code: str) -> DBAPIError:
    """What the database says when another transaction was in the way."""
    cause: dict[str, type[psycopg.Error]] = {
        "40P01": psycopg.errors.DeadlockDetected,
        "40001": psycopg.errors.SerializationFailure,
        "55P03": psycopg.errors.LockNotAvailable,
        "23505": psycopg.errors.UniqueViolation,
    }
    return OperationalError(None, None, cause[code]())


def failing(times: int, code: str) -> tuple[Callable[[], str], list[int]]:
    tried: list[int] = []

    def work() -> str:
        tried.append(1)
        if len(tried) <= times:
            raise in_the_way(code)
        return "done"

    return work, tried


@pytest.mark.fault("F19")
@pytest.mark.parametrize("code", ["40P01", "40001", "55P03"])
def test_work_is_tried_again_while_another_is_in_the_way_and_no_more_than_five_times(code: str) -> None:
    work, tried = failing(TRIES - 1, code)
    assert again(work) == "done" and len(tried) == TRIES
    work, tried = failing(TRIES, code)
    with pytest.raises(DBAPIError):
        again(work)
    assert len(tried) == TRIES


def test_what_is_nobody_elses_fault_is_not_tried_again() -> None:
    work, tried = failing(1, "23505")
    with pytest.raises(DBAPIError):
        again(work)
    assert len(tried) == 1


@pytest.mark.fault("F19")
@pytest.mark.parametrize(("times", "status"), [(TRIES - 1, 200), (TRIES, 503)])
def test_a_step_goes_through_once_or_is_answered_busy_and_leaves_nothing(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, times: int, status: int
) -> None:
    code = counter.town.enterprise()
    lead, lines = counter.proceeding(LOCAL, code, "lead"), _lines(counter.town.runtime)
    keep, tried = answers.keep, list[int]()

    def in_the_middle(unit: Unit, *asked: Any, **more: Any) -> None:
        """Everything else is written; then the database gives up on us."""
        tried.append(1)
        if len(tried) <= times:
            raise in_the_way("40P01")
        keep(unit, *asked, **more)

    monkeypatch.setattr(answers, "keep", in_the_middle)
    said = {"fields": {"headcount": 60, "applicants": 30}, "evidence": []}
    answer = counter.step(LOCAL, lead, "survey", key="k1", **said)
    assert len(tried) == TRIES
    if status == 200:
        assert answer.status_code == 200 and _lines(counter.town.runtime) == lines + 1
    else:
        assert_problem(answer, 503, "busy")
        assert answer.headers["Retry-After"] and _lines(counter.town.runtime) == lines
    assert [
        one for one in Books(counter.town.runtime.settings.database).violations() if one.invariant != "I6"
    ] == []


@pytest.mark.fault("F19")
@pytest.mark.parametrize(
    ("module", "name", "action", "ask"),
    [
        (documents, "store", "document.upload", lambda counter: counter.upload(LOCAL, "union_application")),
        (
            cases,
            "read_names",
            "names.read",
            lambda counter: counter.post(LOCAL, "/api/v1/cases/1/names", json={"reason": "核对选举结果"}),
        ),
        (
            accounts,
            "end_session",
            "sign_out",
            lambda counter: counter.client.delete("/api/v1/sessions/current", headers=counter.headers(LOCAL)),
        ),
    ],
)
def test_whatever_the_counter_writes_is_tried_again_and_stands_once(
    counter: Counter,
    monkeypatch: pytest.MonkeyPatch,
    module: ModuleType,
    name: str,
    action: str,
    ask: Callable[[Counter], Response],
) -> None:
    counter.town.enterprise()
    counter.headers(LOCAL)
    work, tried = getattr(module, name), list[int]()

    def in_the_middle(*asked: Any) -> Any:
        """Everything is written; then the database gives up on us."""
        done = work(*asked)
        tried.append(1)
        if len(tried) < TRIES:
            raise in_the_way("40001")
        return done

    monkeypatch.setattr(module, name, in_the_middle)
    assert ask(counter).is_success and len(tried) == TRIES
    with counter.town.runtime.reading(SERVICE) as unit:
        written = select(func.count()).select_from(Journal).where(Journal.what == action)
        assert unit.db.scalar(written) == 1


def test_every_address_that_writes_is_tried_again() -> None:
    """A body that is read once, and several units of work, see to it themselves."""
    themselves = {"/api/v1/documents", "/api/v1/tokens"}
    writing = [
        route
        for router in DESCRIBED
        for route in router.routes
        if isinstance(route, APIRoute) and route.methods - {"GET", "HEAD"} and route.path not in themselves
    ]
    assert len(writing) > 10
    assert [route.path for route in writing if not isinstance(route, Again)] == []


def test_what_is_tried_again_was_asked_once(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told that he asks too often because others were in his way."""
    runtime = counter.town.runtime
    lead = counter.proceeding(LOCAL, counter.town.enterprise(), "lead")
    limits = runtime.settings.limits.model_copy(update={"staff_rate": 1e-9, "staff_burst": 2})
    runtime.settings = runtime.settings.model_copy(update={"limits": limits})
    keep, tried = answers.keep, list[int]()

    def in_the_middle(unit: Unit, *asked: Any, **more: Any) -> None:
        tried.append(1)
        if len(tried) < TRIES:
            raise in_the_way("40P01")
        keep(unit, *asked, **more)

    monkeypatch.setattr(answers, "keep", in_the_middle)
    said = {"fields": {"headcount": 60, "applicants": 30}, "evidence": []}
    assert counter.step(LOCAL, lead, "survey", key="k1", **said).status_code == 200


@pytest.mark.fault("F19")
def test_a_drain_that_another_was_in_the_way_of_applies_its_events_once(
    runtime: Runtime, hands: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.services.test_drains import register

    register(hands, 1, 2)
    tried: list[int] = []

    def work(unit: Unit, keys: Any) -> None:
        apply_rows(unit, keys)
        tried.append(1)
        if len(tried) < 3:
            raise in_the_way("40001")

    monkeypatch.setattr(type(INBOX), "work", property(lambda self: work), raising=False)
    assert drain_inbox(runtime) == 2
    with runtime.reading(SERVICE) as unit:
        assert unit.db.scalar(select(func.count()).select_from(Case)) == 2
        assert unit.db.scalar(text("SELECT max(attempts) FROM inbox")) == 0
    assert len(tried) == 3


@pytest.mark.fault("F19")
def test_two_transactions_that_lock_two_cases_crosswise_both_go_through(runtime: Runtime, hands: Any) -> None:
    if runtime.database.is_sqlite:
        pytest.skip("SQLite has one writer: nobody can lock beside us")
    from tests.services.test_drains import register

    register(hands, 1, 2)
    hands.settle()
    met, tried = Barrier(2), list[int]()

    def lock(keys: tuple[int, int]) -> None:
        first: list[int] = []

        def work() -> None:
            tried.append(1)
            with runtime.writing(SERVICE) as unit:
                for key in keys:
                    unit.db.execute(update(Case).where(Case.id == key).values(seq=Case.seq))
                    if not first:
                        first.append(key)
                        met.wait(10)  # both hold one; each asks for the other's

        again(work)

    with ThreadPoolExecutor(2) as two:
        list(two.map(lock, [(1, 2), (2, 1)]))
    assert len(tried) > 2


@pytest.mark.fault("F19")
def test_of_many_writers_on_one_case_each_step_is_whole_or_refused(counter: Counter) -> None:
    runtime, code = counter.town.runtime, counter.town.enterprise()
    lead, lines = counter.proceeding(LOCAL, code, "lead"), _lines(runtime)
    counter.headers(LOCAL)

    def act(number: int) -> int:
        said = {"fields": {"headcount": 60 + number, "applicants": 30}, "evidence": []}
        return counter.step(LOCAL, lead, "survey", key=f"k{number}", **said).status_code

    with ThreadPoolExecutor(WRITERS) as writers:
        answered = list(writers.map(act, range(WRITERS)))
    assert set(answered) <= {200, 409, 422, 503} and answered.count(200) >= 1
    assert _lines(runtime) == lines + answered.count(200)
    assert [one for one in Books(runtime.settings.database).violations() if one.invariant != "I6"] == []


def _lines(runtime: Runtime) -> int:
    with runtime.reading(SERVICE) as unit:
        return int(unit.db.scalar(select(func.count()).select_from(History)) or 0)
