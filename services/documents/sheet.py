"""The sheet of an official paper, as GB/T 9704-2012 has it: A4, 22 lines of 28 characters, the red head, the rules at the end.

Fonts are named as offices have them; a machine without them maps them (deploy/fonts). Everything here is about looks.
"""

from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.document import Document as Sheet
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

FANGSONG, KAITI, HEITI, XIAOBIAOSONG, SONGTI = "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体", "宋体"
LATIN = "Times New Roman"
#: Sizes by their Chinese numbers (字号), in points.
TWO, THREE, FOUR = 22, 16, 14
RED = RGBColor(0xFF, 0x00, 0x00)
LEFT, CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
BOTH = WD_ALIGN_PARAGRAPH.JUSTIFY

#: 225 mm in 22 lines, in twentieths of a point; and what brings 28 characters of 16 points into 156 mm.
_LINE_PITCH, _CLOSER = 579, -5


def blank_sheet(*, first_page_alone: bool = False) -> Sheet:
    """A4 with the margins and the grid of the standard, and page numbers outside at the foot; a letter shows none on its first page."""
    sheet = Document()
    properties = sheet.core_properties
    properties.author = properties.comments = properties.title = properties.last_modified_by = ""
    _fonts(sheet.styles["Normal"].element.get_or_add_rPr())
    _plain_paragraphs(sheet)
    section = sheet.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(24)
    section.different_first_page_header_footer = first_page_alone
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    section._sectPr.append(_made("docGrid", type="lines", linePitch=_LINE_PITCH))
    sheet.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer.paragraphs[0], RIGHT)
    _page_number(section.even_page_footer.paragraphs[0], LEFT)
    return sheet


def line(
    where: Any,
    text: str = "",
    *,
    font: str = FANGSONG,
    size: float = THREE,
    align: WD_ALIGN_PARAGRAPH = BOTH,
    red: bool = False,
    first: float = 0,
    left: float = 0,
    right: float = 0,
    before: float = 0,
    on_grid: bool = True,
) -> Paragraph:
    """A paragraph; its indents are in characters, the space before it in points. `where` takes paragraphs: a sheet, a cell, a footer."""
    made: Paragraph = where.add_paragraph()
    made.alignment = align
    about = made._p.get_or_add_pPr()
    if before:
        made.paragraph_format.space_before = Pt(before)
    if first or left or right:
        for old in about.findall(qn("w:ind")):
            about.remove(old)
        points = {"firstLine": first, "left": left, "right": right}
        said = {f"{name}Chars": round(value * 100) for name, value in points.items() if value}
        said |= {name: round(value * size * 20) for name, value in points.items() if value}
        about.append(_made("ind", **said))
    if not on_grid:  # a line of 22 points would take two of the grid
        about.insert(0, _made("snapToGrid", val=0))
    if text:
        run(made, text, font=font, size=size, red=red)
    else:
        _fonts(about.get_or_add_rPr() if hasattr(about, "get_or_add_rPr") else about, font, size)
    _in_order(about)
    return made


def run(
    paragraph: Paragraph, text: str, *, font: str = FANGSONG, size: float = THREE, red: bool = False
) -> Run:
    """Words in one font at the end of a paragraph."""
    made = paragraph.add_run(text)
    _fonts(made._r.get_or_add_rPr(), font, size)
    if red:
        made.font.color.rgb = RED
    return made


def ruled(paragraph: Paragraph, **sides: tuple[str, int, str]) -> Paragraph:
    """Rules along a paragraph's sides: (kind, width in eighths of a point, colour). Neighbours with the same rules share them."""
    about = paragraph._p.get_or_add_pPr()
    rules = OxmlElement("w:pBdr")
    for side in ("top", "left", "bottom", "right"):
        if side in sides:
            kind, width, colour = sides[side]
            rules.append(_made(side, val=kind, sz=width, space=1, color=colour))
    about.append(rules)
    _in_order(about)
    return paragraph


