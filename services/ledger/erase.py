"""What a line says about a person is erased by law: the value goes, the line, its chain and every proof stay (PIPL Art 47; decision 0027).

People decide it, one value at a time, and name the ground. The erasure is a line of the history itself, and a deed in the journal.
"""

from typing import Any

from sqlalchemy import delete, select, update

from services.access import journal
from services.cases import load
from services.cases.docket import Move
from services.cases.record import record
from services.db.models.casework import History, HistoryValue, Proceeding
from services.ledger.values import OPINION
from services.runtime import Unit
from workflows.errors import Fault
from workflows.roles import Compartment
from workflows.unfolded import Entry, Unfolded
from workflows.words import Text

#: The grounds of PIPL Art 47(1), by its numbers.
GROUNDS = {
    "purpose": Text(
        "处理目的已实现、无法实现或不再必要", "its purpose is reached, cannot be reached, or needs it no more"
    ),
    "retention": Text(
        "保存期限已届满，或不再提供服务", "it has been kept long enough, or the service has ended"
    ),
    "consent": Text("个人撤回同意", "the person has withdrawn his consent"),
    "unlawful": Text("处理违反法律法规或约定", "it was handled against law or agreement"),
    "other": Text("法律、行政法规规定的其他情形", "another ground of law"),
}


def erase(unit: Unit, case_id: int, seq: int, field: str, ground: str) -> int:
    """The value is gone from the history and from its proceeding; yields the number of the line that says so.

    Faults: `not_found`, no such value; `ground_unknown`."""
    if ground not in GROUNDS:
        raise Fault("ground_unknown", field="ground", grounds=", ".join(GROUNDS))
    docket = load.by_ids(unit, [case_id]).get(case_id)
    line = unit.db.execute(
        select(History.proceeding_id, History.compartment).where(
            History.case_id == case_id, History.seq == seq
        )
    ).one_or_none()
    gone = unit.db.execute(
        delete(HistoryValue)
        .where(HistoryValue.case_id == case_id, HistoryValue.seq == seq, HistoryValue.field == field)
        .returning(HistoryValue.value)
    ).one_or_none()
    if docket is None or line is None or gone is None:
        raise Fault("not_found")
    if line.proceeding_id is not None and field != OPINION:
        _forget(unit, line.proceeding_id, field)
        docket = load.by_ids(unit, [case_id])[case_id]
    record(unit, [Move(docket, Unfolded(entries=[_entry(line.compartment, seq, field, ground)]))])
    journal.write(
        unit,
        "names.erase",
        f"case {case_id}",
        division=docket.file.division,
        line=seq,
        field=field,
        ground=ground,
    )
    return int(docket.row["seq"])


def _forget(unit: Unit, proceeding: int, field: str) -> None:
    """The proceeding holds the newest value of a field, which may be of another line that still stands; it is not needed to go on, so it goes in any case."""
    data: dict[str, Any] = unit.db.execute(  # Any: JSON
        select(Proceeding.data).where(Proceeding.id == proceeding).with_for_update()
    ).scalar_one()
    if field in data:
        kept = {name: value for name, value in data.items() if name != field}
        unit.db.execute(update(Proceeding).where(Proceeding.id == proceeding).values(data=kept))


def _entry(compartment: str, seq: int, field: str, ground: str) -> Entry:
    why = GROUNDS[ground]
    return Entry(
        key=None,
        procedure=None,
        compartment=Compartment(compartment),
        step="erase",
        says=Text(
            "依法删除第{n}行涉及个人的内容：{zh}", "What line {n} says about a person was erased: {en}"
        ).filled(n=seq, zh=why.zh, en=why.en),
        cause="erasure",
        from_state=None,
        to_state=None,
        data={"line": seq, "field": field, "ground": ground},
        policy="",
    )
