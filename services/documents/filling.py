"""A template is filled in: by the sandboxed, escaping, strict environment of Jinja, which knows nothing but the blanks.

A line of the template whose optional blank stays empty is left out of the sheet.
"""

import re
import secrets
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import segno
from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined
from jinja2.exceptions import TemplateError
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import XMLSyntaxError

from workflows.errors import Fault
from workflows.papers.model import Form

QR_MM = 26
#: What no XML may hold; nobody types it.
_IN_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def is_printable(text: str) -> bool:
    """May it stand in a Word file at all?

    >>> is_printable("燚 & <em>"), is_printable("a\\ufffe")
    (True, False)
    """
    return _IN_NO_XML.search(text) is None


def fill(form: Form, template: bytes, values: Mapping[str, str], address: str = "") -> bytes:
    """The sheet as a Word file. `values` are the form's blanks; each line of a value becomes a paragraph. `address` is what the
    code on the sheet opens, if there is one."""
    nothing = f"⟦{secrets.token_hex(8)}⟧"
    said: dict[str, Any] = {  # Any: words, or a picture
        name: "\a".join(one.strip() for one in values.get(name, "").splitlines() if one.strip()) or nothing
        for name in form.blanks
    }
    sheet = DocxTemplate(BytesIO(template))
    if form.answerable and address:
        picture = BytesIO()
        segno.make(address, error="m", micro=False).save(picture, kind="png", scale=8, border=2)
        said["qr"] = InlineImage(sheet, picture, width=Mm(QR_MM))
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    sheet.render(said, jinja_env=environment)
    filled = BytesIO()
    sheet.save(filled)
    return _without_empty_lines(filled.getvalue(), nothing)


def trial(form: Form, template: bytes) -> None:
    """The template can be filled in; else the Fault `template_unfit`."""
    try:
        fill(form, template, dict.fromkeys(form.blanks, "试"), "https://example.invalid/r/")
    except (
        TemplateError,
        XMLSyntaxError,
        PackageNotFoundError,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        AttributeError,
    ) as unfit:
        raise Fault("template_unfit", field="file") from unfit


def words_of(sheet: bytes) -> list[str]:
    """What can be read on the sheet, a line for each paragraph or row of a table."""
    document = Document(BytesIO(sheet))
    lines = []
    for one in document.element.body:
        if one.tag == qn("w:p"):
            lines.append(_text(one))
        elif one.tag == qn("w:tbl"):
            for row in one.iter(qn("w:tr")):
                lines.append("｜".join(_text(cell) for cell in row.iter(qn("w:tc"))))
    return lines


def _text(element: Any) -> str:
    """`Any`: an element."""
    marks = {qn("w:t"): None, qn("w:tab"): "　", qn("w:drawing"): "▦"}
    found = []
    for one in element.iter(*marks):
        if one.tag == qn("w:tab") and one.getparent().tag == qn("w:tabs"):
            continue  # a tab stop, no tab
        mark = marks[one.tag]
        found.append((one.text or "") if mark is None else mark)
    return "".join(found)


def _without_empty_lines(sheet: bytes, nothing: str) -> bytes:
    """The sheet without the paragraphs that show an empty blank; a row of one cell goes with it, a cell among others keeps its last one, emptied."""
    document = Document(BytesIO(sheet))
    parts = [document.element.body]
    for section in document.sections:
        for ends in (
            *(section.header, section.footer, section.even_page_header, section.even_page_footer),
            *(section.first_page_header, section.first_page_footer),
        ):
            if not ends.is_linked_to_previous:
                parts.append(ends._element)
    for part in parts:
        for one in list(part.iter(qn("w:p"))):
            if nothing in _text(one):
                _leave_out(one)
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def _leave_out(paragraph: Any) -> None:
    """`Any`: an element."""
    holder = paragraph.getparent()
    others = [one for one in holder.iterchildren(qn("w:p")) if one is not paragraph]
    if holder.tag == qn("w:tc") and not others and len(holder.getparent().findall(qn("w:tc"))) == 1:
        row = holder.getparent()
        row.getparent().remove(row)
    elif holder.tag == qn("w:tc") and not others:
        for one in list(paragraph.iterchildren(qn("w:r"))):
            paragraph.remove(one)
    else:
        holder.remove(paragraph)
