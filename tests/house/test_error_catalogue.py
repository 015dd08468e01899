"""Every fault raised anywhere stands in the catalogue with both languages, and the catalogue holds nothing unused."""

import ast
import string
from pathlib import Path

from workflows.errors import CATALOGUE

ROOT = Path(__file__).parents[2]
ROOMS = ("workflows", "services", "workers", "api")


def raised() -> dict[str, list[tuple[Path, set[str]]]]:
    """code → where it is raised, and with which values."""
    found: dict[str, list[tuple[Path, set[str]]]] = {}
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in ("Fault", "Refused")
                ):
                    continue
                if node.args and isinstance(node.args[0], ast.Constant):
                    values = {keyword.arg or "**" for keyword in node.keywords} - {"field"}
                    found.setdefault(str(node.args[0].value), []).append((path, values))
    return found


def test_every_raised_code_stands_in_the_catalogue() -> None:
    assert set(raised()) - set(CATALOGUE) == set()


def test_every_code_of_the_catalogue_is_used() -> None:
    text = "".join(
        path.read_text("utf-8")
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if path.parent.name != "catalogue"
    )
    assert [code for code in CATALOGUE if f'"{code}"' not in text] == []


def test_every_place_in_a_sentence_is_filled_where_it_is_raised() -> None:
    for code, places in raised().items():
        _, text = CATALOGUE[code]
        needed = {
            name for side in (text.zh, text.en) for _, name, _, _ in string.Formatter().parse(side) if name
        }
        for path, given in places:
            assert "**" in given or needed <= given, f"{path}: {code} needs {needed - given}"


def test_every_sentence_is_one_sentence_in_each_language() -> None:
    for code, (_, text) in CATALOGUE.items():
        if code == "guard":
            continue
        assert text.zh[-1] in "。：）)}" or text.zh.endswith("{zh}"), code
        assert any("\u4e00" <= char <= "\u9fff" for char in text.zh), code
        assert not any("\u4e00" <= char <= "\u9fff" for char in text.en), code
