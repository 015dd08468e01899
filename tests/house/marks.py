"""What the tests say they prove: the marks on them, read from their source without running any of it."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Mark:
    """One `@pytest.mark.…(…)`: the rows, and the test that carries it. `test` is empty where no test does."""

    rows: tuple[str, ...]
    file: str
    line: int
    test: str

    @property
    def proof(self) -> str:
        return f"{self.file}::{self.test}"


def marked(kind: str, tests: Path = TESTS) -> list[Mark]:
    """Every mark of this kind below a folder."""
    found = []
    for path in sorted(tests.rglob("*.py")):
        text = path.read_text("utf-8")
        if kind not in text:
            continue
        tree = ast.parse(text)
        carriers = {
            id(mark): one.name
            for one in _tests_of(tree.body)
            if path.name.startswith("test_")
            for mark in one.decorator_list
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _is_mark(node.func, kind):
                names = tuple(one.value if isinstance(one, ast.Constant) else "" for one in node.args)
                file = path.relative_to(tests).as_posix()
                found.append(Mark(tuple(map(str, names)), file, node.lineno, carriers.get(id(node), "")))
    return found


def _is_mark(called: ast.expr, kind: str) -> bool:
    """To write every call of the tests out again took seconds, so only what is called so is."""
    is_called_so = isinstance(called, ast.Attribute) and called.attr == kind
    return is_called_so and ast.unparse(called) == f"pytest.mark.{kind}"


def proofs(found: Iterable[Mark]) -> dict[str, list[str]]:
    """The tests that prove each row."""
    proven: dict[str, list[str]] = {}
    for mark in found:
        for row in mark.rows if mark.test else ():
            proven.setdefault(row, []).append(mark.proof)
    return proven


def _tests_of(body: Iterable[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """What pytest takes for tests: functions named so, in a module or in a class named so."""
    for one in body:
        if isinstance(one, ast.ClassDef) and one.name.startswith("Test"):
            yield from _tests_of(one.body)
        elif isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name.startswith("test_"):
            yield one
