"""Documents: taken in after a hard look, kept whole with their hash, shown to whoever may see their case."""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select

from services.cases.advance import may_see
from services.db.models.casework import Case, Proceeding
from services.db.models.paper import Document, Filing
from services.directory.scope import covers
from services.documents.formats import FORMATS, first_page, format_of
from services.documents.marking import is_marked
from services.runtime import Unit
from workflows.errors import Fault
from workflows.forms import is_plain
from workflows.roles import ROLES

OLDEST = date(1949, 10, 1)
LONGEST_NAME, LONGEST_NUMBER = 160, 60


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as it is given out. Serve it as an attachment, never inline."""

    id: int
    kind: str
    number: str | None
    issued_on: date | None
    name: str
    media: str
    sha256: str
    content: bytes


def store(
    unit: Unit,
    *,
    kind: str,
    number: str | None,
    issued_on: date | None,
    name: str,
    media: str,
    content: bytes,
) -> tuple[int, str]:
    """The document is on file for the actor's body; yields its id and SHA-256. A Fault says what is wrong."""
    if unit.actor.account_id is None or unit.actor.body_id is None:
        raise Fault("not_permitted")
    if not any(unit.actor.kind in role.kinds for role in ROLES.values()):
        raise Fault("not_permitted")  # who takes no step files no evidence
    if kind not in unit.runtime.law.evidence:
        raise Fault("document_kind", field="kind", kind=kind[:40] if kind.isprintable() else "?")
    number = _number(number)
    if issued_on is not None:
        _issued(issued_on, unit.today)
    limit = unit.runtime.settings.limits.upload_bytes
    if len(content) > limit:
        raise Fault("too_large", field="file", limit=limit.human_readable())
    if not content:
        raise Fault("value_bad", field="file", name="file", zh="文件是空的。", en="The file is empty.")
    name = clean_name(name)
    format_of(name, media).fits(content)
    if is_marked(f"{name} {number or ''}", first_page(name, content)):
        raise Fault("document_secret", field="file")
    digest = hashlib.sha256(content).hexdigest()
    paper = {"kind": kind, "number": number, "issued_on": issued_on, "name": name, "content": content}
    about = {"sha256": digest, "size": len(content), "uploaded_at": unit.now}
    owner = {"body_id": unit.actor.body_id, "account_id": unit.actor.account_id}
    return unit.db.execute(
        insert(Document).returning(Document.id), [paper | about | owner]
    ).scalar_one(), digest


def fetch(unit: Unit, document_id: int) -> Paper:
    """The document, for its own body and whoever may see a proceeding it is filed in; for others, none."""
    owner = unit.db.scalar(select(Document.body_id).where(Document.id == document_id))
    if owner is None or not (owner == unit.actor.body_id or _serves_before(unit, document_id)):
        raise Fault("not_found")
    row = unit.db.execute(select(*Document.__table__.c).where(Document.id == document_id)).one()
    media = FORMATS[row.name.rpartition(".")[2].lower()].media
    return Paper(row.id, row.kind, row.number, row.issued_on, row.name, media, row.sha256, bytes(row.content))


def clean_name(given: str) -> str:
    """The last part of a path, without anything that hides or breaks; its extension is kept.

    >>> clean_name("..\\\\..\\\\批复\\u202efdp.pdf")
    '批复fdp.pdf'
    """
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    name = "".join(char for char in last if is_plain(char) and char.isprintable()).strip(" .")
    if not name:
        raise Fault("value_bad", field="file", name="file", zh="文件没有名字。", en="The file has no name.")
    stem, dot, extension = name.rpartition(".")
    if len(name) <= LONGEST_NAME or not dot:
        return name[:LONGEST_NAME]
    return stem[: LONGEST_NAME - 1 - len(extension[:10])] + "." + extension[:10]


def _serves_before(unit: Unit, document_id: int) -> bool:
    """Does it serve in a proceeding that this actor may see?"""
    filed = unit.db.execute(
        select(Proceeding.procedure, Proceeding.version, Proceeding.state, Case.division)
        .join(Filing, Filing.proceeding_id == Proceeding.id)
        .join(Case, Case.id == Proceeding.case_id)
        .where(Filing.document_id == document_id)
    )
    return any(
        covers(unit.actor.division, division)
        and may_see(unit, unit.runtime.law.definition(procedure, version), state, division)
        for procedure, version, state, division in filed
    )


def _number(given: str | None) -> str | None:
    number = unicodedata.normalize("NFC", given or "").strip()
    if len(number) > LONGEST_NUMBER or not is_plain(number) or not number.isprintable():
        raise Fault(
            "value_bad",
            field="number",
            name="number",
            zh="文号最多60个可见字符。",
            en="At most 60 visible characters.",
        )
    return number or None


def _issued(issued_on: date, today: date) -> None:
    if issued_on > today:
        raise Fault("date_future", field="issued_on", name="issued_on")
    if issued_on < OLDEST:
        raise Fault("field_date", field="issued_on", zh="发文日期", en="Issued on", low=OLDEST, high=today)
