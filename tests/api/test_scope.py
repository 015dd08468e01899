"""Whoever asks, wherever his body stands, for whatever lies anywhere: he is given exactly what is his, and hears nothing of the
rest (S07, S08). A world by chance, every address of the counter, and an oracle that knows the table of permissions, the drawers
and where things lie, and nothing else of the house.

GONGJIAN_CHECKS says how many checks to make; a check is one thing of the world that one answer must, or must not, tell of.
"""

import csv
import os
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from httpx2 import Response
from python_calamine import CalamineWorkbook
from sqlalchemy import insert, select, text, true, update
from sqlalchemy.exc import DBAPIError

import services.access.permissions
from api.drawing import can_draw
from services.access.accounts import create_account
from services.actor import SERVICE
from services.cases.name_parts import keep_names
from services.db.base import Base
from services.db.models.access import Journal
from services.db.models.casework import Case, Deadline, History, Link, Proceeding, WorkItem
from services.db.models.directory import Account, Body
from services.db.models.mail import Inbox, Notice, Outbox
from services.db.models.paper import Document, Filing
from services.db.models.uploads import Upload, UploadRow
from services.db.queries import noticebox, sight, worklist
from services.db.wall import SEEN, Wall
from services.directory import scope
from services.directory.bodies import create_body
from services.runtime import Unit
from tests.addresses import addresses
from tests.builders import BODIES, COUNTY, OTHER_COUNTY, TOWN, Counter, Town, registered, uscc
from workflows.definition import Definition
from workflows.events import canonical
from workflows.notices import NOTICES
from workflows.registry import LawBook
from workflows.roles import KINDS, Compartment, Role
from workflows.subjects import SUBJECTS

CHECKS = int(os.environ.get("GONGJIAN_CHECKS", "4000"))
FILES = 40
#: Above, beside and below each other: a province, its cities, their counties, and the towns of two of these.
PLACES = ("220000", "220200", "220204", "220204101", "220204102", "220202", "141000", "141002", "141002101")
KINDS_THERE = [kind for kind in KINDS if kind not in ("admin", "auditor", "security")]
_TABLE = Path(services.access.permissions.__file__).with_name("permissions.csv")
_ROWS = list(csv.DictReader(_TABLE.read_text(encoding="utf-8").splitlines()))
RIGHTS = {row["right"]: {kind for kind in KINDS if row[kind]} for row in _ROWS}


class Who(NamedTuple):
    account: str
    account_id: int
    body: int
    kind: str
    division: str


class File(NamedTuple):
    id: int
    subject: str
    division: str
    told: bool
    name: str


class Moving(NamedTuple):
    id: int
    file: File
    law: Definition
    state: str


class Line(NamedTuple):
    seq: int
    file: File
    moving: Moving | None
    drawer: Compartment
    who: Who | None
    inbox: bool


class Item(NamedTuple):
    id: int
    moving: Moving
    body: int | None
    assignee: int | None
    is_open: bool


class Told(NamedTuple):
    """A notice."""

    id: int
    file: File
    sender: int
    recipient: int


class Paper(NamedTuple):
    id: int
    body: int
    filed: tuple[Moving, ...]


class Heard(NamedTuple):
    """An event of an office."""

    source: str
    id: str
    office: Who


class List(NamedTuple):
    """A list that an office's clerk has brought. Each row is about a file, and came to the event of the same number."""

    id: int
    office: Who
    files: tuple[File, ...]


@dataclass
class World:
    law: LawBook
    people: list[Who] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    movings: list[Moving] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    notices: list[Told] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    events: list[Heard] = field(default_factory=list)
    lists: list[List] = field(default_factory=list)


# -- the oracle --------------------------------------------------------------------------------------------


def covers(division: str, place: str) -> bool:
    return place.startswith(
        re.sub("(00){1,3}$", "", division[:6]) + division[6:]
    )  # 220200 covers all of 2202


def opens(who: Who, drawer: Compartment) -> bool:
    return drawer in KINDS[who.kind].opens


def knows(who: Who, file: File) -> bool:
    may = covers(who.division, file.division) and opens(who, SUBJECTS[file.subject].drawer)
    return may and (file.told or len(KINDS[who.kind].opens) > 1)


def fills(world: World, who: Who, role: Role | None, division: str) -> bool:
    if role is None or who.kind not in role.kinds or not covers(who.division, division):
        return False
    rivals = [one for one in world.people if one.kind in role.kinds and covers(one.division, division)]
    nearest = max(rivals, key=lambda one: (len(one.division.rstrip("0")), -role.kinds.index(one.kind)))
    return len(who.division) == 6 if role.superior else nearest.body == who.body


def sees(world: World, who: Who, one: Moving) -> bool:
    own = opens(who, one.law.compartment) and len(KINDS[who.kind].opens) > 1
    mine = (
        fills(world, who, step.by, one.file.division) for step in one.law.steps if one.state in step.sources
    )
    return knows(who, one.file) and (own or any(mine))


def status(who: Who, right: str, there: bool) -> int:
    return 403 if who.kind not in RIGHTS[right] else 200 if there else 404


# -- what else is his, in lists ----------------------------------------------------------------------------


def reads(who: Who, line: Line) -> bool:
    onlooker = len(KINDS[who.kind].opens) == 1
    plain = line.moving is None and line.inbox
    return knows(who, line.file) and opens(who, line.drawer) and (plain or not onlooker)


def may_find(who: Who, item: Item) -> bool:
    return knows(who, item.moving.file) and (item.body == who.body or opens(who, item.moving.law.compartment))


def listed(world: World, who: Who, view: str, item: Item) -> bool:
    case = item.moving.file.id
    mine = [line for line in world.lines if line.file.id == case and line.who is not None]
    match view:
        case "unit":
            return item.body == who.body
        case "mine":
            return item.assignee == who.account_id
        case "started":
            return any(one.who == who and one.moving == item.moving for one in mine)
    involved = any(one.who.body == who.body for one in mine if one.who) or any(
        one.body == who.body for one in world.items if one.moving.file.id == case
    )
    return item.body != who.body and opens(who, item.moving.law.compartment) and involved


