"""Secrets and what concerns persons stand in no log, no number, no message and no answer to a fault (S14)."""

import json
import logging
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from services.access.accounts import create_account
from services.actor import SERVICE
from services.clock import SettableClock
from services.db.models.access import Journal
from services.runtime import Runtime
from services.settings import Settings
from tests.builders import BEGAN, COUNTY, TOWN, Counter, Town, counter_of, found, registered, uscc
from tests.waiting import until

LOCAL, OFFICE, AUDITOR = f"union.{TOWN}", f"registry.{COUNTY}", f"auditor.{COUNTY}"
PERSON, IDENTITY, MOBILE = "欧阳丰收", "11010519491231002X", "13912345678"
#: Who asks, in these tests, and what it is built on: the service has neither.
_OF_THE_CLIENT = ("httpx", "httpcore", "asyncio")
PASSWORD, TYPED = "canary of the mine 7788", "canary typed wrongly 99"


@pytest.fixture
def ringing(database_settings: Settings) -> Iterator[Counter]:
    """A counter whose doorbell leaves real messages in the home."""
    clock = SettableClock(BEGAN)
    runtime = Runtime(database_settings, clock=clock)
    with closing(runtime):
        found(runtime)
        with counter_of(Town(runtime, clock)) as made:
            yield made


def tokens(counter: Counter) -> set[str]:
    """Whatever has opened anything."""
    return {counter.headers(account)["Authorization"].split()[1] for account in (LOCAL, OFFICE, AUDITOR)}


def provoke(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything goes wrong with a canary in it; yields what each fault was answered with."""
    client, answers = counter.client, []

    def asks(account: str, method: str, path: str, **more: object) -> None:
        headers = counter.headers(account) if account else {}
        answer = client.request(method, path, headers=headers | dict(more.pop("headers", {}) or {}), **more)  # type: ignore[arg-type, call-overload]  # whatever httpx2 takes
        assert answer.status_code >= 400, (path, answer.text)
        answers.append(answer.text + json.dumps(dict(answer.headers)))

    for name, password in ((LOCAL, TYPED), (TYPED, PASSWORD), (IDENTITY, TYPED)):
        asks("", "POST", "/api/v1/tokens", json={"account": name, "password": password})
    asks("", "GET", "/api/v1/cases", headers={"Authorization": f"Bearer {TYPED}"})
    code = counter.town.enterprise()
    case, lead = counter.case(LOCAL, code)["id"], counter.proceeding(LOCAL, code, "lead")["id"]
    step = f"/api/v1/proceedings/{lead}/steps"
    for word in (PERSON, IDENTITY, MOBILE):
        asks(LOCAL, "GET", f"/api/v1/cases/{word}")
        asks(LOCAL, "GET", f"/api/v1/cases?{word}={word}")
        asks(LOCAL, "GET", f"/api/v1/cases?division={word}")
        asks(LOCAL, "GET", f"/api/v1/cases/{case}/history?as_of={word}")
        asks(LOCAL, "POST", f"{step}/{word}", json={})
        asks(LOCAL, "POST", f"{step}/survey", json={word: word})
        asks(LOCAL, "POST", f"{step}/survey", json={"fields": {word: word}})
        asks(LOCAL, "POST", f"{step}/survey", json={"fields": {"headcount": word, "applicants": 3}})
        asks(LOCAL, "POST", f"{step}/survey", content=f'{{"opinion": {word}'.encode())
        asks(LOCAL, "POST", f"/api/v1/cases/{word}/names", json={"reason": word})
        asks(LOCAL, "POST", "/api/v1/documents", files={"file": (f"{word}.exe", b"MZ")}, data={"kind": word})
        asks(OFFICE, "POST", "/api/v1/events", json=registered() | {"data": {"uscc": uscc(5), "name": word}})
        asks(OFFICE, "POST", "/api/v1/events", json=registered() | {"source": f"/{word}"})
        asks(OFFICE, "GET", f"/api/v1/events/%2Fregistry%2F{COUNTY}/{word}")
        asks(AUDITOR, "GET", f"/api/v1/journal?what={word}")

    def broken(*_: object) -> None:
        raise RuntimeError(f"{PERSON} {IDENTITY} {PASSWORD}")

    with monkeypatch.context() as patched:
        patched.setattr("api.v1.cases.case", broken)
        asks(LOCAL, "GET", f"/api/v1/cases/{case}")
    return answers


def test_no_canary_is_found_anywhere(
    ringing: Counter,
    database_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    with ringing.town.runtime.writing(SERVICE) as unit:
        create_account(unit, "li.fang", LOCAL, PASSWORD)
    answers = provoke(ringing, monkeypatch)
    assert len(answers) >= 50 and any('"broken"' in answer for answer in answers)
    messages = _messages(database_settings.home)
    with ringing.town.runtime.reading(SERVICE) as unit:
        journal = [str(tuple(row)) for row in unit.db.execute(select(*Journal.__table__.c))]
    assert journal and messages
    metrics = ringing.client.get("/metrics").text
    ours = [one for one in caplog.records if not one.name.startswith(_OF_THE_CLIENT)]
    logs = "".join(capfd.readouterr()) + "".join(f"{one.getMessage()} {vars(one)}" for one in ours)
    assert "broken" in logs
    canaries = {PERSON, IDENTITY, MOBILE, PASSWORD, TYPED} | tokens(ringing)
    hits = [
        (place, canary)
        for place, texts in (
            ("answers", answers),
            ("journal", journal),
            ("messages", messages),
            ("metrics", [metrics]),
            ("logs", [logs]),
        )
        for canary in canaries
        for one in texts
        if canary in one or json.dumps(canary).strip('"') in one
    ]
    assert hits == []


def _messages(home: Path) -> list[str]:
    """What lies in the home for the workers: all but the database itself."""

    def lying() -> list[Path]:
        return [one for one in home.rglob("*") if one.is_file() and not one.name.startswith("gongjian.db")]

    until(lambda: bool(lying()), 10, what="a message in the home")
    return [one.read_text(errors="replace") for one in lying()]
