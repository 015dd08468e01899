"""A stranger's client walks a case from the first event to the end. It knows the contract, some
accounts, and nothing else: it fills forms from the schemas' own examples and takes the first step offered."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from httpx2 import Client

from services.clock import SettableClock
from services.runtime import Runtime
from tests import builders
from tests.builders import BEGAN, COUNTY, PASSWORD, TOWN, Town, counter_of, found, uscc

OFFICE = f"registry.{COUNTY}"
#: The two forms, one on each side, that ask what only who went there can know; all else is on file, or an example will do.
SURVEY = "survey"
STAFF = (f"union.{TOWN}", f"union.{COUNTY}", f"party.{TOWN}", f"minying.{COUNTY}", f"orgdept.{COUNTY}")


class Stranger:
    """`facts` are what it found out itself and no form can know; `wait` lets the service do its part."""

    def __init__(
        self, http: Client, password: str, facts: Mapping[str, object], wait: Callable[[], None]
    ) -> None:
        self.http, self.facts, self.wait = http, facts, wait
        self.taken: list[tuple[str, str, str]] = []
        self._tokens = {account: self._token(account, password) for account in (OFFICE, *STAFF)}

    def _token(self, account: str, password: str) -> str:
        answer = self.http.post("/api/v1/tokens", json={"account": account, "password": password})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def _as(self, account: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens[account]}"}

    def announce(self, event: Mapping[str, object]) -> None:
        headers = self._as(OFFICE) | {"Content-Type": "application/cloudevents+json"}
        answer = self.http.post("/api/v1/events", json=event, headers=headers)
        assert answer.status_code == 202 and answer.json()["receipts"][0]["status"] == "accepted", answer.text
        self.wait()

    def walk(self, code: str) -> dict[str, Any]:
        """Steps are taken until nobody is waited for; yields each procedure's last state. `Any`: JSON."""
        for _ in range(60):
            if not self._one_step(code):
                return self._states(code)
        raise AssertionError(f"no end after 60 steps: {self.taken}")

    def _one_step(self, code: str) -> bool:
        for account in STAFF:
            for proceeding in self._proceedings(account, code):
                waiting = proceeding["waiting_on"]
                if waiting is not None and waiting["body"] == account and proceeding["allowed"]:
                    self._take(account, proceeding, proceeding["allowed"][0])
                    return True
        return False

    def _proceedings(self, account: str, code: str) -> list[dict[str, Any]]:
        found = self.http.get("/api/v1/cases", params={"uscc": code}, headers=self._as(account)).json()[
            "items"
        ]
        if not found:
            return []
        answer = self.http.get(f"/api/v1/cases/{found[0]['id']}", headers=self._as(account))
        told: list[dict[str, Any]] = answer.json()["proceedings"]
        return told

    def _take(self, account: str, proceeding: dict[str, Any], step: dict[str, Any]) -> None:
        properties = step["fields"]["properties"]
        told = self.facts if step["step"] == SURVEY else {}
        body = {
            "fields": {name: told.get(name, about["examples"][0]) for name, about in properties.items()},
            "evidence": [self._upload(account, kind) for kind in step["evidence"]],
            "opinion": "同意",
            "expected_revision": proceeding["revision"],
        }
        path = f"/api/v1/proceedings/{proceeding['id']}/steps/{step['step']}"
        answer = self.http.post(path, json=body, headers=self._as(account))
        assert answer.status_code == 200, (step, answer.text)
        self.taken.append((account, proceeding["procedure"], step["step"]))
        self.wait()

    def _upload(self, account: str, kind: str) -> str:
        answer = self.http.post(
            "/api/v1/documents",
            files={"file": (f"{kind}.txt", b"a paper", "text/plain")},
            data={"kind": kind, "number": "1", "issued_on": "2026-01-05"},
            headers=self._as(account),
        )
        assert answer.status_code < 300, answer.text
        return str(answer.json()["id"])

    def _states(self, code: str) -> dict[str, Any]:
        return {
            one["procedure"]: (one["state"], one["waiting_on"])
            for account in STAFF
            for one in self._proceedings(account, code)
        }


@pytest.fixture
def staffed(make_runtime: Callable[..., Runtime]) -> Iterator[builders.Counter]:
    """A town whose every account has the same password."""
    clock = SettableClock(BEGAN)
    runtime = make_runtime(clock=clock)
    found(runtime, password=PASSWORD)
    with counter_of(Town(runtime, clock)) as counter:
        yield counter


@pytest.mark.parametrize(
    ("facts", "ends"),
    [
        ({}, {"union": "operating", "party": "liaison"}),
        ({"headcount": 80, "applicants": 40, "full_members": 0}, {"party": "liaison", "liaison": "active"}),
        (
            {"headcount": 80, "applicants": 40, "full_members": 3},
            {"party": "branch", "party_term": "in_term"},
        ),
        (
            {"headcount": 20, "applicants": 12, "women_workers": 4},
            {"union": "operating", "liaison": "active"},
        ),
        ({"headcount": 80, "applicants": 60, "full_members": 7}, {"party": "branch_with_committee"}),
    ],
    ids=["examples alone", "no full members", "3 full members", "12 union members", "60 union members"],
)
def test_a_stranger_walks_a_case_to_its_end(
    staffed: builders.Counter, facts: dict[str, object], ends: dict[str, str]
) -> None:
    stranger = Stranger(staffed.client, PASSWORD, facts, staffed.town.settle)
    stranger.announce(
        {
            "specversion": "1.0",
            "id": "s-1",
            "source": "/registry/220204",
            "type": "gongjian.registry.enterprise.registered.v1",
            "time": "2026-03-02T09:30:00+08:00",
            "datacontenttype": "application/json",
            "data": {
                "uscc": uscc(1),
                "name": "陌生人有限公司",
                "registered_on": "2026-02-27",
                "division": TOWN,
            },
        }
    )
    states = stranger.walk(uscc(1))
    assert {name: waiting for name, (_, waiting) in states.items() if waiting is not None} == {}, (
        stranger.taken
    )
    told = {name: state for name, (state, _) in states.items()}
    assert told["lead"] == "ready" and told["notify_party"] == "closed"
    assert ends.items() <= told.items()
    assert (told["union"], told["union_term"], told["legal_person"]) == ("operating", "in_term", "registered")
    assert max(Counter(stranger.taken).values()) == 1, "led in circles"
    (case,) = staffed.get(f"auditor.{COUNTY}", "/api/v1/cases").json()["items"]
    assert case["status"] == "settled"
