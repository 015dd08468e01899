"""Fail points: each name stands at a place in the code, and nothing happens at any of them unless a test says so."""

import re
from pathlib import Path

import pytest

from services import failpoints
from services.failpoints import PLACES, POINTS, UNITS, Broken, here

ROOT = Path(__file__).parents[2]
SOURCES = [path for room in ("services", "workers", "api") for path in sorted((ROOT / room).rglob("*.py"))]


@pytest.fixture
def armed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(failpoints, "_FOLDER", tmp_path)
    return tmp_path


def test_every_name_stands_in_the_code_and_no_other_does() -> None:
    code = "\n".join(path.read_text("utf-8") for path in SOURCES if path.name != "failpoints.py")
    places = {f"{name}.{part}" for name, part in re.findall(r'\bhere\(\s*"(\w+)", "(\w+)"\s*\)', code)}
    drains = re.findall(r'\bhere\(self\.name, "(\w+)"\)', code)
    assert places | {f"{name}.{part}" for name in ("inbox", "outbox", "due") for part in drains} == set(
        PLACES
    )
    assert set(re.findall(r'\bhere\(doing, "(\w+)"\)', code)) == {"written", "committed", "rung"}
    units = set(re.findall(r'\bwriting\(\s*\w+, "(\w+)"\s*\)', code))
    assert units | {"inbox", "outbox", "due"} == set(UNITS)


def test_nothing_happens_at_a_point_that_nobody_armed(armed: Path) -> None:
    here("inbox", "found")
    here(None, "written")
    assert list(armed.iterdir()) == []


def test_a_point_is_met_once_at_the_hit_that_was_asked_for(armed: Path) -> None:
    (armed / "inbox.found").write_text("raise @3")
    here("inbox", "found")
    here("inbox", "found")
    here("inbox", "decided")
    with pytest.raises(Broken):
        here("inbox", "found")
    here("inbox", "found")
    assert [path.name for path in armed.iterdir()] == ["inbox.found.hit"]


def test_a_name_that_is_not_on_the_list_is_a_mistake(armed: Path) -> None:
    with pytest.raises(AssertionError, match=r"inbox\.lost"):
        here("inbox", "lost")
    assert "inbox.lost" not in POINTS


@pytest.mark.parametrize(("test", "folder"), [("1", None), (None, "here"), ("0", "here")])
def test_they_are_armed_by_both_words_only(
    monkeypatch: pytest.MonkeyPatch, test: str | None, folder: str | None
) -> None:
    for name, value in (("GONGJIAN_TEST", test), ("GONGJIAN_FAILPOINTS", folder)):
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    assert failpoints._armed() is None
