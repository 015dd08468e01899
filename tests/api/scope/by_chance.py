"""A world by chance: rows as no life would leave them, so that everything stands beside everything."""

from datetime import date
from random import Random

from sqlalchemy import insert, select

from services.access.accounts import create_account
from services.actor import SERVICE
from services.cases.name_parts import keep_names
from services.db.models.access import Journal
from services.db.models.casework import Case, History, Proceeding, WorkItem
from services.db.models.channel import Attempt, Channel, Delivery
from services.db.models.directory import Account, Body
from services.db.models.mail import Inbox, Notice, Outbox
from services.db.models.official import Paper as PaperIssued
from services.db.models.official import PaperDraft, PaperPdf, PaperRegister
from services.db.models.paper import Document, Filing
from services.db.models.uploads import Upload, UploadRow
from services.directory.bodies import create_body
from services.runtime import Unit
from tests.api.scope.oracle import RIGHTS, covers
from tests.api.scope.world import File, Heard, Item, Line, List, Moving, Paper, Told, Way, Who, World, Written
from tests.builders import BODIES, Town, uscc
from workflows.definition import Definition
from workflows.events import canonical
from workflows.notices import NOTICES
from workflows.roles import KINDS, Compartment
from workflows.subjects import SUBJECTS

FILES = 40
#: Above, beside and below each other: a province, its cities, their counties, and the towns of two of these.
PLACES = ("220000", "220200", "220204", "220204101", "220204102", "220202", "141000", "141002", "141002101")
MEETING = {"year": 2026, "quarter": 1, "meets_on": "2026-03-18"}
KINDS_THERE = [kind for kind in KINDS if kind not in ("admin", "auditor", "security")]


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
        _written(unit, chance, world)
        _events(unit, chance, world)
        _lists(unit, chance, world)
        _channels(unit, chance, world)
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
            state=one.state, revision=1, since=unit.now, began_on=unit.today,
            data=MEETING if law.name == "joint_meeting" else {}, on_file=[], takers={},
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


def _written(unit: Unit, chance: Random, world: World) -> None:
    """Some of the papers were written here. Their numbers lie above those that the counter gives out."""
    for one in world.papers[::3]:
        writer = next(who for who in world.people if who.body == one.body)
        file = chance.choice(world.files)
        key = 10_000 + one.id
        form = "pre_notice" if writer.kind == "investment" else "letter"  # the only one that it writes
        about = {"body_id": writer.body, "case_id": file.id, "form": form, "kind": ""}
        for draft, state in ((key, "issued"), (key + 10_000, "open")):
            unit.db.execute(
                insert(PaperDraft).values(
                    id=draft, account_id=writer.account_id, said={}, revision=1, state=state, made_at=unit.now,
                    changed_at=unit.now, **about,
                )
            )  # fmt: skip
        unit.db.execute(
            insert(PaperIssued).values(
                id=key, draft_id=key, document_id=one.id, mark=f"甲{one.id}函", year=2026, serial=1, title=f"第{key}件",
                sha256="0" * 64, template_sha256="0" * 64, issued_on=unit.today, issued_at=unit.now,
                drafted_by=writer.account_id, issued_by=writer.account_id, state="in_force", **about,
            )
        )  # fmt: skip
        unit.db.execute(
            insert(PaperRegister).values(body_id=writer.body, mark=f"甲{one.id}函", year=2026, last=1)
        )
        unit.db.execute(
            insert(PaperPdf).values(id=key, paper_id=key, state="done", due_at=unit.now, content=b"%PDF-")
        )
        world.written.append(Written(key, key, key + 10_000, writer))


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


def _channels(unit: Unit, chance: Random, world: World) -> None:
    """Channels that are switched off already, so that nothing of them changes."""
    for key in range(1, FILES // 2):
        body = chance.choice(world.people)
        moment = {"created_at": unit.now}
        unit.db.execute(
            insert(Channel).values(
                id=key, body_id=body.body, kind="in_app", shown=f"W{key}", sealed=b"", free_at=unit.now, off_at=unit.now, **moment
            )
        )  # fmt: skip
        unit.db.execute(
            insert(Delivery).values(
                id=key, channel_id=key, about="trial", about_id=key, kind="", state="delivered", message=key, due_at=unit.now,
                settled_at=unit.now, **moment,
            )
        )  # fmt: skip
        unit.db.execute(
            insert(Attempt).values(delivery_id=key, number=1, at=unit.now, outcome="delivered", code="")
        )
        world.channels.append(Way(key, body))
