"""The ledger at the command line and over HTTP: a checkpoint, witnesses by hand and by wire, bundles, and what is found wrong."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli.main import app
from services.ledger import witness
from services.ledger.integrate import integrate
from services.ledger.notes import Key
from services.runtime import Runtime
from services.settings import Settings
from tests.builders import COUNTY, TOWN, Counter
from tests.tampering import tamper

UNION, AUDITOR = f"union.{TOWN}", f"auditor.{COUNTY}"
Says = Callable[..., Any]


@pytest.fixture
def says(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Says:
    """`gongjian …` on the counter's own database: its JSON, and that it ended as it should. `Any`: JSON."""
    for name, value in counter.town.runtime.settings.as_environment().items():
        monkeypatch.setenv(name, value)
    town = counter.town
    code = town.enterprise(name="甲机械有限公司")
    town.take(UNION, code, "lead", "survey", headcount=60, applicants=30)
    while integrate(town.runtime):
        pass

    def call(*words: object, code: int = 0) -> Any:
        answer = CliRunner().invoke(app, [*map(str, words), "--json"])
        assert answer.exit_code == code, answer.output
        return json.loads(answer.stdout.splitlines()[-1]) if answer.stdout else json.loads(answer.stderr)

    return call


def text(tmp_path: Path, name: str, said: str) -> Path:
    path = tmp_path / name
    path.write_text(said, "utf-8")
    return path


def test_a_witness_by_hand(says: Says, tmp_path: Path) -> None:
    first = says("ledger", "checkpoint")
    key = says("witness", "create", tmp_path / "w", "--name", "party.cy.example", "--log", first["key"])[
        "key"
    ]
    asked = text(tmp_path, "request.txt", says("ledger", "request", "--known", 0)["request"])
    signed = says("witness", "sign", tmp_path / "w", asked)
    line = text(tmp_path, "line.txt", signed["line"])
    assert says("ledger", "cosign", signed["size"], line, code=1)["code"] == "cosignature_bad"
    says("ledger", "witness", f"party.{TOWN}", key)
    assert says("ledger", "cosign", signed["size"], line)["taken"] == 1
    assert says("ledger", "cosign", signed["size"], line)["taken"] == 0
    assert signed["line"].strip() in says("ledger", "checkpoint", "--size", signed["size"])["note"]
    # what the witness registered is a deed, and so a new entry; he goes on from where he stands
    integrate(_runtime())
    assert says("witness", "sign", tmp_path / "w", asked, code=1)["code"] == "witness_behind"
    asked = text(tmp_path, "request.txt", says("ledger", "request", "--known", signed["size"])["request"])
    assert says("witness", "sign", tmp_path / "w", asked)["size"] > signed["size"]
    found = says("ledger", "verify", "--log", first["key"], "--witness", key)
    assert found["ok"] and found["witnessed"] == signed["size"]
    says("ledger", "dismiss", "party.cy.example")
    assert says("ledger", "dismiss", "party.cy.example", code=1)["code"] == "not_found"


