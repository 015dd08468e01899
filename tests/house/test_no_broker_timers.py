"""The broker carries hints: nothing is timed, retried or composed by it, and nobody waits for a result."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent.parent
ROOMS = ("workflows", "services", "workers", "api")

KEYWORDS = {"countdown", "eta", "link", "link_error"}
CANVAS = {"chord", "chain", "group", "signature", "chunks"}
CALLS = {"apply_async", "delay", "AsyncResult", "retry"}
WAITING = {"time.sleep"}


def offences(source: str, *, of_workers: bool) -> Iterator[tuple[int, str]]:
    """The forbidden words in a module, with their lines."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "celery":
            yield from (
                (node.lineno, alias.name) for alias in node.names if alias.name in CANVAS | {"result"}
            )
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        last = name.rpartition(".")[2]
        if last == "send_task" or of_workers:
            yield from ((node.lineno, word.arg) for word in node.keywords if word.arg in KEYWORDS)
        if name in WAITING or (last in CALLS and isinstance(node.func, ast.Attribute)):
            yield node.lineno, name


@pytest.mark.parametrize("room", ROOMS)
def test_no_module_leaves_time_or_meaning_to_the_broker(room: str) -> None:
    found = [
        f"{path.relative_to(HOUSE)}:{line}: {word}"
        for path in sorted((HOUSE / room).rglob("*.py"))
        for line, word in offences(path.read_text(), of_workers=room == "workers" or "doorbell" in path.parts)
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "app.send_task('x', countdown=5)",
        "app.send_task('x', eta=later)",
        "task.apply_async()",
        "task.delay(1)",
        "self.retry(exc=error)",
        "from celery import chain",
        "from celery import chord, group",
        "from celery.result import AsyncResult\nresult = app.AsyncResult('1')",
        "time.sleep(1)",
    ],
)
def test_the_lint_sees_each_forbidden_word(source: str) -> None:
    assert list(offences(source, of_workers=True))


def test_the_lint_lets_ordinary_words_pass() -> None:
    ordinary = (
        "from itertools import chain\nmapping.get('eta')\nchain(a, b)\nmatch.group(1)\nretry = policy.retry"
    )
    assert list(offences(ordinary, of_workers=True)) == []
