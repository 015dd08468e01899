"""The documents and the code agree: every route is described, every schema is one, and health says the
truth."""

import json
from typing import Any

from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator

from api.app import DESCRIBED
from services.db.queries.readiness import head
from services.intake.envelope import check
from services.intake.shapes import SHAPES
from tests.builders import BEGAN, TOWN, Counter, assert_problem
from workflows.events import REGISTRY_EVENTS

CONTRACT = {
    ("POST", "/api/v1/tokens"),
    ("POST", "/api/v1/events"),
    ("GET", "/api/v1/events/{source}/{id}"),
    ("GET", "/api/v1/cases"),
    ("GET", "/api/v1/cases/{id}"),
    ("GET", "/api/v1/cases/{id}/history"),
    ("GET", "/api/v1/work-items"),
    ("POST", "/api/v1/work-items/{id}/claim"),
    ("POST", "/api/v1/work-items/{id}/release"),
    ("POST", "/api/v1/work-items/{id}/reassign"),
    ("POST", "/api/v1/work-items/{id}/urge"),
    ("POST", "/api/v1/proceedings/{id}/steps/{step}"),
    ("POST", "/api/v1/documents"),
    ("GET", "/api/v1/notices"),
    ("POST", "/api/v1/notices/{id}/acknowledge"),
    ("POST", "/api/v1/notices/{id}/answer"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("GET", "/asyncapi.json"),
}


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
    assert served == told


def test_every_operation_says_what_it_does_and_which_problems_it_answers(client: TestClient) -> None:
    for path, verbs in described(client)["paths"].items():
        for verb, operation in verbs.items():
            assert operation["description"], path
            if path.startswith("/api/"):
                assert {"400", "401", "404", "503"} <= set(operation["responses"]), path
            if verb == "post" and path.rpartition("/")[2] not in ("claim", "release", "urge", "acknowledge"):
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


def test_the_example_of_the_documents_is_a_good_event(client: TestClient) -> None:
    body = described(client)["paths"]["/api/v1/events"]["post"]["requestBody"]["content"]
    example = body["application/cloudevents+json"]["example"]
    Draft202012Validator(body["application/cloudevents+json"]["schema"]).validate(example)
    assert check(example, today=BEGAN.date()).id == "2019-0001"


def test_ready_only_with_the_database_and_its_schema(counter: Counter) -> None:
    assert counter.client.get("/healthz").json() == {"status": "ok"}
    assert counter.client.get("/readyz").json() == {"status": "ready"}
    runtime = counter.town.runtime
    with runtime.database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")
    try:
        assert_problem(counter.client.get("/readyz"), 503, "busy")
        assert counter.client.get("/healthz").status_code == 200
    finally:
        with runtime.database.writing() as connection:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{head()}'")


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
