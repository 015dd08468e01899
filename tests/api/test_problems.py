"""Whatever goes wrong is one sentence in two languages with a stable code, and never what somebody
typed in."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from api.headers import HEADERS
from api.problems import STATUS
from services.access.accounts import create_account
from services.actor import SERVICE
from tests.builders import COUNTY, PASSWORD, TOWN, Counter, assert_problem
from workflows.errors import Family

LOCAL = f"union.{TOWN}"
CANARY = "11010519491231002X-canary"


@pytest.fixture
def broken(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Makes the list of cases fail with a given error. `Any`: a function."""

    def fail_with(error: Exception) -> TestClient:
        def fail(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr("api.v1.cases.cases", fail)
        return counter.client

    yield fail_with


class Postgres(Exception):
    """What a driver raises, as far as we look at it."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(f"{sqlstate} {CANARY}")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (OperationalError("SELECT 1", {"p": CANARY}, Postgres("40P01")), 503, "busy"),
        (OperationalError("SELECT 1", {"p": CANARY}, Postgres("40001")), 503, "busy"),
        (OperationalError("SELECT 1", {"p": CANARY}, Postgres("55P03")), 503, "busy"),
        (OperationalError("SELECT 1", {"p": CANARY}, Exception("database is locked")), 503, "busy"),
        (OperationalError("SELECT 1", {"p": CANARY}, Postgres("57P01")), 503, "database_down"),
        (PoolExhausted("no connection"), 503, "database_down"),
        (ProgrammingError("SELECT 1", {"p": CANARY}, Postgres("22P05")), 400, "parameter_bad"),
        (ProgrammingError("SELECT 1", {"p": CANARY}, Postgres("42601")), 500, "broken"),
        (ValueError(CANARY), 500, "broken"),
    ],
)
def test_errors_of_the_machinery_are_sorted_and_say_nothing(
    counter: Counter,
    broken: Any,
    error: Exception,
    status: int,
    code: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    client = broken(error)
    answer = client.get("/api/v1/cases", headers=counter.headers(LOCAL))
    assert_problem(answer, status, code)
    assert ("retry-after" in answer.headers) == (status == 503)
    assert CANARY not in answer.text
    logged = capsys.readouterr()
    assert CANARY not in logged.out + logged.err


def test_what_broke_can_be_found_by_its_number(
    counter: Counter, broken: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    client = broken(ValueError(CANARY))
    told = client.get("/api/v1/cases", headers=counter.headers(LOCAL)).json()
    logged = capsys.readouterr()
    assert told["trace_id"] in logged.out + logged.err


def test_every_family_of_faults_has_a_status() -> None:
    assert set(STATUS) == set(Family)


def test_a_problem_speaks_the_callers_language_and_always_brings_both(client: TestClient) -> None:
    for said, tongue in (("en-US", "en"), ("zh-CN", "zh"), ("fr", "zh"), ("", "zh")):
        answer = client.get("/api/v1/cases", headers={"Accept-Language": said})
        told = assert_problem(answer, 401, "signed_out")
        assert told["detail"] == told["message"][tongue]
        assert answer.headers["content-language"] == tongue
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "said", ["", "Bearer", "Bearer ", "Basic abc", "Bearer nonsense", "Bearer " + "x" * 5000, "Bearer \u00e9"]
)
def test_without_a_good_token_nobody_comes_in(client: TestClient, said: str) -> None:
    answer = client.get("/api/v1/work-items", headers={b"Authorization": said.encode("latin-1")})
    assert_problem(answer, 401, "signed_out")


def test_unknown_addresses_and_methods_are_problems_too(client: TestClient) -> None:
    assert_problem(client.get("/api/v1/nothing"), 404, "not_found")
    assert_problem(client.get("/api/v1/cases/"), 404, "not_found")
    answer = client.put("/api/v1/cases")
    assert_problem(answer, 405, "method")
    assert answer.headers["allow"] == "GET"


@pytest.mark.parametrize(
    "odd", ["abc", "-1", "0x1", "1.5", "99999999999999999999", "9223372036854775808", "1e3", "１"]
)
def test_what_cannot_be_an_id_is_not_on_file(counter: Counter, odd: str) -> None:
    for path in (f"/api/v1/cases/{odd}", f"/api/v1/cases/{odd}/history"):
        assert_problem(counter.get(LOCAL, path), 404, "not_found")
    for path in (f"/api/v1/work-items/{odd}/claim", f"/api/v1/notices/{odd}/acknowledge"):
        assert_problem(counter.post(LOCAL, path), 404, "not_found")
    assert_problem(counter.post(LOCAL, f"/api/v1/proceedings/{odd}/steps/survey", json={}), 404, "not_found")


@pytest.mark.parametrize("odd", ["%00", "a%00b", "%ED%A0%80", "%ff", "%C0%AF"])
@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/cases?uscc={}",
        "/api/v1/cases?name={}",
        "/api/v1/cases?cursor={}",
        "/api/v1/cases/{}",
        "/api/v1/events/{}/1",
    ],
)
def test_broken_characters_in_an_address_are_refused_before_any_database(
    counter: Counter, path: str, odd: str
) -> None:
    assert_problem(counter.get(LOCAL, path.format(odd)), 400, "parameter_bad")


@pytest.mark.parametrize("query", ["division=abc", "division=22020", "division=220204102007001", "cursor=x"])
def test_a_bad_parameter_is_named(counter: Counter, query: str) -> None:
    told = assert_problem(counter.get(LOCAL, f"/api/v1/cases?{query}"), 400, "parameter_bad")
    assert told["field"] == query.partition("=")[0]


def test_too_large_a_body_or_header_is_refused(counter: Counter) -> None:
    large = json.dumps({"account": "a", "password": "x" * 300_000})
    answer = counter.client.post(
        "/api/v1/tokens", content=large, headers={"Content-Type": "application/json"}
    )
    assert_problem(answer, 413, "too_large")
    assert_problem(counter.client.get("/healthz", headers={"X-Long": "x" * 20_000}), 413, "too_large")
    assert_problem(counter.client.get("/api/v1/cases?uscc=" + "9" * 20_000), 413, "too_large")


def test_other_media_types_are_refused(counter: Counter) -> None:
    for media in ("text/plain", "application/xml", "application/x-www-form-urlencoded", ""):
        answer = counter.client.post("/api/v1/tokens", content=b"{}", headers={"Content-Type": media})
        assert_problem(answer, 415, "media_type")


@pytest.mark.parametrize(
    "body",
    [
        {"account": CANARY, "password": CANARY},
        {"account": "x", "password": "y", CANARY[:10]: CANARY},
        {"account": "x" * 61, "password": CANARY},
        {"account": 7, "password": CANARY},
        {"password": CANARY},
        {"account": "a\u0000b", "password": CANARY},
        {"account": "\ud800", "password": CANARY},
        {"account": "x", "password": CANARY * 100},
        [CANARY],
        CANARY,
    ],
)
def test_nothing_that_was_sent_is_said_back(client: TestClient, body: object) -> None:
    answer = client.post(
        "/api/v1/tokens", content=json.dumps(body), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in (400, 401), answer.text
    assert CANARY not in answer.text


def test_signing_in_gives_a_token_that_opens_the_counter(counter: Counter) -> None:
    _with_password(counter, "reader.one")
    answer = counter.client.post("/api/v1/tokens", json={"account": "reader.one", "password": PASSWORD})
    told = answer.json()
    assert answer.status_code == 200 and told["token_type"] == "bearer" and told["expires_in"] > 0
    headers = {"Authorization": f"Bearer {told['access_token']}"}
    assert counter.client.get("/api/v1/cases", headers=headers).status_code == 200
    wrong = counter.client.post("/api/v1/tokens", json={"account": "reader.one", "password": PASSWORD + "!"})
    nobody = counter.client.post("/api/v1/tokens", json={"account": "reader.two", "password": PASSWORD})
    assert (
        assert_problem(wrong, 401, "credentials")["message"]
        == assert_problem(nobody, 401, "credentials")["message"]
    )


def test_many_wrong_passwords_lock_the_name_and_say_when_to_come_back(counter: Counter) -> None:
    _with_password(counter, "reader.one")
    for _ in range(10):
        counter.client.post("/api/v1/tokens", json={"account": "reader.one", "password": "wrong"})
    answer = counter.client.post("/api/v1/tokens", json={"account": "reader.one", "password": PASSWORD})
    assert_problem(answer, 429, "locked_out")
    assert int(answer.headers["retry-after"]) > 0


def test_every_answer_carries_the_security_headers(counter: Counter) -> None:
    answers = [
        counter.client.get("/healthz"),
        counter.client.get("/login"),
        counter.client.get("/static/gongjian.css"),
        counter.client.get("/static/nothing.css"),
        counter.client.get("/api/v1/cases"),
        counter.get(LOCAL, "/api/v1/cases"),
        counter.client.get("/nothing"),
        counter.client.get("/api/v1/cases?uscc=%00"),
        counter.client.get("/healthz", headers={"X-Long": "x" * 20_000}),
    ]
    for answer in answers:
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, (answer.url, name)


def _with_password(counter: Counter, name: str) -> None:
    with counter.town.runtime.writing(SERVICE) as unit:
        create_account(unit, name, f"union.{COUNTY}", PASSWORD)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_whoever_asks_for_the_head_alone_is_told_as_much(client: Any, path: str) -> None:
    asked, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (asked.status_code, b"") == (200, b"")
    assert head.headers["content-length"] == asked.headers["content-length"]


@pytest.mark.parametrize("name", ["procedure", "state", "subject"])
def test_a_filter_that_nothing_can_meet_is_a_mistake_and_named(counter: Counter, name: str) -> None:
    told = counter.get(f"union.{TOWN}", "/api/v1/cases", params={name: "xyz"})
    assert assert_problem(told, 400, "parameter_bad")["field"] == name
    known = {"procedure": "union", "state": "preparing", "subject": "campaign"}
    assert counter.get(f"union.{TOWN}", "/api/v1/cases", params=known).status_code == 200
    elsewhere = {"procedure": "lead", "state": "preparing"}
    told = counter.get(f"union.{TOWN}", "/api/v1/cases", params=elsewhere)
    assert assert_problem(told, 400, "parameter_bad")["field"] == "state"
