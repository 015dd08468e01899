"""Events over HTTP: kept before they are answered for, once each, and only from the office they speak for."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import pytest

from tests.builders import COUNTY, OTHER_COUNTY, TOWN, Counter, assert_problem, joins, registered

OFFICE = f"registry.{COUNTY}"
BATCH = "application/cloudevents-batch+json"

CONTRACT_EXAMPLE = {
    "specversion": "1.0",
    "id": "2019-0001",
    "source": "/registry/220204",
    "type": "gongjian.registry.enterprise.registered.v1",
    "time": "2019-01-02T09:30:00+08:00",
    "datacontenttype": "application/json",
    "data": {
        "uscc": "91220204MA00000151",
        "name": "吉林省某某有限公司",
        "registered_on": "2019-01-02",
        "type": "有限责任公司",
        "division": "220204",
        "address": "吉林省吉林市船营区",
        "industry": None,
        "headcount": None,
    },
}


def status_of(counter: Counter, said: dict[str, Any], account: str = OFFICE) -> Any:
    """`Any`: an answer of httpx2."""
    return counter.get(account, f"/api/v1/events/{quote(said['source'], safe='')}/{said['id']}")


def test_the_contracts_example_is_accepted_and_becomes_a_case(counter: Counter) -> None:
    answer = counter.send(OFFICE, CONTRACT_EXAMPLE)
    assert answer.status_code == 202
    assert answer.json() == {
        "receipts": [{"id": "2019-0001", "source": "/registry/220204", "status": "accepted", "reason": None}]
    }
    assert status_of(counter, CONTRACT_EXAMPLE).json()["status"] == "received"
    counter.town.settle()
    told = status_of(counter, CONTRACT_EXAMPLE).json()
    assert told["status"] == "applied" and told["reason"] is None
    listed = counter.get(f"union.{COUNTY}", "/api/v1/cases", params={"uscc": "91220204MA00000151"}).json()[
        "items"
    ]
    assert [one["id"] for one in listed] == [told["case"]]


def test_the_status_is_found_however_a_proxy_decoded_the_address(counter: Counter) -> None:
    said = registered() | {"id": "a/b c"}
    counter.send(OFFICE, said)
    for path in ("%2Fregistry%2F220204/a%2Fb%20c", "/registry/220204/a/b%20c"):
        answer = counter.get(OFFICE, f"/api/v1/events/{path}")
        assert answer.status_code == 200 and answer.json()["id"] == "a/b c", path


def test_another_office_does_not_learn_of_the_event_but_the_auditor_does(counter: Counter) -> None:
    said = registered()
    counter.send(OFFICE, said)
    assert_problem(status_of(counter, said, f"registry.{OTHER_COUNTY}"), 404, "not_found")
    assert_problem(status_of(counter, said, f"union.{COUNTY}"), 403, "not_permitted")
    assert status_of(counter, said, f"auditor.{COUNTY}").status_code == 200


@pytest.mark.fault("F38")
def test_the_same_event_again_is_a_duplicate_and_with_other_content_a_conflict(counter: Counter) -> None:
    said = registered()
    assert counter.send(OFFICE, said).json()["receipts"][0]["status"] == "accepted"
    assert counter.send(OFFICE, said).json()["receipts"][0]["status"] == "duplicate"
    said["data"]["name"] = "另一家有限公司"
    told = assert_problem(counter.send(OFFICE, said), 409, "event_id_conflict")
    assert "另一家" not in json.dumps(told, ensure_ascii=False)


def test_ten_senders_of_one_event_at_once_make_one_case(counter: Counter) -> None:
    said = registered()
    counter.headers(OFFICE)
    with ThreadPoolExecutor(10) as many:
        answers = list(many.map(lambda _: counter.send(OFFICE, said), range(50)))
    statuses = [answer.json()["receipts"][0]["status"] for answer in answers]
    assert {answer.status_code for answer in answers} == {202}
    assert sorted(statuses) == ["accepted"] + ["duplicate"] * 49
    counter.town.settle()
    assert len(counter.get(f"union.{COUNTY}", "/api/v1/cases").json()["items"]) == 1


def test_a_batch_has_a_receipt_for_each_in_order(counter: Counter) -> None:
    foreign = registered(3, county=OTHER_COUNTY, town=None)
    batch = [registered(1), registered(2), registered(1), foreign]
    answer = counter.send(OFFICE, batch, BATCH)
    assert answer.status_code == 202
    receipts = answer.json()["receipts"]
    assert [one["status"] for one in receipts] == ["accepted", "accepted", "duplicate", "rejected"]
    assert receipts[3]["reason"]["zh"] and receipts[3]["reason"]["en"]


def test_a_malformed_envelope_in_a_batch_is_named_and_nothing_is_taken_in(counter: Counter) -> None:
    broken = registered(2)
    del broken["source"]
    told = assert_problem(counter.send(OFFICE, [registered(1), broken], BATCH), 400, "envelope_missing")
    assert told["field"] == "[1].source"
    assert status_of(counter, registered(1)).status_code == 404


def test_the_binary_form_is_the_same_event(counter: Counter) -> None:
    said = registered()
    headers = {
        f"ce-{name}": quote(str(said[name]), safe="/:+")
        for name in ("specversion", "id", "source", "type", "time")
    }
    body = json.dumps(said["data"], ensure_ascii=False).encode()
    answer = counter.post(
        OFFICE, "/api/v1/events", content=body, headers=headers | {"Content-Type": "application/json"}
    )
    assert answer.json()["receipts"][0]["status"] == "accepted"
    assert counter.send(OFFICE, said).json()["receipts"][0]["status"] == "duplicate"


def test_an_office_cannot_speak_for_another(counter: Counter) -> None:
    assert_problem(counter.send(f"registry.{OTHER_COUNTY}", registered()), 403, "emitter_not_office")
    assert_problem(counter.send(f"union.{COUNTY}", registered()), 403, "not_permitted")
    assert_problem(counter.send(OFFICE, registered(division=OTHER_COUNTY)), 403, "outside_jurisdiction")


@pytest.mark.parametrize("kind", ["tax", "labour", "economic"])
def test_a_department_reports_an_enterprise_that_it_knows_and_nothing_else(
    counter: Counter, kind: str
) -> None:
    department = joins(counter.town.runtime, kind)
    said = registered() | {"source": f"/{kind}/{COUNTY}"}
    assert_problem(counter.send(department, said), 403, "not_permitted")
    said["type"] = said["type"].replace("registered", "reported")
    del said["data"]["registered_on"]
    assert counter.send(department, said).json()["receipts"][0]["status"] == "accepted"
    counter.town.settle()
    told = status_of(counter, said, department).json()
    assert told["status"] == "applied" and told["reason"] is None
    (listed,) = counter.get(department, "/api/v1/cases").json()["items"]
    assert (listed["id"], listed["enterprise"]["registered_on"]) == (told["case"], None)
    assert listed["proceedings"] == []  # it learns how far the enterprise is, and nothing of what moves there


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"uscc": "91220204MA00000152"}, "data.uscc"),  # wrong check digit
        ({"uscc": "000000000000000000"}, "data.uscc"),
        ({"uscc": 912202040000001}, "data.uscc"),  # a spreadsheet made it a number
        ({"headcount": False}, "data.headcount"),
        ({"headcount": "12"}, "data.headcount"),
        ({"registered_on": "2099-01-01"}, "data.registered_on"),
        ({"registered_on": "2026-02-30"}, "data.registered_on"),
        ({"division": "999999"}, "data.division"),
        ({"owner": "某某"}, "data.owner"),
        ({"name": "有\u202e限"}, "data.name"),
    ],
)
def test_a_wrong_value_is_refused_by_name(counter: Counter, change: dict[str, Any], field: str) -> None:
    said = registered()
    said["data"] |= change
    answer = counter.send(OFFICE, said)
    assert answer.status_code == 400, answer.text
    assert answer.json()["field"] == field
    told = status_of(counter, said)
    assert told.status_code == 404 or told.json()["status"] == "failed"


def test_a_refused_event_can_be_asked_for_and_corrected_under_its_own_id(counter: Counter) -> None:
    said = registered(3, county=OTHER_COUNTY, town=None) | {"source": f"/registry/{COUNTY}"}
    assert_problem(counter.send(OFFICE, said), 403, "outside_jurisdiction")
    for _ in range(2):  # said again, it is refused again
        told = status_of(counter, said).json()
        assert (told["status"], told["case"]) == ("failed", None)
        assert told["reason"]["zh"] and told["reason"]["en"]
        assert_problem(counter.send(OFFICE, said), 403, "outside_jurisdiction")
    assert_problem(status_of(counter, said, f"registry.{OTHER_COUNTY}"), 404, "not_found")
    right = registered(3) | {"id": said["id"]}
    assert counter.send(OFFICE, right).json()["receipts"][0]["status"] == "accepted"
    assert counter.send(OFFICE, right).json()["receipts"][0]["status"] == "duplicate"
    assert_problem(counter.send(OFFICE, said), 403, "outside_jurisdiction")
    counter.town.settle()
    assert status_of(counter, right).json()["status"] == "applied"


def test_an_event_refused_in_a_batch_is_kept_and_the_others_are_applied(counter: Counter) -> None:
    wrong = registered(3, county=OTHER_COUNTY, town=None) | {"source": f"/registry/{COUNTY}"}
    counter.send(OFFICE, [registered(1), wrong], BATCH)
    counter.town.settle()
    assert status_of(counter, wrong).json()["status"] == "failed"
    again = counter.send(OFFICE, [registered(2), registered(3) | {"id": wrong["id"]}], BATCH)
    assert [one["status"] for one in again.json()["receipts"]] == ["accepted", "accepted"]


def test_nobody_leaves_anything_under_the_name_of_another_office(counter: Counter) -> None:
    said = registered(3, county=OTHER_COUNTY, town=None)
    assert_problem(counter.send(OFFICE, said), 403, "emitter_not_office")
    assert_problem(status_of(counter, said, f"registry.{OTHER_COUNTY}"), 404, "not_found")
    accepted = counter.send(f"registry.{OTHER_COUNTY}", said)
    assert accepted.json()["receipts"][0]["status"] == "accepted"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "body_empty"),
        (b"{", "json_bad"),
        (b'{"a":1,"a":2}', "json_duplicate_key"),
        (b'{"a":NaN}', "json_number"),
        (b"\xff\xfe", "encoding_bad"),
        (b"[" * 100_000, "json_depth"),
        (b"[]", "envelope_bad"),
        (b'{"specversion":"1.0","id":"\\ud800","source":"/registry/220204","type":"x"}', "encoding_bad"),
        (b'{"specversion":"1.0","id":"\\u0000","source":"/registry/220204","type":"x"}', "envelope_bad"),
    ],
)
def test_bad_json_is_refused_with_its_reason(counter: Counter, body: bytes, code: str) -> None:
    assert_problem(counter.send(OFFICE, body), 400, code)


def test_other_media_and_larger_bodies_are_refused(counter: Counter) -> None:
    assert_problem(counter.send(OFFICE, registered(), "text/plain"), 415, "media_type")
    large = json.dumps(registered(name="长" * 300_000)).encode()
    assert_problem(counter.send(OFFICE, large), 413, "too_large")


def test_a_body_that_does_not_say_how_long_it_is_is_cut_off_too(counter: Counter) -> None:
    def pieces() -> Any:
        for _ in range(300):
            yield b" " * 1024

    headers = {"Content-Type": "application/cloudevents+json"}
    answer = counter.post(OFFICE, "/api/v1/events", content=pieces(), headers=headers)
    assert_problem(answer, 413, "too_large")


@pytest.mark.rule("L-1")
def test_a_project_may_say_when_it_is_expected(counter: Counter) -> None:
    """A day, even one to come; a month is none."""
    said = registered() | {"source": f"/investment/{TOWN}"}
    said["type"] = said["type"].replace("registered", "prenotified")
    data = {"reference": "ZS-9", "name": "筹建企业", "division": TOWN}
    office = f"investment.{TOWN}"
    wrong = said | {"data": data | {"expected_on": "2026-12"}}
    assert_problem(counter.send(office, wrong), 400, "date_bad")
    right = said | {"data": data | {"expected_on": "2027-05-01"}}
    assert counter.send(office, right).json()["receipts"][0]["status"] == "accepted"
    counter.town.settle()
    assert status_of(counter, right, office).json()["status"] == "applied"
