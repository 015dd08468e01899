"""Whatever a person does or is refused stands in the journal or in a history, and nobody can take it out again (S13, S28)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from httpx2 import Response
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from services.access.accounts import create_account
from services.access.keys import add_key
from services.access.tokens import Purpose, issue
from services.actor import SERVICE
from services.db.models.access import Journal
from services.db.models.casework import History, WorkItem
from services.db.models.directory import Account, Token
from services.db.models.mail import Inbox
from services.db.queries.ledger import checkpoint
from services.ledger.cosign import add_witness
from services.ledger.integrate import integrate
from services.ledger.notes import WITNESS, Note, Signer
from tests.addresses import addresses
from tests.builders import (
    COUNTY,
    OTHER_COUNTY,
    OTHER_TOWN,
    PASSWORD,
    TOWN,
    Counter,
    Town,
    assert_problem,
    registered,
)
from tests.papers import with_marks
from workflows.notices import ASKING

LOCAL, SUPERIOR, PARTY = f"union.{TOWN}", f"union.{COUNTY}", f"party.{TOWN}"
SECURITY, AUDITOR, OFFICE = f"security.{COUNTY}", f"auditor.{COUNTY}", f"registry.{COUNTY}"
COLLEAGUE, NEW_PASSWORD = "li.fang", "another chuan-ying 2204"
READ = "/api/v1/journal"


@pytest.fixture
def colleague(counter: Counter) -> str:
    """Somebody with a password of her own."""
    with counter.town.runtime.writing(SERVICE) as unit:
        create_account(unit, COLLEAGUE, LOCAL, PASSWORD)
        unit.db.execute(update(Account).where(Account.name == COLLEAGUE).values(password_until=None))
    return COLLEAGUE


def lines(counter: Counter, **where: str) -> list[dict[str, Any]]:
    """The journal's lines, the oldest first. `Any`: rows as mappings."""
    found = select(*Journal.__table__.c).order_by(Journal.id)
    for name, value in where.items():
        found = found.where(getattr(Journal, name) == value)
    with counter.town.runtime.reading(SERVICE) as unit:
        return [dict(row) for row in unit.db.execute(found).mappings()]


def rows(counter: Counter, *tables: Any) -> int:
    """How many rows the tables hold. `Any`: models."""
    with counter.town.runtime.reading(SERVICE) as unit:
        return sum(
            int(unit.db.execute(select(func.count()).select_from(table)).scalar_one()) for table in tables
        )


# -- every deed ------------------------------------------------------------------------------------------


class Walk:
    """Calls addresses one after the other, and holds each to having left a line somewhere."""

    def __init__(self, counter: Counter) -> None:
        self.counter, self.walked = counter, set[tuple[str, str]]()

    def __call__(self, account: str, method: str, address: str, *ids: str, **more: Any) -> Any:
        """`Any`: whatever httpx2 takes, and JSON."""
        path = address
        for one in ids:
            path = path.replace(path[path.index("{") : path.index("}") + 1], one, 1)
        before = rows(self.counter, Journal, History, Inbox)
        headers = self.counter.headers(account) if account else {}
        answer = self.counter.client.request(method, path, headers=headers, **more)
        assert answer.status_code < 300, (method, path, answer.text)
        assert rows(self.counter, Journal, History, Inbox) > before, (method, path)
        self.walked.add((method, address))
        return answer.json() if answer.content else None


def _cosigned(town: Town) -> dict[str, object]:
    """What a witness of the Party side signs of the log as it is."""
    integrate(town.runtime)
    signer = Signer.of("party.example", WITNESS, Ed25519PrivateKey.generate())
    with town.runtime.writing(SERVICE) as unit:
        add_witness(unit, f"party.{TOWN}", str(signer.key))
        newest = checkpoint(unit)
    signed = signer.sign(Note.read(newest["note"]).text, int(town.clock.now().timestamp()))
    return {"size": newest["size"], "note": signed}


