"""Nobody sees beyond his divisions, nor into another's drawer, on any path: not in a list, a count, a
notice or a history."""

import json
from datetime import timedelta
from typing import Any

import pytest

from services.directory.scope import covers
from tests.builders import (
    BODIES,
    COUNTY,
    OTHER_COUNTY,
    OTHER_TOWN,
    TOWN,
    Counter,
    assert_problem,
    code_of,
    registered,
    uscc,
)

LOCAL, SUPERIOR, PARTY = f"union.{TOWN}", f"union.{COUNTY}", f"party.{TOWN}"
SECRET = ("full_members", "probationary_members")
LISTS = (
    "/api/v1/cases",
    "/api/v1/cases?procedure=party",
    "/api/v1/work-items?view=unit",
    "/api/v1/work-items?view=waiting",
    "/api/v1/work-items?view=mine",
    "/api/v1/work-items?view=started",
    "/api/v1/work-items?view=unit&status=done",
    "/api/v1/work-items?view=waiting&status=done",
    "/api/v1/notices?box=in",
    "/api/v1/notices?box=out",
)


def everything(counter: Counter, account: str) -> dict[str, Any]:
    """All that an account can read, by path. `Any`: JSON."""
    found: dict[str, Any] = {}
    for path in LISTS:
        answer = counter.get(account, path)
        assert answer.status_code == 200, (path, answer.text)
        found[path] = answer.json()
    for case in found["/api/v1/cases"]["items"]:
        for path in (f"/api/v1/cases/{case['id']}", f"/api/v1/cases/{case['id']}/history"):
            found[path] = counter.get(account, path).json()
    return found


def surveyed(counter: Counter, *, full: int = 2) -> str:
    """An enterprise with a union, whose Party members have been counted."""
    code = counter.town.enterprise()
    counter.town.with_union(code)
    counter.town.take(PARTY, code, "party", "survey", full_members=full, probationary_members=1)
    return code


def test_an_account_sees_exactly_the_cases_below_its_own_division(counter: Counter) -> None:
    places = [(COUNTY, TOWN), (COUNTY, OTHER_TOWN), (COUNTY, None), (OTHER_COUNTY, None)]
    where = {counter.town.enterprise(county=county, town=town): town or county for county, town in places}
    for kind, division in BODIES:
        account = code_of(kind, division)
        answer = counter.get(account, "/api/v1/cases")
        if kind in ("admin", "security"):
            assert_problem(answer, 403, "not_permitted")
            continue
        seen = {one["enterprise"]["uscc"] for one in answer.json()["items"]}
        assert seen == {code for code, place in where.items() if covers(division, place)}, account


def test_a_town_union_cannot_reach_another_towns_case_by_any_address(counter: Counter) -> None:
    code = counter.town.enterprise()
    case = counter.case(SUPERIOR, code)
    lead = case["proceedings"][0]
    item = counter.get(LOCAL, "/api/v1/work-items").json()["items"][0]["id"]
    stranger = f"union.{OTHER_TOWN}"
    for path in (f"/api/v1/cases/{case['id']}", f"/api/v1/cases/{case['id']}/history"):
        assert_problem(counter.get(stranger, path), 404, "not_found")
    assert_problem(counter.step(stranger, lead, "survey", fields={}), 404, "not_found")
    for verb in ("claim", "release", "urge"):
        assert_problem(counter.post(stranger, f"/api/v1/work-items/{item}/{verb}"), 404, "not_found")
    notice = counter.get(PARTY, "/api/v1/notices?box=in").json()["items"][0]["id"]
    assert_problem(
        counter.post(f"party.{OTHER_TOWN}", f"/api/v1/notices/{notice}/acknowledge"), 404, "not_found"
    )
    for path in LISTS:
        assert counter.get(stranger, path).json() == {"items": [], "next": None}, path


