"""The second wall (S08): what a unit of work says of itself, so that the database itself gives nothing foreign to a query that
forgets its conditions. It uses nothing of the first wall (services/db/queries/sight.py).

PostgreSQL holds the wall as row-level security (migrations 0003 and 0004); here is the same for SQLite, where the tables are views over
themselves for whoever is not the house. Behind the wall nobody writes: that is the office's, once it has been let in.
"""

from dataclasses import asdict, dataclass, fields
from functools import cached_property

from services.actor import Actor
from services.directory.divisions import prefix
from workflows.registry import LawBook
from workflows.roles import KINDS, Kind
from workflows.subjects import SUBJECTS

_NOBODY = Kind("", KINDS["admin"].label, frozenset())


@dataclass(frozen=True)
class Wall:
    """What stands before the wall. Everything is text, as the database hears it; lists are joined by commas.

    `low` and `high` bound the codes of the divisions. `guest` names the states, as procedure/version/state, in which a
    proceeding of another drawer waits for a step of his. `sight` is `told` for an office that knows only of files that offices
    have told of; `boxes` is `all` for who reads the notices, events and deeds of every body in his divisions; `keeps` is `channels` for who keeps theirs.
    """

    house: str = "off"
    low: str = ""
    high: str = ""
    subjects: str = ""
    drawers: str = ""
    guest: str = ""
    body: str = ""
    account: str = ""
    sight: str = "told"
    boxes: str = "own"
    keeps: str = ""

    @cached_property
    def sets(self) -> str:
        """The statement by which a PostgreSQL transaction says it, for as long as it lasts."""
        if self.house == "on":
            return "SET LOCAL gongjian.house = 'on'"
        said = {name: value.replace("'", "''") for name, value in asdict(self).items()}
        return "SELECT " + ", ".join(
            f"set_config('gongjian.{name}', '{value}', true)" for name, value in said.items()
        )

    def told(self) -> tuple[str, ...]:
        """The same for SQLite."""
        return tuple(asdict(self).values())


#: The service itself, for which there is no wall.
HOUSE = Wall(house="on")


def wall_of(actor: Actor, law: LawBook) -> Wall:
    """Where this actor stands. Who has no account is the house at work; a kind of body we do not know sees nothing."""
    if actor.account_id is None:
        return HOUSE
    kind = KINDS.get(actor.kind, _NOBODY)
    start = prefix(actor.division)
    opens = sorted(drawer.value for drawer in kind.opens)
    return Wall(
        low=start,
        high=start + ":",  # ":" follows "9"
        subjects=",".join(one.name for one in SUBJECTS.values() if one.drawer in kind.opens),
        drawers=",".join(opens),
        guest=",".join(sorted(_guest_states(kind, start, law))),
        body=str(actor.body_id or ""),
        account=str(actor.account_id),
        sight="all" if len(opens) > 1 else "told",
        boxes="all" if actor.kind == "auditor" else "own",
        keeps="channels" if actor.kind == "admin" else "",
    )


def _guest_states(kind: Kind, start: str, law: LawBook) -> set[str]:
    return {
        f"{one.name}/{one.version}/{state}"
        for one in law.definitions
        for step in one.steps
        if step.by is not None and kind.name in step.by.kinds and (len(start) <= 6 or not step.by.superior)
        for state in step.sources
    }


_NAMES = [one.name for one in fields(Wall)]
#: Tells an SQLite connection where it stands, by the values of `Wall.told`.
SAYS = f"UPDATE temp.wall SET ({', '.join(_NAMES)}) = ({', '.join('?' * len(_NAMES))})"


def as_views() -> list[str]:
    """What puts a fresh SQLite connection behind the wall: before it is told where it stands it is shown nothing."""
    return [
        "PRAGMA temp_store=MEMORY",
        f"CREATE TEMP TABLE wall ({', '.join(_NAMES)})",
        "INSERT INTO temp.wall DEFAULT VALUES",
        *(
            f"CREATE TEMP VIEW {table} AS SELECT it.* FROM main.{table} AS it WHERE {seen}"
            for table, seen in SEEN.items()
        ),
    ]


def _said(name: str) -> str:
    return f"(SELECT {name} FROM temp.wall)"


def _is_in(value: str, name: str) -> str:
    return f"instr(',' || {_said(name)} || ',', ',' || {value} || ',')"


