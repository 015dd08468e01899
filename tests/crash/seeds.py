"""The random driver: offices, staff and a fault every few seconds, all drawn from one seed; then everything is healed,
drained, and the books are checked. `make seeds` runs many and writes their figures into the handbook."""

import os
import shutil
import sys
import tempfile
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random, SystemRandom
from statistics import median

from httpx2 import Client

from services.invariants import Books
from tests.crash.faults import EMBEDDED, SERVERS, World
from tests.crash.killer import Killer, drawn
from tests.crash.offices import Log, busy
from tests.crash.proxy import proxy
from tests.crash.servers import own_postgres, own_rabbitmq, postgres_programs, rabbitmq_program
from tests.crash.service import Parts, service
from tests.crash.staff import BODIES, Deeds, at_work
from tests.house.fault_table import FIGURES, PAGE
from tests.waiting import until

PROFILES = {"SQLite + filesystem": EMBEDDED, "PostgreSQL + RabbitMQ": SERVERS}
OFFICES = 8
NUMBERS = 12_000  # of enterprises for each: a code has room for 100,000
STAFF_EACH = 4  # in each of five bodies: twenty people
OFFICE_PAUSE_SECONDS = 0.02
STAFF_PAUSE_SECONDS = 2.0
BATCHES = 0.15
DRAINED_WITHIN_SECONDS = 300.0


@dataclass(frozen=True)
class Figures:
    """What one seed left behind."""

    profile: str
    seed: int
    seconds: float
    log: Log
    deeds: Deeds
    recoveries: Sequence[tuple[str, float]]
    drain_seconds: float
    violations: Sequence[str]

    def line(self) -> str:
        times = [seconds for _, seconds in self.recoveries] or [0.0]
        lost = sum("lost" in line for line in self.violations)
        twice = sum("twice" in line or "more than once" in line for line in self.violations)
        return (
            f"| {self.profile} | {self.seed} | {self.seconds:.0f} | {len(self.recoveries)} | {len(self.log.accepted):,}"
            f" | {self.log.receipts['duplicate']} | {self.log.conflicts} | {len(self.deeds.taken)} | {lost} | {twice}"
            f" | {len(self.violations)} | {median(times):.1f} | {max(times):.1f} | {self.drain_seconds:.1f}"
            f" | {self.log.percentile_ms(50):.0f} | {self.log.percentile_ms(99):.0f} |"
        )


def run_seed(profile: str, seed: int, seconds: float, folder: Path) -> Figures:
    """A service of its own, under fire for so many seconds; then healed, drained and looked through."""
    began = time.monotonic()
    with world(profile, folder) as made, ThreadPoolExecutor(2) as aside:
        tokens = made.service.hire(BODIES, STAFF_EACH)
        ends = time.monotonic() + seconds
        chance = Random(seed)
        killer = Killer(made, chance, drawn(chance, PROFILES[profile], lambda: time.monotonic() < ends))
        killer.start()

        def person(token: str) -> Client:
            told = {"Authorization": f"Bearer {token}"}
            return Client(base_url=made.service.url, headers=told, timeout=20.0)

        ranges = [range(NUMBERS * office, NUMBERS * (office + 1)) for office in range(OFFICES)]
        offices = aside.submit(
            busy, made.service.client, seed, ranges, OFFICE_PAUSE_SECONDS, killer.is_alive, batches=BATCHES
        )
        staff = aside.submit(at_work, person, seed, tokens, STAFF_PAUSE_SECONDS, killer.is_alive)
        log, deeds = offices.result(), staff.result()
        killer.finish()
        healed = time.monotonic()
        until(_drained(made.books), DRAINED_WITHIN_SECONDS, what=f"every row is worked off (seed {seed})")
        drain = time.monotonic() - healed
        states = dict(made.books.rows("SELECT state, count(*) FROM inbox GROUP BY state"))
        found = [f"{one.invariant} {one.en}" for one in made.books.violations(log.accepted)]
        violations = [*found, *deeds.violations(made.books)]
        if states != {"applied": len(log.accepted)}:
            violations.append(f"{len(log.accepted)} events were accepted, and the inbox has {states}")
        if strange := set(log.statuses) - {202, 409, 503}:
            violations.append(f"offices were answered with {strange}")
        if strange := {status for status in deeds.statuses if status >= 500} - {503}:
            violations.append(f"staff were answered with {strange}")
    return Figures(profile, seed, time.monotonic() - began, log, deeds, killer.recoveries, drain, violations)


