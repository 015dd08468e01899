"""The users that deploy/postgresql/roles.sql makes: the service works as one of them, and none can do more than its work."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from services.checkup import Health, examine
from services.clock import SettableClock
from services.runtime import Runtime
from services.settings import Settings
from tests.builders import BEGAN, Town, found
from tests.fakes import SilentBells

ROLES = Path(__file__).parents[2] / "deploy" / "postgresql" / "roles.sql"
PASSWORD = "three-users-of-one-database"


@pytest.fixture
def as_user(make_runtime: Callable[..., Runtime]) -> Iterator[Callable[[str], str]]:
    """The database's address for one of the three."""
    runtime = make_runtime()
    if runtime.database.is_sqlite:
        pytest.skip("SQLite has no users")
    whole = make_url(runtime.settings.database).set(drivername="postgresql")
    with psycopg.connect(whole.render_as_string(hide_password=False), autocommit=True) as line:
        maker = line.execute(
            "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        if maker is None or not maker[0]:
            pytest.skip("this database user may make no other")
        for _ in range(2):  # harmless to repeat
            line.execute(ROLES.read_text(encoding="utf-8"))
        for name in ("service", "auditor"):
            line.execute(f"ALTER ROLE gongjian_{name} LOGIN PASSWORD '{PASSWORD}'")
        yield lambda name: whole.set(username=f"gongjian_{name}", password=PASSWORD).render_as_string(False)
        for name in ("service", "auditor"):
            line.execute(f"ALTER ROLE gongjian_{name} NOLOGIN PASSWORD NULL")


def test_the_service_does_its_work_and_changes_no_table(as_user: Callable[[str], str], home: Path) -> None:
    settings = Settings(home=home, database_url=as_user("service"))
    clock = SettableClock(BEGAN)
    runtime = Runtime(settings, clock=clock, bells=SilentBells())
    try:
        found(runtime, by_hand=True)
        town = Town(runtime, clock)
        town.with_union(town.enterprise())
        wall = next(one for one in examine(settings, lambda: runtime) if one.name == "wall")
        assert wall.health is Health.WELL
    finally:
        runtime.close()
    _refused(
        as_user("service"),
        "CREATE TABLE another (id int)",
        "ALTER TABLE cases ADD COLUMN another int",
        "ALTER TABLE cases DISABLE ROW LEVEL SECURITY",
        "DROP POLICY the_wall ON cases",
        "DELETE FROM cases",
        "DELETE FROM history",
        "UPDATE history SET canon = canon",
        "UPDATE journal SET actor = actor",
        "UPDATE alembic_version SET version_num = '0001'",
        "TRUNCATE cases CASCADE",
    )


def test_the_auditor_reads_what_is_not_secret_and_writes_nothing(
    town: Town, as_user: Callable[[str], str]
) -> None:
    town.enterprise()
    address = as_user("auditor")
    with psycopg.connect(address, autocommit=True) as line:
        for table in ("cases", "history", "notices", "journal"):
            line.execute(f"SELECT count(*) FROM {table}")
        assert line.execute("SELECT count(*) FROM cases").fetchone() == (1,)
        assert line.execute("SELECT name FROM accounts").fetchone() is not None
    _refused(
        address,
        "SELECT password_hash FROM accounts",
        "SELECT digest FROM tokens",
        "SELECT * FROM signing_keys",
        "UPDATE cases SET name = name",
        "INSERT INTO links VALUES (1, 'a', 1, 1)",
        "DELETE FROM notices",
        "CREATE TABLE another (id int)",
    )


def test_a_service_at_work_keeps_its_rights_while_they_are_given_anew() -> None:
    """What is taken away first is given back in the same transaction; nobody else sees a moment without."""
    said = [
        line for line in ROLES.read_text(encoding="utf-8").splitlines() if line and not line.startswith("--")
    ]
    assert (said[0], said[-1]) == ("BEGIN;", "COMMIT;")
    assert said.count("BEGIN;") == said.count("COMMIT;") == 1


def _refused(address: str, *statements: str) -> None:
    with psycopg.connect(address, autocommit=True) as line:
        for statement in statements:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                line.execute(statement)
