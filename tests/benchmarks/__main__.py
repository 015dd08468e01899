"""`make bench`: what the office does, beside the floor of the same rows by the bare driver in the same run.

One JSON object a line: name, value, unit, floor, ratio, n. PostgreSQL when GONGJIAN_TEST_DATABASE_URL names one, and SQLite always.
"""

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import psutil
from sqlalchemy import create_engine, make_url, text

from services.actor import SERVICE
from services.db.upgrade import upgrade
from services.directory.bodies import create_body
from services.intake.lists import import_list
from services.runtime import Runtime
from services.settings import Settings
from tests.benchmarks import floor, life
from tests.benchmarks.shares import BATCH, bare_lives, lives, own_cpu, ready, runtime_of
from tests.benchmarks.synthetic import write_list

SMALL = os.environ.get("GONGJIAN_BENCH_SCALE") == "small"
LIVES = 200 if SMALL else 1000
ROWS = 3000 if SMALL else 20000
PROCESSES = 2


@dataclass(frozen=True)
class Spent:
    seconds: float
    cpu: float
    """CPU-seconds of our processes and, where there is one, of the database server's."""


def main() -> None:
    for url in (os.environ.get("GONGJIAN_TEST_DATABASE_URL"), None):
        if url is None or make_url(url).get_backend_name() == "postgresql":
            with fresh(url) as settings:
                name = "postgresql" if url else "sqlite"
                case_life(name, settings)
                list_import(name, settings)


def case_life(database: str, settings: Settings) -> None:
    """Full lives by two processes at once (SQLite: one, for it has one writer), then the same rows by the bare driver."""
    upgrade(settings)
    with runtime_of(settings) as runtime:
        papers = life.furnish(runtime)
        life.live(runtime, range(BATCH), papers)
        rows = floor.sample(runtime, 1)
    hands = PROCESSES if settings.database_url else 1
    share = LIVES // hands
    spent = measured(
        settings, hands, lives, [(settings, BATCH + turn * share, share, papers) for turn in range(hands)]
    )
    with runtime_of(settings) as runtime:
        life.check(runtime, BATCH + share * hands)
    bare = measured(
        settings, hands, bare_lives, [(settings, rows, 10**8 * (turn + 1), share) for turn in range(hands)]
    )
    total = share * hands
    say(f"case_life.{database}", total / spent.seconds, "cases/s", total / bare.seconds, total)
    say(f"case_life_cpu.{database}", spent.cpu / total, "CPU-s/case", bare.cpu / total, total)


def list_import(database: str, settings: Settings) -> None:
    """A list of enterprises through reading, checking, placing and opening, beside its inbox rows alone."""
    upgrade(settings)
    with tempfile.TemporaryDirectory() as folder, runtime_of(settings) as runtime:
        path = write_list(Path(folder) / "list.csv", ROWS)
        with runtime.writing(SERVICE) as unit:
            create_body(unit, "registry", "220000", "吉林省")
        began, cpu = time.perf_counter(), _cpu(settings)
        accepted = sum(
            verdict.status == "accepted" for verdict in import_list(runtime, path, "registry.220000")
        )
        spent = Spent(time.perf_counter() - began, _cpu(settings) - cpu)
        assert accepted == ROWS, accepted
        sample = floor.sample(runtime, _last_case(runtime))
        began = time.perf_counter()
        floor.open_only(runtime, sample, list(floor.shifts(ROWS, first=9 * 10**8)), batch=500)
        bare = time.perf_counter() - began
    say(f"list_import.{database}", ROWS / spent.seconds, "rows/s", ROWS / bare, ROWS)
    say(f"list_import_cpu.{database}", spent.cpu / ROWS, "CPU-s/row", None, ROWS)


def measured(
    settings: Settings, hands: int, work: Callable[..., float], shares: list[tuple[object, ...]]
) -> Spent:
    """`work` by so many processes at once, one share each; its own CPU-seconds and the database server's."""
    server = _server_cpu(settings)
    with ProcessPoolExecutor(hands, mp_context=get_context("spawn")) as pool:
        list(pool.map(ready, range(hands)))
        began = time.perf_counter()
        cpu = sum(future.result() for future in [pool.submit(work, *share) for share in shares])
        seconds = time.perf_counter() - began
        return Spent(seconds, cpu + _server_cpu(settings) - server)


def _cpu(settings: Settings) -> float:
    return own_cpu() + _server_cpu(settings)


def _server_cpu(settings: Settings) -> float:
    """CPU-seconds of every PostgreSQL process of this machine, the ended ones included (as their parent counts them)."""
    if settings.database_url is None:
        return 0.0
    total = 0.0
    for process in psutil.process_iter(["name", "cpu_times"]):
        if process.info["name"] == "postgres" and process.info["cpu_times"]:
            times = process.info["cpu_times"]
            total += times.user + times.system + times.children_user + times.children_system
    return total


def _last_case(runtime: Runtime) -> int:
    with runtime.reading(SERVICE) as unit:
        return int(unit.db.execute(text("SELECT max(case_id) FROM deadlines")).scalar_one())


@contextmanager
def fresh(url: str | None) -> Iterator[Settings]:
    """An empty database of this run's own."""
    with tempfile.TemporaryDirectory() as home:
        if url is None:
            yield Settings(home=Path(home))
            return
        server = make_url(url).set(drivername="postgresql+psycopg")
        name = f"gongjian_bench_{os.getpid()}"
        admin = create_engine(server, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield Settings(
            home=Path(home), database_url=server.set(database=name).render_as_string(hide_password=False)
        )
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


def say(name: str, value: float, unit: str, under: float | None, n: int) -> None:
    line = {
        "name": name,
        "value": round(value, 6),
        "unit": unit,
        "floor": None if under is None else round(under, 6),
    }
    print(
        json.dumps(line | {"ratio": None if under is None else round(value / under, 3), "n": n}), flush=True
    )


if __name__ == "__main__":
    main()
