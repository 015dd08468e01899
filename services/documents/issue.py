"""A paper is issued (签发): it takes its number, is made once, and is on file with its hash for good; or it is withdrawn, and its number
stays taken."""

import hashlib
import secrets
from typing import Any

from sqlalchemy import exists, insert, select, update

from services.access import journal
from services.access.permissions import require
from services.db.models.directory import Body
from services.db.models.official import Paper, PaperDraft, PaperPdf
from services.db.models.paper import Filing
from services.documents.drafts import ISSUED, Draft, blanks_of, in_hand, sheet_of
from services.documents.numbers import next_serial
from services.documents.slips import new_slip
from services.documents.store import Sound, store
from services.runtime import Unit
from workflows.errors import Fault
from workflows.papers.model import number_of
from workflows.personal import has_number
from workflows.plain import composed, is_line
from workflows.words import Text

IN_FORCE, WITHDRAWN = "in_force", "withdrawn"
LONGEST_REASON, LONGEST_TITLE = 200, 200
_REASON = Text("撤回理由", "reason of the withdrawal")


def issue(unit: Unit, draft_id: int, revision: int) -> int:
    """The draft that the signer has before him is issued; yields the paper's id. Signed twice, it is refused the second time.

    The sheet is made under the register's lock, because its number stands on it; nobody waits but who issues under the same mark."""
    draft = in_hand(unit, draft_id, revision)
    if unit.actor.account_id is None or unit.actor.body_id is None:
        raise Fault("not_permitted")  # the house itself signs nothing
    mark = _mark(unit, unit.actor.body_id, draft)
    title = _title(unit, draft)
    unit.to_office()
    year = unit.today.year
    serial = next_serial(unit, unit.actor.body_id, mark, year)
    number = number_of(mark, year, serial)
    token = secrets.token_urlsafe(24) if draft.form.answerable and unit.runtime.settings.public_url else ""
    address = f"{unit.runtime.settings.public_url}/r/{token}" if token else ""
    content, template = sheet_of(unit, draft, number, address)
    sheet = Sound(
        kind=draft.row.kind or draft.form.name,
        number=number,
        issued_on=unit.today,
        name=f"{number} {draft.form.label.zh}.docx",
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    document = store(unit, sheet)
    row: dict[str, Any] = {"draft_id": draft_id, "document_id": document, "body_id": unit.actor.body_id}
    row |= {"case_id": draft.row.case_id, "proceeding_id": draft.row.proceeding_id}
    row |= {"form": draft.form.name, "kind": draft.row.kind, "mark": mark, "year": year, "serial": serial}
    row |= {
        "title": title,
        "sha256": sheet.sha256,
        "template_sha256": template,
        "issued_on": unit.today,
        "issued_at": unit.now,
    }
    row |= {"drafted_by": draft.row.account_id, "issued_by": unit.actor.account_id, "state": IN_FORCE}
    key: int = unit.db.execute(insert(Paper).returning(Paper.id), [row]).scalar_one()
    unit.db.execute(insert(PaperPdf), [{"paper_id": key, "state": "pending", "due_at": unit.now}])
    if token:
        new_slip(unit, key, token)
    unit.db.execute(
        update(PaperDraft)
        .where(PaperDraft.id == draft_id)
        .values(state=ISSUED, said={}, revision=revision + 1, changed_at=unit.now)
    )
    journal.write(unit, "paper.issue", f"paper {key}", form=draft.form.name, number=number)
    return key


def withdraw(unit: Unit, paper_id: int, reason: str) -> None:
    """The paper is no longer in force, and the register says why. One that serves as evidence of a step stays: another must be
    written that corrects it."""
    require(unit.actor, "papers.write")
    said = _reason(reason)
    row = unit.db.execute(
        select(Paper.state, Paper.document_id)
        .where(Paper.id == paper_id, Paper.body_id == unit.actor.body_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise Fault("not_found")
    if row.state != IN_FORCE:
        raise Fault("paper_done")
    unit.to_office()
    if unit.db.execute(select(exists().where(Filing.document_id == row.document_id))).scalar_one():
        raise Fault("paper_filed")
    values = {
        "state": WITHDRAWN,
        "withdrawn_at": unit.now,
        "withdrawn_by": unit.actor.account_id,
        "reason": said,
    }
    unit.db.execute(update(Paper).where(Paper.id == paper_id).values(values))
    journal.write(unit, "paper.withdraw", f"paper {paper_id}")


def _mark(unit: Unit, body_id: int, draft: Draft) -> str:
    own = unit.db.scalar(select(Body.mark).where(Body.id == body_id))
    if not own:
        raise Fault("paper_no_mark")
    return f"{own}{draft.form.suffix}"


def _title(unit: Unit, draft: Draft) -> str:
    """What the register calls it: its title, else its form and the unit that it is about."""
    title = (
        blanks_of(unit, draft, "").get("title") or f"{draft.form.label.zh}（{draft.subject.case['name']}）"
    )
    return title[:LONGEST_TITLE]


def _reason(reason: str) -> str:
    said = composed(reason, LONGEST_REASON).strip()
    if not said:
        raise Fault("field_missing", field="reason", zh=_REASON.zh, en=_REASON.en)
    if len(said) > LONGEST_REASON:
        raise Fault("field_length", field="reason", zh=_REASON.zh, en=_REASON.en, high=LONGEST_REASON)
    if not is_line(said):
        raise Fault("field_text", field="reason", zh=_REASON.zh, en=_REASON.en)
    if has_number(said):
        raise Fault("field_number", field="reason", zh=_REASON.zh, en=_REASON.en)
    return said
