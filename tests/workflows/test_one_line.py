"""Changing a threshold for one county is one line of TOML: it is written here, and only that county changes, from that day."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli.main import app
from services.runtime import Runtime
from services.settings import Settings
from tests.fakes import SilentBells
from tests.workflows.lives import COUNTY, MONDAY, TOWN, Life, step_of
from workflows.events import Scalar
from workflows.runner import why_not

HEAD = """[edition]
division = "220204"
effective = 2026-06-01
title = "船营区女职工组织规定 / Chuanying on women workers' bodies"
"""
LINE = 'union.women.threshold = {value = 8, source = "船营区总工会2026年5号文"}\n'
DAY = date(2026, 6, 1)
PAGE = Path(__file__).parents[2] / "deploy" / "handbook" / "policies.md"
ELSEWHERE = ("220202", "220203", "220200", "220000", "110101", "000000")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home in which the county has written its one line."""
    monkeypatch.delenv("GONGJIAN_POLICIES", raising=False)
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "220204-2026-06.toml").write_text(HEAD + LINE, "utf-8")
    return tmp_path


@pytest.fixture
def due(home: Path) -> Callable[..., bool]:
    """Asks the law, in a runtime of that home, whether eight women members call for a women workers' committee."""
    runtime = Runtime(Settings(home=home, database_url=None), bells=SilentBells())
    policies = runtime.policies
    runtime.close()

    def ask(division: str, began: date, *, women: int = 8, today: date | None = None) -> bool:
        life = Life.standing_in("union", "established", union_kind="committee", women_members=women)
        life.policies, life.case.division, life.today = policies, division, today or began
        standing = life.standing("union")
        standing.began_on = began
        form: dict[str, Scalar] = {
            "audit_body": True,
            "women_body": "one_member",
            "women_workers": women,
        }
        situation = life.unfolding().situation(standing, extra=form)
        return why_not(step_of("union", "complete_set_up"), situation) is not None

    return ask


def shown(home: Path, division: str, on: date) -> dict[str, Any]:
    """Every value with where it comes from, as `gongjian policy show` tells it. `Any`: JSON."""
    told = CliRunner().invoke(
        app,
        ["policy", "show", division, "--on", on.isoformat(), "--json"],
        env={"GONGJIAN_HOME": str(home)},
    )
    assert told.exit_code == 0, told.output
    return {one.pop("key"): one for one in json.loads(told.stdout)["settings"]}


def test_the_file_is_the_one_that_the_handbook_shows() -> None:
    assert f"```toml\n{HEAD}{LINE}```\n" in PAGE.read_text("utf-8")


@pytest.mark.rule("U-18")
def test_the_law_asks_more_of_that_county_and_its_towns_from_that_day_on(due: Callable[..., bool]) -> None:
    for division in (COUNTY, TOWN, f"{TOWN}007"):
        assert due(division, DAY)
        assert due(division, DAY + timedelta(days=1000))
        assert not due(division, DAY, women=7)


@pytest.mark.rule("U-18")
def test_the_law_asks_nothing_new_of_anybody_else_nor_of_the_day_before(due: Callable[..., bool]) -> None:
    for division in ELSEWHERE:
        assert not due(division, DAY)
    for division in (COUNTY, TOWN):
        assert not due(division, DAY - timedelta(days=1))
        assert not due(division, MONDAY, today=DAY + timedelta(days=30)), "begun before, and not meant"
        assert due(division, MONDAY, women=10), "the nation's threshold held there till then"


def test_policy_show_shows_one_value_changed_and_who_changed_it(home: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    for division in (COUNTY, TOWN):
        now, otherwise = shown(home, division, DAY), shown(bare, division, DAY)
        assert [key for key in now if now[key] != otherwise[key]] == ["union.women.threshold"]
        assert now["union.women.threshold"] == {
            "value": 8,
            "source": "船营区总工会2026年5号文",
            "division": "220204",
            "effective": "2026-06-01",
        }
        assert otherwise["union.women.threshold"]["value"] == 10


def test_policy_show_shows_the_neighbours_and_the_day_before_untouched(home: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    for division in ELSEWHERE:
        assert shown(home, division, DAY) == shown(bare, division, DAY)
    for division in (COUNTY, TOWN):
        eve = DAY - timedelta(days=1)
        assert shown(home, division, eve) == shown(bare, division, eve)


def test_policy_show_tells_people_the_title_the_value_the_edition_and_the_source(home: Path) -> None:
    told = CliRunner().invoke(
        app, ["policy", "show", TOWN, "--on", "2026-06-01"], env={"GONGJIAN_HOME": str(home)}
    )
    lines = told.stdout.splitlines()
    assert lines[0] == "220204102  2026-06-01  000000@1992-04-03+220204@2026-06-01"
    assert lines[1] == "000000@1992-04-03  全国通行 / national defaults"
    assert lines[2] == "220204@2026-06-01  船营区女职工组织规定 / Chuanying on women workers' bodies"
    assert "union.women.threshold = 8  [220204@2026-06-01] 船营区总工会2026年5号文" in lines
    assert (
        "union.min_committee = 25  [000000@1992-04-03] 工会法第11条（会员满25人，含本数） / Trade Union Law Art 11 (25 members, inclusive)"
        in lines
    )
