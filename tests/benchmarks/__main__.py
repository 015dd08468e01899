"""`make bench`: what the office does, beside the floor of the same rows by the bare driver in the same run.

One JSON object a line: name, value, unit, floor, ratio, n. PostgreSQL when GONGJIAN_TEST_DATABASE_URL names one, and SQLite always.
"""

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import psutil
from sqlalchemy import create_engine, make_url, text

from services.actor import SERVICE
from services.db.upgrade import upgrade
from services.demo.town import BUREAU, REGISTRY, TOWN_PARTY
from services.directory.bodies import create_body
from services.intake.lists import import_list
from services.runtime import Runtime
from services.settings import Settings
from tests.benchmarks import floor, ledger, life, questions, served
from tests.benchmarks.shares import BATCH, bare_lives, lives, own_cpu, ready, runtime_of
from tests.benchmarks.synthetic import write_list

SCALE = os.environ.get("GONGJIAN_BENCH_SCALE", "usual")
SMALL = SCALE == "small"
LIVES = 200 if SMALL else 1000
ROWS = 3000 if SMALL else 20000
PROCESSES = 2
#: Few files and many, of which the same is asked.
FILES = {
    "small": (300, 3000),
    "usual": (2000, 20_000),
    "pages": (10_000, 100_000),
    "full": (10_000, 1_000_000),
    "ledger": (0, 0),
}[SCALE]
#: Of a list of so many rows the ledger's figures are taken; each makes two entries.
LOGGED = {"small": 2000, "ledger": 505_000}.get(SCALE, 20_000)
EVENTS, LINES, WARMING = (1000 if SMALL else 3000), 8, 80
STEPS_SEEN = 10 if SMALL else 40


@dataclass(frozen=True)
class Spent:
    seconds: float
    cpu: float
    """CPU-seconds of our processes and, where there is one, of the database server's."""


def main() -> None:
    for url in dict.fromkeys((os.environ.get("GONGJIAN_TEST_DATABASE_URL"), None)):
        if url is None or make_url(url).get_backend_name() == "postgresql":
            name = "postgresql" if url else "sqlite"
            if SCALE == "ledger":
                with fresh(url) as settings:
                    log(name, settings)
                    counter(name, settings)  # of a service whose log is as long as that
                continue
            if SCALE == "pages":  # what people ask, and nothing else
                if url:
                    questions_asked(name, url)
                continue
            brief = (
                SMALL and url is None
            )  # CI asks the province's database the long questions, and the county's the short ones
            for one in (case_life, list_import, log) if brief else (case_life, list_import, log, counter):
                with fresh(url) as settings:
                    one(name, settings)
            if url or SCALE not in ("full", "small"):  # a million files are for PostgreSQL
                questions_asked(name, url)


