"""What a file says about persons is hidden until somebody says why he must see it; numbers of persons are taken in nowhere (S09)."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from services.access.tokens import Purpose, issue
from services.actor import SERVICE
from services.db.models.access import Journal
from services.db.queries.hidden import veiled_line
from tests.builders import COUNTY, OTHER_TOWN, TOWN, Counter, assert_problem
from workflows.personal import MASK
from workflows.registry import law_book

LOCAL, SUPERIOR, PARTY = f"union.{TOWN}", f"union.{COUNTY}", f"party.{TOWN}"
WHY = "核对联络员变动"
ABOUT = "张建国调往吉林市工作"
#: Numbers that no text of ours takes, as people type them.
NUMBERS = (
    "11010519491231002X",
    "110105 19491231 002x",
    "１１０１０５１９４９１２３１００２Ｘ",
    "13800000000",
    "+86 138-0000-0000",
)


@pytest.fixture
def relieved(counter: Counter) -> str:
    """The case of an enterprise whose liaison was relieved, with the reason."""
    code = counter.town.enterprise()
    counter.town.take(PARTY, code, "party", "survey", full_members=0, probationary_members=0)
    counter.town.take(PARTY, code, "party", "propose_dispatched_liaison")
    counter.town.take(PARTY, code, "liaison", "record_consent")
    counter.town.take(PARTY, code, "liaison", "appoint")
    counter.town.take(PARTY, code, "liaison", "revoke", note=ABOUT)
    return str(counter.case(PARTY, code)["id"])


def told(counter: Counter, account: str, case: str) -> str:
    return "".join(counter.get(account, f"/api/v1/cases/{case}{more}").text for more in ("", "/history"))


def lines(counter: Counter) -> list[Any]:
    """`Any`: the rows of the journal about names."""
    with counter.town.runtime.reading(SERVICE) as unit:
        return list(unit.db.execute(select(*Journal.__table__.c).where(Journal.what == "names.read")))


def test_what_is_written_about_a_person_is_hidden_in_case_and_history(
    counter: Counter, relieved: str
) -> None:
    for account in (PARTY, f"minying.{COUNTY}", f"auditor.{COUNTY}"):
        assert ABOUT not in told(counter, account, relieved), account
    history = counter.get(PARTY, f"/api/v1/cases/{relieved}/history").json()["items"]
    (line,) = [line for line in history if line["step"] == "revoke"]
    assert (line["data"]["note"], line["masked"]) == (MASK, ["note"])
    liaison = next(
        one
        for one in counter.get(PARTY, f"/api/v1/cases/{relieved}").json()["proceedings"]
        if one["procedure"] == "liaison"
    )
    assert (liaison["facts"]["note"], liaison["masked"]) == (MASK, ["note"])


def test_it_is_shown_for_a_reason_and_that_stands_in_the_journal(counter: Counter, relieved: str) -> None:
    answer = counter.post(PARTY, f"/api/v1/cases/{relieved}/names", json={"reason": WHY})
    assert answer.status_code == 200, answer.text
    (item,) = answer.json()["items"]
    assert (item["step"], item["field"], item["value"]) == ("revoke", "note", ABOUT)
    (line,) = lines(counter)
    assert (line.actor, line.about, line.result) == (PARTY, f"case {relieved}", "done")
    assert line.detail == {"reason": WHY, "values": 1}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "field_missing"),
        ({"reason": ""}, "value_bad"),
        ({"reason": "  "}, "field_missing"),
        ({"reason": "核对13800000000"}, "field_number"),
        ({"reason": "两\n行"}, "field_text"),
        ({"reason": "长" * 201}, "value_bad"),
    ],
)
def test_without_a_good_reason_nothing_is_shown_and_nothing_written(
    counter: Counter, relieved: str, said: dict[str, str], code: str
) -> None:
    assert_problem(counter.post(PARTY, f"/api/v1/cases/{relieved}/names", json=said), 400, code)
    assert lines(counter) == []


def test_another_drawer_and_another_place_stay_closed(counter: Counter, relieved: str) -> None:
    path = f"/api/v1/cases/{relieved}/names"
    assert counter.post(LOCAL, path, json={"reason": WHY}).json() == {"items": [], "next": None}
    assert_problem(counter.post(f"party.{OTHER_TOWN}", path, json={"reason": WHY}), 404, "not_found")
    for office in (f"registry.{COUNTY}", f"admin.{COUNTY}", f"security.{COUNTY}"):
        assert_problem(counter.post(office, path, json={"reason": WHY}), 403, "not_permitted")
    assert [(line.actor, line.result) for line in lines(counter)] == [
        (LOCAL, "done"),
        (f"party.{OTHER_TOWN}", "refused"),
        (f"registry.{COUNTY}", "refused"),
        (f"admin.{COUNTY}", "refused"),
        (f"security.{COUNTY}", "refused"),
    ]


def test_the_page_hides_it_too_and_shows_it_for_a_reason(counter: Counter, relieved: str) -> None:
    client, actor = counter.client, counter.town.hands.actor(PARTY)
    with counter.town.runtime.writing(SERVICE) as unit:
        token = issue(unit, actor.account_id or 0, Purpose.SESSION)[0]
    cookie = {"Cookie": f"gongjian_session={token}"}
    page = client.get(f"/cases/{relieved}", headers=cookie).text
    assert ABOUT not in page and f'action="/cases/{relieved}/names"' in page
    shown = client.post(f"/cases/{relieved}/names", data={"reason": WHY}, headers=cookie)
    assert shown.status_code == 200 and ABOUT in shown.text and WHY in shown.text
    refused = client.post(f"/cases/{relieved}/names", data={"reason": ""}, headers=cookie)
    assert refused.status_code == 400 and ABOUT not in refused.text
    assert [line.detail["reason"] for line in lines(counter)] == [WHY]


def test_no_text_takes_an_identity_card_or_mobile_number(counter: Counter) -> None:
    code = counter.town.enterprise()
    lead = counter.proceeding(LOCAL, code, "lead")
    fields = {"headcount": 60, "applicants": 30}
    for number in NUMBERS:
        said = {"name": "有人申请的企业", "workers": 3, "note": f"请联系{number}"}
        answer = counter.post(LOCAL, "/api/v1/openings/lead/worker_request", json={"fields": said})
        assert assert_problem(answer, 400, "field_number")["field"] == "fields.note"
        answer = counter.step(LOCAL, lead, "survey", fields=fields, opinion=f"联系人{number}")
        assert assert_problem(answer, 400, "field_number")["field"] == "opinion"
        assert number not in answer.text


def test_no_paper_is_called_by_such_a_number(counter: Counter) -> None:
    for number in NUMBERS:
        file = {"file": (f"张三{number}.txt", "测试材料\n".encode(), "text/plain")}
        said = {"kind": "union_application"}
        answer = counter.post(LOCAL, "/api/v1/documents", files=file, data=said)
        assert assert_problem(answer, 400, "field_number")["field"] == "file"
        answer = counter.upload(LOCAL, "union_application", number=f"船工发{number}")
        assert assert_problem(answer, 400, "field_number")["field"] == "number"


def test_numbers_that_got_in_before_are_hidden_in_every_text() -> None:
    line = {
        "procedure": "lead",
        "step": "survey",
        "data": {"address": "吉林路1号，电话13800000000", "headcount": 60},
        "opinion": "身份证11010519491231002X",
    }
    shown = veiled_line(law_book(), line)
    assert shown["data"] == {"address": f"吉林路1号，电话{MASK}", "headcount": 60}
    assert (shown["opinion"], shown["masked"]) == (f"身份证{MASK}", ["address", "opinion"])
    assert "13800000000" in json.dumps(line, ensure_ascii=False)


def test_the_texts_in_which_persons_stand_are_these() -> None:
    assert {
        procedure: {act for name, act in law_book().personal if name == procedure}
        for procedure, _ in law_book().personal
    } == {
        "joint_union": {"reject_candidates"},
        "legal_person": {"file_change"},
        "liaison": {"hand_over", "revoke"},
        "party": {"refuse_committee", "refuse_officers"},
        "union": {"party_examines", "reject_candidates", "request_chair_transfer", "refuse_transfer"},
        "union_term": {"party_examines", "party_examines_by_election", "reject_candidates"},
    }