def test_every_address_that_changes_something_leaves_a_line(counter: Counter, colleague: str) -> None:
    """One that is new has to be walked here, or the last line fails."""
    walk, town = Walk(counter), counter.town
    walk(OFFICE, "POST", "/api/v1/events", json=registered(90))
    code = town.enterprise()
    case = str(counter.case(LOCAL, code)["id"])
    item = counter.get(LOCAL, "/api/v1/work-items").json()["items"][0]["id"]
    for verb in ("claim", "release"):
        walk(LOCAL, "POST", f"/api/v1/work-items/{{id}}/{verb}", item)
    walk(LOCAL, "POST", "/api/v1/work-items/{id}/reassign", item, json={"account": colleague})
    lead = counter.proceeding(LOCAL, code, "lead")["id"]
    survey = {"fields": {"headcount": 60, "applicants": 30}}
    walk(LOCAL, "POST", "/api/v1/proceedings/{id}/steps/{step}", lead, "survey", json=survey)
    town.take(LOCAL, code, "lead", "open_union")
    town.take(LOCAL, code, "union", "file_application")
    waiting = counter.get(LOCAL, "/api/v1/work-items?view=waiting").json()["items"][0]["id"]
    walk(LOCAL, "POST", "/api/v1/work-items/{id}/urge", waiting)
    notice = counter.get(PARTY, "/api/v1/notices?box=in").json()["items"][0]["id"]
    walk(PARTY, "POST", "/api/v1/notices/{id}/acknowledge", notice)
    town.with_union(town.enterprise())
    asking = [
        one["id"]
        for one in counter.get(PARTY, "/api/v1/notices?box=in").json()["items"]
        if one["kind"] in ASKING
    ]
    walk(PARTY, "POST", "/api/v1/notices/{id}/answer", asking[0], json={"outcome": "accept"})
    walk(LOCAL, "POST", "/api/v1/cases/{id}/names", case, json={"reason": "核对"})
    paper = {
        "files": {"file": ("a.txt", "测试\n".encode(), "text/plain")},
        "data": {"kind": "union_application"},
    }
    walk(LOCAL, "POST", "/api/v1/documents", **paper)
    begun = {"fields": {"name": "有人申请的企业", "workers": 3, "note": "希望建工会"}}
    walk(LOCAL, "POST", "/api/v1/openings/{procedure}/{opening}", "lead", "worker_request", json=begun)

    with_marks(town)
    letter = {"title": "关于来访的函", "to": "某单位", "text": "特此函达。"}
    about = {"case": case, "form": "letter", "fields": letter}
    first, second = (walk(LOCAL, "POST", "/api/v1/papers/drafts", json=about)["id"] for _ in range(2))
    walk(LOCAL, "POST", "/api/v1/papers/drafts/{id}", first, json={"revision": 1, "fields": letter})
    issued = walk(LOCAL, "POST", "/api/v1/papers/drafts/{id}/issue", first, json={"revision": 2})["id"]
    walk(LOCAL, "POST", "/api/v1/papers/drafts/{id}/drop", second, json={"revision": 1})
    walk(LOCAL, "POST", "/api/v1/papers/{id}/withdraw", issued, json={"reason": "文号有误"})
    walk(LOCAL, "POST", "/api/v1/calendar", json={"whose": "mine"})
    walk(LOCAL, "POST", "/api/v1/ledger/cosignatures", json=_cosigned(town))

    walk("", "POST", "/api/v1/tokens", json={"account": colleague, "password": PASSWORD})
    change = {"password": PASSWORD, "new_password": NEW_PASSWORD}
    walk(colleague, "POST", "/api/v1/password", json=change)
    town.clock.advance(timedelta(seconds=1))  # every token she had is gone
    shown = walk(colleague, "POST", "/api/v1/authenticator", json={"password": NEW_PASSWORD})
    now = pyotp.TOTP(shown["secret"]).at(town.clock.now())
    walk(colleague, "POST", "/api/v1/authenticator/confirm", json={"code": now})
    walk(LOCAL, "DELETE", "/api/v1/sessions/{id}", "current")
    identity = {"issuer": "https://login.example", "subject": "1"}
    walk(SECURITY, "PUT", "/api/v1/accounts/{name}/identity", colleague, json=identity)
    for method, what in (
        ("DELETE", "identity"),
        ("DELETE", "authenticator"),
        ("DELETE", "sessions"),
        ("POST", "password"),
        ("POST", "disable"),
    ):
        walk(SECURITY, method, f"/api/v1/accounts/{{name}}/{what}", colleague)
    changing = {one for one in addresses() if one[0] != "GET" and one[1].startswith("/api/")}
    assert walk.walked == changing


