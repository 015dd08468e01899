"""Which bodies issue papers, and which templates of their own they have: for the administrators of their divisions."""

from typing import Any

from sqlalchemy import func, select

from services.access.permissions import require
from services.db.models.directory import Body
from services.db.models.official import PaperTemplate
from services.db.queries.page import ITEMS, behind, cut
from services.directory.scope import within
from services.runtime import Unit
from workflows.errors import Fault
from workflows.papers.forms import FORMS

_WRITING = sorted({kind for one in FORMS.values() for kind in one.kinds})


def bodies_that_write(unit: Unit, cursor: str | None = None) -> dict[str, Any]:
    """A page of them by code, each with its agency mark and how many templates are its own. `Any`: JSON."""
    require(unit.actor, "templates.manage")
    own = select(func.count()).where(PaperTemplate.body_id == Body.id, PaperTemplate.retired_at.is_(None))
    rows = unit.db.execute(
        select(Body.code, Body.name, Body.mark, own.scalar_subquery().label("own"))
        .where(
            within(Body.division, unit.actor.division),
            Body.kind.in_(_WRITING),
            Body.code > behind(cursor),
        )
        .order_by(Body.code)
        .limit(ITEMS + 1)
    )
    return cut(rows.mappings().all(), dict, key="code")


def body_that_writes(unit: Unit, code: str) -> dict[str, Any]:
    """One of them with its own templates by form; not_found for any other. `Any`: plain values."""
    require(unit.actor, "templates.manage")
    row = unit.db.execute(
        select(Body.id, Body.code, Body.name, Body.kind, Body.mark).where(
            within(Body.division, unit.actor.division), Body.kind.in_(_WRITING), Body.code == code
        )
    ).one_or_none()
    if row is None:
        raise Fault("not_found")
    own = unit.db.execute(
        select(PaperTemplate.form, PaperTemplate.name, PaperTemplate.sha256, PaperTemplate.uploaded_at).where(
            PaperTemplate.body_id == row.id, PaperTemplate.retired_at.is_(None)
        )
    )
    found = {
        one.form: {"name": one.name, "sha256": one.sha256, "at": one.uploaded_at.isoformat()} for one in own
    }
    return {
        "id": row.id,
        "code": row.code,
        "name": row.name,
        "kind": row.kind,
        "mark": row.mark,
        "own": found,
    }
