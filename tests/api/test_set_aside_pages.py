"""What waits for a person is dealt with on a page: events are placed by who may place them, rows tried again by who may do that."""

import json
import re
from collections.abc import Sequence
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text

from services.access.accounts import create_account
from services.actor import SERVICE
from services.db.models.access import Journal
from services.db.models.casework import Case
from services.db.models.mail import Inbox
from services.directory.bodies import create_body
from services.drains import Drain
from services.intake.dead_letters import Letter, keep_dead
from services.runtime import Unit
from tests.api.test_list_pages import Browser, count
from tests.builders import COUNTY, OTHER_COUNTY, TOWN, Counter, registered, uscc
from workflows.errors import Fault

CITY, NATIONAL = "registry.220200", "admin.000000"


@pytest.fixture
def waiting(counter: Counter, client: TestClient) -> str:
    """The code of an enterprise that the city's office reported and nobody can place."""
    with counter.town.runtime.writing(SERVICE) as unit:
        create_body(unit, "registry", "220200", "吉林市市场监督管理局")
        create_account(unit, CITY, CITY, None)
        create_body(unit, "admin", "000000", "系统管理员")
    code = uscc(1, "220271")
    said = registered(1) | {"source": "/registry/220200"}
    said["data"] |= {"uscc": code, "name": "<b>没处放</b>公司", "address": "某路1号 13800138000"}
    del said["data"]["division"]
    assert counter.send(CITY, said).status_code == 202
    counter.town.settle()
    return code


@pytest.fixture
def stuck(counter: Counter, client: TestClient) -> int:
    """The id of an event that would not go."""
    with counter.town.runtime.writing(SERVICE) as unit:
        if unit.db.scalar(text("SELECT count(*) FROM bodies WHERE code = 'admin.000000'")) == 0:
            create_body(unit, "admin", "000000", "系统管理员")
    counter.send(f"registry.{COUNTY}", registered(7))

    def refuse(unit: Unit, keys: Sequence[int]) -> None:
        raise Fault("division_unknown", division="1")

    Drain("inbox", Inbox, Inbox.due_at, Inbox.case_key, refuse).run(counter.town.runtime, 10)
    with counter.town.runtime.reading(SERVICE) as unit:
        return int(unit.db.execute(select(Inbox.id).where(Inbox.state == "failed")).scalar_one())


def act_of(page: str, verb: str) -> str:
    (found,) = re.findall(rf'action="(/set-aside/[^"]+/{verb})"', page)
    return str(found)


def test_an_office_places_what_it_said_itself_and_the_case_is_opened(counter: Counter, waiting: str) -> None:
    clerk = Browser(counter, CITY)
    page = clerk.web.get("/set-aside").text
    assert waiting in page and "&lt;b&gt;没处放" in page and "某路1号" in page and "13800138000" not in page
    assert "220271" in page and "请人工分派" in page and '<option value="220204">船营区' in page
    assert "已隔离</h2>" not in page and "/retry" not in page
    english = clerk.english("/set-aside")
    assert "To be placed" in english and "a person must place it" in english
    act = act_of(page, "place")
    for typed, words in (("999999", "区划代码"), (OTHER_COUNTY[:5], "区划代码"), ("141002", "辖区")):
        answer = clerk.web.post(act, data={"division": typed})
        assert answer.status_code in (400, 403, 422) and words in answer.text, answer.text
        assert f'value="{typed}"' in answer.text and "没有办成" in answer.text
    assert count(counter.town, Case) == 0
    done = clerk.web.post(act, data={"division": " ２２０２０４ "})
    assert done.headers["location"] == "/set-aside?done=placed"
    assert "属地已确定" in clerk.web.get(done.headers["location"]).text
    twice = clerk.web.post(act, data={"division": COUNTY})
    assert twice.status_code == 303, "a double click"
    late = clerk.web.post(act, data={"division": OTHER_COUNTY})
    assert late.status_code == 409 and "没有办成" in late.text
    counter.town.settle()
    with counter.town.runtime.reading(SERVICE) as unit:
        assert unit.db.execute(select(Case.uscc, Case.division)).one() == (waiting, COUNTY)
        told = [
            tuple(one)
            for one in unit.db.execute(
                select(Journal.actor, Journal.what, Journal.result).where(Journal.what == "triage.place")
            )
        ]
    assert told == [(clerk.name, "triage.place", "refused"), (clerk.name, "triage.place", "done")]


def test_an_administrator_places_for_the_offices_below_him_without_seeing_names(
    counter: Counter, waiting: str
) -> None:
    for body, sees in ((NATIONAL, True), (f"admin.{COUNTY}", False)):
        admin = Browser(counter, body)
        page = admin.web.get("/set-aside").text
        assert (waiting in page) is sees and "没处放" not in page and "某路1号" not in page
    national = Browser(counter, NATIONAL, "other.admin")
    act = act_of(national.web.get("/set-aside").text, "place")
    lesser = Browser(counter, f"admin.{COUNTY}", "lesser.admin")
    assert lesser.web.post(act, data={"division": COUNTY}).status_code == 404
    national.sign_in()
    assert national.web.post(act, data={"division": TOWN}).status_code == 303
    counter.town.settle()
    with counter.town.runtime.reading(SERVICE) as unit:
        assert unit.db.execute(select(Case.division)).scalar_one() == TOWN