@pytest.mark.rule("P-1")
def test_the_union_side_never_reads_party_counts(counter: Counter) -> None:
    code = surveyed(counter)
    for account in (LOCAL, SUPERIOR, f"registry.{COUNTY}", f"investment.{TOWN}"):
        told = json.dumps(everything(counter, account), ensure_ascii=False)
        assert not [word for word in SECRET if word in told], account
        assert '"compartment": "party"' not in told, account
    seen_by_party = counter.proceeding(PARTY, code, "party")
    assert seen_by_party["facts"]["full_members"] == 2
    assert "full_members" in json.dumps(everything(counter, f"auditor.{COUNTY}"))


def test_the_party_side_never_reads_the_unions_drawer(counter: Counter) -> None:
    surveyed(counter)
    for account in (PARTY, f"minying.{COUNTY}", f"orgdept.{COUNTY}"):
        told = json.dumps(everything(counter, account), ensure_ascii=False)
        assert "union_members" not in told and '"compartment": "union"' not in told, account


def test_a_filter_does_not_tell_what_the_list_hides(counter: Counter) -> None:
    surveyed(counter)
    for wanted in ("procedure=party", "procedure=party&state=surveyed", "state=surveyed"):
        found = {
            account: counter.get(account, f"/api/v1/cases?{wanted}").json() for account in (LOCAL, PARTY)
        }
        assert found[LOCAL]["items"] == [] and len(found[PARTY]["items"]) == 1, wanted


def test_which_party_form_it_is_stays_on_the_party_side(counter: Counter) -> None:
    code = surveyed(counter, full=5)
    counter.town.take(PARTY, code, "party", "apply_branch")
    counter.town.take(f"minying.{COUNTY}", code, "party", "approve_formation")
    counter.town.take(PARTY, code, "party", "record_election")
    counter.town.take(f"minying.{COUNTY}", code, "party", "approve_branch")
    assert counter.case(PARTY, code)["facts"]["party_form"] == "branch"
    assert counter.case(LOCAL, code)["facts"]["party_form"] == "organisation"
    for path in ("/api/v1/notices?box=in", "/api/v1/notices?box=out"):
        for notice in counter.get(LOCAL, path).json()["items"]:
            assert notice["payload"]["party_form"] in ("none", "liaison", "organisation")


def test_an_office_that_only_reports_is_told_the_enterprise_and_how_far_it_is(counter: Counter) -> None:
    code = surveyed(counter, full=3)
    counter.town.hands.emit(f"registry.{COUNTY}", "changed", "c-1", {"uscc": code, "address": "新址"})
    counter.town.settle()
    for account in (f"registry.{COUNTY}", f"investment.{TOWN}"):
        (listed,) = counter.get(account, "/api/v1/cases").json()["items"]
        assert listed["proceedings"] == [] and listed["status"] == "open"
        case = counter.get(account, f"/api/v1/cases/{listed['id']}").json()
        assert case["proceedings"] == [] and case["facts"] == {}
        lines = counter.get(account, f"/api/v1/cases/{listed['id']}/history").json()["items"]
        assert [line["step"] for line in lines] == ["changed"], account
        assert counter.get(account, "/api/v1/cases?procedure=notify_party").json()["items"] == []


@pytest.mark.rule("L-4")
def test_an_office_that_awaits_a_step_of_its_own_sees_that_step_and_no_more(counter: Counter) -> None:
    data = {"reference": "ZS-7", "name": "筹建中的企业", "division": TOWN}
    counter.town.hands.emit(f"investment.{TOWN}", "prenotified", "pre-1", data)
    counter.town.settle()
    (listed,) = counter.get(f"investment.{TOWN}", "/api/v1/cases").json()["items"]
    (lead,) = counter.get(f"investment.{TOWN}", f"/api/v1/cases/{listed['id']}").json()["proceedings"]
    assert [one["step"] for one in lead["allowed"]] == ["cancel"]
    assert lead["facts"] == {} and lead["deadlines"] == []
    assert counter.get(f"investment.{TOWN}", f"/api/v1/cases/{listed['id']}/history").json()["items"] == []


