"""Templates of official papers: a body's own Word file where its administrator has brought one, else the house's.

A template shows blanks, `{{ name }}`, and nothing more: one with code, macros, links or fields that fetch is refused with a sentence.
"""

import hashlib
import re
import zipfile
from dataclasses import dataclass
from io import BytesIO

from sqlalchemy import insert, select, update

from services.access import journal
from services.access.permissions import require
from services.db.models.directory import Body
from services.db.models.official import PaperTemplate
from services.directory.scope import covers
from services.documents import packages
from services.documents.filling import trial
from services.documents.house_templates import house_template
from services.documents.store import clean_name
from services.runtime import Unit
from workflows.errors import Fault
from workflows.papers.forms import FORMS
from workflows.papers.model import Form
from workflows.plain import composed, is_line, said_back
from workflows.words import Text

LARGEST = 4 * 1024 * 1024
LONGEST_MARK = 10

_TAG = re.compile(r"<[^>]*>")
_CODE = re.compile(r"\{%|%\}|\{#|#\}")
_SHOWN = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_BLANK = re.compile(r"\s*([a-z_]{1,40})\s*")
_FIELD = re.compile(r"<w:instrText[^>]*>([^<]*)<|w:instr=\"([^\"]*)\"")
#: Fields of Word that only count pages; every other may fetch, link or run.
_COUNTING = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES"})
_OUTSIDE = re.compile(r"TargetMode\s*=\s*[\"']External")
_EMBEDS = re.compile(r"<w:altChunk|<w:object\b|<o:OLEObject|<w:control\b|<w:subDoc\b|<w:mailMerge\b")
#: The parts in which blanks are filled in.
_FILLED = re.compile(r"word/(document|header[0-9]*|footer[0-9]*)\.xml")


@dataclass(frozen=True, slots=True)
class Template:
    """The Word file that a paper is made from, with its SHA-256; `own` when the body brought it."""

    content: bytes
    sha256: str
    own: bool


def template_of(unit: Unit, body_id: int, form: Form) -> Template:
    """The body's own template of this form, or the house's."""
    row = unit.db.execute(
        select(PaperTemplate.content, PaperTemplate.sha256).where(
            PaperTemplate.body_id == body_id,
            PaperTemplate.form == form.name,
            PaperTemplate.retired_at.is_(None),
        )
    ).one_or_none()
    if row is not None:
        return Template(bytes(row.content), row.sha256, own=True)
    content = house_template(form.name)
    return Template(content, hashlib.sha256(content).hexdigest(), own=False)


def form_named(name: str) -> Form:
    """The form of this name, or a Fault that lists them."""
    if name not in FORMS:
        raise Fault("paper_form", field="form", name=said_back(name), forms="、".join(FORMS))
    return FORMS[name]


def check(form: Form, content: bytes) -> None:
    """The file is a Word template of this form: it shows every blank that the form needs, none that it does not know, and does
    nothing; else a Fault. Before the unit of work, which others wait for."""
    if len(content) > LARGEST:
        raise Fault("too_large", field="file", limit=f"{LARGEST // 1024 // 1024} MiB")
    packages.look_through(content, "[Content_Types].xml", "word/document.xml")
    shown: set[str] = set()
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.lower().endswith((".xml", ".rels")):
                shown |= _looked_through(form, name, archive.read(name))
    lacking = [name for name in form.needed if name not in shown]
    if lacking:
        raise Fault("template_lacks", field="file", names="、".join(f"{{{{ {one} }}}}" for one in lacking))
    trial(form, content)


