"""A list taken out as a workbook: the rows that its page shows under the same filters, all of its pages, in the same order. That it was
taken out stands in the journal, before anything is given out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi.responses import Response

from api.language import Language
from api.web.sheets import workbook
from services.access import journal
from services.actor import Actor
from services.runtime import Runtime, Unit
from workflows.words import Text

#: A printed list is read by people; more than this, nobody reads.
MOST = 5_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands around the rows. `file` is the name it is saved under, in ASCII, and by `about` the journal calls it; `columns` are
    each a heading and a width in characters."""

    file: str
    about: str
    title: Text
    columns: Sequence[tuple[Text, int]]


#: `Any`: a row as the page shows it, and a page of them with the cursor to the next.
Row = Callable[[Unit, Mapping[str, Any]], Sequence[str]]
Page = Callable[[Unit, str | None], Mapping[str, Any]]


def take_out(
    runtime: Runtime, actor: Actor, spoken: Language, sheet: Sheet, read: Page, row: Row
) -> Response:
    """The workbook of what `read` finds, each line of it made by `row`."""
    rows: list[Sequence[str]] = []
    with runtime.reading(actor) as unit:
        cursor: str | None = None
        while True:
            found = read(unit, cursor)
            rows += [row(unit, one) for one in found["items"]]
            cursor = found["next"]
            if cursor is None or len(rows) >= MOST:
                break
        today = unit.today
    with runtime.writing(actor) as unit:
        journal.write(unit, "list.export", sheet.about, rows=len(rows))
    number = Text("序号", "No.").as_dict()[spoken]
    return workbook(
        f"{sheet.file}-{today}.xlsx",
        sheet.title.as_dict()[spoken],
        _told(actor, today.isoformat(), len(rows), whole=cursor is None).as_dict()[spoken],
        [number, *(label.as_dict()[spoken] for label, _ in sheet.columns)],
        [6, *(width for _, width in sheet.columns)],
        ([str(at), *cells] for at, cells in enumerate(rows, start=1)),
    )


_TOLD = Text(
    "填报单位：{body}　填报日期：{today}　制表人：{by}　共{rows}条",
    "Body: {body}   Date: {today}   By: {by}   {rows} rows",
)
_TOLD_IN_PART = Text(
    _TOLD.zh + "（只列前{rows}条，请缩小范围）", _TOLD.en + " (the first ones only: narrow the filters)"
)


def _told(actor: Actor, today: str, rows: int, *, whole: bool) -> Text:
    said = _TOLD if whole else _TOLD_IN_PART
    return said.filled(body=actor.body_name or actor.body_code, today=today, by=actor.name, rows=rows)