def test_an_auditor_reads_all_drawers_and_takes_no_step(counter: Counter) -> None:
    code = surveyed(counter)
    auditor = f"auditor.{COUNTY}"
    case = counter.case(auditor, code)
    assert {one["procedure"] for one in case["proceedings"]} == {
        *("lead", "union", "union_term", "legal_person"),
        *("party", "notify_party"),
    }
    for moving in case["proceedings"]:
        assert moving["allowed"] == moving["refused"] == []
    party = counter.proceeding(auditor, code, "party")
    assert_problem(counter.step(auditor, party, "survey", fields={}), 403, "not_permitted")
    item = counter.get(LOCAL, "/api/v1/work-items").json()["items"][0]["id"]
    assert_problem(counter.post(auditor, f"/api/v1/work-items/{item}/claim"), 403, "not_permitted")


@pytest.mark.rule("L-3")
def test_that_workers_asked_for_a_union_is_told_to_no_office_that_only_reports(counter: Counter) -> None:
    """Before the registration the file itself would tell it; afterwards the file is one like any other (CONDUCT 5.2-5)."""
    said = {"name": "有人申请的企业", "workers": 3, "note": "希望建工会"}
    begun = counter.post(LOCAL, "/api/v1/openings/lead/worker_request", json={"fields": said})
    assert begun.status_code == 200, begun.text
    case = begun.json()["case"]
    for office in (f"registry.{COUNTY}", f"investment.{TOWN}"):
        assert counter.get(office, "/api/v1/cases").json()["items"] == [], office
        assert_problem(counter.get(office, f"/api/v1/cases/{case}"), 404, "not_found")
    counter.town.enterprise(name="有人申请的企业")
    (listed,) = counter.get(f"registry.{COUNTY}", "/api/v1/cases").json()["items"]
    assert listed["id"] == case
    assert "worker" not in json.dumps(everything(counter, f"registry.{COUNTY}"), ensure_ascii=False)


def test_an_event_about_a_file_that_only_workers_know_is_answered_as_if_there_were_none(
    counter: Counter,
) -> None:
    """It waits, as one for a code without a file does; once the enterprise is registered it is applied."""
    office = f"registry.{COUNTY}"
    said = {"name": "有人申请的企业", "uscc": uscc(7), "workers": 3, "note": "希望建工会"}
    assert (
        counter.post(LOCAL, "/api/v1/openings/lead/worker_request", json={"fields": said}).status_code == 200
    )

    def suspended(code: str) -> dict[str, Any]:
        event = registered(7) | {"id": f"suspended-{code}", "data": {"uscc": code}}
        event["type"] = event["type"].replace("registered", "suspended")
        assert counter.send(office, event).status_code == 202
        counter.town.settle()
        told: dict[str, Any] = counter.get(
            office, f"/api/v1/events/%2Fregistry%2F{COUNTY}/{event['id']}"
        ).json()
        return {name: told[name] for name in ("status", "case", "reason")}

    assert suspended(uscc(7)) == suspended(uscc(8))
    assert counter.send(office, registered(7, name="有人申请的企业")).status_code == 202
    counter.town.settle()
    (listed,) = counter.get(office, "/api/v1/cases").json()["items"]
    assert listed["paused"] is True, "what waited was applied"
    assert listed["opened_at"] is None, "how old the file is would tell it too"
    assert counter.case(LOCAL, uscc(7))["opened_at"]