def _looked_through(form: Form, name: str, part: bytes) -> set[str]:
    """The blanks that a part of the archive shows."""
    try:
        xml = part.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Fault("document_type", field="file") from wrong
    if _OUTSIDE.search(xml):
        raise Fault("template_link", field="file")
    if _EMBEDS.search(xml):
        raise Fault("document_active", field="file")
    for complex_field, simple_field in _FIELD.findall(xml):
        said = (complex_field or simple_field).split()
        if said and said[0].upper() not in _COUNTING:
            raise Fault("template_field", field="file", name=said_back(said[0]))
    words = _TAG.sub("", xml)
    if _CODE.search(words):
        raise Fault("template_code", field="file")
    blanks = set()
    for inside in _SHOWN.findall(words):
        found = _BLANK.fullmatch(inside)
        if found is None:
            raise Fault("template_code", field="file")
        if found[1] not in form.blanks:
            known = "、".join(form.blanks)
            raise Fault("template_blank", field="file", name=said_back(found[1]), known=known)
        blanks.add(found[1])
    rest = _SHOWN.sub("", words)
    if "{{" in rest or "}}" in rest or (blanks and not _FILLED.fullmatch(name)):
        raise Fault("template_code", field="file")
    return blanks


def bring(unit: Unit, body_code: str, form: Form, name: str, content: bytes) -> None:
    """The body's papers of this form are made from this file from now on; what was issued stays as it is. `check` comes first."""
    body_id = _body(unit, body_code)
    sha256 = hashlib.sha256(content).hexdigest()
    _retire(unit, body_id, form)
    row = {"body_id": body_id, "form": form.name, "name": clean_name(name), "sha256": sha256}
    row |= {"content": content, "account_id": unit.actor.account_id, "uploaded_at": unit.now}
    unit.db.execute(insert(PaperTemplate), [row])
    journal.write(unit, "template.bring", f"body {body_code}", form=form.name, sha256=sha256)


def go_back(unit: Unit, body_code: str, form: Form) -> None:
    """The body's papers of this form are made from the house's template again."""
    if not _retire(unit, _body(unit, body_code), form):
        raise Fault("not_found")
    journal.write(unit, "template.retire", f"body {body_code}", form=form.name)


def set_mark(unit: Unit, body_code: str, mark: str) -> None:
    """The numbers of the body's papers begin with these characters from now on (机关代字)."""
    said = composed(mark, LONGEST_MARK * 2).strip()
    if not 1 <= len(said) <= LONGEST_MARK or not is_line(said) or not said.isalpha():
        raise Fault(
            "value_bad",
            field="mark",
            name="mark",
            zh="机关代字应为1至10个字，如“船工”",
            en="the agency mark has 1 to 10 letters, such as 船工",
        )
    body_id = _body(unit, body_code)
    unit.db.execute(update(Body).where(Body.id == body_id).values(mark=said))
    journal.write(unit, "body.mark", f"body {body_code}", mark=said)


def _body(unit: Unit, code: str) -> int:
    """The body, where the actor may manage templates."""
    row = unit.db.execute(select(Body.id, Body.division).where(Body.code == code)).one_or_none()
    if row is None or not covers(unit.actor.division, row.division):
        raise Fault("not_found")
    require(unit.actor, "templates.manage", row.division)
    unit.to_office()
    found: int = row.id
    return found


def _retire(unit: Unit, body_id: int, form: Form) -> bool:
    done = unit.db.execute(
        update(PaperTemplate)
        .where(
            PaperTemplate.body_id == body_id,
            PaperTemplate.form == form.name,
            PaperTemplate.retired_at.is_(None),
        )
        .values(retired_at=unit.now)
    )
    return done.rowcount > 0


#: What each blank stands for, where a form's own field does not say it.
BLANKS: dict[str, Text] = {
    "organ": Text("发文机关", "issuing body"),
    "number": Text("发文字号", "number"),
    "dated": Text("成文日期", "day of issue"),
    "qr": Text("回执二维码", "code for the reply"),
    "title": Text("标题", "title"),
    "to": Text("主送机关", "addressee"),
    "name": Text("单位名称", "name of the unit"),
    "uscc": Text("统一社会信用代码", "credit code"),
    "place": Text("所在地", "place"),
    "union": Text("工会组织情况", "how the union stands"),
    "party": Text("党组织情况", "how the Party organisation stands"),
    "condition": Text("党组织组建条件", "condition for a Party organisation"),
    "on": Text("情况截止日期", "as of"),
}