def in_box(who: Who, box: str, one: Told) -> bool:
    return knows(who, one.file) and (
        who.kind == "auditor" or who.body == (one.recipient if box == "in" else one.sender)
    )


def has_paper(world: World, who: Who, paper: Paper) -> bool:
    return paper.body == who.body or any(sees(world, who, one) for one in paper.filed)


def hears_of(who: Who, event: Heard) -> bool:
    return has_sent(who, event.office)


def has_sent(who: Who, office: Who) -> bool:
    """Is what this office sent his own, or his to audit?"""
    return office.body == who.body or (who.kind == "auditor" and covers(who.division, office.division))


# -- a world by chance -------------------------------------------------------------------------------------


def make(town: Town, chance: Random) -> World:
    """Rows as no life would leave them, so that everything stands beside everything."""
    world = World(town.runtime.law)
    with town.runtime.writing(SERVICE) as unit:
        _people(unit, chance, world)
        for number in range(1, FILES + 1):
            _file(unit, chance, world, number)
        keep_names(unit.db, {file.id: file.name for file in world.files})
        for one in world.movings:
            _moving(unit, chance, world, one)
        _papers(unit, chance, world)
        _events(unit, chance, world)
        _lists(unit, chance, world)
        for who in world.people:
            unit.db.execute(
                insert(Journal).values(
                    at=unit.now, actor=who.account, address="", division=who.division, what="cases.read",
                    about=f"case {who.body}", result="refused", detail={},
                )
            )  # fmt: skip
    return world


def _people(unit: Unit, chance: Random, world: World) -> None:
    wanted = {(kind, chance.choice(PLACES)) for kind in [*KINDS_THERE, *KINDS_THERE, "union", "party"]}
    wanted |= {("auditor", "220200"), ("auditor", "141002"), ("admin", "220200"), ("security", "220200")}
    wanted |= {("union", place) for place in ("220204", "141002", "220204101")} | set(BODIES)
    for kind, division in sorted(wanted):
        code = f"{kind}.{division}"
        body = unit.db.scalar(select(Body.id).where(Body.code == code))
        body = body or create_body(unit, kind, division, code)
        account = unit.db.scalar(select(Account.id).where(Account.name == code))
        account = account or create_account(unit, code, code, None)
        world.people.append(Who(code, account, body, kind, division))


def _file(unit: Unit, chance: Random, world: World, number: int) -> None:
    subject = chance.choice(["enterprise"] * 3 + sorted(SUBJECTS))
    told = subject != "enterprise" or chance.random() < 0.7
    file = File(number, subject, chance.choice(PLACES), subject == "enterprise" and told, _mark(number))
    code = uscc(number) if subject == "enterprise" else None
    unit.db.execute(
        insert(Case).values(
            id=number, subject=subject, uscc=code, name=file.name, division=file.division, opened_in=file.division[:6],
            registered_on=date(2026, 1, 5) if file.told else None, status="open", opened_at=unit.now, seq=0, tip=b"",
            facts={"union_form": "none", "party_form": "none", "category": "91"},
        )
    )  # fmt: skip
    world.files.append(file)
    laws = [law for law in world.law.definitions if opens_for(law, subject)]
    for law in chance.sample(laws, min(4, len(laws))):
        waiting = [
            state
            for step in law.steps
            if step.by is not None and {law.compartment} - KINDS[step.by.kinds[0]].opens
            for state in step.sources
        ]  # states in which a guest from another drawer is waited for are few
        state = chance.choice(waiting or [one.name for one in law.states])
        moving = Moving(len(world.movings) + 1, file, law, state)
        world.movings.append(moving)
    for seq in range(1, chance.randrange(3)):
        _line(unit, world, Line(seq, file, None, Compartment.OPEN, None, True))


def opens_for(law: Definition, subject: str) -> bool:
    """Any procedure in any file, but in one that not everybody is told of only those of its own drawer."""
    drawer = SUBJECTS[subject].drawer
    return drawer == Compartment.OPEN or law.compartment == drawer


def _mark(number: int) -> str:
    """A name that no other text of an answer holds: wherever it turns up, the file was told of."""
    return f"某{number:04d}号有限公司"


def _line(unit: Unit, world: World, line: Line) -> None:
    law = line.moving.law if line.moving else None
    said = {
        "v": 1, "case": line.file.id, "seq": line.seq, "at": "2026-03-02T01:00:00.000000Z", "step": "surveyed",
        "proceeding": line.moving.id if line.moving else None, "procedure": law.name if law else None,
        "says": {"zh": "记", "en": line.file.name}, "cause": "person", "data": {"note": line.file.name},
        "actor": None, "body": None, "from": None, "to": None, "policy": None,
    }  # fmt: skip
    unit.db.execute(
        insert(History).values(
            case_id=line.file.id, seq=line.seq, proceeding_id=said["proceeding"], compartment=line.drawer.value,
            at=unit.now, account_id=line.who.account_id if line.who else None,
            body_id=line.who.body if line.who else None, inbox_id=1 if line.inbox else None,
            algorithm="sha256", canon=canonical(said), hash=b"",
        )
    )  # fmt: skip
    world.lines.append(line)


