"""The slip of a paper that an enterprise answers: it confirms that it has the paper and says what it means to do.

Whoever holds the sheet may answer, once, while its term lasts. It says nothing of the file, and what comes of it is a work item
for the body that issued it: silence is no refusal, and an answer is no decision (CONDUCT 5.3).
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from services.access import journal
from services.actor import SERVICE
from services.cases import load
from services.cases.docket import Move
from services.cases.record import record
from services.db.models.casework import Deadline
from services.db.models.directory import Body
from services.db.models.official import Paper, PaperSlip
from services.db.models.paper import Filing
from services.runtime import Runtime, Unit
from workflows.errors import Fault
from workflows.events import Event
from workflows.papers.answers import ANSWERS, EVENT
from workflows.papers.model import number_of
from workflows.words import Text

#: From the issue on, until somebody has put the service on file and the notice's own term runs.
UNSERVED = timedelta(days=90)
#: The notice's term in the procedure of the lead (workflows/procedures/lead_states.py).
TERM = "notice"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_RUNS = ("running", "suspended")


@dataclass(frozen=True, slots=True)
class Slip:
    """What the holder of the sheet is shown: who wrote to him, under which number, and whether he has answered."""

    organ: str
    number: str
    issued_on: date
    answered_at: datetime | None


def new_slip(unit: Unit, paper_id: int, token: str) -> None:
    """The token opens the paper's slip; only its SHA-256 is kept."""
    unit.db.execute(insert(PaperSlip), [{"digest": _digest(token), "paper_id": paper_id}])


def look_at(runtime: Runtime, token: str) -> Slip:
    """The slip, for whoever has the sheet in hand. Unknown, withdrawn and expired ones look the same."""
    with runtime.reading(SERVICE) as unit:
        row = _found(unit, token)
        return Slip(row.organ, number_of(row.mark, row.year, row.serial), row.issued_on, row.answered_at)


def answer(runtime: Runtime, token: str, said: str, address: str) -> None:
    """The answer stands in the file, and somebody is asked to follow it up. A second answer is refused."""
    with runtime.writing(SERVICE) as unit:
        row = _found(unit, token)
        if said not in ANSWERS:
            raise Fault(
                "field_choice",
                field="answer",
                zh="打算",
                en="what you mean to do",
                choices="、".join(ANSWERS),
            )
        taken = unit.db.execute(
            update(PaperSlip)
            .where(PaperSlip.digest == _digest(token), PaperSlip.answered_at.is_(None))
            .values(answered_at=unit.now, answer=said)
        )
        if taken.rowcount != 1:
            raise Fault("slip_used")
        _tell(unit, row, said)
        journal.write(unit, "paper.answered", f"paper {row.id}", division=row.division, answer=said)


def _tell(unit: Unit, row: Any, said: str) -> None:
    """The proceeding that served the paper hears of it; if it has moved on, the file keeps one line. `Any`: a row."""
    docket = load.by_ids(unit, [row.case_id])[row.case_id]
    law = load.unfolding(unit, docket.file)
    unfolded = law.follow(Event(EVENT, {"reply": said}, about=row.proceeding_id))
    if not unfolded.entries:
        label = ANSWERS[said]
        law.amend(
            "enterprise_replied",
            Text("企业回应{number}：{zh}", "The enterprise answered {number}: {en}").filled(
                number=number_of(row.mark, row.year, row.serial), zh=label.zh, en=label.en
            ),
            {},
            cause=EVENT,
        )
        unfolded = law.result
    record(unit, [Move(docket, unfolded)])


def _found(unit: Unit, token: str) -> Any:
    """The slip's paper while it can be answered. `Any`: a row."""
    if not _TOKEN.fullmatch(token):
        raise Fault("slip_over")
    columns = (Paper.id, Paper.case_id, Paper.proceeding_id, Paper.document_id, Paper.state)
    shown = (Paper.mark, Paper.year, Paper.serial, Paper.issued_on, PaperSlip.answered_at)
    row = unit.db.execute(
        select(*columns, *shown, Body.name.label("organ"), Body.division)
        .join(PaperSlip, PaperSlip.paper_id == Paper.id)
        .join(Body, Body.id == Paper.body_id)
        .where(PaperSlip.digest == _digest(token))
    ).one_or_none()
    if row is None or row.state != "in_force" or not _lasts(unit, row):
        raise Fault("slip_over")
    return row


def _lasts(unit: Unit, row: Any) -> bool:
    """Does the term run that began when the paper was served? Before that is on file the paper's own age tells. `Any`: a row."""
    served = unit.db.execute(
        select(Filing.proceeding_id, Filing.seq)
        .where(Filing.document_id == row.document_id)
        .order_by(Filing.seq)
    ).first()
    if served is None:
        return bool(unit.today <= row.issued_on + UNSERVED)
    term = unit.db.execute(
        select(Deadline.state, Deadline.due_on)
        .where(
            Deadline.proceeding_id == served.proceeding_id,
            Deadline.term == TERM,
            Deadline.generation >= served.seq,
        )
        .order_by(Deadline.generation)
    ).first()
    if term is None:
        return bool(unit.today <= row.issued_on + UNSERVED)
    return term.state in _RUNS and (term.due_on is None or unit.today <= term.due_on)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
