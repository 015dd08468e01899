"""Reads a list of new enterprises, CSV or spreadsheet, row by row, and says plainly what is wrong with the file as a whole."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.intake import sheets
from workflows.errors import Fault

NAME, CODE, DAY, KIND, ADDRESS = "企业名称", "统一社会信用代码", "注册日期", "企业类型", "注册地址"
REQUIRED = (NAME, CODE, DAY, KIND, ADDRESS)

#: What stands between columns where a comma should.
_OTHER_DELIMITERS = re.compile(r"[;；，、|\t]")
#: A row of a list has some hundred characters.
LONGEST_LINE = 100_000


@dataclass(frozen=True, slots=True)
class Row:
    """One data row with its number as the clerk counts (the header is 1), and its cells by column name. `Any`: cell types."""

    number: int
    cells: dict[str, Any]
    width: int
    expected: int


def read(path: Path, *, limit: int) -> list[Row]:
    """All data rows, or a Fault about the file. Empty rows at the end are not rows."""
    if path.stat().st_size > limit:
        raise Fault("too_large", limit=f"{limit // 1_000_000} MB")
    return list(read_content(path.read_bytes()))


def read_content(content: bytes) -> Iterator[Row]:
    """The same of a file that is in hand already; at least one row, or a Fault about the file."""
    is_sheet = content.startswith((sheets.ZIP, sheets.OLE))
    is_empty = True
    for row in _rows(sheets.rows(content) if is_sheet else _text(content)):
        yield row
        is_empty = False
    if is_empty:
        raise Fault("list_empty")


def _rows(lines: Iterator[list[Any]]) -> Iterator[Row]:
    header: list[str] | None = None
    for number, line in enumerate(lines, start=1):
        while line and (line[-1] is None or line[-1] == ""):
            if header is not None and len(line) <= len(header):
                break
            line = line[:-1]
        if header is None:
            header = _header(line)
        elif any(cell not in (None, "") for cell in line):
            yield Row(number, dict(zip(header, line, strict=False)), len(line), len(header))


def _header(line: list[Any]) -> list[str]:
    header = [str(cell).strip() for cell in line]
    missing = [name for name in REQUIRED if name not in header]
    if len(missing) == len(REQUIRED) and any(
        CODE in _OTHER_DELIMITERS.split(cell) and NAME in cell for cell in header
    ):
        raise Fault("list_delimiter")
    if missing:
        raise Fault("list_columns", names="、".join(missing))
    twice = [name for name in REQUIRED if header.count(name) > 1]
    if twice:
        raise Fault("list_column_twice", names="、".join(twice))
    return header


def _text(content: bytes) -> Iterator[list[Any]]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):  # what Excel calls Unicode text
        raise Fault("list_encoding", line=1)
    if b"\x00" in content[:4096] or not content.strip():
        raise Fault("list_unreadable")
    text = _decoded(content)
    reader = csv.reader(_lines(text), strict=True)
    while True:
        begun = reader.line_num + 1
        try:
            line = next(reader, None)
        except csv.Error as error:
            raise Fault("list_quotes", line=begun) from error
        if line is None:
            return
        yield line


def _lines(text: str) -> Iterator[str]:
    """Line by line, as they end; none without end."""
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > LONGEST_LINE:
            raise Fault("list_line", line=number)
        yield line


def _decoded(content: bytes) -> str:
    """UTF-8, else GB18030; never a guess, and never half of each."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        broken = error.start
    try:
        if CODE not in content.partition(b"\n")[0].decode("gb18030"):
            raise Fault("list_encoding", line=_line_of(content, broken))
        for number, line in enumerate(content.split(b"\n"), start=1):
            if _is_utf8_chinese(line):
                raise Fault("list_encoding", line=number)
        return content.decode("gb18030")
    except UnicodeDecodeError as error:
        whole = error.object is content or len(error.object) == len(content)
        raise Fault("list_encoding", line=_line_of(content, error.start if whole else broken)) from error


def _line_of(content: bytes, place: int) -> int:
    return content.count(b"\n", 0, place) + 1


def _is_utf8_chinese(line: bytes) -> bool:
    """Several Chinese characters that read as UTF-8: in a GB18030 file that is a line from elsewhere."""
    if line.isascii():
        return False
    try:
        return sum(ord(char) > 0x2E80 for char in line.decode("utf-8")) > 2
    except UnicodeDecodeError:
        return False
