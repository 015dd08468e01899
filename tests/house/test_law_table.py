"""The table of the law is whole and true: no row without a place and a proof, and no name in it that does not exist."""

import importlib
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.house.law_table import (
    ENGINE,
    PAGE,
    ROOT,
    cited,
    hidden,
    in_force,
    marks,
    page,
    places,
    rows,
    rules,
    sections,
)
from tests.house.marks import proofs
from workflows.registry import law_book

MARKS = marks()
RULES = [(place, rule) for law in in_force(law_book()) for place, rule in rules(law)]


def test_the_page_is_what_the_law_and_the_tests_say() -> None:
    assert PAGE.read_text("utf-8") == page(law_book(), MARKS), "write it anew: make law-table"


def test_every_row_stands_somewhere_in_the_law() -> None:
    assert [row for row in rows() if row not in places(law_book())] == []


def test_every_row_is_proved_by_a_test() -> None:
    assert [row for row in rows() if row not in proofs(MARKS)] == []


def test_no_rule_of_the_law_names_a_row_that_does_not_exist() -> None:
    assert [(place, row) for place, rule in RULES for row in cited(rule) if row not in rows()] == []


def test_each_row_in_a_rule_stands_by_itself() -> None:
    """A range such as "from this row to that" would be read by nobody."""
    assert [(place, part) for place, rule in RULES for part in hidden(rule)] == []


def test_no_mark_names_a_row_that_does_not_exist() -> None:
    assert [(mark.proof, row) for mark in MARKS for row in mark.rows if row not in rows()] == []
    assert [mark for mark in MARKS if not mark.rows] == []


def test_every_mark_is_on_a_test_function() -> None:
    assert [(mark.file, mark.line) for mark in MARKS if not mark.test] == []


def test_the_engines_rows_stand_where_the_table_says() -> None:
    for name in ENGINE.values():
        module, kind, part = name.rsplit(".", 2)
        assert callable(getattr(getattr(importlib.import_module(module), kind), part)), name


def test_every_row_says_something_in_both_languages() -> None:
    for row, says in rows().items():
        assert re.search("[\u4e00-\u9fff]", says.zh) and says.zh.endswith("。"), row
        assert says.en.endswith(".") and not re.search("[\u4e00-\u9fff]", says.en), row


def test_every_numbered_rule_of_the_field_has_its_row() -> None:
    """The numbering of the rules has no gap, so that a row left out here would be seen."""
    for family, last in {"L": 19, "U": 25, "P": 19, "T": 11}.items():
        assert [row for row in rows() if row.startswith(f"{family}-")] == [
            f"{family}-{number}" for number in range(1, last + 1)
        ]
    for family, last in {"J": 3, "R": 6, "N": 5}.items():
        assert {f"{family}{number}" for number in range(last + 1)} <= rows().keys()
    assert Counter(row[0] for row in rows()) == {
        "L": 19, "U": 25, "G": 7, "J": 11, "R": 7, "P": 19, "N": 10, "T": 11, "Q": 11, "S": 5,
    }  # fmt: skip


def test_a_row_that_stands_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="U-1 stands twice"):
        sections("# 甲 | A\nU-1 | 一。 | One.\nU-1 | 二。 | Two.")


def test_marks_are_found_on_tests_and_noticed_anywhere_else(tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text(
        "import pytest\n"
        "@pytest.mark.rule('U-1', 'U-2')\n"
        "def test_one(): ...\n"
        "class TestMore:\n"
        "    @pytest.mark.rule('U-3')\n"
        "    def test_two(self): ...\n"
        "@pytest.mark.rule('U-4')\n"
        "def prepare(): ...\n"
        "pytestmark = [pytest.mark.rule('U-5')]\n"
    )
    (tmp_path / "builders.py").write_text("import pytest\n@pytest.mark.rule('U-6')\ndef test_three(): ...\n")
    found = marks(tmp_path)
    assert {mark.test: mark.rows for mark in found if mark.test} == {
        "test_one": ("U-1", "U-2"),
        "test_two": ("U-3",),
    }
    assert {mark.rows for mark in found if not mark.test} == {("U-4",), ("U-5",), ("U-6",)}
    assert proofs(found)["U-3"] == ["test_some.py::test_two"]


def test_the_mark_is_a_registered_one() -> None:
    assert '"rule: ' in (ROOT / "pyproject.toml").read_text("utf-8")
