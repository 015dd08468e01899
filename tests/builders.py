"""A small town to test in, made by real use cases: bodies, accounts, events that open cases, people
who take steps."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import RowMapping, Table, func, insert, select
from stdnum.cn import uscc as codes

from services.access.accounts import create_account
from services.access.tokens import Purpose, issue
from services.actor import SERVICE
from services.clock import SettableClock
from services.db.base import Base
from services.demo.hands import Hands
from services.directory.bodies import create_body
from services.runtime import Runtime, Unit
from services.settings import Limits

HERE = "http://127.0.0.1:8000"
#: Tests and benches ask oftener than people do. How often one may ask is tested in tests/api/test_rates.py.
UNHURRIED = Limits(
    sign_in_rate=100_000, office_rate=100_000, office_burst=100_000, staff_rate=100_000, staff_burst=100_000
)

PASSWORD = "chuan-ying 2204 qu"
BEGAN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, nine in the morning at Jilin

COUNTY, TOWN, OTHER_TOWN, OTHER_COUNTY = "220204", "220204102", "220204101", "220202"

#: (kind, division); a body's only account bears the body's code.
BODIES: tuple[tuple[str, str], ...] = (
    ("registry", COUNTY),
    ("investment", TOWN),
    ("union", COUNTY),
    ("union", TOWN),
    ("union", OTHER_TOWN),
    ("orgdept", COUNTY),
    ("minying", COUNTY),
    ("party", TOWN),
    ("party", OTHER_TOWN),
    ("auditor", COUNTY),
    ("admin", COUNTY),
    ("security", COUNTY),
    ("registry", OTHER_COUNTY),
    ("union", OTHER_COUNTY),
    ("party", OTHER_COUNTY),
)


def uscc(number: int, county: str = COUNTY) -> str:
    """A credit code that passes its check, a different one for each number."""
    stem = f"91{county}MA0T{number:05d}"
    return stem + str(codes.calc_check_digit(stem))


def registered(
    number: int = 1, *, county: str = COUNTY, town: str | None = TOWN, **data: Any
) -> dict[str, Any]:
    """A registration as an office says it. `Any`: JSON."""
    said = {
        "uscc": uscc(number, county),
        "name": f"测试{number}号有限公司",
        "registered_on": "2026-02-27",
        "type": "有限责任公司",
        "division": town or county,
        "address": "吉林省吉林市",
        "industry": None,
        "headcount": None,
    }
    return {
        "specversion": "1.0",
        "id": f"2026-{number:04d}",
        "source": f"/registry/{county}",
        "type": "gongjian.registry.enterprise.registered.v1",
        "time": "2026-03-02T09:00:00+08:00",
        "datacontenttype": "application/json",
        "data": said | data,
    }


def found(runtime: Runtime, *, password: str | None = None, by_hand: bool = False) -> None:
    """The town's bodies stand, each with one account of the same name; `by_hand`: in no case as a copy of another town."""
    is_like_others = isinstance(runtime.clock, SettableClock) and password is None and not by_hand
    moment = runtime.clock.now() if is_like_others else None
    with runtime.writing(SERVICE) as unit:
        if moment in _FOUNDED:
            _found_like(unit, _FOUNDED[moment])
            return
        for kind, division in BODIES:
            code = code_of(kind, division)
            create_body(unit, kind, division, f"{code}（测试）")
            create_account(unit, code, code, password)
        if moment is not None:
            _FOUNDED[moment] = _rows(unit)


#: Every row that founding the town leaves, by the moment at which it was founded. Each town of that moment after the first is
#: given them as they are, for a town takes longer to found than most tests take.
_FOUNDED: dict[datetime | None, dict[Table, Sequence[RowMapping]]] = {}


def _rows(unit: Unit) -> dict[Table, Sequence[RowMapping]]:
    """Whatever stands in the tables; an AssertionError where others than the town's bodies stood there before."""
    found = {table: unit.db.execute(select(table)).mappings().all() for table in Base.metadata.sorted_tables}
    assert len(found[Base.metadata.tables["bodies"]]) == len(BODIES), "found it by hand: it is not empty here"
    return {table: rows for table, rows in found.items() if rows}


def _found_like(unit: Unit, another: dict[Table, Sequence[RowMapping]]) -> None:
    for table, rows in another.items():
        unit.db.execute(insert(table), [dict(row) for row in rows])
        if unit.db.dialect.name == "postgresql" and "id" in table.c:
            unit.db.execute(
                select(
                    func.setval(func.pg_get_serial_sequence(table.name, "id"), max(row["id"] for row in rows))
                )
            )
    unit.runtime.roster.refresh(unit.db, now=True)


def joins(runtime: Runtime, kind: str, division: str = COUNTY) -> str:
    """One more body comes to the town, with its account; yields the code of both."""
    code = code_of(kind, division)
    with runtime.writing(SERVICE) as unit:
        create_body(unit, kind, division, f"{code}（测试）")
        create_account(unit, code, code, None)
    return code


def code_of(kind: str, division: str) -> str:
    return f"{kind}.{division}"


