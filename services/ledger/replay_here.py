"""Every case in this database made again from its lines, and held against the tables that say how it stands: states, facts, last days, and
how much is owed."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select

from services.cases.docket import standing_of
from services.db.models.casework import Case, Deadline, History, HistoryValue, Proceeding, WorkItem
from services.db.models.ledger import Leaf
from services.ledger.fsck import Wrong
from services.ledger.replay import Differs, Remade, Replay, read
from services.ledger.values import told
from services.runtime import Unit
from workflows.casefile import Standing
from workflows.words import Text

#: So many cases are in memory at once.
AT_ONCE = 200
_TORN = Text("读不出来。", "it cannot be read.")


def replay_here(unit: Unit) -> Iterator[tuple[int, list[Wrong]]]:
    """Some cases at a time: how many were made again, and which of them stand otherwise than their lines say. The unit is the house's."""
    calendar = unit.runtime.calendar(unit.db)
    replay = Replay(unit.runtime.law, unit.runtime.policies, calendar, unit.runtime.settings.zone)
    after = 0
    while cases := _cases(unit, Case.id > after):
        after = cases[-1].id
        wrong = _looked_at(unit, replay, cases)
        if (
            wrong
        ):  # tables are read one after the other, and a case may have moved meanwhile: it is looked at again
            wrong = _looked_at(unit, replay, _cases(unit, Case.id.in_(sorted(wrong))))
        yield len(cases), [one for found in wrong.values() for one in found]


def _cases(unit: Unit, which: ColumnElement[bool]) -> Sequence[Any]:
    """`Any`: rows of `Case`."""
    asked = select(Case.id, Case.division, Case.facts, Case.paused).where(which)
    return unit.db.execute(asked.order_by(Case.id).limit(AT_ONCE)).all()


def _looked_at(unit: Unit, replay: Replay, cases: Sequence[Any]) -> dict[int, list[Wrong]]:
    """What is wrong, by case; sound ones are not named. `Any`: rows of `Case`."""
    here = _Here(unit, [case.id for case in cases])
    found = {case.id: list(_wrong(unit, replay, case, here)) for case in cases}
    return {case: wrong for case, wrong in found.items() if wrong}


class _Here:
    """What the tables say of some cases, by case; `torn` is the first line that cannot be read. `Any`: JSON, columns."""

    def __init__(self, unit: Unit, cases: Sequence[int]) -> None:
        values: dict[tuple[int, int], dict[str, str]] = defaultdict(dict)
        for row in unit.db.execute(select(*HistoryValue.__table__.c).where(HistoryValue.case_id.in_(cases))):
            values[row.case_id, row.seq][row.field] = row.value
        self.lines: dict[int, list[dict[str, Any]]] = defaultdict(list)
        self.torn: dict[int, int] = {}
        for case, seq, drawer, canon in unit.db.execute(
            select(History.case_id, History.seq, History.compartment, History.canon)
            .where(History.case_id.in_(cases))
            .order_by(History.case_id, History.seq)
        ):
            line = read(canon)
            if line is None:
                self.torn.setdefault(case, seq)
            else:
                self.lines[case].append(told(line, values[case, seq]) | {"compartment": drawer})
        self.standings: dict[int, list[Standing]] = defaultdict(list)
        for one in unit.db.execute(select(*Proceeding.__table__.c).where(Proceeding.case_id.in_(cases))):
            self.standings[one.case_id].append(standing_of(one))
        self.terms: dict[int, Counter[tuple[Any, ...]]] = defaultdict(Counter)
        for case, *term in unit.db.execute(
            select(
                Deadline.case_id, Deadline.proceeding_id, Deadline.term, Deadline.state, Deadline.due_on
            ).where(Deadline.case_id.in_(cases), Deadline.state.in_(("running", "suspended")))
        ):
            self.terms[case][tuple(term)] += 1
        self.work: dict[int, Counter[tuple[Any, ...]]] = defaultdict(Counter)
        for case, *work in unit.db.execute(
            select(WorkItem.case_id, WorkItem.proceeding_id, WorkItem.reason).where(
                WorkItem.case_id.in_(cases), WorkItem.status == "open"
            )
        ):
            self.work[case][tuple(work)] += 1


def _wrong(unit: Unit, replay: Replay, case: Any, here: _Here) -> Iterator[Wrong]:
    """`Any`: a row of `Case`."""
    if (torn := here.torn.get(case.id)) is not None:
        yield _named(unit, case.id, Differs(torn, _TORN))
        return
    made = replay.case(here.lines[case.id])
    if made.differs is not None:
        yield _named(unit, case.id, made.differs)
    else:
        yield from _held(case, made, here)


def _named(unit: Unit, case: int, differs: Differs) -> Wrong:
    """With the number of its entry, where it has one."""
    number = unit.db.execute(
        select(Leaf.number).where(Leaf.case_id == case, Leaf.seq == differs.seq)
    ).scalar()
    what = differs.text
    return Wrong(
        number,
        Text(f"案卷{case}第{differs.seq}行：{what.zh}", f"Line {differs.seq} of case {case}: {what.en}"),
    )


def _held(case: Any, made: Remade, here: _Here) -> Iterator[Wrong]:
    """What the tables say otherwise of one case. `Any`: a row of `Case`."""
    file = made.file
    if (case.division, case.facts, case.paused) != (file.division, file.facts, file.paused):
        yield _otherwise(case.id, "所在地、公开事项或中止状态", "where it lies, its facts or its standstill")
    remade = {one.key: one for one in file.standings}
    stands = {one.key: one for one in here.standings[case.id]}
    for key in sorted(remade.keys() | stands.keys()):
        if remade.get(key) != stands.get(key):
            yield _otherwise(case.id, f"程序{key}的状态或内容", f"the state or content of proceeding {key}")
    if here.terms[case.id] != made.open_terms():
        yield _otherwise(case.id, "未到期的期限", "its running terms")
    if here.work[case.id] != made.work:
        yield _otherwise(case.id, "待办事项", "its open work items")


def _otherwise(case: int, zh: str, en: str) -> Wrong:
    return Wrong(
        None,
        Text(
            f"案卷{case}：数据表里{zh}与经过不符。",
            f"Case {case}: the tables say of {en} what the history does not.",
        ),
    )
