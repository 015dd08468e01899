"""Documents: taken in after a hard look, which holds nobody up, kept whole with their hash, shown to whoever may see their case."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import insert, select

from services.access import journal
from services.access.permissions import require
from services.actor import Actor
from services.clock import legal_day
from services.db.models.casework import Case, Proceeding
from services.db.models.paper import Document, Filing
from services.db.queries.sight import cases_of, proceedings_of
from services.directory.scope import covers, may_see
from services.documents.formats import FORMATS, first_page, format_of
from services.documents.marking import is_marked
from services.runtime import Runtime, Unit
from workflows.errors import Fault
from workflows.personal import has_number
from workflows.plain import composed, is_line, said_back
from workflows.words import Text

OLDEST = date(1949, 10, 1)
LONGEST_NAME, LONGEST_NUMBER = 160, 60
_LONGEST_PATH = 1000
_NUMBER, _NAME = Text("文号", "number"), Text("文件名", "file name")


@dataclass(frozen=True, slots=True)
class Sound:
    """A document as it is kept, with its SHA-256; nothing is wrong with it."""

    kind: str
    number: str | None
    issued_on: date | None
    name: str
    content: bytes
    sha256: str


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


def look(
    runtime: Runtime,
    actor: Actor,
    *,
    kind: str,
    number: str | None,
    issued_on: date | None,
    name: str,
    media: str,
    content: bytes,
) -> Sound:
    """The document is what it says it is, and does no harm; else a Fault. Before the unit of work, which others wait for: a
    large file takes its time.

    Pictures are kept without what is hidden in them; all else as it came."""
    require(actor, "documents.write")
    if kind not in runtime.law.evidence:
        raise Fault("document_kind", field="kind", kind=said_back(kind))
    number, name = _number(number), clean_name(name)
    for field, said, label in (("number", number or "", _NUMBER), ("file", name, _NAME)):
        if has_number(said):
            raise Fault("field_number", field=field, zh=label.zh, en=label.en)
    if issued_on is not None:
        _issued(issued_on, legal_day(runtime.clock.now(), runtime.settings.zone))
    limit = runtime.settings.limits.upload_bytes
    if len(content) > limit:
        raise Fault("too_large", field="file", limit=limit.human_readable())
    if not content:
        raise Fault("value_bad", field="file", name="file", zh="文件是空的。", en="The file is empty.")
    content = format_of(name, media).sound(content)
    if is_marked(f"{name} {number or ''}", first_page(name, content)):
        raise Fault("document_secret", field="file")
    return Sound(kind, number, issued_on, name, content, hashlib.sha256(content).hexdigest())


def store(unit: Unit, sound: Sound) -> int:
    """The document is on file for the actor's body; yields its id."""
    require(unit.actor, "documents.write")
    if unit.actor.account_id is None or unit.actor.body_id is None:
        raise Fault("not_permitted")  # the house itself files nothing
    about = {"size": len(sound.content), "uploaded_at": unit.now}
    owner = {"body_id": unit.actor.body_id, "account_id": unit.actor.account_id}
    unit.to_office()
    key = unit.db.execute(
        insert(Document).returning(Document.id), [asdict(sound) | about | owner]
    ).scalar_one()
    journal.write(unit, "document.upload", f"document {key}", kind=sound.kind, sha256=sound.sha256)
    return key


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
    last = composed(given[-_LONGEST_PATH:], _LONGEST_PATH).replace("\\", "/").rpartition("/")[2]
    name = "".join(char for char in last if is_line(char)).strip(" .")
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
        .where(
            Filing.document_id == document_id,
            cases_of(unit.actor),
            proceedings_of(
                unit.actor, unit.runtime.law
            ),  # an office that only reports is shown none but its own
        )
    )
    return any(
        covers(unit.actor.division, division)
        and may_see(unit, unit.runtime.law.definition(procedure, version), state, division)
        for procedure, version, state, division in filed
    )


def _number(given: str | None) -> str | None:
    number = composed(given or "", LONGEST_NUMBER).strip()
    if len(number) > LONGEST_NUMBER or not is_line(number):
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