def test_a_line_says_who_when_from_where_what_and_with_what_result(counter: Counter) -> None:
    counter.town.enterprise()
    item = counter.get(LOCAL, "/api/v1/work-items").json()["items"][0]["id"]
    counter.post(LOCAL, f"/api/v1/work-items/{item}/claim")
    (line,) = counter.get(AUDITOR, READ, params={"what": "work_item.claim"}).json()["items"]
    assert {name: value for name, value in line.items() if name != "id"} == {
        "at": "2026-03-02T01:00:00Z",
        "account": LOCAL,
        "body": LOCAL,
        "address": "testclient",
        "what": "work_item.claim",
        "says": {"zh": "签收待办", "en": "work item claimed"},
        "about": f"work item {item}",
        "result": "done",
        "detail": {},
    }


def test_sign_ins_good_bad_and_locked_are_written_down(counter: Counter, colleague: str) -> None:
    def sign_in(account: str, password: str) -> int:
        said = {"account": account, "password": password}
        return int(counter.client.post("/api/v1/tokens", json=said).status_code)

    assert sign_in(colleague, PASSWORD) == 200
    for _ in range(10):
        assert sign_in(colleague, "wrong wrong wrong") == 401
    assert sign_in(colleague, PASSWORD) == 429
    told = [
        (one["result"], one["detail"].get("code")) for one in lines(counter, what="sign_in", actor=colleague)
    ]
    assert told == [("done", None), *[("refused", "credentials")] * 10, ("refused", "locked_out")]


def test_what_a_stranger_types_as_his_name_is_not_written_down(counter: Counter) -> None:
    for typed in ("my own secret password", "13800000000", "not.an.account"):
        counter.client.post("/api/v1/tokens", json={"account": typed, "password": "wrong wrong wrong"})
    assert {(one["actor"], one["about"]) for one in lines(counter, what="sign_in")} == {("?", "account ?")}


# -- every refusal ---------------------------------------------------------------------------------------


def test_every_refusal_is_written_down_with_what_was_asked_for(counter: Counter) -> None:
    code = counter.town.enterprise()
    case, lead = counter.case(LOCAL, code)["id"], counter.proceeding(LOCAL, code, "lead")["id"]
    stranger = f"union.{OTHER_TOWN}"
    asked: tuple[tuple[str, str, str, Callable[[str], Response]], ...] = (
        (stranger, "cases.read", "not_found", lambda who: counter.get(who, f"/api/v1/cases/{case}")),
        (stranger, "history.read", "not_found", lambda who: counter.get(who, f"/api/v1/cases/{case}/history")),
        (f"admin.{COUNTY}", "cases.read", "not_permitted", lambda who: counter.get(who, "/api/v1/cases")),
        (LOCAL, "journal.read", "not_permitted", lambda who: counter.get(who, READ)),
        (PARTY, "steps.take", "not_found", lambda who: counter.step(who, {"id": lead}, "assign")),
        (LOCAL, "steps.take", "step_not_yours", lambda who: counter.step(who, {"id": lead}, "assign")),
        (f"security.{COUNTY}", "accounts.manage", "account_unknown", lambda who: counter.post(who, f"/api/v1/accounts/union.{OTHER_COUNTY}/disable")),
        (OFFICE, "events.send", "outside_jurisdiction", lambda who: counter.send(who, registered(division=OTHER_COUNTY))),
    )  # fmt: skip
    for account, right, refusal, ask in asked:
        answer = ask(account)
        assert answer.status_code in (403, 404) and answer.json()["code"] == refusal, answer.text
        line = lines(counter)[-1]
        assert (line["actor"], line["what"], line["result"]) == (account, right, "refused")
        assert line["detail"]["code"] == refusal and line["address"] == "testclient"
    assert len(lines(counter, result="refused")) == len(asked)
    assert lines(counter, what="cases.read")[0]["about"] == f"GET /api/v1/cases/{case}"


