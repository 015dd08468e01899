"""The table of faults says what the tests say: each row once, each mark on a test and about a row there is."""

import re

from tests.house.fault_table import FIGURES, NOT_YET, PAGE, figures, marks, rows, table
from tests.house.marks import proofs

MARKS = marks()
LISTED = {
    f"F{number:02}" for first, last in ((1, 16), (18, 19), (21, 21), (23, 39), (42, 50)) for number in range(first, last + 1)
}  # fmt: skip


def test_the_page_is_what_the_tests_say() -> None:
    page = PAGE.read_text("utf-8")
    assert page.removesuffix(figures(page)).rstrip() == table(MARKS).rstrip(), (
        "write it anew: make fault-table"
    )


def test_every_fault_has_its_row() -> None:
    assert rows().keys() == LISTED


def test_every_row_says_something_in_both_languages() -> None:
    for row, texts in rows().items():
        for said in texts:
            assert re.search("[\u4e00-\u9fff]", said.zh) and not re.search("[\u4e00-\u9fff]", said.en), row


def test_every_mark_is_on_a_test_and_names_rows_that_exist() -> None:
    assert [mark for mark in MARKS if not mark.test or not mark.rows] == []
    assert [(mark.proof, row) for mark in MARKS for row in mark.rows if row not in rows()] == []


def test_every_fault_is_brought_about_by_a_test() -> None:
    assert [row for row in rows() if row not in proofs(MARKS)] == []


def test_a_row_that_no_test_proves_says_so() -> None:
    assert table([]).count(NOT_YET) == len(rows())


def test_the_figures_at_the_end_are_kept() -> None:
    assert figures(f"{table([])}\n{FIGURES}\nsome\n") == f"{FIGURES}\nsome\n"
    assert figures(table([])) == ""
