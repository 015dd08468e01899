"""The documents handed in with a step or an opening: all from the actor's own body, every kind that is needed among them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, exists, select

from services.db.models.official import Paper
from services.db.models.paper import Document
from services.runtime import Unit
from workflows.definition import Act
from workflows.errors import Fault

_PAPERS = select(Document.id, Document.kind, Document.number, Document.sha256).where(
    Document.id.in_(bindparam("ids", expanding=True)),
    Document.body_id == bindparam("body"),
    ~exists().where(Paper.document_id == Document.id, Paper.state == "withdrawn"),
)


def handed_in(unit: Unit, act: Act, ids: Sequence[str]) -> list[Mapping[str, Any]]:
    """The documents by their numbers; a Fault names the one that is unknown, or the kinds that are missing."""
    papers: list[Mapping[str, Any]] = []
    if ids:
        wanted = {}
        for given in ids:
            if not (given.isascii() and given.isdigit() and len(given) < 19):
                raise Fault("evidence_unknown", field="evidence", id="?")
            wanted[int(given)] = given
        found = unit.db.execute(_PAPERS, {"ids": sorted(wanted), "body": unit.actor.body_id}).mappings()
        papers = [dict(row) for row in found]
        for missing in wanted.keys() - {paper["id"] for paper in papers}:
            raise Fault("evidence_unknown", field="evidence", id=wanted[missing])
    kinds = {paper["kind"] for paper in papers}
    lacking = [paper.label for paper in act.evidence if paper.kind not in kinds]
    if lacking:
        raise Fault(
            "evidence_missing",
            field="evidence",
            zh="、".join(one.zh for one in lacking),
            en=", ".join(one.en for one in lacking),
        )
    return papers
