"""What happens when a last day is over: a history line and a work item for a person, once, and nothing is decided."""

from collections.abc import Sequence

from sqlalchemy import select, update

from services.cases import load
from services.cases.docket import Docket, Move
from services.cases.record import record
from services.cases.rounds import rounds
from services.db.models.casework import Deadline
from services.drains import Drain
from services.failpoints import here
from services.runtime import Runtime, Unit


def drain_due(runtime: Runtime, limit: int = 200) -> int:
    """Up to `limit` deadlines whose last day is over are told to their cases; returns how many were in hand."""
    return DUE.run(runtime, limit)


def fire(unit: Unit, keys: Sequence[int]) -> None:
    """Each term that still runs is overdue; its proceeding has the entry and the work item that follow."""
    # The cases first, as whoever acts in one does: the other way round, the two would wait for each other.
    cases = unit.db.scalars(select(Deadline.case_id).where(Deadline.id.in_(keys))).all()
    dockets = load.by_ids(unit, cases)
    rows = DUE.pending(unit, keys, Deadline.case_id, Deadline.proceeding_id, Deadline.term)
    if not rows:
        return
    here("due", "found")
    reminders = {row.id for row in rows if _reminds(unit, dockets[row.case_id], row.proceeding_id, row.term)}
    for state, over in (("met", reminders), ("overdue", {row.id for row in rows} - reminders)):
        if over:
            unit.db.execute(update(Deadline).where(Deadline.id.in_(sorted(over))).values(state=state))
    here("due", "marked")
    for some in rounds(rows, lambda row: [row.case_id]):
        record(
            unit,
            [
                Move(
                    dockets[row.case_id],
                    load.unfolding(unit, dockets[row.case_id].file).expire(row.proceeding_id, row.term),
                )
                for row in some
            ],
        )


def _reminds(unit: Unit, docket: Docket, proceeding: int, term: str) -> bool:
    """Is it the day on which something begins, so that nobody is late?"""
    standing = next(one for one in docket.file.standings if one.key == proceeding)
    return unit.runtime.law.definition(standing.procedure, standing.version).term[term].reminder


#: Deadlines of one case go one at a time, the earliest first.
DUE = Drain("due", Deadline, Deadline.fire_at, Deadline.case_id, fire, waiting="running", by_day=True)
