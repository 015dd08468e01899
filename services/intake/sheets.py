"""A spreadsheet, looked at before it is opened: how large it really is, and where a formula stands in place of a value.

The reader that follows lays a sheet out in full, so that one cell in the last corner would be seventeen thousand million.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from workflows.errors import Fault

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
#: A list of 50 MB as text takes three or four times as much as a sheet.
LARGEST_UNPACKED = 200_000_000
#: Rows times columns: as many as a sheet of Excel's old format has.
LARGEST_AREA = 65_536 * 256
_PIECE = 1 << 16
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Formula:
    """Stands for a cell whose value is reckoned, perhaps from other files: what it shows may be old, or another's."""


FORMULA = Formula()


def rows(content: bytes) -> Iterator[list[Any]]:
    """The rows of the first sheet that can be seen, from the first row on. `Any`: cell types."""
    try:
        formulas = _looked_at(content) if content.startswith(ZIP) else {}
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        name = next(
            one.name
            for one in book.sheets_metadata
            if one.visible is SheetVisibleEnum.Visible and one.typ is SheetTypeEnum.WorkSheet
        )
        reckoned = formulas.get(name, set())
        for down, line in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False), start=1):
            yield [
                FORMULA if (down, across) in reckoned else _cell(cell)
                for across, cell in enumerate(line, start=1)
            ]
    except (CalamineError, zipfile.BadZipFile, zlib.error, expat.ExpatError, ElementTree.ParseError) as error:
        raise Fault("list_unreadable") from error
    except (KeyError, StopIteration, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        # A part that is not there, locked, torn, or packed otherwise.
        raise Fault("list_unreadable") from error


def _looked_at(content: bytes) -> dict[str, set[tuple[int, int]]]:
    """Where formulas stand, by the name of the sheet. Every part is unpacked once, for what it says of its size may be untrue."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
            raise Fault("too_large", limit=f"{LARGEST_UNPACKED // 1_000_000} MB")
        if packed.testzip() is not None:
            raise Fault("list_unreadable")
        targets = {
            one.get("Id"): (one.get("Target") or "").removeprefix("/xl/")
            for one in ElementTree.fromstring(
                packed.read("xl/_rels/workbook.xml.rels")
            )  # expat bounds entities
        }
        book = ElementTree.fromstring(packed.read("xl/workbook.xml"))
        sheets = {
            one.get("name") or "": targets.get(one.get(_RELATED)) or ""
            for one in book.iter()
            if one.tag.endswith("}sheet")
        }
        return {
            name: _Sheet().read(packed.read(f"xl/{target}"))
            for name, target in sheets.items()
            if target.startswith("worksheets/")
        }


class _Sheet:
    """One pass over a sheet's cells. A far cell counts only if it holds something."""

    def __init__(self) -> None:
        self.down, self.across, self.place = 0, 0, (0, 0)
        self.formulas: set[tuple[int, int]] = set()

    def read(self, content: bytes) -> set[tuple[int, int]]:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._begin
        parser.StartDoctypeDeclHandler = _no_doctype
        for start in range(0, len(content), _PIECE):
            parser.Parse(content[start : start + _PIECE], False)
        parser.Parse(b"", True)
        return self.formulas

    def _begin(self, name: str, about: dict[str, str]) -> None:
        kind = name.rpartition(" ")[2]
        if kind == "row":
            number = about.get("r", "")
            self.place = (int(number) if number.isdecimal() and len(number) < 8 else self.place[0] + 1, 0)
        elif kind == "c":
            found = _PLACE.fullmatch(about.get("r", ""))
            self.place = (int(found[2]), _column(found[1])) if found else (self.place[0], self.place[1] + 1)
        elif kind == "f":
            self.formulas.add(self.place)
        elif kind in ("v", "is"):
            self.down, self.across = max(self.down, self.place[0]), max(self.across, self.place[1])
            if self.down * self.across > LARGEST_AREA:
                raise Fault("list_area", rows=self.down, columns=self.across)


def _column(letters: str) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _no_doctype(*_: object) -> None:
    raise Fault("list_unreadable")


def _cell(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return cell
