"""A step over HTTP: asked of the law, once, by the right person, on what he has seen."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from services.access.accounts import create_account
from services.actor import SERVICE
from services.db.models.casework import History
from tests.builders import COUNTY, OTHER_TOWN, TOWN, Counter, assert_problem

LOCAL, SUPERIOR, PARTY = f"union.{TOWN}", f"union.{COUNTY}", f"party.{TOWN}"


def contacting(counter: Counter) -> tuple[str, dict[str, Any]]:
    """A case waiting for its first visit, and its lead. `Any`: JSON."""
    code = counter.town.enterprise()
    return code, counter.proceeding(LOCAL, code, "lead")


def steps(proceeding: dict[str, Any], which: str) -> set[str]:
    return {one["step"] for one in proceeding[which]}


def test_a_case_says_who_is_waited_for_until_when_and_why(counter: Counter) -> None:
    _, lead = contacting(counter)
    assert lead["state"] == "contacting" and lead["label"] == {"zh": "联系企业", "en": "Contacting"}
    assert lead["waiting_on"]["body"] == LOCAL and lead["waiting_on"]["role"] == "union_local"
    (term,) = lead["deadlines"]
    assert term["term"] == "contact" and term["due_on"] == "2026-03-16" and term["state"] == "running"
    assert any("P-CONTACT" in line for line in term["derivation"])


def test_the_derivation_is_told_in_the_language_asked_for(counter: Counter) -> None:
    code, _ = contacting(counter)
    case = counter.case(LOCAL, code)["id"]
    spoken = {}
    for tongue in ("zh-CN,zh;q=0.9,en;q=0.2", "en-GB,en;q=0.8"):
        told = counter.get(LOCAL, f"/api/v1/cases/{case}", headers={"Accept-Language": tongue}).json()
        spoken[tongue[:2]] = told["proceedings"][0]["deadlines"][0]["derivation"][2]
    assert spoken == {"zh": "届满日：2026-03-16（周一）", "en": "Last day: Mon 2026-03-16"}


def test_every_allowed_step_brings_a_schema_that_its_own_examples_fit(counter: Counter) -> None:
    _, lead = contacting(counter)
    assert lead["allowed"]
    for step in lead["allowed"]:
        Draft202012Validator.check_schema(step["fields"])
        properties = step["fields"]["properties"]
        for about in properties.values():
            assert about["title"] and about["examples"]
        filled = {name: about["examples"][0] for name, about in properties.items()}
        Draft202012Validator(step["fields"]).validate(filled)


def test_allowed_and_refused_are_the_actors_own_steps_and_others_are_in_neither(counter: Counter) -> None:
    code, lead = contacting(counter)
    assert {"survey", "serve_notice"} <= steps(lead, "allowed")
    assert "refer_obstruction" not in steps(lead, "allowed") | steps(lead, "refused")
    above = counter.proceeding(SUPERIOR, code, "lead")
    assert "refer_obstruction" in steps(above, "allowed")
    counter.step(LOCAL, lead, "survey", fields={"headcount": 40, "applicants": 0})
    lead = counter.proceeding(LOCAL, code, "lead")
    (why,) = [one["why"] for one in lead["refused"] if one["step"] == "open_union"]
    assert "1名" in why["zh"] and why["en"]
    answer = counter.step(LOCAL, lead, "open_union", fields={})
    assert assert_problem(answer, 422, "guard")["message"] == why


def test_a_step_moves_the_case_and_says_where_it_stands(counter: Counter) -> None:
    code, lead = contacting(counter)
    answer = counter.step(
        LOCAL,
        lead,
        "survey",
        fields={"headcount": 60, "applicants": 30},
        expected_revision=lead["revision"],
        opinion="已走访",
    )
    assert answer.status_code == 200
    assert answer.json()["state"] == "surveyed" and answer.json()["revision"] == lead["revision"] + 1
    case = counter.case(LOCAL, code)
    last = counter.get(LOCAL, f"/api/v1/cases/{case['id']}/history").json()["items"][-1]
    assert (last["step"], last["actor"], last["body"], last["opinion"]) == ("survey", LOCAL, LOCAL, "已走访")
    assert last["data"] == {"headcount": 60, "applicants": 30}


def test_a_stale_page_is_refused(counter: Counter) -> None:
    code, lead = contacting(counter)
    counter.town.take(LOCAL, code, "lead", "survey", headcount=60, applicants=30)
    answer = counter.step(LOCAL, lead, "open_union", fields={}, expected_revision=lead["revision"])
    assert_problem(answer, 409, "revision_stale")


def test_of_two_who_act_at_once_one_is_told_that_he_came_too_late(counter: Counter) -> None:
    _, lead = contacting(counter)

    def act(_: int) -> int:
        fields = {"headcount": 60, "applicants": 30}
        return counter.step(
            LOCAL, lead, "survey", fields=fields, expected_revision=lead["revision"]
        ).status_code

    counter.headers(LOCAL)
    with ThreadPoolExecutor(8) as many:
        assert sorted(many.map(act, range(8))) == [200] + [409] * 7


def test_twenty_repeats_of_one_request_have_one_effect_and_one_answer(counter: Counter) -> None:
    code, lead = contacting(counter)
    counter.headers(LOCAL)

    def act(_: int) -> tuple[int, str]:
        answer = counter.step(
            LOCAL, lead, "survey", fields={"headcount": 60, "applicants": 30}, key="survey-1"
        )
        return answer.status_code, answer.text

    with ThreadPoolExecutor(20) as many:
        answers = set(many.map(act, range(20)))
    assert len(answers) == 1 and next(iter(answers))[0] == 200
    case = counter.case(LOCAL, code)
    lines = counter.get(LOCAL, f"/api/v1/cases/{case['id']}/history").json()["items"]
    assert [line["step"] for line in lines].count("survey") == 1
    other = counter.step(LOCAL, lead, "survey", fields={"headcount": 61, "applicants": 30}, key="survey-1")
    assert_problem(other, 409, "idempotency_conflict")


def test_another_bodys_step_is_not_yours_and_an_unknown_one_is_not_there(counter: Counter) -> None:
    _, lead = contacting(counter)
    assert_problem(counter.step(LOCAL, lead, "refer_obstruction", fields={}), 403, "step_not_yours")
    assert_problem(counter.step(LOCAL, lead, "celebrate", fields={}), 404, "step_unknown")
    assert_problem(counter.step(PARTY, lead, "survey", fields={}), 404, "not_found")


@pytest.mark.rule("L-8")
def test_evidence_must_be_uploaded_first_and_be_ones_own(counter: Counter) -> None:
    code, lead = contacting(counter)
    served = {"service_method": "left", "served_at": "登记住所", "served_on": "2026-03-01"}
    assert_problem(counter.step(LOCAL, lead, "serve_notice", fields=served), 422, "evidence_missing")
    theirs = counter.upload(PARTY, "union_founding_notice").json()["id"]
    refused = counter.step(LOCAL, lead, "serve_notice", fields=served, evidence=[theirs])
    assert_problem(refused, 400, "evidence_unknown")
    for odd in ("0", "x", "99999999999999999999", "1 OR 1=1"):
        refused = counter.step(LOCAL, lead, "serve_notice", fields=served, evidence=[odd])
        assert_problem(refused, 400, "evidence_unknown")
    mine = counter.upload(LOCAL, "union_founding_notice", number="船工〔2026〕1号", issued_on="2026-03-01")
    taken = counter.step(LOCAL, lead, "serve_notice", fields=served, evidence=[mine.json()["id"]])
    assert taken.status_code == 200
    case = counter.case(LOCAL, code)
    last = counter.get(LOCAL, f"/api/v1/cases/{case['id']}/history").json()["items"][-1]
    assert last["evidence"][0]["sha256"] == mine.json()["sha256"]


@pytest.mark.rule("U-2")
def test_whoever_filed_does_not_decide_and_the_case_says_so_beforehand(counter: Counter) -> None:
    """One county union does both parts where no town union stands; then two colleagues are needed."""
    code = counter.town.enterprise(town="220204200")
    with counter.town.runtime.writing(SERVICE) as unit:
        create_account(unit, "second.clerk", SUPERIOR, None)
    for step, fields in (("survey", {"headcount": 60, "applicants": 30}), ("open_union", {})):
        counter.step(SUPERIOR, counter.proceeding(SUPERIOR, code, "lead"), step, fields=fields)
    papers = [counter.upload(SUPERIOR, "union_application").json()["id"]]
    union = counter.proceeding(SUPERIOR, code, "union")
    counter.step(SUPERIOR, union, "file_application", evidence=papers)
    union = counter.proceeding(SUPERIOR, code, "union")
    assert "approve_preparation" in steps(union, "refused")
    approval = [counter.upload(SUPERIOR, "preparation_approval").json()["id"]]
    assert_problem(
        counter.step(SUPERIOR, union, "approve_preparation", evidence=approval), 403, "same_person"
    )
    assert "approve_preparation" in steps(counter.proceeding("second.clerk", code, "union"), "allowed")
    assert counter.step("second.clerk", union, "approve_preparation", evidence=approval).status_code == 200


def test_a_town_is_offered_where_a_union_stands(counter: Counter) -> None:
    code = counter.town.enterprise(town=None)
    lead = counter.proceeding(SUPERIOR, code, "lead")
    (assign,) = [one for one in lead["allowed"] if one["step"] == "assign"]
    assert assign["fields"]["properties"]["town"]["enum"] == [OTHER_TOWN, TOWN, COUNTY]
    assert counter.get(LOCAL, "/api/v1/cases").json()["items"] == []
    counter.step(SUPERIOR, lead, "assign", fields={"town": TOWN})
    assert counter.case(LOCAL, code)["enterprise"]["division"] == TOWN


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"fields": {"headcount": "60", "applicants": 30}}, 400, "field_type"),
        ({"fields": {"headcount": True, "applicants": 30}}, 400, "field_type"),
        ({"fields": {"headcount": 60}}, 400, "field_missing"),
        ({"fields": {"headcount": 60, "applicants": -1}}, 400, "field_range"),
        ({"fields": {"headcount": 10**30, "applicants": 1}}, 400, "field_range"),
        ({"fields": {"headcount": 60, "applicants": 30, "owner": "x"}}, 400, "field_unknown"),
        ({"fields": []}, 400, "value_bad"),
        ({"fields": {}, "evidence": [7]}, 400, "value_bad"),
        ({"fields": {}, "expected_revision": "3"}, 400, "value_bad"),
        ({"fields": {}, "opinion": "\u202e"}, 400, "value_bad"),
        ({"fields": {}, "note": ""}, 400, "field_unknown"),
        ([], 400, "value_bad"),
    ],
)
def test_a_wrong_form_is_refused_by_name(counter: Counter, body: object, status: int, code: str) -> None:
    _, lead = contacting(counter)
    path = f"/api/v1/proceedings/{lead['id']}/steps/survey"
    assert_problem(counter.post(LOCAL, path, json=body), status, code)


@pytest.mark.parametrize(
    "body", [b'{"fields":{"a":"\\ud800"}}', b'{"fields":{"a":"\\u0000"}}', b'{"fields":{"a":1e999}}']
)
def test_what_no_database_keeps_is_refused_even_under_an_idempotency_key(
    counter: Counter, body: bytes
) -> None:
    _, lead = contacting(counter)
    headers = {"Content-Type": "application/json", "Idempotency-Key": "k"}
    answer = counter.post(
        LOCAL, f"/api/v1/proceedings/{lead['id']}/steps/survey", content=body, headers=headers
    )
    assert answer.status_code == 400, answer.text


def test_history_is_written_once_for_each_line(counter: Counter) -> None:
    contacting(counter)
    with counter.town.runtime.reading(SERVICE) as unit:
        rows = unit.db.execute(History.__table__.select()).all()
    assert len({(row.case_id, row.seq) for row in rows}) == len(rows) > 0
