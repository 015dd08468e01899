"""The documents and the code agree: every route is described, every schema is one, and health says the
truth."""

import json
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator
from sqlalchemy import Connection, text

from api import metrics
from api.app import DESCRIBED
from services.actor import SERVICE
from services.db.queries.readiness import WAITING, head
from services.intake.envelope import check
from services.intake.shapes import SHAPES
from tests.builders import BEGAN, TOWN, Counter, Town, assert_problem, uscc
from workflows.events import REGISTRY_EVENTS

CONTRACT = {
    ("POST", "/api/v1/tokens"),
    ("GET", "/api/v1/sessions"),
    ("DELETE", "/api/v1/sessions/{id}"),
    ("POST", "/api/v1/password"),
    ("POST", "/api/v1/authenticator"),
    ("POST", "/api/v1/authenticator/confirm"),
    ("POST", "/api/v1/accounts/{name}/disable"),
    ("POST", "/api/v1/accounts/{name}/password"),
    ("DELETE", "/api/v1/accounts/{name}/authenticator"),
    ("DELETE", "/api/v1/accounts/{name}/sessions"),
    ("PUT", "/api/v1/accounts/{name}/identity"),
    ("DELETE", "/api/v1/accounts/{name}/identity"),
    ("POST", "/api/v1/events"),
    ("GET", "/api/v1/events/{source}/{id}"),
    ("GET", "/api/v1/cases"),
    ("GET", "/api/v1/cases/{id}"),
    ("GET", "/api/v1/cases/{id}/history"),
    ("POST", "/api/v1/cases/{id}/names"),
    ("GET", "/api/v1/openings"),
    ("POST", "/api/v1/openings/{procedure}/{opening}"),
    ("GET", "/api/v1/work-items"),
    ("POST", "/api/v1/work-items/{id}/claim"),
    ("POST", "/api/v1/work-items/{id}/release"),
    ("POST", "/api/v1/work-items/{id}/reassign"),
    ("POST", "/api/v1/work-items/{id}/urge"),
    ("POST", "/api/v1/proceedings/{id}/steps/{step}"),
    ("POST", "/api/v1/documents"),
    ("GET", "/api/v1/documents/{id}"),
    ("GET", "/api/v1/meetings"),
    ("GET", "/api/v1/meetings/{id}"),
    ("GET", "/api/v1/meetings/{id}.ics"),
    ("POST", "/api/v1/calendar"),
    ("GET", "/api/v1/calendar/{token}.ics"),
    ("GET", "/api/v1/papers"),
    ("GET", "/api/v1/papers/suggestion"),
    ("POST", "/api/v1/papers/drafts"),
    ("GET", "/api/v1/papers/drafts/{id}"),
    ("POST", "/api/v1/papers/drafts/{id}"),
    ("POST", "/api/v1/papers/drafts/{id}/issue"),
    ("POST", "/api/v1/papers/drafts/{id}/drop"),
    ("GET", "/api/v1/papers/{id}"),
    ("GET", "/api/v1/papers/{id}/pdf"),
    ("POST", "/api/v1/papers/{id}/withdraw"),
    ("GET", "/api/v1/notices"),
    ("POST", "/api/v1/notices/{id}/acknowledge"),
    ("POST", "/api/v1/notices/{id}/answer"),
    ("GET", "/api/v1/journal"),
    ("GET", "/api/v1/ledger/checkpoint"),
    ("GET", "/api/v1/ledger/entries"),
    ("GET", "/api/v1/ledger/proof"),
    ("GET", "/api/v1/ledger/continuation"),
    ("POST", "/api/v1/ledger/cosignatures"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("GET", "/asyncapi.json"),
}


#: What is done by the address alone.
BARE = ("/claim", "/release", "/urge", "/acknowledge", "/{name}/disable", "/{name}/password")


def described(client: TestClient) -> dict[str, Any]:
    """`Any`: JSON."""
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def test_the_openapi_document_holds_the_contract_and_every_route(client: TestClient) -> None:
    document = described(client)
    told = {(verb.upper(), path) for path, verbs in document["paths"].items() for verb in verbs}
    assert told == CONTRACT
    served = {
        (verb, route.path_format)
        for router in DESCRIBED
        for route in router.routes
        if isinstance(route, APIRoute)
        for verb in route.methods or ()
    }
    assert served - {("HEAD", "/healthz"), ("HEAD", "/readyz")} == told


def test_every_operation_says_what_it_does_and_which_problems_it_answers(client: TestClient) -> None:
    for path, verbs in described(client)["paths"].items():
        for verb, operation in verbs.items():
            assert operation["description"], path
            if path.startswith("/api/"):
                assert {"400", "401", "404", "503"} <= set(operation["responses"]), path
            if verb == "post" and not path.endswith(BARE):
                assert operation["requestBody"]["content"], path


def test_every_reference_leads_somewhere_and_every_schema_is_one(client: TestClient) -> None:
    document = described(client)
    schemas = document["components"]["schemas"]
    for name, schema in schemas.items():
        Draft202012Validator.check_schema(schema)
        assert name not in ("HTTPValidationError", "ValidationError")
    text = json.dumps(document)
    for part in text.split('"$ref": "')[1:]:
        place, _, name = part.partition('"')[0].rpartition("/")
        assert place == "#/components/schemas" and name in schemas, name


def test_the_asyncapi_document_describes_each_event_as_the_intake_checks_it(client: TestClient) -> None:
    document = client.get("/asyncapi.json").json()
    assert document["asyncapi"].startswith("3.")
    messages = document["components"]["messages"]
    assert {messages[event.partition(".")[2]]["name"] for event in SHAPES} == set(REGISTRY_EVENTS)
    for message in messages.values():
        Draft202012Validator.check_schema(message["payload"])
    text = json.dumps(document)
    for part in text.split('"$ref": "#/')[1:]:
        found: Any = document
        for name in part.partition('"')[0].split("/"):
            found = found[name]
    assert "registry.events" in text and "gongjian.intake.dead" in text


def test_every_kind_of_event_says_in_both_languages_whose_it_is_to_send(client: TestClient) -> None:
    messages = client.get("/asyncapi.json").json()["components"]["messages"]
    told = {event.partition(".")[2]: messages[event.partition(".")[2]]["description"] for event in SHAPES}
    assert told["reported"] == (
        "来自税务部门、劳动行政部门、经济主管部门 / from: tax office, labour office, economic office"
    )
    assert told["merged"] == told["split"] == told["revoked"] == "来自登记机关 / from: registration office"
    assert "招商部门" in told["prenotified"]


@pytest.mark.parametrize(
    ("fact", "data"),
    [
        ("merged", {"into": "91220204MA00000151", "effective_on": "2026-01-31", "reason": "吸收合并"}),
        ("merged", {}),
        ("split", {"into": ["91220204MA00000151"], "reason": None}),
        ("reported", {"name": "甲公司", "division": "220204", "headcount": 30, "note": "已参保"}),
    ],
)
def test_what_the_asyncapi_document_allows_the_intake_accepts(
    client: TestClient, fact: str, data: dict[str, Any]
) -> None:
    said = {
        "specversion": "1.0",
        "id": "1",
        "source": "/registry/220204",
        "type": f"gongjian.registry.enterprise.{fact}.v1",
        "data": {"uscc": uscc(1)} | data,
    }
    message = client.get("/asyncapi.json").json()["components"]["messages"][fact]
    Draft202012Validator(message["payload"]).validate(said)
    assert check(said, today=BEGAN.date()).event == f"registry.{fact}"
    said["data"] |= {"boss": "某某"}
    assert not Draft202012Validator(message["payload"]).is_valid(said)


def test_the_example_of_the_documents_is_a_good_event(client: TestClient) -> None:
    body = described(client)["paths"]["/api/v1/events"]["post"]["requestBody"]["content"]
    example = body["application/cloudevents+json"]["example"]
    Draft202012Validator(body["application/cloudevents+json"]["schema"]).validate(example)
    assert check(example, today=BEGAN.date()).id == "2019-0001"


def test_ready_only_with_the_database_and_its_schema(counter: Counter) -> None:
    assert counter.client.get("/healthz").json() == {"status": "ok"}
    assert counter.client.get("/readyz").json() == {"status": "ready"}
    runtime = counter.town.runtime
    with runtime.writing(SERVICE) as unit:
        unit.db.exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")
    try:
        assert_problem(counter.client.get("/readyz"), 503, "busy")
        assert counter.client.get("/healthz").status_code == 200
    finally:
        with runtime.writing(SERVICE) as unit:
            unit.db.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{head()}'")


def test_the_measures_count_answers_by_route_and_name_nobody(counter: Counter) -> None:
    code = counter.town.enterprise()
    counter.case(f"union.{TOWN}", code)
    counter.client.get("/api/v1/nothing")
    told = counter.client.get("/metrics").text
    assert 'gongjian_http_answers_total{method="GET",route="/api/v1/cases/{id}",status="200"} 1.0' in told
    assert 'route="none",status="404"' in told
    assert "gongjian_database_up 1.0" in told
    assert 'gongjian_rows{state="running",table="deadlines"} 1.0' in told
    assert code not in told


def test_the_rows_are_counted_once_in_five_seconds_whoever_asks(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page is open to all."""
    counts, now = list[int](), [1000.0]

    def waiting_rows(_db: Connection) -> dict[tuple[str, str], int]:
        counts.append(len(counts))
        return {("inbox", "failed"): counts[-1]}

    monkeypatch.setattr(metrics, "waiting_rows", waiting_rows)
    measures = metrics.Measures(lambda: now[0])
    for seconds, counted in ((0, 0), (4.9, 0), (0.2, 1), (0, 1)):
        now[0] += seconds
        line = f'gongjian_rows{{state="failed",table="inbox"}} {counted}.0'
        assert line in measures.page(town.runtime).decode()
    assert len(counts) == 2


def test_what_is_done_with_is_not_read_to_count_what_waits(town: Town) -> None:
    """Each part of the count is answered by an index; a whole table would grow for ever."""
    sqlite = town.runtime.database.is_sqlite
    with town.runtime.reading(SERVICE) as unit:
        if not sqlite:
            unit.db.execute(text("SET LOCAL enable_seqscan = off"))  # the tables are small here
        explained = unit.db.execute(text(f"EXPLAIN {'QUERY PLAN ' if sqlite else ''}{WAITING}")).all()
    plan = [str(row[-1]) for row in explained]
    assert len([line for line in plan if "ix_" in line or "INDEX" in line]) >= 5, plan
    assert not [line for line in plan if "Seq Scan" in line], plan
    for table in ("inbox", "outbox", "deadlines"):
        assert f"SCAN {table}" not in plan, plan