def test_an_address_that_may_hold_a_persons_number_is_not_written_down(counter: Counter) -> None:
    counter.get(LOCAL, "/api/v1/cases/110105194912310021")
    counter.get(LOCAL, "/api/v1/cases/张三")
    assert [one["about"] for one in lines(counter, result="refused")] == ["GET /api/v1/cases/?"] * 2


def test_a_refusal_names_the_account_it_was_about_if_there_is_one(counter: Counter, colleague: str) -> None:
    for name in (colleague, f"union.{OTHER_COUNTY}", "zhang.san", "zhangsan", "13800000000"):
        counter.post(LOCAL, f"/api/v1/accounts/{name}/disable")
    names = [one["about"].split("/")[-2] for one in lines(counter, result="refused")]
    assert names == [colleague, f"union.{OTHER_COUNTY}", "?", "?", "?"]


def test_a_refusal_on_a_page_is_written_down_too(counter: Counter) -> None:
    runtime = counter.town.runtime
    actor = counter.town.hands.actor(f"admin.{COUNTY}")
    with runtime.writing(SERVICE) as unit:
        token = issue(unit, actor.account_id or 0, Purpose.SESSION)[0]
    answer = counter.client.get("/cases", headers={"Cookie": f"gongjian_session={token}"})
    assert answer.status_code == 403 and "text/html" in answer.headers["content-type"]
    (line,) = lines(counter, result="refused")
    assert (line["actor"], line["what"], line["about"]) == (actor.name, "cases.read", "GET /cases")


def test_a_form_of_another_site_is_written_down_under_the_name_it_was_sent_in(counter: Counter) -> None:
    actor = counter.town.hands.actor(LOCAL)
    with counter.town.runtime.writing(SERVICE) as unit:
        token = issue(unit, actor.account_id or 0, Purpose.SESSION)[0]
    session = {"Cookie": f"gongjian_session={token}", "Origin": "https://elsewhere.example"}
    asked = {"/account/password": "credentials.manage", "/cases/1/names": "names.read"}
    for path in asked:
        assert counter.client.post(path, data={}, headers=session).status_code == 403
    written = lines(counter, result="refused")
    assert [(one["actor"], one["what"]) for one in written] == [(LOCAL, right) for right in asked.values()]
    assert {one["detail"]["code"] for one in written} == {"foreign_form"}


def test_what_an_offices_key_did_not_sign_is_written_down(counter: Counter) -> None:
    with counter.town.runtime.writing(SERVICE) as unit:
        add_key(unit, OFFICE, None)
    assert_problem(counter.send(OFFICE, registered()), 401, "signature_missing")
    (line,) = lines(counter, result="refused")
    assert (line["actor"], line["what"]) == (OFFICE, "events.send")
    assert line["detail"]["code"] == "signature_missing"


def test_an_authenticators_secret_that_is_looked_at_again_is_one_line(
    counter: Counter, colleague: str
) -> None:
    runtime = counter.town.runtime
    runtime.settings = runtime.settings.model_copy(update={"second_factor": "required"})
    counter.client.post("/login", data={"account": colleague, "password": PASSWORD})
    for _ in range(3):
        assert counter.client.get("/login/next").status_code == 200
    (line,) = lines(counter, what="account.enrolment")
    assert (line["actor"], line["address"]) == (colleague, "testclient")


# -- who reads it ----------------------------------------------------------------------------------------