def test_a_file_of_the_unions_own_is_not_told_to_the_party_side(counter: Counter) -> None:
    said = {"name": "2026年4月", "committees": 1, "joint_unions": 0, "organisations": 1}
    paper = counter.upload(SUPERIOR, "figures_table").json()["id"]
    fields = said | {"legal_units": 1, "members": 30}
    begun = counter.post(
        SUPERIOR, "/api/v1/openings/figures/report", json={"fields": fields, "evidence": [paper]}
    )
    assert begun.status_code == 200, begun.text
    for account in (f"minying.{COUNTY}", f"orgdept.{COUNTY}", f"registry.{COUNTY}"):
        assert counter.get(account, "/api/v1/cases").json()["items"] == [], account
        assert_problem(counter.get(account, f"/api/v1/cases/{begun.json()['case']}"), 404, "not_found")
    assert len(counter.get(f"auditor.{COUNTY}", "/api/v1/cases").json()["items"]) == 1


@pytest.mark.parametrize("kind", ["admin", "security"])
def test_an_administrator_sees_no_case_content(counter: Counter, kind: str) -> None:
    counter.town.enterprise()
    for path in (*LISTS, "/api/v1/cases/1", "/api/v1/cases/1/history"):
        assert_problem(counter.get(f"{kind}.{COUNTY}", path), 403, "not_permitted")


def test_the_history_as_of_a_day_is_what_was_known_then(counter: Counter) -> None:
    code = counter.town.enterprise()
    case = counter.case(LOCAL, code)["id"]
    counter.town.clock.advance(timedelta(days=3))
    counter.town.take(LOCAL, code, "lead", "survey", headcount=60, applicants=30)

    def steps(as_of: str | None) -> list[str]:
        found = counter.get(LOCAL, f"/api/v1/cases/{case}/history", params={"as_of": as_of} if as_of else {})
        return [line["step"] for line in found.json()["items"]]

    assert "survey" in steps(None) and "survey" in steps("2026-03-05")
    assert "survey" not in steps("2026-03-04") and "survey" not in steps("2026-03-05T00:00:00+08:00")
    assert steps("2026-03-01") == []
    for bad in ("yesterday", "2026-02-30", "9999-12-31", "2026-03-05T00:00:00"):
        answer = counter.get(LOCAL, f"/api/v1/cases/{case}/history", params={"as_of": bad})
        assert answer.status_code == 400 or bad == "9999-12-31", bad


@pytest.mark.rule("U-11")
def test_the_party_side_examines_candidates_and_sees_nothing_else_of_the_unions_drawer(
    counter: Counter,
) -> None:
    code = counter.town.enterprise()
    town, bureau = counter.town, f"minying.{COUNTY}"
    town.take(PARTY, code, "party", "survey", full_members=5, probationary_members=0)
    town.take(PARTY, code, "party", "apply_branch")
    town.take(bureau, code, "party", "approve_formation")
    town.take(PARTY, code, "party", "record_election")
    town.take(bureau, code, "party", "approve_branch")
    town.take(LOCAL, code, "lead", "survey", headcount=60, applicants=30)
    town.take(LOCAL, code, "lead", "open_union")
    town.take(LOCAL, code, "union", "file_application")
    town.take(SUPERIOR, code, "union", "approve_preparation")
    for step in ("form_group", "admit_members", "choose_committee", "nominate"):
        town.take(LOCAL, code, "union", step)

    seen = counter.proceeding(PARTY, code, "union")
    assert [one["step"] for one in seen["allowed"]] == ["party_examines"]
    assert (seen["facts"], seen["deadlines"]) == ({}, [])
    told = [one["kind"] for one in counter.get(PARTY, "/api/v1/notices?box=in").json()["items"]]
    assert "union_candidates" in told

    refused = {
        one["step"]: one["why"]["en"] for one in counter.proceeding(SUPERIOR, code, "union")["refused"]
    }
    assert "must examine the candidates first" in refused["approve_candidates"]
    answer = counter.step(
        PARTY, seen, "party_examines", fields={"party_agrees": True, "note": "同意"}, evidence=[]
    )
    assert answer.status_code == 200, answer.text
    town.take(SUPERIOR, code, "union", "approve_candidates")
    assert counter.proceeding(LOCAL, code, "union")["state"] == "meeting_called"
    assert "union" not in {one["procedure"] for one in counter.case(PARTY, code)["proceedings"]}
