"""What people begin themselves: the list of openings, the file that it makes, who may, and what a repeat does."""

from typing import Any

from tests.builders import COUNTY, OTHER_COUNTY, TOWN, Counter, assert_problem

DISTRICT, TOWN_UNION = f"union.{COUNTY}", f"union.{TOWN}"
OTHER_DISTRICT, TOWN_PARTY = f"union.{OTHER_COUNTY}", f"party.{TOWN}"


def listed(counter: Counter, account: str) -> dict[str, Any]:
    """What this account may begin, by procedure and opening. `Any`: JSON."""
    items = counter.get(account, "/api/v1/openings").json()["items"]
    return {f"{one['procedure']}/{one['opening']}": one for one in items}


def start_campaign(counter: Counter, **more: Any) -> Any:
    """`Any`: an answer."""
    paper = counter.upload(DISTRICT, "campaign_plan").json()["id"]
    fields = {"name": "百日攻坚", "campaign_kind": "hundred_days"} | more.pop("fields", {})
    return counter.post(
        DISTRICT,
        "/api/v1/openings/campaign/start",
        json={"fields": fields, "evidence": [paper]} | more.pop("body", {}),
        **more,
    )


def test_each_body_is_shown_what_it_may_begin_with_its_form(counter: Counter) -> None:
    offered = listed(counter, DISTRICT)
    assert {"campaign/start", "figures/report"} <= set(offered)
    form = offered["campaign/start"]
    assert form["subject"] == "campaign" and form["evidence"] == ["campaign_plan"]
    assert set(form["fields"]["required"]) == {"name", "campaign_kind"}
    assert form["label"]["zh"] and form["label"]["en"]
    assert "campaign/start" not in listed(counter, TOWN_UNION)
    assert listed(counter, TOWN_PARTY) == {}


def test_what_needs_another_file_is_offered_only_once_there_is_one(counter: Counter) -> None:
    assert "campaign_area/set_area" not in listed(counter, DISTRICT)
    campaign = start_campaign(counter).json()["case"]
    form = listed(counter, DISTRICT)["campaign_area/set_area"]["fields"]["properties"]["campaign"]
    assert form["enum"] == [campaign] and form["examples"] == [campaign]
    assert form["x-labels"][campaign]["zh"] == "百日攻坚"
    assert "campaign_area/set_area" not in listed(counter, OTHER_DISTRICT), (
        "another county's campaign is no choice"
    )


def test_a_file_begun_by_a_person_is_a_case_about_its_own_subject(counter: Counter) -> None:
    begun = start_campaign(counter)
    assert begun.status_code == 200, begun.text
    case = counter.get(DISTRICT, f"/api/v1/cases/{begun.json()['case']}").json()
    assert case["subject"] == "campaign" and case["number"].startswith(f"GJ-{COUNTY}-2026-")
    assert case["enterprise"]["name"] == "百日攻坚" and case["enterprise"]["uscc"] is None
    assert [one["procedure"] for one in case["proceedings"]] == ["campaign"]
    history = counter.get(DISTRICT, f"/api/v1/cases/{case['id']}/history").json()["items"]
    assert [(one["step"], one["actor"], one["cause"]) for one in history] == [("start", DISTRICT, "person")]
    found = counter.get(DISTRICT, "/api/v1/cases", params={"subject": "campaign"}).json()["items"]
    assert [one["id"] for one in found] == [case["id"]]


def test_a_file_begun_by_a_county_is_not_there_for_another(counter: Counter) -> None:
    case = start_campaign(counter).json()["case"]
    assert_problem(counter.get(OTHER_DISTRICT, f"/api/v1/cases/{case}"), 404, "not_found")
    assert_problem(counter.get(TOWN_UNION, f"/api/v1/cases/{case}"), 404, "not_found")


def test_an_area_lies_where_its_town_can_see_it_and_tells_its_campaign(counter: Counter) -> None:
    campaign = start_campaign(counter).json()["case"]
    said = {
        "name": "越北镇片区",
        "campaign": campaign,
        "town": TOWN,
        "target": 3,
        "owner_post": "镇总工会主席",
    }
    begun = counter.post(DISTRICT, "/api/v1/openings/campaign_area/set_area", json={"fields": said})
    assert begun.status_code == 200, begun.text
    counter.town.settle()
    mine = counter.get(TOWN_UNION, "/api/v1/work-items", params={"view": "unit"}).json()["items"]
    assert [one["case"] for one in mine] == [begun.json()["case"]]
    told = counter.get(DISTRICT, f"/api/v1/cases/{campaign}/history").json()["items"][-1]
    assert told["cause"] == "campaign.area_set" and told["data"]["from_case"] == begun.json()["case"]
    assert counter.get(DISTRICT, f"/api/v1/cases/{campaign}").json()["proceedings"][0]["facts"]["areas"] == 1


def test_the_same_key_begins_one_file(counter: Counter) -> None:
    paper = counter.upload(DISTRICT, "campaign_plan").json()["id"]
    said = {"fields": {"name": "百日攻坚", "campaign_kind": "occasion"}, "evidence": [paper]}
    path, key = "/api/v1/openings/campaign/start", {"Idempotency-Key": "one"}
    first = counter.post(DISTRICT, path, json=said, headers=key).json()
    assert counter.post(DISTRICT, path, json=said, headers=key).json() == first
    other = said | {"fields": {"name": "另一行动", "campaign_kind": "occasion"}}
    assert_problem(counter.post(DISTRICT, path, json=other, headers=key), 409, "idempotency_conflict")
    assert len(counter.get(DISTRICT, "/api/v1/cases", params={"subject": "campaign"}).json()["items"]) == 1


def test_what_is_wrong_is_said_and_nothing_is_begun(counter: Counter) -> None:
    bare = {"fields": {"name": "百日攻坚", "campaign_kind": "hundred_days"}}
    path = "/api/v1/openings/campaign/start"
    assert_problem(counter.post(DISTRICT, path, json=bare), 422, "evidence_missing")
    assert_problem(start_campaign(counter, fields={"name": " "}), 400, "field_missing")
    assert_problem(start_campaign(counter, fields={"campaign_kind": "party"}), 400, "field_choice")
    assert_problem(start_campaign(counter, fields={"extra": 1}), 400, "field_unknown")
    assert_problem(counter.post(TOWN_UNION, path, json=bare), 403, "not_permitted")
    assert_problem(
        counter.post(DISTRICT, "/api/v1/openings/campaign/none", json=bare), 404, "opening_unknown"
    )
    assert counter.get(DISTRICT, "/api/v1/cases").json()["items"] == []


def test_a_link_to_another_countys_file_is_refused(counter: Counter) -> None:
    campaign = start_campaign(counter).json()["case"]
    said = {"name": "片区", "campaign": campaign, "town": COUNTY, "target": 3, "owner_post": "岗位"}
    answer = counter.post(OTHER_DISTRICT, "/api/v1/openings/campaign_area/set_area", json={"fields": said})
    assert assert_problem(answer, 400, "field_choice")["field"] == "fields.campaign"