def test_an_auditor_reads_what_belongs_to_his_divisions(counter: Counter) -> None:
    for account in (LOCAL, f"union.{OTHER_COUNTY}"):
        counter.get(account, "/api/v1/cases/1")
    told = counter.get(AUDITOR, READ).json()["items"]
    assert LOCAL in {one["account"] for one in told}
    assert f"union.{OTHER_COUNTY}" not in {one["account"] for one in told}
    for one in ("account", "what", "result"):
        found = counter.get(AUDITOR, READ, params={one: told[0][one]}).json()["items"]
        assert found and {line[one] for line in found} == {told[0][one]}
    assert_problem(counter.get(AUDITOR, READ, params={"what": "dancing"}), 400, "parameter_bad")


def test_what_the_house_does_for_a_county_its_own_auditor_reads(counter: Counter) -> None:
    with counter.town.runtime.writing(SERVICE) as unit:
        create_account(unit, "newcomer", f"union.{COUNTY}", None)
    told = counter.get(AUDITOR, READ, params={"what": "account.create"}).json()["items"]
    assert ("gongjian", "account newcomer") in {(one["account"], one["about"]) for one in told}
    assert all(OTHER_COUNTY not in one["about"] for one in told)


# -- it stands -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        update(Journal).values(result="done"),
        delete(Journal),
        text("INSERT OR REPLACE INTO journal SELECT * FROM journal"),
        text("TRUNCATE journal"),
    ],
    ids=["update", "delete", "replace", "truncate"],
)
def test_no_line_is_changed_or_removed(counter: Counter, change: Any) -> None:
    counter.get(LOCAL, "/api/v1/cases/1")
    before = lines(counter)
    assert before
    with pytest.raises(DBAPIError), counter.town.runtime.writing(SERVICE) as unit:
        unit.db.execute(change)
    assert lines(counter) == before


# -- fail closed (S28) -----------------------------------------------------------------------------------


@contextmanager
def journal_down(counter: Counter) -> Iterator[None]:
    """Nothing can be added to the journal meanwhile."""
    runtime = counter.town.runtime

    def rename(old: str, new: str) -> None:
        with runtime.writing(SERVICE) as unit:
            unit.db.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))

    rename("journal", "journal_away")
    yield
    rename("journal_away", "journal")


def test_what_cannot_be_written_down_is_not_done(counter: Counter, colleague: str) -> None:
    counter.town.enterprise()
    item = counter.get(LOCAL, "/api/v1/work-items").json()["items"][0]["id"]
    file = {
        "files": {"file": ("a.txt", "测试\n".encode(), "text/plain")},
        "data": {"kind": "union_application"},
    }
    tokens = rows(counter, Token)
    with journal_down(counter):
        for answer in (
            counter.post(LOCAL, f"/api/v1/work-items/{item}/claim"),
            counter.post(LOCAL, "/api/v1/documents", **file),
            counter.client.post("/api/v1/tokens", json={"account": colleague, "password": PASSWORD}),
            counter.client.post(
                "/api/v1/tokens", json={"account": colleague, "password": "wrong wrong wrong"}
            ),
            counter.post(SECURITY, f"/api/v1/accounts/{colleague}/disable"),
            counter.get(f"admin.{COUNTY}", "/api/v1/cases"),
            counter.get(LOCAL, "/api/v1/cases/99"),
        ):
            assert_problem(answer, 503, "journal_down")
            assert int(answer.headers["retry-after"]) > 0
    with counter.town.runtime.reading(SERVICE) as unit:
        assert unit.db.scalar(select(WorkItem.assignee_id).where(WorkItem.id == int(item))) is None
        account = unit.db.execute(
            select(Account.failed, Account.disabled_at).where(Account.name == colleague)
        ).one()
    assert account == (0, None) and rows(counter, Token) == tokens + 2, "but for those the test itself issued"
    assert counter.post(LOCAL, f"/api/v1/work-items/{item}/claim").status_code == 200