def _moving(unit: Unit, chance: Random, world: World, one: Moving) -> None:
    law, file = one.law, one.file
    of_it = {"case_id": file.id, "proceeding_id": one.id}
    unit.db.execute(
        insert(Proceeding).values(
            id=one.id, case_id=file.id, procedure=law.name, version=law.version, compartment=law.compartment.value,
            state=one.state, revision=1, since=unit.now, began_on=unit.today, data={}, on_file=[], takers={},
        )
    )  # fmt: skip
    near = [who for who in world.people if covers(who.division, file.division)] or world.people
    for _ in range(chance.randrange(3)):
        seq = sum(line.file == file for line in world.lines) + 1
        who = chance.choice([None, chance.choice(near), chance.choice(world.people)])
        _line(unit, world, Line(seq, file, one, law.compartment, who, chance.random() < 0.3))
    if chance.random() < 0.7:
        holder = chance.choice([chance.choice(near), chance.choice(near), chance.choice(world.people)])
        mine = [holder.account_id, None]
        item = Item(len(world.items) + 1, one, holder.body, chance.choice(mine), chance.random() < 0.7)
        unit.db.execute(
            insert(WorkItem).values(
                id=item.id, **of_it, compartment=law.compartment.value, reason="owed", role="union_local", task_zh="办",
                task_en=file.name, division=file.division, body_id=item.body, assignee_id=item.assignee,
                status="open" if item.is_open else "done", opened_at=unit.now,
            )
        )  # fmt: skip
        world.items.append(item)
    if chance.random() < 0.5:
        kind = chance.choice(sorted(NOTICES))
        told = Told(len(world.notices) + 1, file, chance.choice(near).body, chance.choice(world.people).body)
        roles = {"kind": kind, "sender_role": "union_local", "recipient_role": "party_local"}
        payload = {"name": file.name}
        unit.db.execute(
            insert(Outbox).values(
                id=told.id,
                dedupe=str(told.id),
                **of_it,
                **roles,
                payload=payload,
                state="done",
                due_at=unit.now,
            )
        )
        unit.db.execute(
            insert(Notice).values(
                id=told.id, outbox_id=told.id, **of_it, **roles, payload=payload, status="delivered",
                sender_id=told.sender, recipient_id=told.recipient, division=file.division, delivered_at=unit.now,
            )
        )  # fmt: skip
        world.notices.append(told)


def _papers(unit: Unit, chance: Random, world: World) -> None:
    for key in range(1, FILES + 1):
        owner = chance.choice([who for who in world.people if who.kind in RIGHTS["documents.write"]])
        filed = tuple(chance.sample(world.movings, chance.randrange(3)))
        unit.db.execute(
            insert(Document).values(
                id=key, sha256="0" * 64, kind="coverage_list", name=f"{key}.txt", size=2, content="材料".encode(),
                body_id=owner.body, account_id=owner.account_id, uploaded_at=unit.now,
            )
        )  # fmt: skip
        for one in filed:
            unit.db.execute(insert(Filing).values(proceeding_id=one.id, document_id=key, seq=1))
        world.papers.append(Paper(key, owner.body, filed))


def _events(unit: Unit, chance: Random, world: World) -> None:
    offices = [who for who in world.people if who.kind in RIGHTS["events.send"]]
    for number in range(1, FILES + 1):
        office = chance.choice(offices)
        event = Heard(f"/{office.kind}/{office.division}", f"e-{number}", office)
        unit.db.execute(
            insert(Inbox).values(
                source=event.source, event_id=event.id, type="x", digest=b"", raw=b"{}", channel="http",
                office_id=office.body, case_key=str(number), received_at=unit.now, state="applied", due_at=unit.now,
                case_id=number,
            )
        )  # fmt: skip
        world.events.append(event)


