"""The place's own editions: read at the start from a folder, over those that ship; a broken one stops the start and says why."""

import os
import socket
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.main import app
from services.editions import book_of
from services.runtime import Runtime
from services.settings import Settings
from workflows.errors import Fault
from workflows.policies.book import published

SHEET = """[edition]
division = "{division}"
effective = {effective}
title = "试验用 / for the test"
{line}
"""
LINE = 'lead.max_attempts = {value = 5, source = "试验"}'


@pytest.fixture(autouse=True)
def no_folder_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GONGJIAN_POLICIES", raising=False)


@pytest.fixture
def folder(home: Path) -> Path:
    (home / "policies").mkdir(parents=True)
    return home / "policies"


def write(
    folder: Path, name: str, line: str = LINE, *, division: str = "220204", effective: str = "2026-01-01"
) -> None:
    sheet = SHEET.format(division=division, effective=effective, line=line)
    (folder / name).write_text(sheet, "utf-8")


def attempts(settings: Settings, division: str = "220204") -> int:
    return book_of(settings).policy(division, date(2026, 3, 2)).number("lead.max_attempts")


def refused(home: Path) -> str:
    """Both sentences of the refusal, the Chinese one first."""
    with pytest.raises(Fault) as fault:
        Runtime(Settings(home=home))
    assert fault.value.code == "edition_bad"
    return f"{fault.value.text.zh}\n{fault.value.text.en}"


def test_without_a_folder_or_with_an_empty_one_what_ships_holds(home: Path) -> None:
    assert book_of(Settings(home=home)) is published()
    (home / "policies").mkdir(parents=True)
    assert book_of(Settings(home=home)) is published()


def test_the_folder_of_the_home_is_read_and_a_given_one_instead_of_it(
    home: Path, folder: Path, tmp_path: Path
) -> None:
    write(folder, "220204-2026-01.toml")
    assert attempts(Settings(home=home)) == 5
    assert attempts(Settings(home=home), "220202") == 2
    shared = tmp_path / "shared"
    shared.mkdir()
    write(shared, "220204-2026-01.toml", LINE.replace("5", "7"))
    assert attempts(Settings(home=home, policies=shared)) == 7


def test_a_places_own_later_edition_overrules_what_ships_for_it_key_by_key(home: Path, folder: Path) -> None:
    line = 'union.women.threshold = {value = 20, source = "试验"}'
    write(folder, "310000-2026-01.toml", line, division="310000")
    shanghai = book_of(Settings(home=home)).policy("310101", date(2026, 3, 2))
    assert shanghai.number("union.women.threshold") == 20
    assert shanghai.word("union.women.base") == "members"
    assert shanghai.setting("union.formation.deadline").effective == date(1995, 5, 1)


def test_a_given_folder_that_is_not_there_is_no_folder_without_editions(home: Path, tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"edition_bad: .* there is no folder .*typo; check GONGJIAN_POLICIES"):
        book_of(Settings(home=home, policies=tmp_path / "typo"))


@pytest.mark.parametrize(
    ("line", "division", "zh", "en"),
    [
        (
            'lead.max_attempts = {value = "five", source = "x"}',
            "220204",
            "本地政策不能采用：own.toml：lead.max_attempts 应为数字。",
            "The local policies cannot be used: own.toml: lead.max_attempts must be a number.",
        ),
        (
            'lead.max_attemps = {value = 5, source = "x"}',
            "220204",
            "本地政策不能采用：own.toml：lead.max_attemps 不是全国版里有的项。",
            "The local policies cannot be used: own.toml: lead.max_attemps is unknown: the national edition has no such key.",
        ),
        (
            LINE,
            "220299",
            "本地政策不能采用：own.toml：division 没有区划220299。",
            "The local policies cannot be used: own.toml: division names no division there is: 220299.",
        ),
        (
            LINE,
            "220204000",
            "本地政策不能采用：own.toml：division 没有区划220204000。",
            "The local policies cannot be used: own.toml: division names no division there is: 220204000.",
        ),
        (
            "lead.max_attempts = 5 6",
            "220204",
            "本地政策不能采用：own.toml：第5行第23列附近写法有误，不是合法的TOML。",
            "The local policies cannot be used: own.toml: not valid TOML: Expected newline or end of document after "
            "a statement (at line 5, column 23).",
        ),
    ],
)
def test_a_broken_file_stops_the_start_and_is_named_with_its_key_in_both_languages(
    home: Path, folder: Path, line: str, division: str, zh: str, en: str
) -> None:
    write(folder, "own.toml", line, division=division)
    assert refused(home) == f"{zh}\n{en}"


def test_the_same_place_and_day_twice_stops_the_start_even_against_what_ships(
    home: Path, folder: Path
) -> None:
    write(folder, "mine.toml", division="310000", effective="1995-05-01")
    assert "310000已有1995-05-01起施行的一版" in refused(home)
    (folder / "mine.toml").unlink()
    write(folder, "a.toml")
    assert attempts(Settings(home=home)) == 5
    write(folder, "b.toml")
    assert "b.toml：effective 220204已有2026-01-01起施行的一版（a.toml）" in refused(home)


def test_a_command_refuses_with_the_two_sentences_and_nothing_more(home: Path, folder: Path) -> None:
    write(folder, "own.toml", "lead.max_attempts = {value = 5}")
    told = CliRunner().invoke(app, ["policy", "show", "220204"], env={"GONGJIAN_HOME": str(home)})
    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr == (
        "本地政策不能采用：own.toml：lead.max_attempts 没有写明依据（source）。\n"
        "The local policies cannot be used: own.toml: lead.max_attempts has no source.\n"
    )


def test_the_service_does_not_come_up_on_a_broken_file(home: Path, folder: Path) -> None:
    write(folder, "own.toml", "lead.max_attempts = {value = 5}")
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        ports = one.getsockname()[1], other.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GONGJIAN_")}
    environment |= {"GONGJIAN_HOME": str(home), "GONGJIAN_PORT": str(ports[0])}
    ran = subprocess.run(
        [sys.executable, "-m", "api.cli.main", "up"],
        env=environment | {"GONGJIAN_FLOWER_PORT": str(ports[1]), "PYTHONIOENCODING": "utf-8"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "own.toml：lead.max_attempts 没有写明依据（source）。" in ran.stderr
    assert "own.toml: lead.max_attempts has no source." in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not list((home / "log").glob("*.log")), "no child was started"