def test_a_bundle_is_verified_without_any_database(
    says: Says, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = says("ledger", "checkpoint")["key"]
    whole, one, place = (tmp_path / name for name in ("all.zip", "case.zip", "town.zip"))
    every = says("ledger", "export", whole)["entries"]
    case = says("ledger", "export", one, "--case", 1)["entries"]
    says("ledger", "export", place, "--division", COUNTY, "--from", "2020-01-01", "--to", "2100-01-01")
    assert says("ledger", "export", tmp_path / "x.zip", "--case", 99, code=1)["code"] == "not_found"
    bad = says("ledger", "export", tmp_path / "x.zip", "--division", "船营区", code=1)
    assert (bad["code"], bad["field"]) == ("parameter_bad", "division")
    assert says("ledger", "export", tmp_path / "x.zip", "--from", "2020-01-01", code=2)["code"] == "usage"
    assert says("ledger", "verify", "--kept", whole, "--kept", one)["ok"]
    for name in ("GONGJIAN_HOME", "GONGJIAN_DATABASE_URL"):
        monkeypatch.setenv(name, "/nowhere")
    for bundle, entries in ((whole, every), (one, case), (place, case)):
        found = says("verify", bundle, "--log", key)
        assert found["ok"] and found["entries"] == entries
    assert not says("verify", one, "--log", str(Key("gongjian-0", 1, bytes(32))), code=1)["ok"]
    with zipfile.ZipFile(one) as read:
        assert {"READ-ME.txt", "checkpoint.txt", "entries.jsonl", "manifest.json", "report.txt"} <= set(
            read.namelist()
        )
        assert (
            "开展摸底" in read.read("report.txt").decode()
            or "案卷/case 1 #1" in read.read("report.txt").decode()
        )


@pytest.mark.parametrize("which", ["line", "proof", "gone", "swapped", "note", "torn", "previous"])
def test_a_bundle_that_was_changed_is_found_out(says: Says, tmp_path: Path, which: str) -> None:
    key = says("ledger", "checkpoint")["key"]
    path = tmp_path / "case.zip"
    says("ledger", "export", path, "--case", 1)
    with zipfile.ZipFile(path) as read:
        parts = {name: read.read(name) for name in read.namelist()}
    lines = [json.loads(line) for line in parts["entries.jsonl"].splitlines()]
    match which:
        case "line":
            lines[1]["line"] = lines[1]["line"].replace('"v":1', '"v":2')
        case "proof":
            lines[1]["proof"][0] = "00" * 32
        case "gone":
            del lines[1]
        case "swapped":
            lines[0], lines[1] = lines[1], lines[0]
        case "previous":
            lines[1]["previous"] = "00" * 32
        case "note":
            parts["checkpoint.txt"] = parts["checkpoint.txt"].replace(b"\n", b"1\n", 1)
        case "torn":
            parts["manifest.json"] = b"{"
    parts["entries.jsonl"] = b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)
    with zipfile.ZipFile(path, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    assert says("ledger", "verify", "--kept", path, code=1)["code"] == "bundle_bad"
    found = says("verify", path, "--log", key, code=1)
    if which == "torn":
        assert found["code"] == "bundle_bad"
    else:
        assert not found["ok"] and found["wrong"]


def test_what_was_tampered_with_is_found_at_the_command_line(says: Says) -> None:
    assert says("ledger", "verify")["ok"]
    tamper(_runtime().database, "UPDATE history SET canon = ? WHERE case_id = 1 AND seq = 2", [b"{}"])
    found = says("ledger", "verify", code=1)
    assert found["first"] is not None and "案卷1第2行" in found["wrong"][0]["zh"]


def test_over_http_a_witness_gets_what_he_is_to_sign_and_an_auditor_a_proof(
    says: Says, counter: Counter, tmp_path: Path
) -> None:
    first = counter.get(AUDITOR, "/api/v1/ledger/checkpoint").json()
    assert first["note"].startswith(f"{first['origin']}\n{first['size']}\n")
    asked = counter.get(UNION, "/api/v1/ledger/continuation", params={"known": 0})
    assert asked.headers["content-type"] == "text/plain; charset=utf-8"
    key = says("witness", "create", tmp_path / "w", "--name", "union.cy.example", "--log", first["key"])[
        "key"
    ]
    says("ledger", "witness", UNION, key)
    now = counter.town.clock.now()
    sent = {
        "size": first["size"],
        "note": witness.sign(tmp_path / "w", witness.Request.read(asked.text), now),
    }
    assert counter.post(UNION, "/api/v1/ledger/cosignatures", json=sent).json() == {"taken": 1}
    shrunk = counter.get(UNION, "/api/v1/ledger/continuation", params={"known": 10**6})
    assert shrunk.status_code == 409 and shrunk.json()["code"] == "ledger_shrunk"
    items = counter.get(UNION, "/api/v1/ledger/entries").json()["items"]
    mine = [one for one in items if one["line"] is not None]
    assert mine and all(one["book"] == "history" for one in mine)
    got = counter.get(UNION, "/api/v1/ledger/proof", params={"entry": mine[0]["number"]}).json()
    assert got["entry"] == mine[0] and got["proof"]
    hidden = next(one["number"] for one in items if one["line"] is None)
    assert counter.get(UNION, "/api/v1/ledger/proof", params={"entry": hidden}).status_code == 404
    assert counter.get(UNION, "/api/v1/ledger/proof", params={"entry": 10**9}).status_code == 404


def test_an_opinion_is_proved_with_its_salt_and_left_out_without_a_reason(
    says: Says, counter: Counter, tmp_path: Path
) -> None:
    town = counter.town
    file = counter.case(UNION, town.enterprise(name="乙纺织有限公司"))
    lead, case = file["proceedings"][0], file["id"]
    fields = dict.fromkeys(("headcount", "applicants"), 30)
    assert counter.step(UNION, lead, "survey", fields=fields, opinion="张三的意见").status_code == 200
    while integrate(town.runtime):
        pass
    plain, named = tmp_path / "plain.zip", tmp_path / "named.zip"
    says("ledger", "export", plain, "--case", case)
    says("ledger", "export", named, "--case", case, "--names", "信访核查")
    assert "张三" not in zipfile.ZipFile(plain).read("entries.jsonl").decode()
    assert "张三" in zipfile.ZipFile(named).read("entries.jsonl").decode()
    assert not [name for name in zipfile.ZipFile(plain).namelist() if name.startswith("documents/")]
    assert says("verify", named)["ok"]
    parts = {name: zipfile.ZipFile(named).read(name) for name in zipfile.ZipFile(named).namelist()}
    with zipfile.ZipFile(named, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content.replace("张三".encode(), "李四".encode()))
    assert "opinion" in says("verify", named, code=1)["wrong"][0]["en"]


def _runtime() -> Runtime:
    """On the database that the environment names."""
    return Runtime(Settings())
