"""The house stays as its floor plan says: what stands at the top, who owns which name, and what no file is called."""

import re
import subprocess
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("workflows", "services", "workers", "api")
TOP = {
    "pyproject.toml", "workflows", "services", "workers", "api", "tests", "deploy", "README.md", "README.zh-CN.md",
    "Makefile", "requirements.lock", "LICENSE", ".ci", ".gitignore",
}  # fmt: skip
DRAWERS = re.compile(r"(^|_)(util|utils|helper|helpers|manager|managers|misc|common)($|_)")


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [Path(name) for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def modules() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py" and path.parts[0] in ROOMS]


def test_nothing_else_stands_at_the_top() -> None:
    assert {path.parts[0] for path in tracked()} <= TOP


def test_nobody_else_owns_our_four_names() -> None:
    owners = packages_distributions()
    assert {name: owners[name] for name in ROOMS if set(owners.get(name, [])) - {"gongjian"}} == {}


def test_no_file_is_a_drawer() -> None:
    assert [path for path in modules() if DRAWERS.search(path.stem)] == []


def test_only_the_runner_uses_transitions() -> None:
    users = [
        path
        for path in modules()
        if re.search(r"^\s*(from|import) transitions\b", (ROOT / path).read_text(), re.M)
    ]
    assert users == [Path("workflows/runner.py")]


def test_the_law_never_asks_the_time() -> None:
    asking = re.compile(r"\b(date\.today|datetime\.now|time\.time|monotonic)\(")
    assert [
        path
        for path in modules()
        if path.parts[0] == "workflows" and asking.search((ROOT / path).read_text())
    ] == []


def test_modules_are_short_and_say_what_they_are() -> None:
    for path in modules():
        text = (ROOT / path).read_text("utf-8")
        limit = 900 if path.parent == Path("workflows/procedures") else 400
        assert text.count("\n") <= limit, f"{path} has grown: a noun?"
        if text.strip() and "versions" not in path.parts:
            assert text.lstrip().startswith('"""'), f"{path} does not say what lives here"


@pytest.mark.parametrize("name", ["requirements.lock", "api/web/package-lock.json"])
def test_the_lock_names_no_host(name: str) -> None:
    assert "://" not in (ROOT / name).read_text()


def test_every_pinned_package_has_its_hashes() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    pinned = re.findall(r"^([a-z0-9][a-z0-9._-]*)==", lock, re.M)
    assert len(pinned) > 50
    assert lock.count("--hash=sha256:") >= len(pinned)
