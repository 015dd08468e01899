"""A list as a workbook (XLSX): exactly what the page shows, ready to print. Text stays text, so no cell is ever a formula."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from fastapi.responses import Response
from xlsxwriter import Workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(
    name: str,
    title: str,
    told: str,
    head: Sequence[str],
    widths: Sequence[int],
    rows: Iterable[Sequence[str]],
) -> Response:
    """The answer that carries it: a title, a line that tells whose list it is and of when, the head on every printed page, A4 across.

    `name` is the file's, in ASCII; `widths` are of the columns, in characters."""
    held = BytesIO()
    with Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "font_size": 16})
        quiet = book.add_format({"font_color": "#5e5e5e"})
        heading = book.add_format({"bold": True, "border": 1, "text_wrap": True, "bg_color": "#f5f7fa"})
        plain = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        sheet.write_string(0, 0, title, bold)
        sheet.write_string(1, 0, told, quiet)
        for column, (word, width) in enumerate(zip(head, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, word, heading)
        for number, row in enumerate(rows, start=3):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell, plain)
        sheet.freeze_panes(3, 0)
        sheet.repeat_rows(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&F&R&P / &N")
    return Response(
        held.getvalue(), media_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
