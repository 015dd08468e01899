"""What the runbooks tell to type does what they say: rows set aside, events in triage, calendars, backups."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from pysqlite3 import dbapi2
from sqlalchemy import select, update
from typer.testing import CliRunner

from api.cli.main import app
from services.actor import SERVICE
from services.db.models.mail import Inbox
from services.db.upgrade import upgrade
from services.demo.hands import Hands
from services.directory.bodies import create_body
from services.intake.apply import drain_inbox
from services.runtime import Runtime
from services.settings import Settings
from tests.builders import TOWN, found, uscc
from tests.fakes import SilentBells

RUNBOOKS = Path(__file__).parents[2] / "deploy" / "handbook" / "runbooks"
CALENDARS = Path(__file__).parents[2] / "workflows" / "calendars"
OFFICE = "registry.220200"


@pytest.fixture
def here(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runtime]:
    """A home with bodies and accounts, as a runbook meets it."""
    for name in ("DATABASE_URL", "BROKER_URL"):
        monkeypatch.delenv(f"GONGJIAN_{name}", raising=False)
    monkeypatch.setenv("GONGJIAN_HOME", str(home))
    settings = Settings(home=home)
    upgrade(settings)
    runtime = Runtime(settings, bells=SilentBells())
    found(runtime)
    with runtime.writing(SERVICE) as unit:
        create_body(unit, "registry", "220200", "市局（测试）")
    yield runtime
    runtime.close()


def typed(page: str, word: str, **changed: str) -> str:
    """The page's one line with this word, run with these of its arguments changed; yields what it printed."""
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```$", (RUNBOOKS / page).read_text("utf-8"), re.M | re.S)
    (line,) = [one for block in blocks for one in block.splitlines() if f" {word}" in one]
    arguments = [changed.get(one, one) for one in shlex.split(line)[1:]]
    answer = CliRunner().invoke(app, arguments)
    assert answer.exit_code == 0, f"{line}\n{answer.output}"
    return str(answer.output)


def state(runtime: Runtime, key: int) -> str:
    with runtime.reading(SERVICE) as unit:
        return str(unit.db.scalars(select(Inbox.state).where(Inbox.id == key)).one())


def sent(runtime: Runtime, **data: object) -> int:
    """An event of the office is in the inbox; yields its row."""
    said = {"uscc": uscc(1), "name": "甲公司", "registered_on": "2026-01-05"} | data
    Hands(runtime).emit(OFFICE, "registered", "r-1", said)
    with runtime.reading(SERVICE) as unit:
        return int(unit.db.scalars(select(Inbox.id)).one())


def test_a_row_set_aside_is_shown_and_tried_again(here: Runtime) -> None:
    key = sent(here, division=TOWN)
    told = {"zh": "坏了", "en": "broken"}
    with here.writing(SERVICE) as unit:
        broken = {"state": "failed", "deliveries": 8, "attempts": 8, "error_code": "broken", "error": told}
        unit.db.execute(update(Inbox).where(Inbox.id == key).values(**broken))
    listed = typed("quarantine.md", "quarantine list")
    assert f"{key} broken 坏了" in listed and listed.startswith("inbox")
    typed("quarantine.md", "quarantine retry", **{"1": str(key)})
    assert drain_inbox(here) == 1 and state(here, key) == "applied"


def test_an_event_in_triage_is_shown_and_placed(here: Runtime) -> None:
    code = uscc(1, "220271")  # a development zone's code is no county's
    key = sent(here, uscc=code, address="高新区某路1号")
    drain_inbox(here)
    assert state(here, key) == "triage"
    assert code in typed("triage.md", "triage list")
    typed("triage.md", "triage place", **{"1": str(key)})
    assert drain_inbox(here) == 1 and state(here, key) == "applied"


def test_a_years_notice_is_imported_and_shown(here: Runtime, tmp_path: Path) -> None:
    ours = (CALENDARS / "cn-2026.toml").read_text("utf-8")
    notice = tmp_path / "cn-2027.toml"
    notice.write_text(
        'year = 2027\nsource = "测试通知"\nprovisional = true\n[rest]\n2027-10-01 = "国庆节"\n', "utf-8"
    )
    assert all(word in ours for word in ("year = ", "source = ", "[rest]", "[work]"))
    assert "2027" in typed("calendar.md", "calendar import", **{"cn-2027.toml": str(notice)})
    assert "暂定" in typed("calendar.md", "calendar show")


def test_a_backup_taken_while_the_service_runs_is_whole(
    here: Runtime, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = sent(here, division=TOWN)
    (block,) = re.findall(r"^```python\n(.*?)^```$", (RUNBOOKS / "backup.md").read_text("utf-8"), re.M | re.S)
    with here.reading(SERVICE):
        exec(compile(block, "backup.md", "exec"), {})
    assert capsys.readouterr().out == "ok\n"
    assert (home / "backup.db").stat().st_mode & 0o077 == 0
    copy = dbapi2.connect(str(home / "backup.db"))
    assert copy.execute("SELECT id FROM inbox").fetchall() == [(key,)]
    copy.close()
