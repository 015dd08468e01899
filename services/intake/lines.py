"""A row of a list as the registration that it stands for, or as the fault that a clerk can put right in it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from services.directory.roster import Listed
from services.intake import tables
from services.intake.envelope import Envelope, check
from services.intake.sheets import FORMULA
from workflows.errors import Fault
from workflows.events import REGISTRY_PREFIX
from workflows.words import Text

_TYPE = f"{REGISTRY_PREFIX}registered.v1"
_BLANK = frozenset({"", "N/A", "n/a", "NA", "无", "-"})


@dataclass(frozen=True, slots=True)
class Line:
    """A row that was read: either its registration stands here, or its fault."""

    row: tables.Row
    name: str
    uscc: str
    envelope: Envelope | None
    fault: Fault | None


def line_of(row: tables.Row, office: Listed, today: date) -> Line:
    """The row as the registration that it stands for, or what is wrong with it."""
    cells = row.cells
    name, raw = _text(cells.get(tables.NAME)) or "", cells.get(tables.CODE)
    shown = raw.strip()[:40] if isinstance(raw, str) else ""
    try:
        if row.width != row.expected:
            raise Fault("row_columns", found=row.width, expected=row.expected)
        for column in tables.REQUIRED:
            if _is_formula(cells[column]):
                raise Fault("row_formula", field=column, name=column)
        return Line(row, name, shown, check(_event(cells, raw, office), today=today), None)
    except Fault as fault:
        return Line(row, name, shown, None, _in_columns(fault))


def _event(cells: dict[str, Any], raw: Any, office: Listed) -> dict[str, object]:
    """The row as the event it stands for. 法人代表 and whatever else the list carries is never read."""
    code = raw.strip() if isinstance(raw, str) else raw
    if code in (None, ""):
        raise Fault("uscc_missing", field="data.uscc")
    data = {
        "uscc": code,
        "name": _text(cells.get(tables.NAME)),
        "registered_on": _day(cells.get(tables.DAY)),
        "type": _text(cells.get(tables.KIND)),
        "address": _text(cells.get(tables.ADDRESS)),
    }
    if data["name"] is None:
        raise Fault("envelope_missing", field="data.name", name=tables.NAME)
    name = code if isinstance(code, str) else "?"
    return {
        "specversion": "1.0",
        "id": f"{name[:40]}@{data['registered_on']}",
        "source": f"/{office.code.replace('.', '/')}",
        "type": _TYPE,
        "data": data,
    }


def _is_formula(cell: Any) -> bool:
    return cell is FORMULA or (isinstance(cell, str) and cell.lstrip().startswith("="))


def _text(cell: Any) -> str | None:
    if cell is None or cell is FORMULA:
        return None
    text = str(cell).strip() if not isinstance(cell, float) else f"{cell:g}"
    return None if text in _BLANK else text


def _day(cell: Any) -> object:
    """2019-01-02, 2019/1/2, 2019.1.2 and 2019年1月2日 are the same day; anything else is left for the check to refuse."""
    if not isinstance(cell, str):
        return cell
    parts = (
        cell.strip()
        .rstrip("日")
        .replace("年", "-")
        .replace("月", "-")
        .replace("/", "-")
        .replace(".", "-")
        .split("-")
    )
    if len(parts) == 3 and all(part.isdigit() for part in parts):
        return f"{parts[0]}-{parts[1].zfill(2)}-{parts[2].zfill(2)}"
    return cell


_COLUMNS = {
    "data.uscc": tables.CODE,
    "data.name": tables.NAME,
    "data.registered_on": tables.DAY,
    "data.type": tables.KIND,
    "data.address": tables.ADDRESS,
    "id": tables.CODE,
}


def _in_columns(fault: Fault) -> Fault:
    """The same fault, naming the list's own column instead of the event's field."""
    column = _COLUMNS.get(fault.field or "")
    if column is not None:
        fault.text = Text(
            fault.text.zh.replace(fault.field or "", column), fault.text.en.replace(fault.field or "", column)
        )
        fault.field = column
    return fault
