"""Reads a list of new enterprises, CSV or spreadsheet, row by row, and says plainly what is wrong with the file as a whole."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from workflows.errors import Fault

NAME, CODE, DAY, KIND, ADDRESS = "企业名称", "统一社会信用代码", "注册日期", "企业类型", "注册地址"
REQUIRED = (NAME, CODE, DAY, KIND, ADDRESS)

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_LARGEST_UNPACKED = 500_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One data row with its number as the clerk counts (the header is 1), and its cells by column name. `Any`: cell types."""

    number: int
    cells: dict[str, Any]
    width: int
    expected: int


def read(path: Path, *, limit: int) -> list[Row]:
    """All data rows, or a Fault about the file. Empty rows at the end are not rows."""
    size = path.stat().st_size
    if size > limit:
        raise Fault("too_large", limit=f"{limit // 1_000_000} MB")
    with path.open("rb") as file:
        start = file.read(4)
    lines = _sheet(path, start) if start in (_ZIP, _OLE) else _text(path.read_bytes())
    rows = list(_rows(lines))
    if not rows:
        raise Fault("list_empty")
    return rows


def _rows(lines: Iterator[list[Any]]) -> Iterator[Row]:
    header: list[str] | None = None
    for number, line in enumerate(lines, start=1):
        while line and (line[-1] is None or line[-1] == ""):
            if header is not None and len(line) <= len(header):
                break
            line = line[:-1]
        if header is None:
            header = [str(cell).strip() for cell in line]
            missing = [name for name in REQUIRED if name not in header]
            if missing:
                raise Fault("list_columns", names="、".join(missing))
        elif any(cell not in (None, "") for cell in line):
            yield Row(number, dict(zip(header, line, strict=False)), len(line), len(header))


def _text(content: bytes) -> Iterator[list[Any]]:
    if b"\x00" in content[:4096] or not content.strip():
        raise Fault("list_unreadable")
    text = _decoded(content)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), strict=True)
    except csv.Error as error:
        raise Fault("list_unreadable") from error


def _decoded(content: bytes) -> str:
    """UTF-8, else GB18030; never a guess, and never half of each."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        broken = content.count(b"\n", 0, error.start) + 1
    header = content.partition(b"\n")[0]
    try:
        if CODE not in header.decode("gb18030"):
            raise Fault("list_encoding", line=broken)
        for number, line in enumerate(content.split(b"\n"), start=1):
            if _is_utf8_chinese(line):
                raise Fault("list_encoding", line=number)
        return content.decode("gb18030")
    except UnicodeDecodeError as error:
        raise Fault("list_encoding", line=broken) from error


def _is_utf8_chinese(line: bytes) -> bool:
    """Several Chinese characters that read as UTF-8: in a GB18030 file that is a line from elsewhere."""
    if line.isascii():
        return False
    try:
        return sum(ord(char) > 0x2E80 for char in line.decode("utf-8")) > 2
    except UnicodeDecodeError:
        return False


def _sheet(path: Path, start: bytes) -> Iterator[list[Any]]:
    try:
        if start == _ZIP:
            with zipfile.ZipFile(path) as packed:
                if sum(part.file_size for part in packed.infolist()) > _LARGEST_UNPACKED:
                    raise Fault("too_large", limit=f"{_LARGEST_UNPACKED // 1_000_000} MB")
        book = CalamineWorkbook.from_path(str(path))
        sheet = book.get_sheet_by_index(0)
        for line in sheet.to_python(skip_empty_area=False):
            yield [_cell(cell) for cell in line]
    except (CalamineError, zipfile.BadZipFile, IndexError) as error:
        raise Fault("list_unreadable") from error


def _cell(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return cell
