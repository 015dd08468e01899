"""Official papers for tests: a town whose bodies have agency marks, and papers drafted and issued in it by the real use cases."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from services.actor import SERVICE
from services.db.again import again
from services.db.models.casework import Case, Proceeding
from services.db.queries.papers import paper
from services.documents.drafts import begin_draft, suggested
from services.documents.issue import issue
from services.documents.matters import subject_of
from services.documents.templates import set_mark
from tests.builders import COUNTY, TOWN, Town
from workflows.papers.forms import FORMS

LOCAL, SUPERIOR = f"union.{TOWN}", f"union.{COUNTY}"


def with_marks(town: Town) -> Town:
    """The town, with the characters that stand for its bodies in numbers."""
    with town.runtime.writing(SERVICE) as unit:
        for code, mark in (
            (LOCAL, "越工"),
            (SUPERIOR, "船工"),
            (f"party.{TOWN}", "越党"),
            (f"minying.{COUNTY}", "船民"),
            (f"investment.{TOWN}", "越招"),
        ):
            set_mark(unit, code, mark)
    return town


def lies(town: Town, code: str, procedure: str) -> tuple[int, int]:
    """The case of an enterprise, and its newest proceeding of that kind."""
    with town.runtime.reading(SERVICE) as unit:
        row = unit.db.execute(
            select(Case.id, Proceeding.id.label("moving"))
            .join(Proceeding, Proceeding.case_id == Case.id)
            .where(Case.uscc == code, Proceeding.procedure == procedure)
            .order_by(Proceeding.id.desc())
        ).first()
    assert row is not None
    return row.id, row.moving


def draft(
    town: Town,
    account: str,
    form: str,
    case: int,
    proceeding: int | None = None,
    kind: str = "",
    **said: object,
) -> int:
    """What the house suggests, with what this person says beside it. `Any`: facts."""
    with town.runtime.writing(town.hands.actor(account)) as unit:
        known = suggested(unit, FORMS[form], subject_of(unit, FORMS[form], case, proceeding, kind))
        names = {one.name for one in FORMS[form].fields}
        given: Mapping[str, Any] = {name: value for name, value in {**known, **said}.items() if name in names}
        return begin_draft(unit, case, form, given, proceeding_id=proceeding, kind=kind)


def issued(town: Town, account: str, draft_id: int, revision: int = 1) -> dict[str, Any]:
    def work() -> int:
        with town.runtime.writing(town.hands.actor(account)) as unit:
            return issue(unit, draft_id, revision)

    key = again(work)
    with town.runtime.reading(town.hands.actor(account)) as unit:
        return paper(unit, key)


def ready(town: Town) -> tuple[str, int, int]:
    """An enterprise whose union is to be applied for."""
    code = town.enterprise(name="燚&<鑫>" + "长" * 51 + "有限公司")
    town.take(LOCAL, code, "lead", "survey", headcount=60, applicants=30)
    town.take(LOCAL, code, "lead", "open_union")
    return code, *lies(town, code, "union")
