"""The handbook's table of the security standard is whole and true: no item is left out, and what proves one exists."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "deploy" / "handbook" / "asvs.md"

#: How many items of level 1 and 2 each section of ASVS 5.0.0 has, counted from the standard: chapter.section, then the numbers
#: of its items that are of level 3 and so not here.
SECTIONS: dict[str, tuple[int, tuple[int, ...]]] = {
    **{"1.1": (2, ()), "1.2": (10, (10,)), "1.3": (12, (12,)), "1.4": (3, ()), "1.5": (3, (3,))},
    **{"2.1": (3, ()), "2.2": (3, ()), "2.3": (5, (5,)), "2.4": (2, (2,))},
    **{"3.1": (1, (1,)), "3.2": (3, (3,)), "3.3": (5, (5,)), "3.4": (8, (7, 8))},
    **{"3.5": (8, (6, 7, 8)), "3.6": (1, (1,)), "3.7": (5, (3, 4, 5))},
    **{"4.1": (5, (4, 5)), "4.2": (5, (2, 3, 4, 5)), "4.3": (2, ()), "4.4": (4, ())},
    **{"5.1": (1, ()), "5.2": (6, (4, 5, 6)), "5.3": (3, (3,)), "5.4": (3, ())},
    **{"6.1": (3, ()), "6.2": (12, ()), "6.3": (8, (5, 6, 7, 8)), "6.4": (6, (5, 6)), "6.5": (8, (6, 7, 8))},
    **{"6.6": (4, (4,)), "6.7": (2, (1, 2)), "6.8": (4, ())},
    **{"7.1": (3, ()), "7.2": (4, ()), "7.3": (2, ()), "7.4": (5, ()), "7.5": (3, (3,)), "7.6": (2, ())},
    **{"8.1": (4, (3, 4)), "8.2": (4, (4,)), "8.3": (3, (2, 3)), "8.4": (2, (2,))},
    **{"9.1": (3, ()), "9.2": (4, ())},
    **{"10.1": (2, ()), "10.2": (3, (3,)), "10.3": (5, (5,)), "10.4": (16, (12, 13, 14, 15, 16))},
    **{"10.5": (5, ()), "10.6": (2, ()), "10.7": (3, ())},
    **{"11.1": (4, (3, 4)), "11.2": (5, (4, 5)), "11.3": (5, (4, 5)), "11.4": (4, ()), "11.5": (2, (2,))},
    **{"11.6": (2, (2,)), "11.7": (2, (1, 2))},
    **{"12.1": (5, (4, 5)), "12.2": (2, ()), "12.3": (5, (5,))},
    **{"13.1": (4, (2, 3, 4)), "13.2": (6, (6,)), "13.3": (4, (3, 4)), "13.4": (7, (6, 7))},
    **{"14.1": (2, ()), "14.2": (8, (5, 6, 7, 8)), "14.3": (3, ())},
    **{"15.1": (5, (4, 5)), "15.2": (5, (4, 5)), "15.3": (7, ()), "15.4": (4, (1, 2, 3, 4))},
    **{"16.1": (1, ()), "16.2": (5, ()), "16.3": (4, ()), "16.4": (3, ()), "16.5": (4, (4,))},
    **{"17.1": (2, (2,)), "17.2": (8, (5, 6, 7, 8)), "17.3": (2, ())},
}
ROW = re.compile(r"\| (\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| ([^|]+) \|")
ANSWERS = {
    "proved by": "proved",
    "stated in": "stated",
    "does not apply: ": "do not apply",
    "**not met**: ": "not met",
}


def rows() -> list[tuple[str, str, str]]:
    """(item, level, answer) of every row, in the order of the page."""
    found = [
        ROW.fullmatch(line) for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:3] in _STARTS
    ]
    assert all(found)
    return [(row[1], row[2], row[4]) for row in found if row]


_STARTS = {f"| {digit}" for digit in "123456789"}


def test_every_item_of_levels_one_and_two_has_one_row() -> None:
    expected = [
        f"{section}.{number}"
        for section, (last, of_level_three) in SECTIONS.items()
        for number in range(1, last + 1)
        if number not in of_level_three
    ]
    assert [item for item, _, _ in rows()] == expected
    levels = [level for _, level, _ in rows()]
    assert (levels.count("1"), levels.count("2")) == (70, 183)


def test_every_item_has_a_test_a_page_or_a_reason() -> None:
    for item, _, answer in rows():
        (kind,) = [kind for kind in ANSWERS if answer.startswith(kind)]
        if kind == "proved by":
            assert re.fullmatch(r"proved by `[^`]+::test_\w+`(, `[^`]+::test_\w+`)*", answer), item
        elif kind == "stated in":
            (page,) = re.findall(r"\]\(([^)]+)\)", answer)
            assert (PAGE.parent / page).is_file(), (item, page)
        else:
            assert len(answer) > len(kind) + 6, item


def test_every_test_that_is_named_exists() -> None:
    known: dict[str, set[str]] = {}
    named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", PAGE.read_text(encoding="utf-8"))
    assert len(named) > 150
    for path, name in named:
        if path not in known:
            tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
            known[path] = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert name in known[path], f"{path}::{name}"


def test_the_page_counts_itself_rightly() -> None:
    told = " ".join(PAGE.read_text(encoding="utf-8").partition("\n## ")[0].split())
    for kind, word in ANSWERS.items():
        number = sum(answer.startswith(kind) for _, _, answer in rows())
        assert re.search(rf"\b{number} (are )?{word}", told), (number, word)


def test_no_module_runs_what_it_is_told() -> None:
    """Nothing is evaluated, unpickled or handed to a shell; the few programs that are started are named in the code."""
    for room in ("workflows", "services", "workers", "api"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                match node:
                    case ast.Call(func=ast.Name(id="eval" | "exec" | "compile" | "__import__")):
                        raise AssertionError(f"{path}:{node.lineno}")
                    case ast.Call(func=ast.Attribute(value=ast.Name(id="os"), attr="system" | "popen")):
                        raise AssertionError(f"{path}:{node.lineno}")
                    case ast.Call(keywords=keywords):
                        assert not any(one.arg == "shell" for one in keywords), f"{path}:{node.lineno}"
                    case ast.Import(names=names):
                        assert not {one.name for one in names} & {"pickle", "shelve", "marshal"}, path
                    case ast.ImportFrom(module="pickle" | "shelve" | "marshal"):
                        raise AssertionError(f"{path}:{node.lineno}")
