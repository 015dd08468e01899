"""What the READMEs and the handbook tell a newcomer to type is typed here, and what they point at exists."""

import re
import shlex
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from api.cli.main import app
from services.access.accounts import create_account
from services.access.actors import actor_of
from services.actor import SERVICE
from services.db.queries.worklist import work_items
from services.db.upgrade import upgrade
from services.demo.town import BODIES, COUNTY, DISTRICT_UNION, PASSWORD, TOWN_UNION
from services.directory.bodies import create_body
from services.intake.apply import drain_inbox
from services.outbox import drain_outbox
from services.runtime import Runtime
from services.settings import Settings
from tests.fakes import SilentBells

ROOT = Path(__file__).parents[2]
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
PAGES = (*READMES, *sorted((ROOT / "deploy" / "handbook").rglob("*.md")))
LONG_RUNNING = ("up",)
#: Commands of the machine, not of the house; the runbooks that name them were tried by hand.
OF_THE_MACHINE = ("rabbitmqctl", "pg_dump", "pg_restore", "createdb")


def lines(page: Path) -> list[str]:
    """Every line of every `sh` block, in order."""
    blocks = re.findall(r"^( *)```sh\n(.*?)^\1```$", page.read_text("utf-8"), re.M | re.S)
    return [line for _, block in blocks for line in textwrap.dedent(block).splitlines() if line.strip()]


def called(page: Path) -> list[list[str]]:
    """What follows `gongjian` in the page's blocks."""
    return [shlex.split(line)[1:] for line in lines(page) if line.startswith("gongjian ")]


def listed(page: Path) -> list[str]:
    """The command table's first column."""
    return [
        found.replace("\\|", "|")
        for found in re.findall(r"^\| `gongjian ([^`]+)` \|", page.read_text("utf-8"), re.M)
    ]


def commands(group: Any = None, *before: str) -> Iterator[tuple[str, ...]]:
    """Every command there is, as its words. `Any`: a click group."""
    group = group or typer.main.get_command(app)
    for name, one in group.commands.items():
        yield from commands(one, *before, name) if hasattr(one, "commands") else [(*before, name)]


def words(arguments: list[str]) -> tuple[str, ...]:
    """The words of `arguments` that name a command."""
    (found,) = [one for one in commands() if tuple(arguments[: len(one)]) == one]
    return found


def help_of(arguments: list[str]) -> str:
    answer = CliRunner().invoke(app, [*words(arguments), "--help"])
    assert answer.exit_code == 0, answer.output
    return str(answer.output)


@pytest.fixture
def newcomer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runtime]:
    """A checkout of one's own with the demo's bodies, and nothing in it yet; the runtime is a second pair of eyes."""
    (tmp_path / "deploy").symlink_to(ROOT / "deploy")
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "BROKER_URL", "TOKEN"):
        monkeypatch.delenv(f"GONGJIAN_{name}", raising=False)
    monkeypatch.setenv("GONGJIAN_HOME", "var")
    settings = Settings(home=Path("var"))
    upgrade(settings)
    Path("var").chmod(0o700)
    runtime = Runtime(settings, bells=SilentBells())
    with runtime.writing(SERVICE) as unit:
        for kind, division, name in BODIES:
            create_body(unit, kind, division, name)
            create_account(unit, f"{kind}.{division}", f"{kind}.{division}", None)
    yield runtime
    runtime.close()


def test_both_readmes_have_the_same_commands() -> None:
    english, chinese = READMES
    assert lines(english) == lines(chinese) != []
    assert listed(english) == listed(chinese)
    examples = [re.findall(r"```(?:http|mermaid)\n", page.read_text("utf-8")) for page in READMES]
    assert examples[0] == examples[1]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_line_is_of_a_kind_that_is_tried(page: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M)
    settings = {f"GONGJIAN_{name.upper()}" for name in Settings.model_fields}
    for line in lines(page):
        match shlex.split(line):
            case ["make", target]:
                assert target in targets, line
            case ["export", assignment]:
                assert assignment.partition("=")[0] in settings, line
            case ["gongjian", *arguments]:
                known = help_of(arguments)
                assert all(one in known for one in arguments if one.startswith("--")), line
            case ["python", "-m", "workers.launch", role]:
                asked = subprocess.run(
                    [sys.executable, "-m", "workers.launch"], capture_output=True, text=True, cwd=ROOT
                )
                assert role in asked.stderr.rpartition(" ")[2].strip().split("|"), line
            case [".", ".venv/bin/activate"]:
                assert "-m venv .venv" in (ROOT / "Makefile").read_text()
            case ["PGOPTIONS=-c gongjian.house=on", program, *_] | [program, *_]:
                assert program in OF_THE_MACHINE, f"{page.name}: nobody tries {line!r}"


def test_the_first_five_minutes_are_as_told(newcomer: Runtime) -> None:
    ran = []
    for arguments in called(READMES[0]):
        if arguments[0] in LONG_RUNNING:
            continue
        answer = CliRunner().invoke(app, arguments)
        assert answer.exit_code == 0, f"gongjian {shlex.join(arguments)}\n{answer.output}"
        ran.append(arguments[0])
    assert {"emit", "import", "diagram", "policy", "doctor", "db"} <= set(ran)

    again = CliRunner().invoke(app, ["emit", "deploy/examples/registered.json"])
    assert "duplicate" in again.output
    while drain_inbox(newcomer) + drain_outbox(newcomer):
        continue
    assert tasks(newcomer, TOWN_UNION) == ["Visit and survey the enterprise"] * 3
    assert tasks(newcomer, DISTRICT_UNION) == ["Assign the local union and an instructor"]
    assert Path("var/verdicts.csv").read_text("utf-8-sig").count("accepted") == 3


def tasks(runtime: Runtime, account: str) -> list[str]:
    with runtime.reading(SERVICE) as unit:
        actor = actor_of(unit, account)
    with runtime.reading(actor) as unit:
        return [item["task"]["en"] for item in work_items(unit, "unit", "open")["items"]]


def test_the_command_table_is_the_command_line() -> None:
    table = [shlex.split(re.sub(r"[][]", "", row)) for row in listed(READMES[0])]
    assert {words(row) for row in table} == set(commands())
    for row in table:
        known = help_of(row)
        assert all(one in known for one in row if one.startswith("--")), row


def test_the_demo_accounts_and_their_password_are_the_demos() -> None:
    for page in READMES:
        text = page.read_text("utf-8")
        assert f"`{PASSWORD}`" in text
        told = re.findall(r"^\| `([a-z]+(?:\.\d+)?)` \|", text, re.M)
        assert told == ["admin" if kind == "admin" else f"{kind}.{division}" for kind, division, _ in BODIES]
        assert COUNTY in text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_points_at_exists(page: Path) -> None:
    text = page.read_text("utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (page.parent / target).exists(), f"{page.name}: {target}"
    if page in READMES:
        for path in re.findall(r"`((?:workflows|services|workers|api|tests|deploy)/[\w./-]*)`", text):
            assert (ROOT / path).exists(), f"{page.name}: {path}"
