"""The templates that the house brings: one for each form, drawn by our own code, so that they are read and changed like code.

An office downloads one, dresses it in Word or WPS, and brings it back (services/documents/templates.py).
"""

from collections.abc import Callable
from functools import cache
from io import BytesIO

from docx.document import Document as Sheet
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from services.documents.sheet import (
    CENTRE,
    FOUR,
    HEITI,
    KAITI,
    LEFT,
    RIGHT,
    THREE,
    TWO,
    XIAOBIAOSONG,
    blank_sheet,
    foot,
    line,
    ruled,
    run,
    tab,
)
from workflows.papers.forms import FORMS
from workflows.papers.model import Form

_RED, _BLACK = "FF0000", "000000"
_HEAD = 32


@cache
def house_template(form: str) -> bytes:
    """The Word file of this form, with its blanks in double braces."""
    kept = BytesIO()
    _DRAWN[form](FORMS[form]).save(kept)
    return kept.getvalue()


def _document(form: Form) -> Sheet:
    """文件格式: red head, number, red rule, title, addressee, text, signature, and the rules at the end (版记)."""
    sheet = blank_sheet()
    _red_head(sheet, "{{ organ }}文件", before=86)
    names = {one.name for one in form.fields}
    line(sheet)
    if "signer" in names:
        number = tab(line(sheet, "{{ number }}\t", left=1, right=1, align=LEFT), 150)
        run(number, "签发人：")
        run(number, "{{ signer }}", font=KAITI)
    else:
        number = line(sheet, "{{ number }}", align=CENTRE)
    ruled(number, bottom=("single", 12, _RED))
    _title(sheet, "{{ title }}")
    line(sheet, "{{ to }}：", align=LEFT)
    _body(sheet, form)
    if "attached" in names:
        line(sheet)
        line(sheet, "附件：{{ attached }}", first=2)
    _signed(sheet)
    if "note" in names:
        line(sheet, "（{{ note }}）", first=2)
    copies = ["抄送：{{ copies }}。"] if "copies" in names else []
    foot(sheet, [*copies, "{{ organ }}\t{{ dated }}印发"])
    return sheet


def _body(sheet: Sheet, form: Form) -> None:
    """The words between addressee and signature, by what the form asks for."""
    names = {one.name for one in form.fields}
    if form.name == "circular":
        for text in (
            "根据工会组织与党组织组建工作相互通报制度，现将有关情况通报如下：",
            "一、单位名称：{{ name }}（统一社会信用代码：{{ uscc }}）",
            "二、所在地：{{ place }}",
            "三、工会组织：{{ union }}；党组织：{{ party }}；党组织组建条件：{{ condition }}。",
            "以上情况截至{{ on }}。{{ wanted }}。",
        ):
            line(sheet, text, first=2)
        return
    if "request" in names:
        line(sheet, "你单位{{ request }}收悉。", first=2)
    if "appointee" in names:
        line(sheet, "经研究，并征得本人同意，由{{ appointee }}担任（选派为）{{ post }}。", first=2)
    line(sheet, "{{ text }}", first=2)


def _letter(form: Form) -> Sheet:
    """信函格式 (10.1): the body's name over a red double rule, number at the right, another double rule at the foot."""
    sheet = _letter_paper()
    _title(sheet, "{{ title }}")
    line(sheet, "{{ to }}：", align=LEFT)
    line(sheet, "{{ text }}", first=2)
    line(sheet)
    line(sheet, "附件：{{ attached }}", first=2)
    _signed(sheet)
    return sheet


def _founding_notice(form: Form) -> Sheet:
    """The notice with the proof of service (送达回证) that comes back, and the code that opens the page for the enterprise."""
    sheet = _letter_paper()
    _title(sheet, "建会通知书", after=False)
    line(sheet, "{{ to }}：", align=LEFT)
    for text in (
        "你单位位于{{ place }}。根据《中华人民共和国工会法》，企业职工有依法参加和组织工会的权利，任何组织和个人不得阻挠和限制；上级工会可以派员帮助和指导企业职工组建工会，任何单位和个人不得阻挠。",
        "请自收到本通知书之日起{{ days }}日内与我们联系，支持职工依法办理建立工会的有关手续。职工是否加入工会，由职工本人自愿决定。",
        "联系方式：{{ contact }}",
    ):
        line(sheet, text, first=2)
    line(sheet, "{{ qr }}", align=LEFT, first=2, on_grid=False)
    line(sheet, "扫码可确认收到并说明打算；本码一次有效，逾期失效。", size=FOUR, font=KAITI, first=2)
    _signed(sheet, seal=False)
    torn = line(sheet, "送达回证", font=HEITI, align=CENTRE)
    torn.paragraph_format.page_break_before = True
    rows = (
        ("文书", "建会通知书　{{ number }}"),
        ("受送达单位", "{{ to }}"),
        ("送达地点", ""),
        ("送达方式", "□交收件岗位签收　□留置　□邮寄　□电子"),
        ("收件岗位（签章）", "　　　　　　　　　　　年　　月　　日"),
        ("送达人（签章）", "　　　　　　　　　　　年　　月　　日"),
    )
    _table(sheet, rows)
    return sheet