def test_who_speaks_for_nobody_there_sees_and_places_nothing(counter: Counter, waiting: str) -> None:
    act = act_of(Browser(counter, CITY).web.get("/set-aside").text, "place")
    office = Browser(counter, f"registry.{COUNTY}")
    assert waiting not in office.web.get("/set-aside").text
    assert office.web.post(act, data={"division": COUNTY}).status_code == 404
    for body in (f"union.{COUNTY}", f"auditor.{COUNTY}", f"security.{COUNTY}"):
        other = Browser(counter, body)
        assert other.web.get("/set-aside").status_code == 403
        assert other.web.post(act, data={"division": COUNTY}).status_code == 403
        assert other.web.post("/set-aside/inbox/1/retry").status_code == 403


def test_what_was_set_aside_is_told_with_its_reason_and_tried_again(counter: Counter, stuck: int) -> None:
    admin = Browser(counter, NATIONAL)
    page = admin.web.get("/set-aside").text
    assert f"收到的登记事件 {stuck}" in page and "inbox" not in page.replace("/inbox/", "")
    assert "event received" in admin.english("/set-aside")
    act = act_of(page, "retry")
    done = admin.web.post(act)
    assert done.headers["location"] == "/set-aside?done=again"
    assert "已交回重办" in admin.web.get(done.headers["location"]).text
    assert "没有隔离的记录" in admin.web.get("/set-aside").text
    counter.town.settle()
    assert count(counter.town, Case) == 1
    again = admin.web.post(act)
    assert again.status_code == 409 and "已不在隔离中" in again.text, (
        "who presses twice is told that it is done"
    )
    assert admin.web.post("/set-aside/nothing/1/retry").status_code == 404


def test_a_lesser_administrator_is_not_shown_what_only_the_nation_s_may_mend(
    counter: Counter, stuck: int
) -> None:
    admin = Browser(counter, f"admin.{COUNTY}")
    page = admin.web.get("/set-aside").text
    assert "/retry" not in page and "隔离的记录" not in page
    assert admin.web.post(f"/set-aside/inbox/{stuck}/retry").status_code == 403


def test_the_page_holds_no_script_and_nothing_that_the_policy_forbids(
    counter: Counter, waiting: str, stuck: int
) -> None:
    for body in (CITY, NATIONAL):
        for address in ("/set-aside", "/set-aside?lang=en", "/set-aside?done=placed"):
            said: Any = Browser(counter, body, f"x{count(counter.town, Journal)}").web.get(address)
            assert not re.search(r"<script(?! src=)|\s(style|on\w+)=|https?://", said.text)
    assert Browser(counter, CITY, "last").web.get("/set-aside?done=elsewhere").status_code == 400


def test_more_than_a_page_waits_and_none_stands_in_the_way_of_the_next(
    counter: Counter, waiting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an office can never place, for it lies elsewhere, may stand first for ever."""
    monkeypatch.setattr("api.web.set_aside.MOST", 2)
    for number in range(2, 6):
        said = registered(number) | {"source": "/registry/220200"}
        said["data"] |= {"uscc": uscc(number, "220271"), "address": "某路1号", "division": None}
        assert counter.send(CITY, said).status_code == 202
    counter.town.settle()
    clerk, seen, where = Browser(counter, CITY), list[str](), "/set-aside"
    while where:
        page = clerk.web.get(where).text
        seen += re.findall(r"/set-aside/(\d+)/place", page)
        where = next(iter(re.findall(r'href="(/set-aside\?cursor=\d+)"', page)), "")
    assert len(seen) == len(set(seen)) == 5
    refused = clerk.web.post(f"/set-aside/{seen[3]}/place", data={"division": "141002"})
    assert refused.status_code == 403 and 'value="141002"' in refused.text, "what was typed is still there"


@pytest.fixture
def dead(counter: Counter, client: TestClient) -> None:
    """Two messages that were refused over the broker: one that is sound by now, one that nobody can read."""
    runtime = counter.town.runtime
    with runtime.writing(SERVICE) as unit:
        create_body(unit, "admin", "000000", "系统管理员")
    why, media = Fault("broken").text, "application/cloudevents+json"
    for body in (json.dumps(registered(9)).encode(), b"<b>13800138000</b>"):
        keep_dead(runtime, Letter.of(media, {}, body, largest=2_000), "broken", why)


@pytest.mark.usefixtures("dead")
def test_what_was_refused_over_the_broker_is_told_sent_again_and_dropped(counter: Counter) -> None:
    admin = Browser(counter, NATIONAL)
    page = admin.web.get("/set-aside").text
    assert page.count("重新投递") == 3 and f"registry.{COUNTY}（测试）" in page and "（看不出）" in page
    assert "13800138000" not in page, "what was sent is not shown"
    assert "Messages that were refused" in admin.english("/set-aside")
    first, second = re.findall(r'action="(/set-aside/letters/\d+/send)"', page)
    done = admin.web.post(first)
    assert done.headers["location"] == "/set-aside?done=sent"
    assert "已重新投递并收下" in admin.web.get(done.headers["location"]).text
    counter.town.settle()
    assert count(counter.town, Case) == 1
    again = admin.web.post(first)
    assert again.status_code == 409 and "已经有人处理过" in again.text
    refused = admin.web.post(second)
    assert refused.status_code == 422 and "重新投递后仍没有收下" in refused.text
    dropped = admin.web.post(second.replace("send", "drop"))
    assert dropped.headers["location"] == "/set-aside?done=dropped"
    assert "没有这样的消息" in admin.web.get(dropped.headers["location"]).text


@pytest.mark.usefixtures("dead")
def test_a_lesser_administrator_hears_nothing_of_it(counter: Counter) -> None:
    admin = Browser(counter, f"admin.{COUNTY}")
    page = admin.web.get("/set-aside").text
    assert "letters" not in page and "没有收下的消息" not in page
    for act in ("send", "drop"):
        assert admin.web.post(f"/set-aside/letters/1/{act}").status_code == 403
