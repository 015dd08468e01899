"""`gongjian`: what each command says, what it leaves behind, and how it refuses."""

import csv
import json
import os
import pwd
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import func, select, update
from typer.testing import CliRunner

from api.cli.main import app
from services.access.sign_in import Owes, renew_password, sign_in
from services.access.tokens import Purpose, who_is
from services.actor import SERVICE
from services.clock import SystemClock
from services.db.models.access import Journal
from services.db.models.casework import Case, History
from services.db.models.mail import Inbox
from services.intake.dead_letters import Letter, keep_dead
from services.runtime import Runtime
from services.settings import Settings
from tests.builders import registered, uscc
from tests.fakes import SilentBells
from tests.tampering import tamper
from workflows.calendars.days import published
from workflows.errors import Fault
from workflows.registry import law_book

HEADER = "企业名称,统一社会信用代码,注册日期,企业类型,法人代表,注册资金,经营范围,所在省份,地区,注册地址"


@dataclass
class Said:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The last line. `Any`: JSON."""
        found: dict[str, Any] = json.loads(self.out.splitlines()[-1])
        return found


class Line:
    """A command line over a home of its own."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.home, self.folder = home, folder
        self.environment = {"GONGJIAN_HOME": str(home)}

    def __call__(self, *words: str, stdin: str | None = None, **settings: str) -> Said:
        ran = CliRunner().invoke(app, list(words), input=stdin, env=self.environment | settings)
        assert ran.exception is None or isinstance(ran.exception, SystemExit), repr(ran.exception)
        return Said(ran.exit_code, ran.stdout, ran.stderr)

    def done(self, *words: str, stdin: str | None = None) -> dict[str, Any]:
        """The command succeeds; yields its JSON. `Any`: JSON."""
        said = self(*words, "--json", stdin=stdin)
        assert said.code == 0, said.out + said.err
        return said.json

    def refused(self, *words: str, **settings: str) -> str:
        """The command is refused with one bilingual sentence, by people and machines alike; yields the code."""
        told = self(*words, "--json", **settings)
        assert (told.code, set(told.json)) == (1, {"code", "message", "field"}), told.out + told.err
        said = self(*words, **settings)
        assert (said.code, said.err) == (1, f"{told.json['message']['zh']}\n{told.json['message']['en']}\n")
        return str(told.json["code"])

    def file(self, name: str, content: str | bytes) -> str:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def office(self) -> None:
        self.done("body", "create", "registry", "220204", "--name", "船营区市场监督管理局")
        self.done("body", "create", "union", "220204", "--name", "船营区总工会")