def _lists(unit: Unit, chance: Random, world: World) -> None:
    """Lists that are taken in already, so that nobody changes them; their rows bear no name that a file has."""
    offices = [who for who in world.people if who.kind in RIGHTS["lists.send"]]
    for key in range(1, FILES // 2):
        office = chance.choice(offices)
        one = List(key, office, tuple(chance.sample(world.files, 3)))
        unit.db.execute(
            insert(Upload).values(
                id=key, body_id=office.body, account_id=office.account_id, name=f"{key}.csv", sha256="0" * 64, size=1,
                rows=3, counts={"accepted": 3}, state="taken", uploaded_at=unit.now,
            )
        )  # fmt: skip
        for number, file in enumerate(one.files, start=2):
            unit.db.execute(
                insert(UploadRow).values(
                    upload_id=key, row=number, name=f"L{key}", uscc="x", status="accepted", inbox_id=file.id
                )
            )
        world.lists.append(one)


# -- the asker ---------------------------------------------------------------------------------------------


class Asker:
    """Asks at random, judges every answer by the oracle, and counts."""

    def __init__(self, counter: Counter, world: World, chance: Random) -> None:
        self.counter, self.world, self.chance = counter, world, chance
        self.checks = self.requests = 0
        self.leaks: list[str] = []
        self.asked: set[tuple[str, str]] = set()

    def ask(self, who: Who, method: str, address: str, *words: object, **more: Any) -> Response:
        """The answer, which must not tell of any file that he may not know of. `Any`: whatever httpx2 takes."""
        self.asked.add((method, address))
        path = address
        for word in words:
            path = re.sub(r"{[^}]+}", str(word), path, count=1)
        if not address.startswith("/api/"):
            more["headers"] = self._cookie(who) | more.get("headers", {})
            answer = self.counter.client.request(method, path, **more)
        else:
            headers = self.counter.headers(who.account) | more.pop("headers", {})
            answer = self.counter.client.request(method, path, headers=headers, **more)
        self.requests += 1
        for number in set(re.findall(r"某(\d{4})号", answer.text)):
            file = self.world.files[int(number) - 1]
            by_law = address.startswith("/api/v1/openings") and file.division[:6] == who.division[:6]
            self.check(knows(who, file) or by_law, f"{who.account} {method} {path} tells of {file}")
        self.check(answer.status_code < 500, f"{who.account} {method} {path}: {answer.status_code}")
        return answer

    def check(self, right: bool, otherwise: str) -> None:
        self.checks += 1
        if not right:
            self.leaks.append(otherwise)

    def same(self, found: Iterable[object], wanted: Iterable[object], of: int, what: str) -> None:
        """A list holds exactly what it must: one check for everything that it could hold."""
        found, wanted = list(found), list(wanted)
        self.check(found == wanted, f"{what}: {found} and not {wanted}")
        self.checks += max(0, of - 1)

    def is_told(
        self, who: Who, right: str, there: bool, method: str, address: str, *words: object, **more: Any
    ) -> Any:
        """The answer's JSON where it is his, else nothing. `Any`: JSON, and what httpx2 takes."""
        answer, wanted = self.ask(who, method, address, *words, **more), status(who, right, there)
        got = 200 if answer.status_code not in (403, 404) else answer.status_code
        self.check(got == wanted, f"{who} {method} {address} {words}: {answer.status_code} and not {wanted}")
        return (
            answer.json() if answer.status_code == 200 and "json" in answer.headers["content-type"] else None
        )

    def pages(self, who: Who, right: str, address: str, **asked: str) -> list[dict[str, Any]] | None:
        """Every page of a list, by its cursors. `Any`: JSON."""
        items: list[dict[str, Any]] = []
        page = self.is_told(who, right, True, "GET", address, params=asked)
        while page is not None:
            items += page["items"]
            if not page["next"]:
                return items
            page = self.is_told(who, right, True, "GET", address, params=asked | {"cursor": page["next"]})
        return None

    def _cookie(self, who: Who) -> dict[str, str]:
        token = self.counter.headers(who.account)["Authorization"].partition(" ")[2]
        return {"Cookie": f"gongjian_session={token}"}

    # -- what is asked -------------------------------------------------------------------------------------

    def cases(self, who: Who) -> None:
        world, chance = self.world, self.chance
        file = chance.choice(world.files)
        asked: dict[str, str] = chance.choice(
            [
                {},
                {"name": file.name[:3]},
                {"name": file.name},
                {"subject": file.subject},
                {"division": file.division},
            ]
        )
        items = self.pages(who, "cases.read", "/api/v1/cases", **asked)
        if items is not None:
            mine = [one for one in reversed(world.files) if knows(who, one) and _is_asked(one, asked)]
            self.same(
                [one["id"] for one in items],
                [str(one.id) for one in mine],
                len(world.files),
                f"{who} {asked}",
            )
            shown = [key["id"] for one in items for key in one["proceedings"]]
            moving = [
                str(one.id)
                for file in mine
                for one in world.movings
                if one.file == file and sees(world, who, one) and len(KINDS[who.kind].opens) > 1
            ]
            self.same(shown, moving, len(world.movings), f"{who} {asked} proceedings")
        found = self.is_told(who, "cases.read", knows(who, file), "GET", "/api/v1/cases/{id}", file.id)
        if found is not None:
            moving = [str(one.id) for one in world.movings if one.file == file and sees(world, who, one)]
            self.same(
                [one["id"] for one in found["proceedings"]], moving, len(world.movings), f"{who} {file}"
            )

    def searches(self, who: Who) -> None:
        """Looking for what moves in a case tells no more than the case does."""
        one = self.chance.choice(self.world.movings)
        asked = {"procedure": one.law.name, "state": one.state}
        items = self.pages(who, "cases.read", "/api/v1/cases", **asked)
        if items is not None:
            same = [it for it in self.world.movings if (it.law.name, it.state) == (one.law.name, one.state)]
            same = [it for it in same if opens(who, it.law.compartment) and len(KINDS[who.kind].opens) > 1]
            mine = {str(it.file.id) for it in same if knows(who, it.file)}
            self.same(sorted(it["id"] for it in items), sorted(mine), len(self.world.files), f"{who} {asked}")

    def histories(self, who: Who) -> None:
        file = self.chance.choice(self.world.files)
        lines = [line for line in self.world.lines if line.file == file]
        wanted = [line.seq for line in lines if reads(who, line)]
        found = self.is_told(
            who, "history.read", knows(who, file), "GET", "/api/v1/cases/{id}/history", file.id
        )
        if found is not None:
            self.same([one["seq"] for one in found["items"]], wanted, len(lines), f"{who} history {file}")
        why = {"json": {"reason": "核对"}}
        found = self.is_told(
            who, "names.read", knows(who, file), "POST", "/api/v1/cases/{id}/names", file.id, **why
        )
        if found is not None:
            self.check({one["seq"] for one in found["items"]} <= set(wanted), f"{who} names {file}")

    def work(self, who: Who) -> None:
        for view in ("mine", "unit", "waiting", "started"):
            items = self.pages(who, "work.read", "/api/v1/work-items", view=view, status="open")
            if items is not None:
                mine = [one for one in self.world.items if one.is_open and may_find(who, one)]
                mine = [one for one in mine if listed(self.world, who, view, one)]
                shown = [int(one["id"]) for one in items]
                self.same(shown, [one.id for one in mine], len(self.world.items), f"{who} {view}")
        item = self.chance.choice(self.world.items)
        there, named = may_find(who, item), {"account": who.account}
        for base, blank, said in (
            ("/api/v1/work-items/{id}/", {}, {"json": named}),
            ("/work-items/{id}/", {"data": {"view": "unit"}}, {"data": named}),
        ):
            if who.kind in RIGHTS["work.act"] and there and item.body != who.body:
                for act in ("claim", "release"):
                    answer = self.ask(who, "POST", base + act, item.id, **blank)
                    self.check(answer.status_code == 403, f"{who} {act} {item}: {answer.status_code}")
            elif not there:
                for act, more in (("claim", blank), ("release", blank), ("reassign", said), ("urge", blank)):
                    self.is_told(who, "work.act", False, "POST", base + act, item.id, **more)

    def supervision(self, who: Who) -> None:
        """The board counts, for every body in his divisions, exactly what he may find; and behind each number lies just that."""
        right, answer = "supervision.read", self.ask(who, "GET", "/supervision")
        self.check(answer.status_code == status(who, right, True), f"{who} board: {answer.status_code}")
        below = [one for one in self.world.people if covers(who.division, one.division)]
        mine = {
            one.account: sum(
                it.body == one.body and it.is_open and may_find(who, it) for it in self.world.items
            )
            for one in below
        }
        if answer.status_code == 200:
            told = re.findall(
                r'href="/supervision/items\?body=([^&]+)&amp;band=none"[^>]*>(\d+)', answer.text
            )
            counted = sorted((code, int(number)) for code, number in told)
            wanted = sorted((code, number) for code, number in mine.items() if number)
            self.same(counted, wanted, len(self.world.items), f"{who} board")
        other = self.chance.choice(self.world.people)
        asked = {"body": other.account, "band": "none"}
        answer = self.ask(who, "GET", "/supervision/items", params=asked)
        there = status(who, right, other in below)
        self.check(answer.status_code == there, f"{who} items of {other}: {answer.status_code}")
        if there == 200:
            shown = answer.text.count("<tr data-row>")
            self.check(shown == min(mine[other.account], 50), f"{who} is shown {shown} of {other}")
        item = self.chance.choice(self.world.items)
        if not may_find(who, item):
            address, said = "/supervision/items/{id}/urge", {"body": "none", "band": "none"}
            self.is_told(who, "work.act", False, "POST", address, item.id, data=said)

    def notices(self, who: Who) -> None:
        for box in ("in", "out"):
            items = self.pages(who, "notices.read", "/api/v1/notices", box=box)
            if items is not None:
                mine = [one.id for one in reversed(self.world.notices) if in_box(who, box, one)]
                self.same([int(one["id"]) for one in items], mine, len(self.world.notices), f"{who} {box}")
        one = self.chance.choice(self.world.notices)
        if not (in_box(who, "in", one) or in_box(who, "out", one)):
            said = {"outcome": "accept", "reason": "同意"}
            for base, more in (
                ("/api/v1/notices/{id}/", {"json": said}),
                ("/notices/{id}/", {"data": said}),
            ):
                self.is_told(who, "notices.act", False, "POST", base + "acknowledge", one.id)
                self.is_told(who, "notices.act", False, "POST", base + "answer", one.id, **more)

    def steps(self, who: Who) -> None:
        """A step whose form is wrong, so that the world stays as it is."""
        one = self.chance.choice(self.world.movings)
        step = self.chance.choice([step for step in one.law.steps if step.by is not None])
        if self.chance.random() < 0.5:
            address, words = "/cases/{id}/proceedings/{proceeding}/{step}", (one.file.id, one.id, step.name)
            form = {"files": {"string.unheard_of": (None, "1")}}
        else:
            address, words = "/api/v1/proceedings/{id}/steps/{step}", (one.id, step.name)
            form = {"json": {"fields": {"unheard_of": 1}}}
        answer = self.ask(who, "POST", address, *words, **form)
        own = knows(who, one.file) and opens(who, one.law.compartment)
        wanted = status(who, "steps.take", own or sees(self.world, who, one))
        if wanted == 200 and not fills(self.world, who, step.by, one.file.division):
            wanted = 403
        got = 200 if answer.status_code in (400, 409, 422) else answer.status_code
        self.check(
            got == wanted, f"{who} {step.name} {one}: {answer.status_code} {answer.text} and not {wanted}"
        )

    def papers(self, who: Who) -> None:
        one = self.chance.choice(self.world.papers)
        self.is_told(
            who, "documents.read", has_paper(self.world, who, one), "GET", "/api/v1/documents/{id}", one.id
        )
        self.is_told(
            who, "documents.write", True, "POST", "/api/v1/documents", data={"kind": "x"}, files={"file": b""}
        )

    def events(self, who: Who) -> None:
        one = self.chance.choice(self.world.events)
        address = "/api/v1/events/{source:path}/{id:path}"
        where = (one.source.replace("/", "%2F"), one.id)
        found = self.is_told(who, "events.read", hears_of(who, one), "GET", address, *where)
        if found is not None:
            file = self.world.files[int(one.id[2:]) - 1]
            self.same([found["case"]], [str(file.id) if knows(who, file) else None], 1, f"{who} {one}")
        self.is_told(who, "events.send", True, "POST", "/api/v1/events", json={})

    def lists(self, who: Who) -> None:
        """A receipt leads to no case that is not his, and of another office's list he hears nothing."""
        one = self.chance.choice(self.world.lists)
        mine = [it.id for it in reversed(self.world.lists) if has_sent(who, it.office)]
        page = self.ask(who, "GET", "/lists")
        self.check(
            (page.status_code == 200) == (who.kind in RIGHTS["lists.read"]),
            f"{who} /lists {page.status_code}",
        )
        shown = [int(it) for it in re.findall(r'href="/lists/([0-9]+)"', page.text)]
        self.same(shown, mine if page.status_code == 200 else [], len(self.world.lists), f"{who} lists")
        there = has_sent(who, one.office)
        self.is_told(who, "lists.read", there, "GET", "/lists/{id}", one.id)
        answer = self.ask(who, "GET", "/lists/{id}", one.id)
        if answer.status_code == 200:
            known = [file for file in one.files if knows(who, file)]
            heard = [file.id for file in known if hears_of(who, self.world.events[file.id - 1])]
            led = [int(it) for it in re.findall(r'href="/cases/([0-9]+)"', answer.text)]
            self.same(led, heard, len(one.files), f"{who} {one}")
        for act in ("confirm", "drop"):
            own = one.office.body == who.body
            answer = self.ask(who, "POST", f"/lists/{{id}}/{act}", one.id)
            wanted = status(who, "lists.send", own)
            got = {303: 200, 409: 200}.get(answer.status_code, answer.status_code)
            self.check(got == wanted, f"{who} {act} {one}: {answer.status_code} and not {wanted}")
        for address in ("/lists/template.csv", "/lists/columns"):
            self.is_told(who, "lists.read", True, "GET", address)
        self.is_told(who, "lists.send", True, "POST", "/lists", files={"file": ("a.csv", b"no list")})

    def waiting(self, who: Who) -> None:
        """Nothing in this world waits to be placed or tried again: to whoever may come at all, it is not there."""
        self.is_told(who, "triage.place", True, "GET", "/set-aside")
        said = {"data": {"division": who.division}}
        answer = self.ask(who, "POST", "/set-aside/{id}/place", self.chance.randrange(1, FILES), **said)
        wanted = {404, 409} if who.kind in RIGHTS["triage.place"] else {403}
        self.check(answer.status_code in wanted, f"{who} place {answer.status_code}")
        answer = self.ask(
            who, "POST", "/set-aside/{drain}/{id}/retry", "inbox", self.chance.randrange(1, FILES)
        )
        wanted = {404} if who.kind == "admin" and who.division == "000000" else {403}
        self.check(answer.status_code in wanted, f"{who} retry {answer.status_code}")

    def openings(self, who: Who) -> None:
        self.is_told(who, "files.open", True, "GET", "/api/v1/openings")
        law, opening = self.chance.choice(self.world.law.begun_by_persons)
        self.is_told(who, "files.open", True, "GET", "/begin")
        form = {"files": {"string.unheard_of": (None, "1")}}
        self.ask(who, "POST", "/begin/{procedure}/{opening}", law.name, opening.name, **form)
        address = "/api/v1/openings/{procedure}/{opening}"
        self.ask(who, "POST", address, law.name, opening.name, json={"fields": {"unheard_of": 1}})

    def journal(self, who: Who) -> None:
        with self.counter.town.runtime.reading(SERVICE) as unit:
            lines = unit.db.execute(select(Journal.id, Journal.division).order_by(Journal.id.desc())).all()
        found = self.is_told(who, "journal.read", True, "GET", "/api/v1/journal")
        if found is not None:
            mine = [str(line.id) for line in lines if covers(who.division, line.division)][:50]
            self.same([one["id"] for one in found["items"]], mine, 50, f"{who} journal")

    def guards(self, who: Who) -> None:
        other = self.chance.choice(self.world.people)
        there, base = covers(who.division, other.division), "/api/v1/accounts/{name}/"
        self.is_told(who, "accounts.manage", there, "DELETE", base + "authenticator", other.account)
        self.is_told(who, "accounts.manage", there, "DELETE", base + "identity", other.account)
        self.counter.sign_in_anew()  # whoever loses his authenticator is signed out
        if not there or who.kind not in RIGHTS["accounts.manage"]:
            for method, act in (("DELETE", "sessions"), ("POST", "password"), ("POST", "disable")):
                self.is_told(who, "accounts.manage", there, method, base + act, other.account)
            said = {"issuer": "https://sso.example", "subject": "x"}
            self.is_told(who, "accounts.manage", there, "PUT", base + "identity", other.account, json=said)
        self.is_told(who, "sessions.read", True, "GET", "/api/v1/sessions")
        self.is_told(who, "sessions.end", False, "DELETE", "/api/v1/sessions/{id}", "0" * 12)

    def sheets(self, who: Who) -> None:
        """The pages: `ask` sees to it that they name no file that is not his."""
        file = self.chance.choice(self.world.files)
        for address, right, there, words in (
            ("/", "home.read", True, ()),
            ("/work-items", "work.read", True, ()),
            ("/jobs", "jobs.read", True, ()),
            ("/cases", "cases.read", True, ()),
            ("/notices", "notices.read", True, ()),
            ("/cases/{id}", "cases.read", knows(who, file), (file.id,)),
        ):
            self.is_told(who, right, there, "GET", address, *words)
        self.is_told(
            who, "names.read", knows(who, file), "POST", "/cases/{id}/names", file.id, data={"reason": "核对"}
        )

        one = self.chance.choice(self.world.papers)
        there = knows(who, file) and has_paper(self.world, who, one)
        self.is_told(who, "documents.read", there, "GET", "/cases/{id}/documents/{document}", file.id, one.id)

    def drawings(self, who: Who) -> None:
        one = self.chance.choice(self.world.movings)
        there = can_draw() and sees(self.world, who, one)
        self.is_told(who, "cases.read", there, "GET", "/cases/{id}/diagram/{proceeding}", one.file.id, one.id)

    def inboxes(self, who: Who) -> None:
        """What is taken out of an inbox is exactly what is his; what is not his is not done, and nobody's filters are another's."""
        view = self.chance.choice(("mine", "unit", "waiting", "started"))
        asked = {"view": view}
        answer = self.ask(who, "GET", "/work-items/export.xlsx", params=asked)
        self.check(
            answer.status_code == status(who, "work.read", True), f"{who} export: {answer.status_code}"
        )
        if answer.status_code == 200:
            sheet = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0)
            mine = [one for one in self.world.items if one.is_open and may_find(who, one)]
            mine = [one for one in mine if listed(self.world, who, view, one)]
            rows = sorted(str(row[2]) for row in sheet.to_python()[3:])
            wanted = sorted(one.moving.file.name for one in mine)
            self.same(rows, wanted, len(self.world.items), f"{who} takes out {view}")
        self.is_told(who, "work.act", True, "POST", "/account/substitutes", data={"account": "nobody"})
        self.is_told(who, "work.act", False, "POST", "/account/substitutes/{id}/end", 10**9)
        self.is_told(
            who, "work.read", True, "GET", "/live"
        )  # without saying since when, so that no stream is opened
        item = self.chance.choice(self.world.items)
        if not may_find(who, item):
            said = {"act": "claim", "item": str(item.id)}
            self.is_told(who, "work.act", True, "POST", "/work-items/chosen", data=said)
        self.is_told(who, "work.read", True, "POST", "/work-items/views", data={"name": who.account})
        self.is_told(who, "work.read", True, "POST", "/work-items/views/{id}/drop", 10**9, data=asked)

    def shows(self, who: Who, right: str, address: str, wanted: Iterable[str], **params: str) -> None:
        """A page of a list by codes shows exactly these, as far as a page goes."""
        answer = self.ask(who, "GET", address, params=params)
        self.check(answer.status_code == status(who, right, True), f"{who} {address}: {answer.status_code}")
        if answer.status_code == 200:
            shown = re.findall(r"<small>([a-z]+\.[0-9]+)</small>", answer.text)
            every = [one.account for one in self.world.people]
            self.same(shown, sorted(wanted)[:50], len(every), f"{who} {address}")

    def administrators(self, who: Who) -> None:
        """What the administrators' pages list, and deeds that would change nothing: on what is there already, or is none."""
        below = [one for one in self.world.people if covers(who.division, one.division)]
        codes = [one.account for one in below]
        self.shows(who, "bodies.manage", "/admin/bodies", codes)
        self.shows(who, "accounts.manage", "/admin/accounts", codes)
        offices = [one.account for one in below if one.kind in RIGHTS["events.send"]]
        self.shows(who, "keys.manage", "/admin/keys", offices)
        other = self.chance.choice(self.world.people)
        mine, name = other in below, {"name": other.account}
        for address, right, said in (
            ("/admin/bodies", "bodies.manage", name | {"kind": other.kind, "division": other.division}),
            ("/admin/accounts", "accounts.manage", name | {"body": other.account}),
        ):
            answer = self.ask(who, "POST", address, data=said)
            wanted = 409 if who.kind in RIGHTS[right] and mine else 403
            self.check(answer.status_code == wanted, f"{who} {address} {said}: {answer.status_code}")
        base, right = "/admin/accounts/{name}/", "accounts.manage"
        self.is_told(who, right, mine, "POST", base + "authenticator", other.account)
        self.counter.sign_in_anew()
        if not mine or who.kind not in RIGHTS[right]:
            for act in ("password", "sign-out", "disable"):
                self.is_told(who, right, mine, "POST", base + act, other.account)
        is_office = other.kind in RIGHTS["events.send"]
        wanted = 403 if who.kind not in RIGHTS["keys.manage"] or not mine else 200 if is_office else 400
        answer = self.ask(who, "GET", "/admin/keys/{office}", other.account)
        self.check(answer.status_code == wanted, f"{who} keys of {other}: {answer.status_code}")
        answer = self.ask(who, "POST", "/admin/keys/{office}", other.account, data={"public": "none"})
        self.check(answer.status_code == max(wanted, 400), f"{who} key for {other}: {answer.status_code}")
        retire = "/admin/keys/{office}/{key}/retire"
        self.is_told(who, "keys.manage", False, "POST", retire, other.account, "key_0")

    def readers(self, who: Who) -> None:
        """What is the same for everybody who may open it, and the auditor's page."""
        for method, address, right, words in (
            ("GET", "/admin/calendars", "calendars.import", ()),
            ("GET", "/admin/calendars/{year}", "calendars.import", (2026,)),
            ("GET", "/admin/policies", "policies.read", ()),
            ("GET", "/help", "home.read", ()),
        ):
            self.is_told(who, right, True, method, address, *words)
        answer = self.ask(who, "POST", "/admin/calendars", files={"sheet": ("a", b"year =")})
        self.check(
            answer.status_code == 403, f"{who} imports: {answer.status_code}"
        )  # nobody here is the nation's
        with self.counter.town.runtime.reading(SERVICE) as unit:
            lines = unit.db.scalars(select(Journal.division)).all()
        answer = self.ask(who, "GET", "/journal")
        there = status(who, "journal.read", True)
        self.check(answer.status_code == there, f"{who} journal: {answer.status_code}")
        if there == 200:
            mine = min(sum(covers(who.division, line) for line in lines), 50)
            self.check(answer.text.count("<tr data-row>") == mine, f"{who} is shown another journal")

    def everybody(self, who: Who) -> None:
        for address in ("/healthz", "/readyz", "/metrics", "/asyncapi.json", "/login"):
            self.ask(who, "GET", address)
        for address in ("/healthz", "/readyz"):
            self.ask(who, "HEAD", address)

    SUBJECTS = (
        cases, cases, cases, searches, histories, histories, work, work, notices, notices, steps, steps, steps, papers,
        papers, events, lists, waiting, openings, journal, guards, sheets, inboxes, drawings, everybody,
        supervision, supervision, administrators, administrators, readers,
    )  # fmt: skip


