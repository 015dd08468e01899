"""A real office on a real database for a test: SQLite in its own folder, or PostgreSQL where one is named."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import text

from services.access.accounts import create_account
from services.actor import SERVICE
from services.clock import SettableClock
from services.db.base import Base
from services.db.upgrade import upgrade
from services.demo.town import BODIES
from services.directory.bodies import create_body
from services.runtime import Runtime
from services.settings import Settings
from tests.fakes import SilentBells
from workflows.policies.book import Book
from workflows.registry import LawBook

DATABASE_URL = os.environ.get("GONGJIAN_TEST_DATABASE_URL")
SERVICES = bool(os.environ.get("GONGJIAN_TEST_SERVICES"))
if SERVICES and not DATABASE_URL:
    raise RuntimeError("GONGJIAN_TEST_DATABASE_URL is missing: make test-services names a PostgreSQL")

#: The databases a test of the office runs on: PostgreSQL joins when it is named, and is never skipped silently then.
DATABASES = ["sqlite", "postgresql"] if DATABASE_URL else ["sqlite"]

MORNING = datetime.fromisoformat("2025-03-03T09:00:00+08:00")


@contextmanager
def office(
    database: str,
    home: Path,
    *,
    at: datetime = MORNING,
    law: LawBook | None = None,
    policies: Book | None = None,
    furnished: bool = True,
) -> Iterator[Runtime]:
    """A runtime with empty tables, a clock that stands at `at`, and (furnished) the demo's bodies and accounts without passwords."""
    settings = Settings(home=home, database_url=DATABASE_URL if database == "postgresql" else None)
    upgrade(settings)
    runtime = Runtime(settings, law=law, policies=policies, clock=SettableClock(at), bells=SilentBells())
    try:
        if database == "postgresql":
            _empty(runtime)
        if furnished:
            furnish(runtime)
        yield runtime
    finally:
        runtime.close()


def furnish(runtime: Runtime) -> None:
    """The demo's nine bodies, and an account for each."""
    with runtime.writing(SERVICE) as unit:
        for kind, division, name in BODIES:
            create_body(unit, kind, division, name)
            create_account(unit, f"{kind}.{division}", f"{kind}.{division}", None)


def _empty(runtime: Runtime) -> None:
    names = ", ".join(table.name for table in Base.metadata.sorted_tables)
    with runtime.database.writing() as connection:
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
