"""Whoever asks, wherever his body stands, for whatever lies anywhere: he is given exactly what is his, and hears nothing of the
rest (S07, S08). A world by chance, every address of the counter, and an oracle that knows the table of permissions, the drawers
and where things lie, and nothing else of the house: they stand in tests/api/scope/.

GONGJIAN_CHECKS says how many checks to make; a check is one thing of the world that one answer must, or must not, tell of.
"""

import os
import sys
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, text, true, update
from sqlalchemy.exc import DBAPIError

from services.actor import SERVICE
from services.db.base import Base
from services.db.models.access import Journal
from services.db.models.casework import Case, Deadline, History, Link, Proceeding, WorkItem
from services.db.models.channel import Attempt, Channel, Delivery
from services.db.models.directory import Account, Body
from services.db.models.mail import DeadLetter, Inbox, Notice, Outbox
from services.db.models.official import Paper as PaperIssued
from services.db.models.official import PaperDraft, PaperPdf, PaperRegister
from services.db.models.paper import Document, Filing
from services.db.models.uploads import Upload, UploadRow
from services.db.queries import noticebox, sight, worklist
from services.db.wall import SEEN, Wall
from services.directory import scope
from tests.addresses import addresses
from tests.api.scope import audit, brought, channels, files, house, ledger, meetings, official, work
from tests.api.scope.asker import Asker
from tests.api.scope.by_chance import make
from tests.api.scope.oracle import covers, has_sent, hears_of, in_box, knows, may_find, opens, reads
from tests.builders import COUNTY, OTHER_COUNTY, TOWN, Counter, Town, registered
from workflows.roles import Compartment

CHECKS = int(os.environ.get("GONGJIAN_CHECKS", "4000"))

#: What there is to ask, each as often as it stands here.
SUBJECTS = (
    files.cases, files.cases, files.cases, files.searches, files.histories, files.histories, work.work,
    work.work, work.notices, work.notices, meetings.meetings, files.steps, files.steps, files.steps, files.papers,
    files.papers, official.official, official.official, official.templates, brought.events, brought.lists, brought.waiting, brought.openings, house.journal,
    house.guards, files.sheets, work.inboxes, files.drawings, house.everybody, work.supervision,
    work.supervision, house.administrators, house.administrators, house.readers,
    work.taken_out, channels.keepers, channels.keepers, ledger.ledger, audit.audit, audit.bundles,
)  # fmt: skip

#: What the asker leaves alone: the door, and what everybody does to his own way in (tests/api/test_door.py).
NOT_HERE = {
    ("POST", "/api/v1/tokens"), ("POST", "/login"), ("POST", "/logout"), ("GET", "/login/next"), ("POST", "/login/next"),
    ("GET", "/login/sso"), ("GET", "/login/sso/back"), ("POST", "/api/v1/password"), ("POST", "/api/v1/authenticator"),
    ("POST", "/api/v1/calendar"), ("POST", "/meetings/calendar"), ("GET", "/api/v1/calendar/{token}.ics"),
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
        chance.choice(SUBJECTS)(asker, chance.choice(asker.world.people))
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
        read = {
            one.paper
            for one in world.written
            if one.writer.body == who.body
            or (who.kind == "auditor" and covers(who.division, one.writer.division))
        }
        assert shown[PaperIssued] == shown[PaperPdf] == read and len(rows[PaperRegister]) == len(read)
        assert {row.body_id for row in rows[PaperDraft]} <= {who.body}
        ways = {
            one.id
            for one in world.channels
            if one.body.body == who.body or (who.kind == "admin" and covers(who.division, one.body.division))
        }
        assert shown[Channel] == shown[Delivery] == shown[Attempt] == ways
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
    DeadLetter,
    Channel,
    Delivery,
    Attempt,
    PaperDraft,
    PaperIssued,
    PaperRegister,
    PaperPdf,
)
_IN_FILES = (Proceeding, History, WorkItem, Deadline, Notice)


def test_every_table_that_holds_what_lies_in_a_place_stands_behind_the_wall(town: Town) -> None:
    """Whatever points at a file or a body's paper; a new table either joins them or is named here as none of them."""
    not_behind = {
        "accounts",
        "bodies",
        "calendar_years",
        "signing_keys",
        "tokens",
        "log_tiles",
        "log_checkpoints",
        "log_witnesses",
        "log_cosignatures",
    }  # hashes and public keys
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
