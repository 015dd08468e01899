"""The Python of the runbooks does what its page says."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pysqlite3 import dbapi2
from sqlalchemy import select, update

from services.actor import SERVICE
from services.clock import SystemClock
from services.db.models.mail import Inbox
from services.db.upgrade import upgrade
from services.demo.hands import Hands
from services.intake.apply import drain_inbox
from services.runtime import Runtime, adopt, forget
from services.settings import Settings
from tests.builders import COUNTY, TOWN, found, uscc
from tests.fakes import SilentBells

RUNBOOKS = Path(__file__).parents[2] / "deploy" / "handbook" / "runbooks"
OFFICE = f"registry.{COUNTY}"


@pytest.fixture
def here(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runtime]:
    """This process's runtime, as a runbook's Python meets it: a home with bodies, accounts and one event applied."""
    monkeypatch.setenv("GONGJIAN_HOME", str(home))
    settings = Settings(home=home, database_url=None)
    upgrade(settings)
    runtime = Runtime(settings, clock=SystemClock(), bells=SilentBells())
    found(runtime)
    adopt(runtime)
    yield runtime
    forget()
    runtime.close()


def run(page: str, block: int, **changed: str) -> None:
    """The page's block is run, with these lines changed as the page invites."""
    blocks = re.findall(r"^```python\n(.*?)^```$", (RUNBOOKS / page).read_text("utf-8"), re.M | re.S)
    code = blocks[block]
    for old, new in changed.items():
        code, count = re.subn(rf"^{old} = .*$", f"{old} = {new}", code, flags=re.M)
        assert count == 1, old
    exec(compile(code, page, "exec"), {})


def state(runtime: Runtime, key: int) -> str:
    with runtime.reading(SERVICE) as unit:
        return str(unit.db.scalars(select(Inbox.state).where(Inbox.id == key)).one())


def sent(runtime: Runtime, **data: object) -> int:
    """An event of the office is in the inbox; yields its row."""
    said = {"uscc": uscc(1), "name": "甲公司", "registered_on": "2026-01-05"} | data
    Hands(runtime).emit(OFFICE, "registered", "r-1", said)
    with runtime.reading(SERVICE) as unit:
        return int(unit.db.scalars(select(Inbox.id)).one())


def test_a_row_set_aside_is_shown_and_sent_back(here: Runtime, capsys: pytest.CaptureFixture[str]) -> None:
    key = sent(here, division=TOWN)
    with here.writing(SERVICE) as unit:
        broken = {"state": "failed", "deliveries": 8, "attempts": 8, "error_code": "broken", "error": {"zh": "坏", "en": "bad"}}
        unit.db.execute(update(Inbox).where(Inbox.id == key).values(**broken))
    run("quarantine.md", 0)
    assert f"inbox {key} broken" in capsys.readouterr().out
    run("quarantine.md", 1, AGAIN=f"[{key}]")
    assert "sent back: 1" in capsys.readouterr().out
    assert drain_inbox(here) == 1 and state(here, key) == "applied"


def test_an_event_in_triage_is_shown_and_placed(here: Runtime, capsys: pytest.CaptureFixture[str]) -> None:
    key = sent(here, uscc=uscc(1, "220200"), division="220200", address="高新区某路1号")
    drain_inbox(here)
    assert state(here, key) == "triage"
    run("triage.md", 0, WHO='"union.220204"')
    assert uscc(1, "220200") in capsys.readouterr().out
    run("triage.md", 1, **{"WHO, EVENT, DIVISION": f'"{OFFICE}", {key}, "{TOWN}"'})
    assert drain_inbox(here) == 1 and state(here, key) == "applied"


def test_a_backup_taken_while_the_service_runs_is_whole(here: Runtime, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = sent(here, division=TOWN)
    with here.reading(SERVICE):
        run("backup.md", 0)
    assert capsys.readouterr().out == "ok\n"
    assert (home / "backup.db").stat().st_mode & 0o077 == 0
    copy = dbapi2.connect(str(home / "backup.db"))
    assert copy.execute("SELECT id FROM inbox").fetchall() == [(key,)]
    copy.close()
