"""Is a case's history still what was written? Every line is hashed again over the one before it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import select

from services.db.models.casework import Case, History
from services.ledger.layout import GENESIS, line_hash
from services.runtime import Unit


@dataclass(frozen=True, slots=True)
class Break:
    """The first line of a case that is not what it was; one past the last when the end is missing."""

    case_id: int
    seq: int


def breaks(unit: Unit, *, newest: int) -> list[Break]:
    """Where the histories of the newest cases do not close; empty when all of them do."""
    cases = unit.db.execute(select(Case.id, Case.seq, Case.tip).order_by(Case.id.desc()).limit(newest)).all()
    lines = unit.db.execute(
        select(History.case_id, History.seq, History.algorithm, History.canon, History.hash)
        .where(History.case_id.in_([case.id for case in cases]))
        .order_by(History.case_id, History.seq)
    )
    written = {key: list(found) for key, found in groupby(lines, key=lambda line: line.case_id)}
    found = ((case.id, _broken_at(case.seq, bytes(case.tip), written.get(case.id, ()))) for case in cases)
    return [Break(key, seq) for key, seq in found if seq is not None]


def _broken_at(last: int, end: bytes, lines: Iterable[Any]) -> int | None:
    """`Any`: rows of history."""
    tip, seq = GENESIS, 0
    for line in lines:
        seq += 1
        canon = bytes(line.canon)
        tip = line_hash(tip, canon, line.algorithm)
        if line.seq != seq or bytes(line.hash) != tip or not _names(canon, line.case_id, seq):
            return seq
    return None if (seq, tip) == (last, end) else seq + 1


def _names(canon: bytes, case_id: int, seq: int) -> bool:
    try:
        said = json.loads(canon)
    except ValueError:
        return False
    return isinstance(said, dict) and (said.get("case"), said.get("seq")) == (case_id, seq)