_BODY, _ALL = _said("body"), f"{_said('sight')} = 'all'"
_EVERYBODYS = f"{_said('boxes')} = 'all'"
_IN_HIS_DRAWERS = _is_in("it.compartment", "drawers")
_BELOW = f"""EXISTS (
            SELECT 1 FROM bodies WHERE bodies.id = it.body_id
            AND bodies.division >= {_said("low")} AND bodies.division < {_said("high")})"""
_CASE = "EXISTS (SELECT 1 FROM cases WHERE cases.id = it.case_id)"
_PROCEEDING = "EXISTS (SELECT 1 FROM proceedings AS of_it WHERE of_it.id = it.proceeding_id{})"

#: What is seen of each table that holds what lies in a place: the migrations in SQLite's words. `it` is the row.
SEEN = {
    "cases": f"""
        it.division >= {_said("low")} AND it.division < {_said("high")} AND {_is_in("it.subject", "subjects")}
        AND ({_ALL} OR it.registered_on IS NOT NULL OR substr(it.provisional, 7, 1) = '#'
             OR json_extract(it.facts, '$.reported'))""",
    "name_parts": f"it.division >= {_said('low')} AND it.division < {_said('high')}",
    "work_items": f"(it.body_id = {_BODY} OR {_IN_HIS_DRAWERS}) AND {_CASE}",
    "proceedings": f"""
        {_CASE} AND (
            {_IN_HIS_DRAWERS}
            OR {_is_in("it.procedure || '/' || it.version || '/' || it.state", "guest")}
            OR EXISTS (SELECT 1 FROM work_items WHERE proceeding_id = it.id AND body_id = {_BODY})
            OR EXISTS (SELECT 1 FROM answers WHERE proceeding_id = it.id))""",
    "history": f"""
        {_CASE} AND (
            it.body_id = {_BODY}
            OR ({_IN_HIS_DRAWERS} AND ({_ALL} OR (it.proceeding_id IS NULL AND it.inbox_id IS NOT NULL))))""",
    "history_values": "EXISTS (SELECT 1 FROM history WHERE history.case_id = it.case_id AND history.seq = it.seq)",
    "deadlines": _PROCEEDING.format(f" AND {_is_in('of_it.compartment', 'drawers')}"),
    "notices": f"({_EVERYBODYS} OR it.recipient_id = {_BODY} OR it.sender_id = {_BODY}) AND {_CASE}",
    "filings": _PROCEEDING.format(""),
    "documents": f"it.body_id = {_BODY} OR EXISTS (SELECT 1 FROM filings WHERE document_id = it.id)",
    "inbox": f"""
        it.office_id = {_BODY} OR ({_EVERYBODYS} AND EXISTS (
            SELECT 1 FROM bodies WHERE bodies.id = it.office_id
            AND bodies.division >= {_said("low")} AND bodies.division < {_said("high")}))""",
    "uploads": f"it.body_id = {_BODY} OR ({_EVERYBODYS} AND {_BELOW})",
    "upload_rows": "EXISTS (SELECT 1 FROM uploads WHERE uploads.id = it.upload_id)",
    "paper_templates": f"it.body_id = {_BODY} OR {_BELOW}",
    "paper_drafts": f"it.body_id = {_BODY}",
    "paper_registers": f"it.body_id = {_BODY} OR ({_EVERYBODYS} AND {_BELOW})",
    "papers": f"it.body_id = {_BODY} OR ({_EVERYBODYS} AND {_BELOW})",
    "paper_pdfs": "EXISTS (SELECT 1 FROM papers WHERE papers.id = it.paper_id)",
    "paper_slips": "0",
    "answers": f"it.account_id = {_said('account')}",
    "saved_views": f"it.account_id = {_said('account')}",
    "substitutions": f"it.account_id = {_said('account')} OR it.substitute_id = {_said('account')}",
    "journal": f"{_EVERYBODYS} AND it.division >= {_said('low')} AND it.division < {_said('high')}",
    "agenda_items": _CASE,
    "meeting_members": _CASE,
    "channels": f"""
        it.body_id = {_BODY} OR ({_said("keeps")} = 'channels' AND EXISTS (
            SELECT 1 FROM bodies WHERE bodies.id = it.body_id
            AND bodies.division >= {_said("low")} AND bodies.division < {_said("high")}))""",
    "deliveries": "EXISTS (SELECT 1 FROM channels WHERE channels.id = it.channel_id)",
    "attempts": "EXISTS (SELECT 1 FROM deliveries WHERE deliveries.id = it.delivery_id)",
    "links": "0",
    "dead_letters": "0",
    "outbox": "0",
    "logs": "0",
    "unsealed": "0",
    "log_leaves": "0",
}
