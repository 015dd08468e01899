"""Papers being written (拟稿): drafted from what is on file, changed and dropped. A draft has no number; issuing is another matter."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from services.access import journal
from services.access.permissions import require
from services.db.models.official import PaperDraft
from services.documents.filling import fill, is_printable, words_of
from services.documents.marking import is_marked
from services.documents.matters import Subject, matter_of, subject_of
from services.documents.templates import form_named, template_of
from services.runtime import Unit
from workflows import forms
from workflows.definition import Facts, Field
from workflows.errors import Fault
from workflows.papers.model import Form, in_chinese
from workflows.plain import day_of

OPEN, ISSUED, DROPPED = "open", "issued", "dropped"
#: What stands in the place of the number until there is one.
UNNUMBERED = "（草稿，签发时编号）"


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft in hand: its row, its form, and what it is about."""

    row: Any  # of PaperDraft's columns
    form: Form
    subject: Subject


def suggested(unit: Unit, form: Form, subject: Subject) -> Facts:
    """The blanks as far as they are known; the first form that the writer sees."""
    return form.drafts(matter_of(unit, form, subject))


def begin_draft(
    unit: Unit,
    case_id: int,
    form_name: str,
    said: Mapping[str, object],
    *,
    proceeding_id: int | None = None,
    kind: str = "",
) -> int:
    """The draft is on file for the writer's body; yields its id."""
    require(unit.actor, "papers.write")
    form = form_named(form_name)
    subject = subject_of(unit, form, case_id, proceeding_id, kind)
    kept = checked(unit, form, said)
    row: dict[str, Any] = {"body_id": unit.actor.body_id, "account_id": unit.actor.account_id}  # Any: columns
    row |= {"case_id": case_id}
    row |= {"proceeding_id": subject.proceeding and subject.proceeding.id, "form": form.name, "kind": kind}
    row |= {"said": kept, "revision": 1, "state": OPEN, "made_at": unit.now, "changed_at": unit.now}
    unit.to_office()
    key: int = unit.db.execute(insert(PaperDraft).returning(PaperDraft.id), [row]).scalar_one()
    journal.write(unit, "paper.draft", f"draft {key}", form=form.name)
    return key


def change_draft(unit: Unit, draft_id: int, said: Mapping[str, object], revision: int) -> int:
    """The draft says this now; yields its new revision. A stale page is refused."""
    draft = in_hand(unit, draft_id, revision)
    kept = checked(unit, draft.form, said)
    unit.to_office()
    values = {"said": kept, "revision": revision + 1, "changed_at": unit.now}
    unit.db.execute(update(PaperDraft).where(PaperDraft.id == draft_id).values(values))
    journal.write(unit, "paper.change", f"draft {draft_id}")
    return revision + 1


def drop_draft(unit: Unit, draft_id: int, revision: int) -> None:
    """Nothing comes of it; what was typed is forgotten. No number is used up."""
    _open(unit, draft_id, revision)
    unit.to_office()
    values = {"said": {}, "state": DROPPED, "revision": revision + 1, "changed_at": unit.now}
    unit.db.execute(update(PaperDraft).where(PaperDraft.id == draft_id).values(values))
    journal.write(unit, "paper.drop", f"draft {draft_id}")


def in_hand(unit: Unit, draft_id: int, revision: int) -> Draft:
    """An open draft of the writer's own body, locked, as he has seen it; its case is still his to see."""
    row = _open(unit, draft_id, revision)
    form = form_named(row.form)
    return Draft(row, form, subject_of(unit, form, row.case_id, row.proceeding_id, row.kind))


def _open(unit: Unit, draft_id: int, revision: int) -> Any:
    """`Any`: a row of PaperDraft's columns."""
    require(unit.actor, "papers.write")
    row = found(unit, draft_id, lock=True)
    if row.state != OPEN:
        raise Fault("paper_done")
    if row.revision != revision:
        raise Fault("revision_stale")
    return row


def found(unit: Unit, draft_id: int, *, lock: bool = False) -> Any:
    """The draft's row; what is another body's is not there. `Any`: a row of PaperDraft's columns."""
    asked = select(*PaperDraft.__table__.c).where(
        PaperDraft.id == draft_id, PaperDraft.body_id == unit.actor.body_id
    )
    row = unit.db.execute(asked.with_for_update() if lock else asked).one_or_none()
    if row is None:
        raise Fault("not_found")
    return row


def checked(unit: Unit, form: Form, said: Mapping[str, object]) -> Facts:
    """What was filled in, by the form's own rules; nothing secret, and nothing that no sheet can hold."""
    kept = forms.check(form, said, today=unit.today, where="fields.")
    words = [value for value in kept.values() if isinstance(value, str)]
    for one in form.fields:
        value = kept.get(one.name)
        if isinstance(value, str) and not is_printable(value):
            raise Fault("field_text", field=f"fields.{one.name}", zh=one.label.zh, en=one.label.en)
        if one.name in form.confirmed and value is not True:
            raise Fault("paper_unconfirmed", field=f"fields.{one.name}", zh=one.label.zh, en=one.label.en)
    if is_marked("\n".join(words), "\n".join(words)):
        raise Fault("document_secret", field="fields")
    return kept


def blanks_of(unit: Unit, draft: Draft, number: str) -> dict[str, str]:
    """What stands in each blank of the sheet."""
    settled = suggested(unit, draft.form, draft.subject) if draft.form.settled else {}
    values = {name: str(settled.get(name) or "") for name in draft.form.settled}
    for one in draft.form.fields:
        values[one.name] = _in_words(one, draft.row.said.get(one.name))
    office = {"organ": unit.actor.body_name, "number": number, "dated": in_chinese(unit.today)}
    return values | office


def sheet_of(unit: Unit, draft: Draft, number: str, address: str = "") -> tuple[bytes, str]:
    """The draft on its sheet, and the SHA-256 of the template that it was made from."""
    if unit.actor.body_id is None:
        raise Fault("not_permitted")
    template = template_of(unit, unit.actor.body_id, draft.form)
    return fill(draft.form, template.content, blanks_of(unit, draft, number), address), template.sha256


def preview(unit: Unit, row: Any) -> list[str]:
    """What will be read on the sheet. `Any`: a row of PaperDraft's columns."""
    form = form_named(row.form)
    draft = Draft(row, form, subject_of(unit, form, row.case_id, row.proceeding_id, row.kind))
    return words_of(sheet_of(unit, draft, UNNUMBERED)[0])


def _in_words(field: Field, value: object) -> str:
    if value is None:
        return ""
    match field.kind:
        case "choice":
            return next((one.label.zh for one in field.choices if one.value == value), "")
        case "date":
            day = day_of(str(value))
            return in_chinese(day) if day else ""
    return str(value)