@pytest.fixture
def line(tmp_path: Path, empty_sqlite: bytes, monkeypatch: pytest.MonkeyPatch) -> Line:
    for name in ("GONGJIAN_DATABASE_URL", "GONGJIAN_BROKER_URL", "GONGJIAN_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "gongjian.db").write_bytes(empty_sqlite)
    return Line(home, tmp_path)


@pytest.fixture
def runtime(line: Line) -> Iterator[Runtime]:
    """The same home, seen from the office."""
    made = Runtime(Settings(home=line.home, database_url=None), bells=SilentBells())
    yield made
    made.close()


# -- directory and accounts ---------------------------------------------------------------------------


def test_a_body_is_created_and_listed(line: Line) -> None:
    assert (
        line.done("body", "create", "registry", "500000", "--name", "重庆市市场监督管理局")["code"]
        == "registry.500000"
    )
    [body] = line.done("body", "list")["items"]
    assert (body["code"], body["kind"], body["division"], body["name"]) == (
        *("registry.500000", "registry", "500000"),
        "重庆市市场监督管理局",
    )
    assert "registry.500000" in line("body", "list").out
    assert line.refused("body", "create", "registry", "500000", "--name", "又一个") == "body_exists"
    assert line.refused("body", "create", "registry", "999999", "--name", "x") == "division_unknown"
    assert line.refused("body", "create", "guild", "500000", "--name", "x") == "body_kind"
    assert line("body", "create", "registry", "500000").code == 2


def test_an_account_signs_in_with_the_password_it_was_given(line: Line, runtime: Runtime) -> None:
    line.office()
    made = line.done("account", "create", "li.fang", "--body", "union.220204", "--generate")
    admitted = sign_in(runtime, "li.fang", made["password"], Purpose.ACCESS)
    assert admitted.owes is Owes.PASSWORD  # whoever made it knows it
    assert renew_password(runtime, admitted.token, "songhua jiang 1949", Purpose.ACCESS).owes is None
    line.done(
        "account",
        "create",
        "wang.wu",
        "--body",
        "union.220204",
        "--password-stdin",
        stdin="songhua jiang 1948\n",
    )
    assert sign_in(runtime, "wang.wu", "songhua jiang 1948", Purpose.ACCESS).owes is None
    line.done("account", "disable", "wang.wu")
    with pytest.raises(Fault):
        sign_in(runtime, "wang.wu", "songhua jiang 1948", Purpose.ACCESS)


def test_who_cannot_sign_in_is_helped(line: Line, runtime: Runtime) -> None:
    line.office()
    line.done(
        *("account", "create", "li.fang", "--body", "union.220204", "--password-stdin"),
        stdin="songhua jiang 1948\n",
    )
    token = sign_in(runtime, "li.fang", "songhua jiang 1948", Purpose.ACCESS).token
    issued = line.done("account", "password", "li.fang")["password"]
    with runtime.reading(SERVICE) as unit, pytest.raises(Fault):
        who_is(unit, token)
    assert sign_in(runtime, "li.fang", issued, Purpose.ACCESS).owes is Owes.PASSWORD
    assert line.done("account", "sign-out", "li.fang")["signed_in"] is False
    assert line.done("account", "forget-authenticator", "li.fang")["authenticator"] is None
    assert line.done("account", "bind", "li.fang", "https://login.example", "248289")["subject"] == "248289"
    line.done("account", "create", "wang.wu", "--body", "union.220204", "--generate")
    assert line.refused("account", "bind", "wang.wu", "https://login.example", "248289") == "identity_taken"
    line.done("account", "unbind", "li.fang")
    line.done("account", "bind", "wang.wu", "https://login.example", "248289")
    for command in ("password", "forget-authenticator", "sign-out", "unbind"):
        assert line.refused("account", command, "nobody.here") == "account_unknown"


def test_a_password_is_shown_only_when_the_program_made_it(line: Line) -> None:
    line.office()
    said = line(
        "account",
        "create",
        "wang.wu",
        "--body",
        "union.220204",
        "--password-stdin",
        stdin="songhua jiang 1948\n",
    )
    assert said.code == 0 and "songhua" not in said.out + said.err


def test_accounts_are_refused_with_a_sentence(line: Line) -> None:
    line.office()
    assert line.refused("account", "create", "li.fang", "--body", "union.999999") == "body_unknown"
    assert line.refused("account", "create", "Li Fang", "--body", "union.220204") == "value_bad"
    assert line.refused("account", "disable", "nobody.here") == "account_unknown"
    assert line.refused("account", "token", "nobody.here") == "account_unknown"
    weak = line(
        "account",
        "create",
        "li.fang",
        "--body",
        "union.220204",
        "--password-stdin",
        "--json",
        stdin="123456\n",
    )
    assert (weak.code, weak.json["code"]) == (1, "password_weak")
    assert (
        line("account", "create", "li.fang", "--body", "union.220204", "--password-stdin", "--generate").code
        == 2
    )


def test_an_office_token_is_printed_once_and_works(line: Line, runtime: Runtime) -> None:
    line.office()
    line.done("account", "create", "registry.220204", "--body", "registry.220204")
    token = line("account", "token", "registry.220204").out.strip()
    with runtime.reading(SERVICE) as unit:
        assert who_is(unit, token).body_code == "registry.220204"


# -- lists and events ---------------------------------------------------------------------------------


def test_a_list_gives_every_row_a_verdict_and_a_second_run_adds_nothing(line: Line, runtime: Runtime) -> None:
    line.office()
    good, place = uscc(1), "吉林省吉林市船营区"
    rows = [
        f"吉林甲有限公司,{good},2019-01-02,有限责任公司,某某,100万,零售,吉林省,吉林市,{place}",
        f"=SUM(A1:A9),{good[:-1]}!,2019-01-02,有限责任公司,某某,100万,零售,吉林省,吉林市,{place}",
        f"吉林丙有限公司,{uscc(3)},2019-02-30,有限责任公司,某某,100万,零售,吉林省,吉林市,{place}",
    ]
    file = line.file("名单.csv", "\n".join([HEADER, *rows]) + "\n")
    taken = line("import", file, "--office", "registry.220204", "--json")
    assert (taken.code, taken.json) == (
        1,
        {"rows": 3, "accepted": 1, "duplicate": 0, "rejected": 2, "triage": 0},
    ), "found wrong"
    with (line.folder / "名单.csv.verdicts.csv").open(encoding="utf-8-sig", newline="") as kept:
        header, *verdicts = csv.reader(kept)
    assert len(verdicts) == 3 and all(len(row) == len(header) for row in verdicts)
    assert [row[3] for row in verdicts] == ["accepted", "rejected", "rejected"]
    assert verdicts[1][1] == "'=SUM(A1:A9)" and verdicts[1][8] and verdicts[1][9]
    again = line("import", file, "--office", "registry.220204", "--json")
    assert again.json == {"rows": 3, "accepted": 0, "duplicate": 1, "rejected": 2, "triage": 0}
    with runtime.reading(SERVICE) as unit:
        assert unit.db.scalar(select(func.count()).select_from(Case)) == 1
    said = line("import", file, "--office", "registry.220204")
    assert (said.code, said.err) == (1, "") and "3行" in said.out and "3 rows" in said.out


def test_verdicts_never_go_over_the_list(line: Line) -> None:
    line.office()
    file = line.file("list.csv", HEADER + "\n")
    twin = line.folder / "twin.csv"
    twin.hardlink_to(file)
    for target in (file, str(twin)):
        assert line("import", file, "--office", "registry.220204", "--verdicts", target).code == 2
    assert Path(file).read_text() == HEADER + "\n"


@pytest.mark.parametrize(
    ("content", "office", "code"),
    [
        (b"", "registry.220204", "list_unreadable"),
        (HEADER.encode() + b"\n", "registry.220204", "list_empty"),
        (b"PK\x03\x04 no table", "registry.220204", "list_unreadable"),
        (f"{HEADER}\n甲,{uscc(1)},2019-01-02,,,,,,,\n".encode(), "registry.999999", "body_unknown"),
    ],
)
def test_a_list_that_cannot_be_read_leaves_earlier_verdicts_alone(
    line: Line, content: bytes, office: str, code: str
) -> None:
    line.office()
    before = line.folder / "list.csv.verdicts.csv"
    before.write_text("what was there")
    found = line.refused("import", line.file("list.csv", content), "--office", office)
    assert found == code
    assert before.read_text() == "what was there"
    assert not list(line.folder.glob("*.part"))


def test_an_event_is_handed_in_once(line: Line, runtime: Runtime) -> None:
    line.office()
    file = line.file("event.json", json.dumps(registered()))
    for status in ("accepted", "duplicate"):
        [receipt] = line.done("emit", file)["receipts"]
        assert (receipt["id"], receipt["source"], receipt["status"]) == (
            "2026-0001",
            "/registry/220204",
            status,
        )
    many = line.file("many.json", " \n" + json.dumps([registered(2), registered(3)]))
    assert [one["status"] for one in line.done("emit", many)["receipts"]] == ["accepted", "accepted"]
    with runtime.reading(SERVICE) as unit:
        assert unit.db.scalar(select(func.count()).select_from(Inbox)) == 3


def test_a_bad_event_is_refused_with_a_sentence(line: Line) -> None:
    line.office()
    assert line.refused("emit", line.file("a.json", "{")) == "json_bad"
    assert line.refused("emit", line.file("a.json", b"\xff\xfe{")) == "encoding_bad"
    assert line.refused("emit", line.file("a.json", "[]" + " " * 300_000)) == "too_large"
    assert line.refused("emit", line.file("a.json", json.dumps(registered() | {"id": ""}))) == "envelope_bad"
    conflict = json.dumps(registered(county="220202"))
    said = line("emit", line.file("a.json", conflict), "--json")
    assert said.code == 1 and said.json["receipts"][0]["status"] == "rejected"
    assert said.json["receipts"][0]["reason"]["zh"]
    assert line("emit", str(line.folder / "absent.json")).code == 2


def test_an_event_is_sent_to_a_service_elsewhere(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what leaves the process is played: the service's answer."""
    sent: list[httpx2.Request] = []
    answers = iter(
        [
            httpx2.Response(
                202,
                json={
                    "receipts": [
                        {"id": "1", "source": "/registry/220204", "status": "accepted", "reason": None}
                    ]
                },
            ),
            httpx2.Response(
                403, json={"code": "emitter_not_office", "message": {"zh": "不是您的", "en": "not yours"}}
            ),
            httpx2.Response(502, text="<html>bad gateway</html>"),
            httpx2.Response(200, json=["odd"]),
        ]
    )

    def handle(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return next(answers)

    with httpx2.Client(transport=httpx2.MockTransport(handle)) as client:
        monkeypatch.setattr("api.cli.events.httpx2.post", client.post)
        file = line.file("event.json", json.dumps([registered()]))
        to = ("emit", file, "--url", "http://registry.example/", "--token", "secret-token")
        assert line.done(*to)["receipts"][0]["status"] == "accepted"
        assert [line(*to, "--json").json["code"] for _ in range(3)] == [
            "emitter_not_office",
            "answer_odd",
            "answer_odd",
        ]
    assert sent[0].url == "http://registry.example/api/v1/events"
    assert sent[0].headers["authorization"] == "Bearer secret-token"
    assert sent[0].headers["content-type"] == "application/cloudevents-batch+json"
    assert line("emit", file, "--url", "http://registry.example").code == 2


def test_nobody_answers_is_a_sentence_too(line: Line) -> None:
    file = line.file("event.json", json.dumps(registered()))
    assert line.refused("emit", file, "--url", "http://127.0.0.1:9", "--token", "t") == "no_answer"
    assert line.refused("emit", file, "--url", "not an address", "--token", "t") == "no_answer"


# -- law, calendars, policies -------------------------------------------------------------------------


@pytest.mark.parametrize("law", [law.name for law in law_book().definitions])
@pytest.mark.parametrize(("form", "begins"), [("mermaid", "stateDiagram-v2"), ("bpmn", "<?xml")])
def test_every_procedure_can_be_drawn(line: Line, law: str, form: str, begins: str) -> None:
    said = line("diagram", law, "--format", form)
    assert said.code == 0 and said.out.startswith(begins)
    assert line.done("diagram", law, "--format", form)["text"].rstrip("\n") == said.out.rstrip("\n")


def test_svg_asks_for_graphviz_where_it_is_absent(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(line.folder))
    assert line.refused("diagram", "union", "--format", "svg") == "graphviz_missing"


def test_svg_is_what_graphviz_draws(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    program = line.folder / "dot"
    program.write_text("#!/bin/sh\n[ \"$1\" = -Tsvg ] && echo '<svg>' && cat && echo '</svg>'\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{line.folder}:/usr/bin:/bin")
    drawn = line.done("diagram", "union", "--format", "svg")["text"]
    assert drawn.startswith("<svg>") and 'digraph "union"' in drawn
    program.write_text("#!/bin/sh\necho 'syntax error in line 1' >&2\nexit 1\n")
    assert line.refused("diagram", "union", "--format", "svg") == "graphviz_failed"


def test_what_cannot_be_drawn_is_said(line: Line) -> None:
    assert line.refused("diagram", "guild") == "procedure_unknown"
    assert line("diagram", "union", "--current", "nowhere").code == 2
    assert line("diagram", "union", "--format", "png").code == 2


def test_a_calendar_is_imported_and_shown(line: Line) -> None:
    year = max(published().tables) + 1
    assert line.refused("calendar", "show", str(year)) == "calendar_unknown"
    sheet = f'year = {year}\nsource = "测试通知"\n[rest]\n{year}-01-01 = "元旦"\n'
    assert line.done("calendar", "import", line.file("year.toml", sheet)) == {
        "year": year,
        "recomputed": 0,
        "moved": 0,
    }
    shown = line.done("calendar", "show", str(year))
    assert (
        shown["source"] == "测试通知"
        and shown["rest"][f"{year}-01-01"]["zh"] == "元旦"
        and shown["work"] == []
    )
    assert "元旦" in line("calendar", "show", str(year)).out
    assert line.refused("calendar", "import", line.file("bad.toml", "year = x")) == "calendar_bad"
    assert line.refused("calendar", "import", line.file("gb.toml", sheet.encode("gb18030"))) == "encoding_bad"
    assert line.refused("calendar", "import", line.file("big.toml", "#" * 1_000_001)) == "too_large"
    assert line("calendar", "show", "soon").code == 2


def test_every_value_of_a_policy_names_its_source_and_edition(line: Line) -> None:
    told = line.done("policy", "show", "220204102", "--on", "2026-03-02")
    assert (told["division"], told["on"]) == ("220204102", "2026-03-02")
    values = {one["key"]: one for one in told["settings"]}
    assert values["union.min_committee"]["value"] == 25
    assert all(one["source"] and one["division"] and one["effective"] for one in told["settings"])
    assert "union.min_committee = 25" in line("policy", "show", "000000").out
    assert line.done("policy", "show", "220204000000")["division"] == "220204"
    assert line.refused("policy", "show", "220299") == "division_unknown"
    assert line.refused("policy", "show", "船营区") == "division_unknown"
    assert line("policy", "show", "220204", "--on", "2026-02-30").code == 2


def test_before_the_first_edition_there_is_no_policy_to_show(line: Line) -> None:
    for division in ("000000", "220204", "310000"):
        assert line.refused("policy", "show", division, "--on", "1992-04-02") == "policy_not_yet"
        assert line("policy", "show", division, "--on", "1992-04-03").code == 0
    said = line("policy", "show", "220204", "--on", "1992-04-02")
    assert "1992-04-02还没有任何政策版本" in said.err and "1992-04-03" in said.err
    assert "No edition was in force on 1992-04-02" in said.err


def test_a_table_of_bands_is_shown_as_rows_to_machines_and_in_words_to_people(line: Line) -> None:
    told = line.done("policy", "show", "440304", "--on", "2026-03-02")
    values = {one["key"]: one["value"] for one in told["settings"]}
    assert values["union.committee.sizes"][:2] == [[10, 1, 1], [25, 3, 3]]
    assert values["term.union.years"] == ["3", "5"]
    assert [one["division"] for one in told["editions"]] == ["000000", "440304"]
    assert "union.committee.sizes = <= 10: 1; <= 25: 3; <= 100: 3-5;" in line("policy", "show", "440304").out


# -- doctor -------------------------------------------------------------------------------------------


def checks(line: Line, **settings: str) -> dict[str, str]:
    said = line("doctor", "--json", **settings)
    found = {one["name"]: one["health"] for one in said.json["checks"]}
    assert said.json["ok"] == ("ill" not in found.values()) == (said.code == 0)
    assert all(one["zh"] and one["en"] for one in said.json["checks"])
    return found


def test_a_sound_house_is_well(line: Line) -> None:
    line.office()
    for code in ("registry.220204", "union.220204"):
        line.done("account", "create", code, "--body", code, "--generate")
    found = checks(line)
    assert set(found) == {
        *("python", "hash", "home", "broker", "database", "schema", "calendar"),
        *("unannounced", "bodies", "inbox", "outbox", "deadlines", "channels", "chains", "ledger", "wall"),
    }
    next_year = published().knows(SystemClock().now().year + 1)
    assert {name for name, health in found.items() if health != "well"} == (
        {"ledger"} if next_year else {"calendar", "ledger"}  # nobody witnesses it
    )
    assert line("doctor").out.count("✓") == len([health for health in found.values() if health == "well"])


def test_bodies_without_staff_are_worth_a_word(line: Line) -> None:
    assert checks(line)["bodies"] == "watch"
    line.office()
    line.done("account", "create", "one", "--body", "union.220204")
    assert checks(line)["bodies"] == "watch"
    line.done("account", "create", "two", "--body", "registry.220204")
    assert checks(line)["bodies"] == "well"
    line.done("account", "disable", "two")
    assert checks(line)["bodies"] == "watch"


def test_a_line_of_history_that_was_changed_is_found(line: Line, runtime: Runtime) -> None:
    line.office()
    row = f"甲,{uscc(1)},2019-01-02,有限责任公司,某某,1,零售,吉林省,吉林市,吉林省吉林市船营区"
    line.done("import", line.file("list.csv", f"{HEADER}\n{row}\n"), "--office", "registry.220204")
    assert checks(line)["chains"] == "well"
    books = runtime.database
    with runtime.reading(SERVICE) as unit:
        kept, sealed = unit.db.execute(select(History.canon, History.hash).where(History.seq == 1)).one()
        last = unit.db.scalar(select(func.max(History.seq)))
    forged = bytes(kept).replace("甲".encode(), "乙".encode()).replace(b'"v":1', b'"v":2')
    assert forged != bytes(kept)
    tamper(books, "UPDATE history SET canon = ? WHERE seq = 1", [forged])
    assert checks(line)["chains"] == "ill"
    tamper(books, "UPDATE history SET canon = ? WHERE seq = 1", [bytes(kept)])
    assert checks(line)["chains"] == "well"
    tamper(books, "UPDATE history SET hash = ? WHERE seq = 1", [bytes(32)])
    assert checks(line)["chains"] == "ill"
    tamper(books, "UPDATE history SET hash = ? WHERE seq = 1", [bytes(sealed)])
    tamper(books, "DELETE FROM history WHERE seq = ?", [last])
    assert checks(line)["chains"] == "ill"
    assert f"1#{last}" in line("doctor").out


def test_what_was_set_aside_is_found(line: Line, runtime: Runtime) -> None:
    line.office()
    line.done("emit", line.file("event.json", json.dumps(registered())))
    assert checks(line)["inbox"] == "well"
    with runtime.writing(SERVICE) as unit:
        unit.db.execute(update(Inbox).values(state="failed"))
    assert checks(line)["inbox"] == "ill"


def test_a_home_open_to_others_is_found(line: Line) -> None:
    line.home.chmod(0o755)
    assert checks(line)["home"] == "ill"


def test_an_absent_broker_or_database_is_found(line: Line) -> None:
    assert checks(line, GONGJIAN_BROKER_URL="amqp://guest:guest@127.0.0.1:9//")["broker"] == "ill"
    assert checks(line, GONGJIAN_DATABASE_URL="postgresql://127.0.0.1:9/x")["database"] == "ill"


def test_a_home_that_is_not_there_is_found_and_not_made(line: Line) -> None:
    elsewhere = line.folder / "elsewhere"
    assert checks(line, GONGJIAN_HOME=str(elsewhere))["home"] == "ill"
    assert not elsewhere.exists()
    away = {
        "GONGJIAN_DATABASE_URL": "postgresql://127.0.0.1:9/x",
        "GONGJIAN_BROKER_URL": "amqp://127.0.0.1:9//",
    }
    found = checks(line, GONGJIAN_HOME=str(elsewhere), **away)
    assert (found["home"], found["broker"], found["database"]) == ("well", "ill", "ill")
    assert not elsewhere.exists()


# -- the house in general -----------------------------------------------------------------------------


def test_tables_are_made_once_and_asked_for_when_missing(line: Line) -> None:
    line.environment["GONGJIAN_HOME"] = str(line.folder / "fresh")
    assert line.refused("body", "list") == "schema_missing"
    assert checks(line)["schema"] == "ill"
    first = line.done("db", "upgrade")["revision"]
    assert first and line.done("db", "upgrade")["revision"] == first
    assert line.done("body", "list") == {"items": []}


@pytest.mark.parametrize(
    ("name", "value", "code", "status"),
    [
        ("GONGJIAN_DATABASE_URL", "postgresql://127.0.0.1:9/x", "database_down", 1),
        ("GONGJIAN_DATABASE_URL", "nonsense", "settings_bad", 2),
        ("GONGJIAN_PORT", "eighty", "settings_bad", 2),
        ("GONGJIAN_TIME_ZONE", "Mars/Olympus", "settings_bad", 2),
        ("GONGJIAN_HOME", "/dev/null/x", "file_unusable", 1),
    ],
)
def test_a_wrong_setting_is_a_sentence(line: Line, name: str, value: str, code: str, status: int) -> None:
    said = line("body", "list", "--json", **{name: value})
    assert (said.code, said.json["code"]) == (status, code)
    shown = line("body", "list", **{name: value})
    assert shown.code == status and len(shown.err.splitlines()) == 2 and "Traceback" not in shown.err


def test_a_file_that_is_no_database_is_a_sentence(line: Line) -> None:
    (line.home / "gongjian.db").write_bytes(b"not a database at all " * 100)
    assert line.refused("body", "list") == "database_down"


def test_the_journal_says_who_sat_at_the_machine(
    line: Line, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = pwd.getpwuid(os.getuid()).pw_name
    monkeypatch.delenv("SUDO_USER", raising=False)
    line.office()
    monkeypatch.setenv("SUDO_USER", "li.fang")
    line.done("account", "create", "li.fang", "--body", "union.220204", "--generate")
    file = line.file("list.csv", f"{HEADER}\n甲,{uscc(1)},2019-01-02,,,,,,,\n")
    line("import", file, "--office", "registry.220204")
    with runtime.reading(SERVICE) as unit:
        told = [(row.what, row.actor, row.detail["os_user"]) for row in unit.db.execute(select(Journal))]
    before = f"{name} (sudo li.fang)"
    assert told == [
        *[("body.create", "gongjian", name)] * 2,
        ("account.create", "gongjian", before),
        ("list.import", "gongjian", before),
    ]


@pytest.mark.parametrize("words", [("policy", "show", "220204"), ("body", "list"), ("--help",)])
def test_nothing_is_said_when_nobody_reads_on(line: Line, words: tuple[str, ...]) -> None:
    """`gongjian policy show 220204 | head -1`, however much there was to say."""
    reading, writing = os.pipe()
    os.close(reading)
    ran = subprocess.run(
        [sys.executable, "-m", "api.cli.main", *words],
        env=os.environ | line.environment,
        stdout=writing,
        stderr=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    os.close(writing)
    assert ran.stderr == b""


def test_every_command_speaks_json_and_explains_itself(line: Line) -> None:
    """CONTRACT: every command has `--json`."""
    commands = [
        *(("up",), ("import",), ("emit",), ("diagram",), ("doctor",), ("db", "upgrade")),
        *(
            ("account", "create"),
            ("account", "disable"),
            ("account", "token"),
            ("body", "create"),
            ("body", "list"),
        ),
        *(("calendar", "import"), ("calendar", "show"), ("policy", "show")),
    ]
    for words in commands:
        said = line(*words, "--help")
        assert said.code == 0 and "--json" in said.out, words
    assert line("frobnicate").code == 2
    assert line("db").code == 2


def test_the_program_starts_in_a_process_of_its_own(line: Line) -> None:
    """Under a terminal that knows no Chinese, too: nothing is printed that it cannot take."""
    environment = line.environment | {"PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "ascii"}
    ran = subprocess.run(
        [sys.executable, "-m", "api.cli.main", "policy", "show", "220299"],
        cwd=Path(__file__).parents[2],
        env=environment,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 1
    assert b"There is no division" in ran.stderr and b"Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (("import",), "缺少必填的参数", "Missing argument"),
        (("policy", "show"), "缺少必填的参数", "Missing argument"),
        (("quarantine", "retry", "inbox", "one"), "的值不对", "Invalid value"),
        (("doctor", "--nonsense"), "没有 --nonsense 这个选项", "No such option"),
        (("nonsense",), "没有这个命令", "No such command"),
        (("quarantine", "list", "more"), "参数多了", "unexpected extra argument"),
        (("--nonsense",), "没有 --nonsense 这个选项", "No such option"),
    ],
)
def test_a_command_typed_wrongly_is_told_in_both_languages(
    line: Line, words: tuple[str, ...], zh: str, en: str
) -> None:
    said = line(*words)
    assert said.code == 2 and en in said.err, said.err
    assert said.err.count("命令写法不对") == 1 and zh in said.err.splitlines()[0]
    command = " ".join(
        word
        for word in words[:2]
        if word in ("import", "policy", "show", "quarantine", "retry", "list", "doctor")
    )
    assert f"{command} --help" in said.err.splitlines()[0]


def test_help_is_no_fault(line: Line) -> None:
    assert "命令写法不对" not in line().err + line("--help").err + line("policy").err


def test_refused_messages_are_listed_sent_again_and_dropped(line: Line, runtime: Runtime) -> None:
    line.done("body", "create", "registry", "220204", "--name", "船营区市场监督管理局")
    why, media = Fault("broken").text, "application/cloudevents+json"
    for body in (json.dumps(registered(9)).encode(), b"{}"):
        keep_dead(runtime, Letter.of(media, {}, body, largest=2_000), "broken", why)
    first, second = line.done("quarantine", "letters")["items"]
    assert (first["office"], second["office"], first["reason"]) == ("registry.220204", None, why.as_dict())
    assert line.done("quarantine", "send", str(first["id"]))["id"] == first["id"]
    assert line.refused("quarantine", "send", str(second["id"])) == "still_refused"
    line.done("quarantine", "drop", str(second["id"]))
    assert line.refused("quarantine", "drop", str(second["id"])) == "letter_settled"
    assert line.done("quarantine", "letters")["items"] == []