def _is_asked(file: File, asked: dict[str, str]) -> bool:
    return (
        asked.get("name", "") in file.name
        and asked.get("subject", file.subject) == file.subject
        and covers(asked.get("division", "000000"), file.division)
    )


# -- the tests ---------------------------------------------------------------------------------------------

#: What the asker leaves alone: the door, and what everybody does to his own way in (tests/api/test_door.py).
NOT_HERE = {
    ("POST", "/api/v1/tokens"), ("POST", "/login"), ("POST", "/logout"), ("GET", "/login/next"), ("POST", "/login/next"),
    ("GET", "/login/sso"), ("GET", "/login/sso/back"), ("POST", "/api/v1/password"), ("POST", "/api/v1/authenticator"),
    ("POST", "/api/v1/authenticator/confirm"), ("GET", "/account"), ("POST", "/account/authenticator"),
    ("POST", "/account/authenticator/confirm"), ("POST", "/account/password"), ("POST", "/account/sessions/{id}/end"),
}  # fmt: skip


@pytest.mark.timeout(0)
def test_everybody_is_given_exactly_what_is_his(counter: Counter, capsys: pytest.CaptureFixture[str]) -> None:
    chance = Random(20260302)
    asker = Asker(counter, make(counter.town, chance), chance)
    every = set(addresses())
    while asker.checks < CHECKS or asker.asked | NOT_HERE != every:
        assert asker.checks < CHECKS + 100_000, f"nobody asks {every - asker.asked - NOT_HERE}"
        chance.choice(Asker.SUBJECTS)(asker, chance.choice(asker.world.people))
        assert asker.leaks == []
    with capsys.disabled():
        print(f"\n{asker.checks} checks in {asker.requests} requests, {len(asker.leaks)} leaks")


