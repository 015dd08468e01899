"""The agenda makes itself: what the last meetings left open, what bodies have proposed, and what the files say needs talking over.

It tells of a file what a notice between the two sides would tell, and which side is late, never what lies in either drawer.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row, select, update

from services.clock import legal_day
from services.db.models.casework import Case, Deadline, Proceeding
from services.db.models.mail import Notice
from services.db.models.meeting import AgendaItem
from services.db.rows import write_rows
from services.directory.scope import within
from services.notices.payload import payload
from services.runtime import Unit
from workflows.casefile import CaseFile
from workflows.events import canonical
from workflows.notices import ASKING, NOTICES
from workflows.procedures.resolution import RESOLUTION
from workflows.subjects import ENTERPRISE
from workflows.words import Text

#: The kinds of items, in the order of the table.
KINDS: dict[str, Text] = {
    "decision": Text("上次会议以来未办结的议定事项", "Decided before, and still open"),
    "topic": Text("各单位提出的议题", "Proposed by the members"),
    "overdue": Text("逾期", "Overdue"),
    "unacknowledged": Text("通报未签收", "Notices not acknowledged"),
    "disputed": Text("有争议的通报", "Notices in dispute"),
    "refused": Text("拒绝或阻挠建会", "Refused or obstructed"),
    "eligible": Text("新具备建立党组织条件", "Newly eligible for a Party organisation"),
}
#: A table of more items of one kind is no agenda; the rest is counted in one line.
MOST_OF_A_KIND = 20

_SIDES = {"union": Text("工会一侧", "union side"), "party": Text("党组织一侧", "Party side")}
_SIDES |= {"open": Text("共同事项", "shared matter"), "joint": Text("共同事项", "shared matter")}
_ABOUT = (Case.id, Case.uscc, Case.name, Case.division, Case.facts)


@dataclass(frozen=True, slots=True)
class Item:
    """One item as it would stand on the agenda now."""

    kind: str
    title: Text
    about: int | None = None
    snapshot: dict[str, Any] = field(default_factory=dict)
    """What a notice would tell of that file. `Any`: JSON."""
    raised_by: int | None = None
    row: int | None = None
    """The row in which a topic was proposed."""


def build(unit: Unit, meeting: int, division: str, since: date | None) -> list[Item]:
    """The agenda of a meeting of that place as it would be today. `since` is the day of the last meeting that was held."""
    found = (
        _decisions(unit, division),
        _topics(unit, meeting),
        _overdue(unit, division),
        _unacknowledged(unit, division),
        _disputed(unit, division),
        _refused(unit, division),
        _eligible(unit, division, since),
    )
    return [item for items in found for item in _no_more_than(items)]


def freeze(unit: Unit, meeting: int, items: Sequence[Item]) -> str:
    """The items have their numbers and stay as they are from here on; the hash over all of them."""
    numbered = list(enumerate(items, 1))
    for number, item in numbered:
        if item.row is not None:
            unit.db.execute(update(AgendaItem).where(AgendaItem.id == item.row).values(number=number))
    rows = [
        {"case_id": meeting, "number": number, "kind": item.kind}
        | {"title_zh": item.title.zh, "title_en": item.title.en}
        | {
            "about_case_id": item.about,
            "snapshot": item.snapshot,
            "raised_by": item.raised_by,
            "at": unit.now,
        }
        for number, item in numbered
        if item.row is None
    ]
    if rows:
        write_rows(unit.db, AgendaItem, rows)
    return digest([(number, item.kind, item.title, item.about, item.snapshot) for number, item in numbered])


def digest(lines: Sequence[tuple[int, str, Text, int | None, dict[str, Any]]]) -> str:
    """SHA-256 over the canonical JSON of a frozen agenda: [number, kind, title, file, snapshot] by number. `Any`: JSON."""
    whole = [
        [number, kind, title.as_dict(), about, snapshot] for number, kind, title, about, snapshot in lines
    ]
    return hashlib.sha256(canonical(whole)).hexdigest()


def frozen(unit: Unit, meeting: int) -> list[Row[Any]]:
    """The items of a meeting that was called, by number. `Any`: rows of AgendaItem."""
    rows = unit.db.execute(
        select(*AgendaItem.__table__.c)
        .where(AgendaItem.case_id == meeting, AgendaItem.number.is_not(None))
        .order_by(AgendaItem.number)
    )
    return list(rows.all())


def _no_more_than(items: list[Item]) -> list[Item]:
    shown, rest = items[:MOST_OF_A_KIND], len(items) - MOST_OF_A_KIND
    if rest <= 0:
        return shown
    label = KINDS[items[0].kind]
    return [
        *shown,
        Item(
            items[0].kind,
            Text("{zh}：另有{n}件，见清单", "{en}: {n} more, see the list").filled(
                zh=label.zh, en=label.en, n=rest
            ),
        ),
    ]


def _decisions(unit: Unit, division: str) -> list[Item]:
    rows = unit.db.execute(
        select(Case.id, Case.name, Proceeding.state, Proceeding.data)
        .join(Proceeding, Proceeding.case_id == Case.id)
        .where(Proceeding.procedure == RESOLUTION.name, Proceeding.state.in_(("open", "reported")))
        .where(within(Case.division, division))
        .order_by(Case.id)
    )
    return [
        Item(
            "decision",
            Text("{name}（{zh}，{due}到期）", "{name} ({en}, due on {due})").filled(
                name=row.name,
                zh=RESOLUTION.state[row.state].label.zh,
                en=RESOLUTION.state[row.state].label.en,
                due=row.data.get("due_on"),
            ),
            row.id,
            {"state": row.state, "due_on": row.data.get("due_on"), "owner": row.data.get("owner")},
        )
        for row in rows
    ]


def _topics(unit: Unit, meeting: int) -> list[Item]:
    rows = unit.db.execute(
        select(*AgendaItem.__table__.c)
        .where(AgendaItem.case_id == meeting, AgendaItem.kind == "topic")
        .order_by(AgendaItem.id)
    )
    return [
        Item("topic", Text(row.title_zh, row.title_en), raised_by=row.raised_by, row=row.id) for row in rows
    ]


def _overdue(unit: Unit, division: str) -> list[Item]:
    """One item for each file and side that is late, the longest late first."""
    rows = unit.db.execute(
        select(*_ABOUT, Proceeding.compartment, Deadline.due_on)
        .join(Proceeding, Proceeding.id == Deadline.proceeding_id)
        .join(Case, Case.id == Deadline.case_id)
        .where(Deadline.state == "overdue", Case.subject == ENTERPRISE.name, within(Case.division, division))
        .order_by(Deadline.due_on, Case.id)
    )
    longest: dict[tuple[int, str], Any] = {}
    for row in rows:
        longest.setdefault((row.id, row.compartment), row)
    return [
        _about(
            unit,
            "overdue",
            row,
            _SIDES[side],
            Text("逾期，应于{due}前办结", "overdue since {due}"),
            due=row.due_on,
        )
        for (_, side), row in longest.items()
    ]


def _unacknowledged(unit: Unit, division: str) -> list[Item]:
    rows = unit.db.execute(
        select(*_ABOUT, Notice.kind.label("notice"), Notice.delivered_at)
        .join(Case, Case.id == Notice.case_id)
        .where(
            Notice.status == "delivered",
            Notice.kind.in_(ASKING),
            Case.subject == ENTERPRISE.name,
            within(Case.division, division),
        )
        .order_by(Notice.id)
    )
    return [
        _about(
            unit,
            "unacknowledged",
            row,
            NOTICES[row.notice],
            Text("{sent}送达，未签收", "delivered on {sent}, not acknowledged"),
            sent=legal_day(row.delivered_at, unit.runtime.settings.zone),
        )
        for row in rows
    ]


def _disputed(unit: Unit, division: str) -> list[Item]:
    return _standing_in(
        unit,
        "disputed",
        division,
        {"notify_party": ("rejected", "escalated"), "notify_union": ("rejected", "escalated")},
        Text("通报被退回或催办无果", "returned, or chased in vain"),
    )


def _refused(unit: Unit, division: str) -> list[Item]:
    return _standing_in(
        unit,
        "refused",
        division,
        {"lead": ("declined", "obstructed", "escalated", "unreachable")},
        Text("企业未同意、阻挠或联系不上", "refused, obstructed, or not reached"),
    )


def _eligible(unit: Unit, division: str, since: date | None) -> list[Item]:
    return _standing_in(
        unit,
        "eligible",
        division,
        {"notify_party": ("due", "sent", "acknowledged", "accepted")},
        Text("具备条件，尚无党组织", "the condition holds, and there is no Party organisation yet"),
        since=since,
    )


def _standing_in(
    unit: Unit,
    kind: str,
    division: str,
    states: dict[str, tuple[str, ...]],
    what: Text,
    *,
    since: date | None = None,
) -> list[Item]:
    """The enterprises of which a proceeding stands in such a state, the longest first; one that began before `since` is no news."""
    found: list[Item] = []
    for procedure, names in states.items():
        rows = unit.db.execute(
            select(*_ABOUT, Proceeding.state, Proceeding.procedure, Proceeding.version)
            .join(Proceeding, Proceeding.case_id == Case.id)
            .where(Proceeding.procedure == procedure, Proceeding.state.in_(names))
            .where(Case.subject == ENTERPRISE.name, within(Case.division, division))
            .where(*([Proceeding.began_on > since] if since else []))
            .order_by(Proceeding.since, Case.id)
        )
        for row in rows:
            law = unit.runtime.law.definition(row.procedure, row.version)
            found.append(_about(unit, kind, row, law.state[row.state].label, what))
    return found


def _about(unit: Unit, kind: str, row: Any, who: Text, what: Text, **named: object) -> Item:
    """An item about an enterprise. `Any`: a row of _ABOUT's columns."""
    said = what.filled(**named) if named else what
    file = CaseFile(row.division, dict(row.facts), [])
    title = Text(f"{row.name}：{who.zh}，{said.zh}", f"{row.name}: {who.en}, {said.en}")
    return Item(
        kind, title, row.id, payload({"id": row.id, "uscc": row.uscc, "name": row.name}, file, unit.today)
    )