def foot(sheet: Sheet, texts: Sequence[str]) -> None:
    """The end matter (版记, 7.4): its lines stand at the lower edge of the type area of the page on which the text ends, between thick
    rules (0.35 mm) and with thin ones (0.25 mm) between them. A table, so that a line that stays empty takes its rule with it."""
    table = sheet.add_table(rows=0, cols=1)
    table.autofit = False
    about = table._tbl.tblPr
    about.append(
        _made(
            "tblpPr",
            vertAnchor="margin",
            horzAnchor="page",
            tblpX=round(28 / 25.4 * 1440),
            tblpYSpec="bottom",
        )
    )
    about.append(_made("tblOverlap", val="never"))
    about.append(_made("tblLayout", type="fixed"))
    rules = OxmlElement("w:tblBorders")
    for side, width in (("top", 8), ("bottom", 8), ("insideH", 6)):
        rules.append(_made(side, val="single", sz=width, space=0, color="000000"))
    about.append(rules)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(_made(side, w=0, type="dxa"))
    about.append(margins)
    _in_order(about, _ORDER_OF_TABLES)
    for text in texts:
        cell = table.add_row().cells[0]
        cell.width = Mm(156)
        last = cell.paragraphs[0]
        tab(line(cell, text, size=FOUR, left=1, right=1, align=LEFT), 151)
        last._p.getparent().remove(last._p)
    after = line(
        sheet, on_grid=False
    )  # no table may end a sheet, and none of this one's lines is to be lost for it
    after.paragraph_format.line_spacing_rule, after.paragraph_format.line_spacing = (
        WD_LINE_SPACING.EXACTLY,
        Pt(1),
    )


def tab(paragraph: Paragraph, at: float, kind: str = "right") -> Paragraph:
    """A tab stop so many millimetres into the type area."""
    about = paragraph._p.get_or_add_pPr()
    stops = OxmlElement("w:tabs")
    stops.append(_made("tab", val=kind, pos=round(at / 25.4 * 1440)))
    about.append(stops)
    _in_order(about)
    return paragraph


def _page_number(paragraph: Paragraph, align: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 — in 四号宋体, one character in from the outer edge."""
    paragraph.alignment = align
    about = paragraph._p.get_or_add_pPr()
    side = "right" if align == RIGHT else "left"
    about.append(_made("ind", **{f"{side}Chars": 100, side: FOUR * 20}))
    _in_order(about)
    run(paragraph, "— ", font=SONGTI, size=FOUR)
    number = run(paragraph, "", font=SONGTI, size=FOUR)
    for kind in ("begin", "separate", "end"):
        if kind == "separate":
            asked = OxmlElement("w:instrText")
            asked.set(qn("xml:space"), "preserve")
            asked.text = " PAGE "
            number._r.append(asked)
        number._r.append(_made("fldChar", fldCharType=kind))
        if kind == "separate":
            shown = OxmlElement("w:t")
            shown.text = "1"
            number._r.append(shown)
    run(paragraph, " —", font=SONGTI, size=FOUR)


def _fonts(about: Any, font: str = FANGSONG, size: float = THREE) -> None:
    """What an `rPr` says of letters. python-docx names the font of Latin letters only. `Any`: an element."""
    for name in ("w:rFonts", "w:sz", "w:szCs", "w:spacing", "w:lang"):
        for old in about.findall(qn(name)):
            about.remove(old)
    about.insert(0, _made("rFonts", ascii=LATIN, hAnsi=LATIN, cs=LATIN, eastAsia=font))
    for one in (
        _made("spacing", val=_CLOSER),
        _made("sz", val=round(size * 2)),
        _made("szCs", val=round(size * 2)),
        _made("lang", val="en-US", eastAsia="zh-CN"),
    ):
        about.append(one)


def _plain_paragraphs(sheet: Sheet) -> None:
    """No space around paragraphs, single lines on the grid, and every line of the page is used."""
    about = sheet.styles["Normal"].element.get_or_add_pPr()
    about.append(_made("widowControl", val=0))
    about.append(_made("spacing", before=0, after=0, line=240, lineRule="auto"))
    about.append(_made("jc", val="both"))
    _in_order(about)


#: The order in which the schema wants what an element of this kind says of a paragraph.
_ORDER = (
    "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr", "pBdr", "shd", "tabs",
    "overflowPunct", "snapToGrid", "spacing", "ind", "jc", "textAlignment", "rPr",
)  # fmt: skip


_ORDER_OF_TABLES = (
    "tblStyle", "tblpPr", "tblOverlap", "tblW", "jc", "tblInd", "tblBorders", "tblLayout", "tblCellMar", "tblLook",
)  # fmt: skip


def _in_order(about: Any, order: Sequence[str] = _ORDER) -> None:
    """`Any`: an element."""
    known = {qn(f"w:{name}"): place for place, name in enumerate(order)}
    about[:] = sorted(about, key=lambda one: known.get(one.tag, len(known)))


def _made(name: str, **said: object) -> Any:
    """An element `w:name` with attributes of the same namespace. `Any`: an element."""
    element = OxmlElement(f"w:{name}")
    for key, value in said.items():
        element.set(qn(f"w:{key}"), str(value))
    return element
