"""A template shows blanks and does nothing: whatever else it holds is refused with a sentence, before anything is kept."""

import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from services.documents.filling import fill, words_of
from services.documents.house_templates import house_template
from services.documents.templates import check
from workflows.errors import Fault
from workflows.papers.forms import FORMS

LETTER = FORMS["letter"]


def with_line(text: str, *more: str) -> bytes:
    """The house's letter with one more paragraph, its runs as given."""
    sheet = Document(BytesIO(house_template("letter")))
    paragraph = sheet.add_paragraph(text)
    for one in more:
        paragraph.add_run(one)
    kept = BytesIO()
    sheet.save(kept)
    return kept.getvalue()


def with_part(name: str, content: bytes | Callable[[bytes], bytes]) -> bytes:
    """The house's letter with a part added or changed."""
    kept = BytesIO()
    with zipfile.ZipFile(BytesIO(house_template("letter"))) as old, zipfile.ZipFile(kept, "w") as new:
        for entry in old.infolist():
            part = old.read(entry)
            if entry.filename == name:
                part = content if isinstance(content, bytes) else content(part)
            new.writestr(entry.filename, part)
        if name not in old.namelist():
            assert isinstance(content, bytes)
            new.writestr(name, content)
    return kept.getvalue()


def with_field(code: str) -> bytes:
    sheet = Document(BytesIO(house_template("letter")))
    run = sheet.add_paragraph()._p.add_r()
    asked = OxmlElement("w:instrText")
    asked.set(qn("xml:space"), "preserve")
    asked.text = code
    run.append(asked)
    kept = BytesIO()
    sheet.save(kept)
    return kept.getvalue()


def without(blank: str) -> bytes:
    return with_part(
        "word/document.xml", lambda part: part.replace(f"{{{{ {blank} }}}}".encode(), "（无）".encode())
    )


def linked(kind: str) -> bytes:
    rel = (
        f'<Relationship Id="rId99" Type="http://x/{kind}" Target="http://h.invalid/" TargetMode="External"/>'
    )
    return with_part(
        "word/_rels/document.xml.rels",
        lambda part: part.replace(b"</Relationships>", rel.encode() + b"</Relationships>"),
    )


BAD: dict[str, tuple[bytes, str]] = {
    "an expression": (with_line("{{ 7 * 7 }}"), "template_code"),
    "an attribute": (with_line("{{ organ.__class__ }}"), "template_code"),
    "the way out of a string": (with_line("{{ ''.__class__.__mro__[1].__subclasses__() }}"), "template_code"),
    "a call": (with_line("{{ organ() }}"), "template_code"),
    "a filter": (with_line("{{ organ | safe }}"), "template_code"),
    "a run that escapes nothing": (with_line("{{r organ }}"), "template_code"),
    "a paragraph's own": (with_line("{{p organ }}"), "template_code"),
    "a statement": (with_line("{% for x in organ %}{{ organ }}{% endfor %}"), "template_code"),
    "a statement in runs": (with_line("{", "% set x = 1 %", "}"), "template_code"),
    "an expression in runs": (with_line("{", "{ 7 ", "* 7 }", "}"), "template_code"),
    "an import": (with_line('{% include "x" %}'), "template_code"),
    "a comment": (with_line("{# nothing #}"), "template_code"),
    "no end": (with_line("{{ organ"), "template_code"),
    "no beginning": (with_line("organ }}"), "template_code"),
    "two paragraphs": (with_line("{{ organ\n }}x{{"), "template_code"),
    "an unknown blank": (with_line("{{ case_id }}"), "template_blank"),
    "another form's blank": (with_line("{{ signer }}"), "template_blank"),
    "the office's own secret": (with_line("{{ secret_key }}"), "template_blank"),
    "code in the properties": (
        with_part(
            "docProps/core.xml",
            lambda part: part.replace(
                b"</cp:coreProperties>", b"<dc:x>{{ organ }}</dc:x></cp:coreProperties>"
            ),
        ),
        "template_code",
    ),
    "code in a part of its own": (with_part("word/comments.xml", b"<c>{{ organ }}</c>"), "template_code"),
    "no number": (without("number"), "template_lacks"),
    "no text": (without("text"), "template_lacks"),
    "a picture elsewhere": (linked("image"), "template_link"),
    "a link": (linked("hyperlink"), "template_link"),
    "a template elsewhere": (linked("attachedTemplate"), "document_active"),
    "a macro": (with_part("word/vbaProject.bin", b"x"), "document_active"),
    "an object": (
        with_part(
            "word/document.xml",
            lambda part: part.replace(b"</w:body>", b"<w:p><w:r><w:object/></w:r></w:p></w:body>"),
        ),
        "document_active",
    ),
    "another text": (
        with_part(
            "word/document.xml",
            lambda part: part.replace(b"</w:body>", b"<w:altChunk/></w:body>"),
        ),
        "document_active",
    ),
    "a doctype": (
        with_part("word/x.xml", b"<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><x>&y;</x>"),
        "document_active",
    ),
    "a field that fetches": (with_field(' INCLUDETEXT "http://h.invalid/x" '), "template_field"),
    "a field that shows a picture": (with_field(" INCLUDEPICTURE x "), "template_field"),
    "a link as a field": (with_field(" HYPERLINK x "), "template_field"),
    "no archive": (b"PK\x03\x04 no", "document_type"),
    "no Word file": (with_part("word/document.xml", b"<x/>"), "template_lacks"),
    "nothing": (b"", "document_type"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_template_that_is_more_than_blanks_is_refused(what: str) -> None:
    content, code = BAD[what]
    with pytest.raises(Fault) as told:
        check(LETTER, content)
    assert (told.value.code, told.value.field) == (code, "file")


@pytest.mark.parametrize("form", FORMS)
def test_the_houses_own_templates_are_sound(form: str) -> None:
    check(FORMS[form], house_template(form))
    assert all(name.isalpha() for name in FORMS[form].blanks), "people type them"


def test_a_blank_may_be_cut_into_runs_as_word_does_it() -> None:
    template = with_line("{", "{ orga", "n }", "}又")
    check(LETTER, template)
    assert "某工会又" in words_of(fill(LETTER, template, {"organ": "某工会", "text": "内容", "to": "甲"}))


def test_what_is_filled_in_is_never_read_as_a_template() -> None:
    said = {"text": "{{ 7 * 7 }} {% raw %} & <w:t> ]]> 燚 \u00a0", "to": "&lt;", "organ": "长" * 60}
    words = "\n".join(words_of(fill(LETTER, house_template("letter"), said)))
    assert "{{ 7 * 7 }} {% raw %} & <w:t> ]]> 燚" in words and "&lt;：" in words and "长" * 60 in words


def test_a_line_whose_blank_is_empty_is_left_out() -> None:
    words = words_of(fill(LETTER, house_template("letter"), {"text": "一\n\n二", "to": "甲"}))
    assert not any("附件" in line for line in words)
    assert words.index("二") == words.index("一") + 1
