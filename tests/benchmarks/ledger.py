"""What the ledger costs: the leaf in the transaction, taking in, verifying all of it, and the proof of one case."""

import os
import random
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import select, text

from services.access.sealed import ensure_key
from services.actor import SERVICE
from services.cases import record
from services.db.models.casework import History
from services.db.models.ledger import Leaf, LogCheckpoint, Unsealed
from services.directory.bodies import create_body
from services.intake.lists import import_list
from services.ledger.bundle import Scope, export
from services.ledger.fsck import Trust, fsck
from services.ledger.identity import identity
from services.ledger.integrate import integrate
from services.ledger.lying_here import LyingHere
from services.ledger.replay_here import replay_here
from services.ledger.verify import Bundle, verify
from services.runtime import Runtime
from tests.benchmarks.synthetic import write_list
from tests.waiting import until

#: A list is taken in so many parts, by turns with the leaf and without; one more, before them, warms up.
TURNS = 10
CASES = 50


def appended(runtime: Runtime, rows: int, folder: Path, cpu: Callable[[], float]) -> tuple[float, float]:
    """CPU-seconds a row of a list with the leaf, and without; afterwards every line waits to be taken in."""
    ensure_key(runtime.settings)
    with runtime.writing(SERVICE) as unit:
        create_body(unit, "registry", "220000", "吉林省")
    head, *lines = write_list(folder / "list.csv", rows).read_text("utf-8").splitlines()
    share = rows // (TURNS + 1)
    spent = {True: 0.0, False: 0.0}
    for turn in range(TURNS + 1):
        part = folder / f"{turn}.csv"
        part.write_text("\n".join([head, *lines[turn * share : (turn + 1) * share]]), "utf-8")
        with_leaf = turn % 2 == 0
        before = cpu()
        with _leaf(with_leaf):
            assert (
                sum(one.status == "accepted" for one in import_list(runtime, part, "registry.220000"))
                == share
            )
        spent[with_leaf] += cpu() - before if turn else 0
    with runtime.writing(SERVICE) as unit:
        unit.db.execute(text("DELETE FROM unsealed WHERE case_id IS NOT NULL"))
        unit.db.execute(
            text("INSERT INTO unsealed (case_id, first, last) SELECT id, 1, seq FROM cases WHERE seq > 0")
        )
    counted = share * TURNS / 2
    return spent[True] / counted, spent[False] / counted


@contextmanager
def _leaf(is_written: bool) -> Iterator[None]:
    whole = record.write_rows

    def but_the_leaf(db: Any, model: Any, rows: Any, **more: Any) -> None:
        if model is not Unsealed:
            whole(db, model, rows, **more)

    with pytest.MonkeyPatch.context() as patch:
        if not is_written:
            patch.setattr(record, "write_rows", but_the_leaf)
        yield


def taken_in(runtime: Runtime) -> tuple[int, float]:
    """How many entries there are afterwards, and the seconds it took."""
    began = time.perf_counter()
    while integrate(runtime):
        pass
    seconds = time.perf_counter() - began
    with runtime.reading(SERVICE) as unit:
        log = identity(unit)
    assert log is not None
    return log.size, seconds


def verified(runtime: Runtime) -> tuple[float, float]:
    """Seconds to verify all of it, and the MiB that it took besides."""
    process = psutil.Process(os.getpid())
    before, began = process.memory_info().rss, time.perf_counter()
    with runtime.reading(SERVICE) as unit:
        log = identity(unit)
        assert log is not None
        assert fsck(LyingHere(unit), Trust(log.key)).wrong == []
    return time.perf_counter() - began, (process.memory_info().rss - before) / 2**20


def replayed(runtime: Runtime) -> tuple[int, float]:
    """How many cases were made again from their lines, and the seconds it took."""
    began, cases = time.perf_counter(), 0
    with runtime.reading(SERVICE) as unit:
        for count, wrong in replay_here(unit):
            assert wrong == []
            cases += count
    return cases, time.perf_counter() - began


def entered(runtime: Runtime) -> int:
    """How many entries there are, once none waits any more."""
    ensure_key(runtime.settings)
    while integrate(runtime):
        pass
    with runtime.reading(SERVICE) as unit:
        log = identity(unit)
    return log.size if log is not None else 0


def lags(runtime: Runtime, since: int) -> list[float]:
    """Seconds from the moment of each line from entry `since` on until a checkpoint was signed that holds it, while the service was under
    load."""
    until(lambda: _count(runtime, "unsealed") == 0, 60, what="every line has been taken in")
    with runtime.reading(SERVICE) as unit:
        signed = unit.db.execute(
            select(LogCheckpoint.size, LogCheckpoint.at).order_by(LogCheckpoint.size)
        ).all()
        lines = unit.db.execute(
            select(Leaf.number, History.at)
            .join(History, (History.case_id == Leaf.case_id) & (History.seq == Leaf.seq))
            .where(Leaf.number >= since)
        ).all()
    sizes = [one.size for one in signed]
    return [(signed[bisect_right(sizes, line.number)].at - line.at).total_seconds() for line in lines]


def _count(runtime: Runtime, table: str) -> int:
    with runtime.reading(SERVICE) as unit:
        return int(unit.db.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def proved(runtime: Runtime, folder: Path) -> tuple[list[float], list[float]]:
    """Seconds to make the bundle of a case, and to check it offline, for some cases at random."""
    chance, made, checked = random.Random(7), list[float](), list[float]()
    with runtime.reading(SERVICE) as unit:
        cases = [row.id for row in unit.db.execute(text("SELECT id FROM cases"))]
    path = folder / "case.zip"
    for case in chance.sample(cases, CASES):
        began = time.perf_counter()
        export(runtime, SERVICE, Scope(case=case), path)
        made.append(time.perf_counter() - began)
        began = time.perf_counter()
        bundle = Bundle(path)
        assert verify(bundle, Trust(bundle.key)).wrong == []
        checked.append(time.perf_counter() - began)
    return made, checked
