"""Lists that are broken, tricked or far too large: each has its sentence, and nothing of it is taken in."""

import io
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from services.actor import SERVICE
from services.db.models.casework import Case
from services.db.models.mail import Inbox
from services.intake import sheets, tables
from services.intake.lists import Verdict, import_list
from services.runtime import Runtime
from tests.services.test_lists import GOOD, HEADER
from workflows.errors import Fault

LINES = f"{HEADER}\n{GOOD}\n"
OTHER = GOOD.replace("91220204MA00000151", "91220204MA0000023U").replace("甲公司", "乙公司")

# Any below: an xlsxwriter book and sheet.


def book(fill: Callable[[Any, Any], None]) -> bytes:
    """A spreadsheet with the header and one good row, and what `fill` does to it."""
    kept = io.BytesIO()
    made = xlsxwriter.Workbook(kept)
    sheet = made.add_worksheet()
    sheet.write_row(0, 0, HEADER.split(","))
    sheet.write_row(1, 0, GOOD.split(","))
    fill(made, sheet)
    made.close()
    return kept.getvalue()


def with_parts(content: bytes, **parts: bytes) -> bytes:
    """The spreadsheet with some of its parts replaced; `__` stands for a slash, `_` for a dot."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            told = parts.pop(name.replace("/", "__").replace(".", "_"), None)
            new.writestr(name, old.read(name) if told is None else told)
    assert not parts
    return kept.getvalue()


def plain(_book: Any, _sheet: Any) -> None:
    """As it is."""


def sheet_of(cells: str) -> bytes:
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{cells}</sheetData></worksheet>"
    ).encode()


def lying(content: bytes) -> bytes:
    """A part that unpacks to more than its entry says."""
    place = content.rindex(b"PK\x01\x02" + content[content.rindex(b"PK\x01\x02") + 4 :][:0])
    return content[: place + 24] + (1).to_bytes(4, "little") + content[place + 28 :]


@cache
def bomb() -> bytes:
    """Two hundred megabytes, packed. It takes a second to make, so it is made when somebody wants it."""
    return with_parts(book(plain), xl__worksheets__sheet1_xml=b"<x>" + b" " * (sheets.LARGEST_UNPACKED + 1))


@pytest.mark.parametrize(
    ("content", "code", "word"),
    [
        pytest.param(
            (LINES + '"' + OTHER + "\n" + GOOD).encode(), "list_quotes", "第3行", id="a quote never closed"
        ),
        pytest.param((LINES + '"乙"公司,1\n').encode(), "list_quotes", "第3行", id="a quote in mid-cell"),
        pytest.param(
            (HEADER + "\n").encode("gb18030") + GOOD.encode("gb18030")[:-1],
            "list_encoding",
            "第2行",
            id="GB18030 cut in mid-character",
        ),
        pytest.param(LINES.encode()[:-2], "list_encoding", "第2行", id="UTF-8 cut in mid-character"),
        pytest.param(LINES.encode("utf-16"), "list_encoding", "UTF-8", id="UTF-16"),
        pytest.param(LINES.replace(",", ";").encode(), "list_delimiter", "逗号", id="semicolons"),
        pytest.param(LINES.replace(",", "\t").encode("gb18030"), "list_delimiter", "逗号", id="tabs"),
        pytest.param(LINES.replace(",", "，").encode(), "list_delimiter", "逗号", id="full-width commas"),
        pytest.param(
            f"{HEADER},企业名称\n{GOOD},丙公司\n".encode(),
            "list_column_twice",
            "企业名称",
            id="a column twice",
        ),
        pytest.param((LINES + "," * 200_000).encode(), "list_line", "第3行", id="a row without end"),
        pytest.param(
            (LINES + '"' + "x\n" * 200_000).encode(), "list_quotes", "第3行", id="a cell without end"
        ),
        pytest.param(
            book(lambda made, sheet: sheet.write(1_048_575, 16_383, "x")),
            "list_area",
            "16384",
            id="a cell in the last corner",
        ),
        pytest.param(
            book(lambda made, sheet: sheet.merge_range("A1:J1", "2019年新设企业名单")),
            "list_columns",
            "标题行",
            id="a merged title above",
        ),
        pytest.param(bomb, "too_large", "200 MB", id="a zip bomb"),
        pytest.param(
            with_parts(
                book(plain),
                xl__worksheets__sheet1_xml=b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
                + sheet_of("<row><c><v>&a;</v></c></row>"),
            ),
            "list_unreadable",
            "XLSX",
            id="entities",
        ),
        pytest.param(
            with_parts(book(plain), xl__worksheets__sheet1_xml=sheet_of("<row><c>")[:-40]),
            "list_unreadable",
            "XLSX",
            id="XML cut off",
        ),
        pytest.param(
            with_parts(book(plain), xl___rels__workbook_xml_rels=b"<x/>"),
            "list_unreadable",
            "XLSX",
            id="a sheet that is nowhere",
        ),
        pytest.param(book(plain)[:-200], "list_unreadable", "XLSX", id="a ZIP cut off"),
        pytest.param(lying(book(plain)), "list_unreadable", "XLSX", id="a ZIP that lies"),
        pytest.param(
            sheets.OLE + b"\0" * 600,
            "list_unreadable",
            "XLSX",
            id="locked with a password, or no list at all",
        ),
    ],
)
@pytest.mark.fault("F50")
def test_a_hostile_list_has_its_sentence_and_nothing_is_taken_in(
    runtime: Runtime, tmp_path: Path, content: bytes | Callable[[], bytes], code: str, word: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content() if callable(content) else content)
    with pytest.raises(Fault) as caught:
        imported(runtime, path)
    assert caught.value.code == code
    assert word in caught.value.text.zh
    assert on_file(runtime) == (0, 0)


@pytest.mark.parametrize("extra", [0, 1])
def test_fifty_megabytes_are_the_limit_to_the_byte(tmp_path: Path, extra: int) -> None:
    path = tmp_path / "list.csv"
    with path.open("wb") as file:
        file.truncate(50_000_000 + extra)
    with pytest.raises(Fault) as caught:
        tables.read(path, limit=50_000_000)
    assert caught.value.code == ("too_large" if extra else "list_unreadable")


def test_a_sheet_of_every_row_that_excel_has_is_read_for_what_it_holds(tmp_path: Path) -> None:
    """Rows down to 1,048,576 that are only coloured are no rows."""
    styled = "".join(f'<row r="{number}"><c r="A{number}" s="1"/></row>' for number in range(3, 1_048_577))
    with zipfile.ZipFile(io.BytesIO(book(plain))) as packed:
        first = packed.read("xl/worksheets/sheet1.xml")
    content = with_parts(
        book(plain),
        xl__worksheets__sheet1_xml=first.replace(b"</sheetData>", styled.encode() + b"</sheetData>"),
    )
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)
    assert [row.number for row in tables.read(path, limit=50_000_000)] == [2]


@pytest.mark.parametrize(
    ("cell", "formula"),
    [
        ("B2", "=[1]Sheet1!A1"),
        ("B2", "='\\\\server\\share\\[list.xlsx]Sheet1'!B2"),
        ("A2", '=HYPERLINK("http://x","甲公司")'),
    ],
)
def test_a_formula_is_not_a_value_whatever_it_shows(
    runtime: Runtime, tmp_path: Path, cell: str, formula: str
) -> None:
    """A formula may point at other files, and shows what they said once. A column that nobody reads may be reckoned."""
    path = tmp_path / "list.xlsx"
    path.write_bytes(
        book(
            lambda made, sheet: (
                sheet.write_formula(cell, formula, None, "91220204MA00000151"),
                sheet.write_row(2, 0, OTHER.split(",")),
                sheet.write_formula("F3", "=1+1", None, 2),
            )
        )
    )
    bad, good = imported(runtime, path)
    assert (bad.row, bad.status, bad.code) == (2, "rejected", "row_formula")
    assert bad.field == {"A": "企业名称", "B": "统一社会信用代码"}[cell[0]]
    assert (good.row, good.status) == (3, "accepted")


def test_a_formula_written_as_text_is_refused_too(runtime: Runtime, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(LINES.replace("甲公司", "=cmd|'/c calc'!A1") + OTHER + "\n", "utf-8")
    bad, good = imported(runtime, path)
    assert (bad.code, bad.field, good.status) == ("row_formula", "企业名称", "accepted")


def test_the_first_sheet_that_can_be_seen_is_the_list(runtime: Runtime, tmp_path: Path) -> None:
    kept = io.BytesIO()
    made = xlsxwriter.Workbook(kept)
    made.add_worksheet("说明").hide()
    sheet = made.add_worksheet("名单")
    sheet.activate()
    sheet.set_first_sheet()
    sheet.write_row(0, 0, HEADER.split(","))
    sheet.write_row(1, 0, GOOD.split(","))
    made.close()
    path = tmp_path / "list.xlsx"
    path.write_bytes(kept.getvalue())
    assert [one.status for one in imported(runtime, path)] == ["accepted"]


@settings(
    max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(
    whole=st.sampled_from([(LINES + OTHER).encode(), (LINES + OTHER).encode("gb18030"), book(plain)]),
    place=st.floats(0, 1),
    cut=st.integers(0, 40),
    put=st.binary(max_size=6)
    | st.sampled_from([b'"', b",", b"\n", b"\r", b"\0", "\u202e".encode(), b"=", b'"' * 5]),
)
def test_a_list_broken_anywhere_is_read_or_refused_in_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, place: float, cut: int, put: bytes
) -> None:
    at = int(place * len(whole))
    path = tmp_path_factory.getbasetemp() / "broken.list"
    path.write_bytes(whole[:at] + put + whole[at + cut :])
    try:
        found = tables.read(path, limit=50_000_000)
    except Fault as fault:
        assert fault.code.startswith("list_"), fault.code
        return
    assert found


def imported(runtime: Runtime, path: Path) -> list[Verdict]:
    return list(import_list(runtime, path, "registry.220204"))


def on_file(runtime: Runtime) -> tuple[int, int]:
    """How many cases, how many events."""
    with runtime.reading(SERVICE) as unit:
        cases = unit.db.execute(select(func.count()).select_from(Case)).scalar_one()
        return int(cases), int(unit.db.execute(select(func.count()).select_from(Inbox)).scalar_one())