class Town:
    """The town's runtime and clock, and hands that act for its accounts without going through the counter."""

    def __init__(self, runtime: Runtime, clock: SettableClock) -> None:
        self.runtime, self.clock, self.hands = runtime, clock, Hands(runtime)
        self.numbers = count(1)

    def settle(self) -> None:
        """What the workers would do has been done."""
        self.hands.settle()

    def token(self, account: str) -> str:
        """A bearer token for the account, without spending time on its password."""
        actor = self.hands.actor(account)
        assert actor.account_id is not None
        with self.runtime.writing(SERVICE) as unit:
            return issue(unit, actor.account_id, Purpose.ACCESS)[0]

    def session(self, account: str) -> str:
        """What a browser holds that is signed in as this account."""
        actor = self.hands.actor(account)
        assert actor.account_id is not None
        with self.runtime.writing(SERVICE) as unit:
            return issue(unit, actor.account_id, Purpose.SESSION)[0]

    def enterprise(self, *, county: str = COUNTY, town: str | None = TOWN, **data: Any) -> str:
        """A newly registered enterprise with its case; yields its credit code. `Any`: JSON."""
        number = next(self.numbers)
        said = registered(number, county=county, town=town, **data)
        self.hands.emit(f"registry.{county}", "registered", said["id"], said["data"])
        self.settle()
        return str(said["data"]["uscc"])

    def take(self, account: str, code: str, procedure: str, step: str, **fields: object) -> None:
        self.hands.take(account, code, procedure, step, **fields)
        self.settle()

    def with_union(self, code: str) -> None:
        """The enterprise's union is established; the Party side has been told, and a notice waits for it."""
        local, superior = f"union.{TOWN}", f"union.{COUNTY}"
        self.take(local, code, "lead", "survey", headcount=60, applicants=30)
        self.take(local, code, "lead", "open_union")
        self.take(local, code, "union", "file_application")
        self.take(superior, code, "union", "approve_preparation")
        self.take(local, code, "union", "form_group")
        self.take(local, code, "union", "admit_members")
        self.take(local, code, "union", "choose_committee")
        self.take(local, code, "union", "nominate")
        self.take(superior, code, "union", "approve_candidates")
        self.take(local, code, "union", "record_election")
        self.take(local, code, "union", "report_result")
        self.take(superior, code, "union", "approve_result")


class Counter:
    """The town's counter: a client for each account, over HTTP."""

    def __init__(self, town: Town, client: TestClient) -> None:
        self.town, self.client = town, client
        self._tokens: dict[tuple[str, datetime], str] = {}

    def headers(self, account: str) -> dict[str, str]:
        """Shows who asks. A token lives for hours only, so each moment of the clock has its own."""
        moment = (account, self.town.clock.now())
        if moment not in self._tokens:
            self._tokens[moment] = self.town.token(account)
        return {"Authorization": f"Bearer {self._tokens[moment]}"}

    def sign_in_anew(self) -> None:
        """The tokens that were used so far may be spent."""
        self._tokens.clear()

    def get(self, account: str, path: str, **more: Any) -> Response:
        """`Any`: whatever httpx2 takes."""
        return self.client.get(path, headers=self.headers(account) | more.pop("headers", {}), **more)

    def post(self, account: str, path: str, **more: Any) -> Response:
        """`Any`: whatever httpx2 takes."""
        return self.client.post(path, headers=self.headers(account) | more.pop("headers", {}), **more)

    def send(self, account: str, said: object, media: str = "application/cloudevents+json") -> Response:
        body = said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode()
        return self.post(account, "/api/v1/events", content=body, headers={"Content-Type": media})

    def case(self, account: str, code: str) -> dict[str, Any]:
        """The case as this account sees it. `Any`: JSON."""
        listed = self.get(account, "/api/v1/cases", params={"uscc": code}).json()["items"]
        assert len(listed) == 1, f"{account} sees {len(listed)} cases of {code}"
        told: dict[str, Any] = self.get(account, f"/api/v1/cases/{listed[0]['id']}").json()
        return told

    def proceeding(self, account: str, code: str, procedure: str) -> dict[str, Any]:
        """The newest proceeding of a procedure. `Any`: JSON."""
        moving = self.case(account, code)["proceedings"]
        newest: dict[str, Any] = [one for one in moving if one["procedure"] == procedure][-1]
        return newest

    def step(self, account: str, proceeding: Mapping[str, Any], step: str, **more: Any) -> Response:
        """Takes a step; `key` becomes the idempotency key, all else stands in the body. `Any`: JSON."""
        key = more.pop("key", None)
        headers = {"Idempotency-Key": key} if key else {}
        path = f"/api/v1/proceedings/{proceeding['id']}/steps/{step}"
        return self.post(account, path, json=more, headers=headers)

    def upload(self, account: str, kind: str, **form: str) -> Response:
        file = {"file": (f"{kind}.txt", "测试材料\n".encode(), "text/plain")}
        return self.post(account, "/api/v1/documents", files=file, data={"kind": kind} | form)


def assert_problem(answer: Response, status: int, code: str) -> dict[str, Any]:
    """The answer is this problem, told in both languages; yields it. `Any`: JSON."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert set(told) == {"type", "title", "status", "detail", "code", "field", "message", "trace_id"}
    assert told["code"] == code and told["status"] == status
    assert told["message"]["zh"] and told["message"]["en"] and told["trace_id"]
    assert told["detail"] in told["message"].values()
    return told


@contextmanager
def counter_of(town: Town) -> Iterator[Counter]:
    """The application on this town's runtime."""
    with (
        application(town.runtime) as app,
        TestClient(app, base_url=HERE, follow_redirects=False, headers={"Origin": HERE}) as client,
    ):
        yield Counter(town, client)


#: Applications that nobody uses just now. To put one together takes longer than most tests do; what one remembers, it has anew
#: each time it starts.
_IDLE: list[FastAPI] = []


@contextmanager
def application(runtime: Runtime) -> Iterator[FastAPI]:
    """An application of one's own on this runtime."""
    from api.app import create_app

    app = _IDLE.pop() if _IDLE else create_app()
    app.state.given = runtime
    yield app
    _IDLE.append(app)