def _pre_notice(form: Form) -> Sheet:
    """预建通报单: a slip from the office that knows of the project to the union."""
    sheet = _letter_paper()
    _title(sheet, "预建通报单")
    line(sheet, "{{ to }}：", align=LEFT)
    line(sheet, "现将筹建中的企业通报如下，请提前介入、跟踪服务：", first=2)
    _table(
        sheet,
        (
            ("企业（项目）名称", "{{ name }}"),
            ("统一社会信用代码", "{{ uscc }}"),
            ("所在地", "{{ place }}"),
            ("筹建进度", "{{ progress }}"),
            ("通报日期", "{{ on }}"),
        ),
    )
    _signed(sheet)
    return sheet


def _minutes(form: Form) -> Sheet:
    """纪要格式 (10.3): a red mark, number and day, what was agreed, and who was there; it bears no seal."""
    sheet = blank_sheet()
    _red_head(sheet, "{{ organ }}会议纪要", before=86)
    line(sheet, "{{ number }}", align=CENTRE)
    ruled(tab(line(sheet, "{{ organ }}\t{{ dated }}", left=1, align=LEFT), 150), bottom=("single", 12, _RED))
    _title(sheet, "{{ title }}")
    line(sheet, "{{ day }}，会议在{{ venue }}召开，由{{ chair }}主持。", first=2)
    line(sheet, "{{ text }}", first=2)
    line(sheet)
    for label, blank in (("出席", "present"), ("请假", "absent"), ("列席", "observers")):
        there = line(sheet, first=2)
        run(there, f"{label}：", font=HEITI)
        run(there, f"{{{{ {blank} }}}}")
    return sheet


def _red_head(sheet: Sheet, text: str, *, before: float) -> None:
    line(sheet, text, font=XIAOBIAOSONG, size=_HEAD, align=CENTRE, red=True, before=before, on_grid=False)


def _letter_paper() -> Sheet:
    sheet = blank_sheet(first_page_alone=True)
    head = line(sheet, "{{ organ }}", font=XIAOBIAOSONG, size=_HEAD, align=CENTRE, red=True, on_grid=False)
    ruled(head, bottom=("thickThinSmallGap", 18, _RED))
    line(sheet, "{{ number }}", align=RIGHT)
    foot = sheet.sections[0].first_page_footer.paragraphs[0]
    ruled(foot, bottom=("thinThickSmallGap", 18, _RED))
    return sheet


def _title(sheet: Sheet, text: str, *, after: bool = True) -> None:
    line(sheet)
    line(sheet, text, font=XIAOBIAOSONG, size=TWO, align=CENTRE, on_grid=False)
    if after:
        line(sheet)


def _signed(sheet: Sheet, *, seal: bool = True) -> None:
    """The body's name in the middle above the day, which stands four characters from the right; room for the seal above them."""
    for _ in range(2 if seal else 1):
        line(sheet)
    line(sheet, "{{ organ }}", left=13, align=CENTRE).paragraph_format.keep_with_next = True
    line(sheet, "{{ dated }}", right=4, align=RIGHT)


def _table(sheet: Sheet, rows: tuple[tuple[str, str], ...]) -> None:
    table = sheet.add_table(rows=0, cols=2)
    about = table._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        edge = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", _BLACK)):
            edge.set(qn(f"w:{name}"), value)
        borders.append(edge)
    about.append(borders)
    table.autofit = False
    for label, text in rows:
        cells = table.add_row().cells
        for cell, width, said in ((cells[0], 46, label), (cells[1], 110, text)):
            cell.width = Mm(width)
            cell._tc.remove(cell.paragraphs[0]._p)
            line(cell, said, size=THREE if said is text else FOUR, align=LEFT)


_DRAWN: dict[str, Callable[[Form], Sheet]] = {
    "request": _document,
    "reply": _document,
    "report": _document,
    "appointment": _document,
    "circular": _document,
    "letter": _letter,
    "founding_notice": _founding_notice,
    "pre_notice": _pre_notice,
    "minutes": _minutes,
}