def off(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first wall is gone: every condition and every look that the house's own code has for it lets everything through."""
    open_door: dict[object, Callable[..., Any]] = {
        scope.covers: lambda division, place: True,
        scope.within: lambda column, division: true(),
        scope.drawers: lambda actor: frozenset(Compartment),
        scope.may_know: lambda actor, subject: True,
        sight.cases_of: lambda actor: true(),
        sight.proceedings_of: lambda actor, law: true(),
        sight.own_proceedings_of: lambda actor: true(),
        sight.compartments: lambda actor: [one.value for one in Compartment],
        sight.is_onlooker: lambda actor: False,
        worklist.visible: lambda actor: true(),
        noticebox._box: lambda actor, box: true(),
    }
    for name, module in list(sys.modules.items()):
        if name.startswith("services."):
            for word, value in list(vars(module).items()):
                if callable(value) and getattr(value, "__hash__", None) and value in open_door:
                    monkeypatch.setattr(module, word, open_door[value])


def test_without_the_first_wall_the_second_gives_nothing_foreign(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = Random(7)
    world = make(counter.town, chance)
    off(monkeypatch)
    for who in world.people:
        with counter.town.runtime.reading(SERVICE) as unit:
            deeds = unit.db.execute(select(Journal.id, Journal.division)).all()
        with counter.town.runtime.reading(counter.town.hands.actor(who.account)) as unit:
            rows = {table: unit.db.execute(select(*table.__table__.c)).all() for table in _WALLED}
        shown = {table: {row[0] for row in found} for table, found in rows.items()}
        theirs = {file.id for file in world.files if knows(who, file)}
        assert shown[Case] == theirs
        assert {row.case_id for table in _IN_FILES for row in rows[table]} <= theirs
        assert {(row.case_id, row.seq) for row in rows[History]} == {
            (line.file.id, line.seq)
            for line in world.lines
            if reads(who, line) or (knows(who, line.file) and line.who and line.who.body == who.body)
        }
        assert shown[WorkItem] == {one.id for one in world.items if may_find(who, one)}
        assert shown[Notice] == {
            one.id for one in world.notices if in_box(who, "in", one) or in_box(who, "out", one)
        }
        assert {(row.source, row.event_id) for row in rows[Inbox]} == {
            (one.source, one.id) for one in world.events if hears_of(who, one)
        }
        assert shown[Upload] == {one.id for one in world.lists if has_sent(who, one.office)}
        assert {row.upload_id for row in rows[UploadRow]} == shown[Upload]
        assert shown[Journal] == {
            one.id for one in deeds if who.kind == "auditor" and covers(who.division, one.division)
        }
        assert rows[Link] == rows[Outbox] == []
        moving = {one.id: one for one in world.movings}
        has_work = {one.moving.id for one in world.items if one.body == who.body}
        for key in shown[Proceeding]:
            waits = any(
                step.by and who.kind in step.by.kinds and moving[key].state in step.sources
                for step in moving[key].law.steps
            )
            assert opens(who, moving[key].law.compartment) or waits or key in has_work
        asker = Asker(counter, world, chance)
        for file in world.files[::7]:
            for address in ("/api/v1/cases/{id}", "/api/v1/cases/{id}/history"):
                answer = asker.ask(who, "GET", address, file.id)
                assert answer.status_code in ((200, 403) if knows(who, file) else (403, 404))
        for address in ("/api/v1/cases", "/api/v1/work-items", "/api/v1/notices"):
            asker.ask(who, "GET", address)
        for one in world.movings[::11]:
            step = one.law.steps[0].name
            answer = asker.ask(
                who, "POST", "/api/v1/proceedings/{id}/steps/{step}", one.id, step, json={"fields": {"x": 1}}
            )
            assert knows(who, one.file) or answer.status_code in (403, 404)
        assert asker.leaks == []


#: What row-level security stands before, and the views.
_WALLED = (
    Case,
    Proceeding,
    History,
    WorkItem,
    Deadline,
    Notice,
    Inbox,
    Document,
    Filing,
    Link,
    Outbox,
    Journal,
    Upload,
    UploadRow,
)
_IN_FILES = (Proceeding, History, WorkItem, Deadline, Notice)


def test_every_table_that_holds_what_lies_in_a_place_stands_behind_the_wall(town: Town) -> None:
    """Whatever points at a file or a body's paper; a new table either joins them or is named here as none of them."""
    not_behind = {"accounts", "bodies", "calendar_years", "signing_keys", "tokens"}
    with town.runtime.reading(SERVICE) as unit:
        names = set(Base.metadata.tables)
        if not town.runtime.database.is_sqlite:
            walled = text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
            assert set(unit.db.scalars(walled)) == set(SEEN)
    assert names - set(SEEN) == not_behind


def test_a_transaction_that_does_not_say_who_it_is_is_given_nothing(town: Town) -> None:
    if town.runtime.database.is_sqlite:
        with town.runtime.database.reading(Wall()) as connection:
            assert connection.execute(select(Case.id)).all() == []
        return
    town.enterprise()
    with town.runtime.database.engine.connect() as connection:
        for model in _WALLED:
            assert connection.execute(select(model.__table__)).all() == []


def test_behind_the_wall_nobody_writes(town: Town) -> None:
    town.enterprise()
    with pytest.raises(DBAPIError), town.runtime.writing(town.hands.actor(f"union.{TOWN}")) as unit:
        unit.db.execute(update(Case).values(name="x"))


def test_an_officer_who_is_moved_sees_his_new_place_and_no_more_of_the_old_at_his_next_request(
    counter: Counter,
) -> None:
    here, there = counter.town.enterprise(), counter.town.enterprise(county=OTHER_COUNTY, town=None)
    officer = f"union.{COUNTY}"

    def found() -> set[str]:
        return {one["enterprise"]["uscc"] for one in counter.get(officer, "/api/v1/cases").json()["items"]}

    assert found() == {here}
    with counter.town.runtime.writing(SERVICE) as unit:
        body = unit.db.scalars(select(Body.id).where(Body.code == f"union.{OTHER_COUNTY}")).one()
        unit.db.execute(update(Account).where(Account.name == officer).values(body_id=body))
    assert found() == {there}
    with counter.town.runtime.writing(SERVICE) as unit:
        unit.db.execute(update(Case).where(Case.uscc == there).values(division=TOWN))
    assert found() == set()


def test_what_an_office_sent_is_judged_by_where_the_file_lies_when_it_is_applied(counter: Counter) -> None:
    """A job never runs with more rights than who asked for it: the drain asks again on the office's behalf."""
    code = counter.town.enterprise()
    said = registered(1) | {"id": "moved-on", "type": "gongjian.registry.enterprise.suspended.v1"}
    said["data"] = {"uscc": code}
    assert counter.send(f"registry.{COUNTY}", said).status_code == 202
    with counter.town.runtime.writing(SERVICE) as unit:
        unit.db.execute(update(Case).where(Case.uscc == code).values(division=OTHER_COUNTY))
    counter.town.settle()
    with counter.town.runtime.reading(SERVICE) as unit:
        state = unit.db.scalars(select(Inbox.state).where(Inbox.event_id == "moved-on")).one()
        paused = unit.db.scalars(select(Case.paused).where(Case.uscc == code)).one()
    assert state != "applied" and not paused
