"""What people ask all day, of few files and of many: the inbox, one case, a search by two signs of a name, at the counter and on the
pages.

The files come from a list, taken in as an office would; nothing is written by hand.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from urllib.parse import quote

import psycopg
from sqlalchemy import make_url, select, text

from services.access.tokens import Purpose
from services.actor import SERVICE
from services.db.models.casework import Case, WorkItem
from services.db.upgrade import upgrade
from services.demo.town import BODIES, COUNTY, DISTRICT_UNION, TOWN, TOWN_UNION
from services.directory.bodies import create_body
from services.intake.lists import import_list
from services.runtime import Runtime
from services.settings import Settings
from tests.benchmarks.served import Line, Window, served, share, token_of
from tests.benchmarks.shares import runtime_of
from tests.benchmarks.synthetic import SIGNS, write_list

PROVINCE = "220000"
PROVINCE_UNION = f"union.{PROVINCE}"
#: How often each question is asked; the first few warm up what any service has warm.
TIMES, WARMING = 100, 10


def furnish(settings: Settings, files: int, folder: Path) -> None:
    """So many files are on file, and the database has counted them, as PostgreSQL's autovacuum does by itself."""
    upgrade(settings)
    with runtime_of(settings) as runtime:
        with runtime.writing(SERVICE) as unit:
            for kind, division, name in (
                *BODIES,
                ("registry", PROVINCE, "吉林省"),
                ("union", PROVINCE, "吉林省"),
            ):
                create_body(unit, kind, division, name)
        path = write_list(folder / f"{files}.csv", files)
        accepted = sum(
            verdict.status == "accepted" for verdict in import_list(runtime, path, f"registry.{PROVINCE}")
        )
        assert accepted == files, accepted
        counted(runtime)


def counted(runtime: Runtime) -> None:
    """The database's own statistics are of today. Of a million files that takes longer than the house waits for an answer, so
    it is asked over a bare line."""
    if runtime.database.is_sqlite:
        with runtime.database.engine.connect() as connection:
            connection.execute(text("ANALYZE"))
        return
    url = make_url(runtime.settings.database).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as line:
        line.execute("VACUUM ANALYZE")


def asked(settings: Settings) -> dict[str, float]:
    """95 of 100 answers are there within so many seconds, by question."""
    with runtime_of(settings) as runtime:
        paths = {name: list(found) for name, found in _paths(runtime).items()}
        tokens = {body: token_of(runtime, body) for body in (TOWN_UNION, DISTRICT_UNION, PROVINCE_UNION)}
        pages = {name: list(found) for name, found in _pages(runtime).items()}
        session = token_of(runtime, TOWN_UNION, Purpose.SESSION)
    with served(settings, "api.server") as (there, _):
        return {name: _slowest(Line(there, tokens[body]), found) for (name, body), found in paths.items()} | {
            name: _slowest(Window(there, session), found) for name, found in pages.items()
        }


def _slowest(line: Line, paths: Sequence[str]) -> float:
    """Seconds of the slowest but five of a hundred, once the service is warm."""
    return share([*map(partial(line.timed, "GET"), paths)][WARMING:], 0.95)


def _pages(runtime: Runtime) -> Mapping[str, Iterator[str]]:
    """By page, the addresses to ask at; all of them as a clerk of the town's union."""
    chance = random.Random(2205)
    with runtime.reading(SERVICE) as unit:
        cases = unit.db.execute(select(Case.id).where(Case.division == TOWN)).scalars().all()
    times = range(TIMES + WARMING)
    return {
        "page_home": ("/" for _ in times),
        "page_inbox": ("/work-items" for _ in times),
        "page_case": (f"/cases/{chance.choice(cases)}" for _ in times),
        "page_search": (f"/cases?name={quote(''.join(chance.sample(SIGNS, 2)))}" for _ in times),
    }


def _paths(runtime: Runtime) -> Mapping[tuple[str, str], Iterator[str]]:
    """By question and asker, the addresses to ask at."""
    chance = random.Random(2204)
    with runtime.reading(SERVICE) as unit:
        cases = unit.db.execute(select(Case.id).where(Case.division.startswith(COUNTY))).scalars().all()
        items = (
            unit.db.execute(select(WorkItem.id).where(WorkItem.division.startswith(COUNTY))).scalars().all()
        )

    def times() -> range:
        return range(TIMES + WARMING)

    def words() -> Iterator[str]:
        return (quote("".join(chance.sample(SIGNS, 2))) for _ in times())

    inbox, listed = "/api/v1/work-items?view=unit&status=open", "/api/v1/cases"
    return {
        ("inbox", TOWN_UNION): (inbox for _ in times()),
        ("inbox_deep", TOWN_UNION): (f"{inbox}&cursor={chance.choice(items)}" for _ in times()),
        ("case", DISTRICT_UNION): (f"{listed}/{chance.choice(cases)}" for _ in times()),
        ("cases", DISTRICT_UNION): (listed for _ in times()),
        ("search", DISTRICT_UNION): (f"{listed}?name={word}" for word in words()),
        ("search_province", PROVINCE_UNION): (f"{listed}?name={word}" for word in words()),
        ("search_common", DISTRICT_UNION): (f"{listed}?name={quote('有限')}" for _ in times()),
        ("search_trade", PROVINCE_UNION): (f"{listed}?name={quote('食品')}" for _ in times()),
    }