@contextmanager
def world(profile: str, folder: Path) -> Iterator[World]:
    """A service on the ground of this profile; of servers, on ones of our own, behind lines of our own."""
    with ExitStack() as stack:
        if profile == "SQLite + filesystem":
            made = stack.enter_context(service(folder / "home", Parts()))
            yield World(made, Books(made.settings.database))
            return
        rabbitmq, postgres = rabbitmq_program(), postgres_programs()
        assert rabbitmq is not None and postgres is not None
        node = stack.enter_context(own_rabbitmq(rabbitmq, folder / "rabbit"))
        cluster = stack.enter_context(own_postgres(postgres))
        to_node = stack.enter_context(proxy("127.0.0.1", node.port))
        to_cluster = stack.enter_context(proxy("127.0.0.1", cluster.port))
        parts = Parts(to_cluster.url(cluster.url), to_node.url(node.url))
        made = stack.enter_context(service(folder / "home", parts))
        yield World(made, Books(cluster.url), node, cluster, to_node, to_cluster)


def _drained(books: Books) -> Callable[[], bool]:
    return lambda: books.waiting() == 0


_HEAD = """
`make seeds` 写成：每一行是一个独立的服务，在随机故障之下运行，然后恢复、办完、核对账目。

Written by `make seeds`. Each row is a service of its own: {offices} offices that repeat what was not answered (5 % of what
they said is said again, 1 % contradicted under the same id), {staff} people taking steps, and one fault after another
(`tests/crash/faults.py`) drawn from the seed; then everything is healed, the tables drained, and the books checked by
`services/invariants/`, which reads only the database. Recovery is counted from the healing of a fault until an event that
came after it is applied, drain from the last answer until no row waits. Times are seconds; p50 and p99 are milliseconds of an
answer to an office, outages included. {where}

| profile | seed | run s | faults | accepted | repeated | contradicted | steps | lost | twice | violations | recovery median s | recovery max s | drain s | p50 ms | p99 ms |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
"""


def main() -> None:
    """`GONGJIAN_SEEDS` seeds of `GONGJIAN_SECONDS` each, on each profile, from `GONGJIAN_SEED` on. What a run that went
    wrong left behind is kept, and said where."""
    seeds = int(os.environ.get("GONGJIAN_SEEDS") or 20)
    seconds = float(os.environ.get("GONGJIAN_SECONDS") or 60)
    first = int(os.environ.get("GONGJIAN_SEED") or SystemRandom().randrange(10**6))
    where = os.environ.get("GONGJIAN_SEEDS_WHERE") or ""
    rows: list[Figures] = []
    broken: list[str] = []
    for seed in range(first, first + seeds):
        for profile in PROFILES:
            folder = Path(tempfile.mkdtemp(prefix=f"gongjian-seed-{seed}-"))
            try:
                rows.append(run_seed(profile, seed, seconds, folder))
            except Exception:  # noqa: BLE001  # whatever stops one seed is told and kept, and stops no other
                broken.append(f"Seed {seed} on {profile} did not come to its end.")
                print(broken[-1], folder, traceback.format_exc(), sep="\n", flush=True)
                continue
            print(rows[-1].line(), rows[-1].recoveries, *rows[-1].violations, sep="\n", flush=True)
            if rows[-1].violations:
                print(folder, flush=True)
            else:
                shutil.rmtree(folder)
            table, _, _ = PAGE.read_text("utf-8").partition(FIGURES)
            PAGE.write_text(f"{table.rstrip()}\n\n{FIGURES}{_page(rows, broken, where)}", "utf-8")
    sys.exit(bool(broken) or any(one.violations for one in rows))


def _page(rows: Sequence[Figures], broken: Sequence[str], where: str) -> str:
    accepted = sum(len(one.log.accepted) for one in rows)
    head = _HEAD.format(offices=OFFICES, staff=STAFF_EACH * len(BODIES), where=where)
    ordered = sorted(rows, key=lambda one: (list(PROFILES).index(one.profile), one.seed))
    total = (
        f"\nIn all: {len(rows)} runs, {sum(len(one.recoveries) for one in rows)} faults, {accepted:,} accepted events,"
        f" {sum(len(one.deeds.taken) for one in rows):,} steps of people,"
        f" {sum(len(one.violations) for one in rows)} violations. {' '.join(broken)}\n"
    )
    return head + "\n".join(one.line() for one in ordered) + "\n" + total + _by_fault(rows)


def _by_fault(rows: Sequence[Figures]) -> str:
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for one in rows:
        for name, seconds in one.recoveries:
            found[one.profile, name].append(seconds)
    lines = [
        f"| {profile} | {name} | {len(times)} | {median(times):.1f} | {max(times):.1f} |"
        for (profile, name), times in sorted(found.items())
    ]
    return "\n".join(("", *_FAULT_HEAD, *lines, ""))


_FAULT_HEAD = ("| profile | fault | times | recovery median s | max s |", "|---|---|---|---|---|")


if __name__ == "__main__":
    main()