def case_life(database: str, settings: Settings) -> None:
    """Full lives by two processes at once (SQLite: one, for it has one writer), then the same rows by the bare driver."""
    upgrade(settings)
    with runtime_of(settings) as runtime:
        found = life.furnish(runtime, BATCH + LIVES)
        life.live(runtime, range(BATCH), found)
        rows = floor.sample(runtime, life.last_case(runtime))
    hands = PROCESSES if settings.database_url else 1
    share = LIVES // hands
    spent = measured(
        settings, hands, lives, [(settings, BATCH + turn * share, share, found) for turn in range(hands)]
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


def log(database: str, settings: Settings) -> None:
    """The leaf of a line beside the same writes without it; then all lines taken in, verified, and single cases proved."""
    upgrade(settings)
    with tempfile.TemporaryDirectory() as folder, runtime_of(settings) as runtime:
        place = Path(folder)
        leaf, bare = ledger.appended(runtime, LOGGED, place, lambda: _cpu(settings))
        say(f"ledger_leaf_cpu.{database}", leaf, "CPU-s/row", bare, LOGGED)
        entries, seconds = ledger.taken_in(runtime)
        say(f"ledger_taken_in.{database}", entries / seconds, "entries/s", None, entries)
        seconds, more = ledger.verified(runtime)
        say(f"ledger_verify.{database}", entries / seconds, "entries/s", None, entries)
        say(f"ledger_verify_memory.{database}", more, "MiB", None, entries)
        cases, seconds = ledger.replayed(runtime)
        say(f"ledger_replay.{database}", cases / seconds, "cases/s", None, cases)
        for name, took in zip(("made", "checked"), ledger.proved(runtime, place), strict=True):
            say(f"case_proof_{name}_p95.{database}", 1000 * served.share(took, 0.95), "ms", None, len(took))


def counter(database: str, settings: Settings) -> None:
    """Events posted at once over several connections, and how soon the next body sees its work; memory before and after.

    The very first post has a figure of its own. It is followed by some that are not measured: of 300 events over eight lines p99
    was the first eight, so how long a fresh process takes to its first statement, which happens once a day at most. And one moment
    in which nobody is served holds up all eight lines, so there are a thousand events at least.
    """
    upgrade(settings)
    with runtime_of(settings) as runtime:
        found = life.furnish(runtime, STEPS_SEEN)
        tokens = {body: served.token_of(runtime, body) for body in (TOWN_PARTY, BUREAU)}
        office = served.office_token(runtime, REGISTRY)
        entered = ledger.entered(runtime)
        with served.served(settings) as (there, processes):
            say(f"memory_at_rest.{database}", served.memory(processes), "MiB", None, len(processes))
            first, *warming = [life.event(10_000 + number) for number in range(1 + WARMING)]
            line = served.Line(there, office)
            waited = line.timed("POST", "/api/v1/events", first, **served.CLOUDEVENTS)
            say(f"intake_first.{database}", 1000 * waited, "ms", None, 1)
            served.at_once(there, office, "/api/v1/events", warming, LINES)
            served.at_rest(processes)
            events = [life.event(20_000 + number) for number in range(EVENTS)]
            seconds, took = served.at_once(there, office, "/api/v1/events", events, LINES)
            say(f"memory_under_load.{database}", served.memory(processes), "MiB", None, len(processes))
            say(f"intake.{database}", EVENTS / seconds, "events/s", None, EVENTS)
            for name, of in (("p50", 0.5), ("p99", 0.99)):
                say(f"intake_{name}.{database}", 1000 * served.share(took, of), "ms", None, EVENTS)
            lags = ledger.lags(runtime, entered)
            say(f"ledger_lag_p95.{database}", served.share(lags, 0.95), "s", None, len(lags))
            waits, bare = _seen_soon(runtime, there, found, tokens)
        floor_ms = 1000 * served.share(bare, 0.95)
        say(f"next_work_item_p95.{database}", 1000 * served.share(waits, 0.95), "ms", floor_ms, len(waits))


def _seen_soon(
    runtime: Runtime, there: Settings, found: life.Furnished, tokens: Mapping[str, str]
) -> tuple[list[float], list[float]]:
    """Seconds from the answer to a step until the next body's inbox shows what it must do; and those of looking there alone."""
    inbox = "/api/v1/work-items?view=unit&status=open"
    taking, looking = (served.Line(there, tokens[body]) for body in (TOWN_PARTY, BUREAU))
    waits, bare = [], []
    body = {"fields": {"joint_units": 3}, "evidence": [found.papers["joint_branch_application"]]}
    for proceeding in life.surveyed(runtime, range(STEPS_SEEN), found):
        bare.append(looking.timed("GET", inbox))
        path = f"/api/v1/proceedings/{proceeding}/steps/apply_joint_branch"
        taking.timed("POST", path, json.dumps(body).encode(), **{"Content-Type": "application/json"})
        waits.append(
            served.until_seen(looking, inbox, lambda item, key=str(proceeding): item["proceeding"] == key)
        )
    return waits, bare


def questions_asked(database: str, url: str | None) -> None:
    """The same questions of few files and of many; the floor is the time that they take of few."""
    few, many = (_asked_of(url, files) for files in FILES)
    for name, seconds in many.items():
        say(f"{name}_p95.{database}", 1000 * seconds, "ms", 1000 * few[name], FILES[1])


def _asked_of(url: str | None, files: int) -> Mapping[str, float]:
    with fresh(url) as settings, tempfile.TemporaryDirectory() as folder:
        settings = settings.model_copy(update={"limits": settings.limits.model_copy(update=_LONG_LISTS)})
        questions.furnish(settings, files, Path(folder))
        return questions.asked(settings)


_LONG_LISTS = {"list_bytes": 10**9}


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
