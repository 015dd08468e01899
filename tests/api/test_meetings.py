"""Joint meetings at the counter: a year's list, one with its agenda, its entry for a calendar as another implementation reads it."""

from typing import Any

import pytest
import vobject
from sqlalchemy import select

from services.actor import SERVICE
from services.db.models.casework import Case
from services.meetings.plan import plan
from tests.builders import COUNTY, OTHER_COUNTY, TOWN, Counter, assert_problem

UNION, ORGDEPT, BUREAU = f"union.{COUNTY}", f"orgdept.{COUNTY}", f"minying.{COUNTY}"


@pytest.fixture
def meeting(counter: Counter) -> int:
    """The file of this quarter's meeting (2026, first)."""
    counter.town.hands.begin(ORGDEPT, "coordination", "set_up")
    plan(counter.town.runtime)
    with counter.town.runtime.reading(SERVICE) as unit:
        found = unit.db.scalars(
            select(Case.id).where(Case.subject == "joint_meeting", Case.name.contains("2026年第1季度"))
        )
        return found.one()


def entry(counter: Counter, account: str, case: int) -> Any:
    """The meeting as vobject reads it. `Any`: vobject has no types."""
    answer = counter.get(account, f"/api/v1/meetings/{case}.ics")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/calendar")
    return vobject.readOne(answer.text)


def take(counter: Counter, account: str, case: int, step: str, **fields: object) -> None:
    counter.town.hands.take_in(account, case, "joint_meeting", step, **fields)


@pytest.mark.rule("Q-plan")
def test_a_year_and_its_quarters_are_listed_to_members_and_to_nobody_else(
    counter: Counter, meeting: int
) -> None:
    asked = "/api/v1/meetings?year=2026&quarter=1"
    (only,) = counter.get(UNION, asked).json()["items"]
    assert (only["id"], only["meets_on"], only["state"]) == (str(meeting), "2026-03-18", "planned")
    assert len(counter.get(BUREAU, "/api/v1/meetings?year=2026").json()["items"]) == 4
    assert counter.get(f"auditor.{COUNTY}", asked).json()["items"] == [only]
    assert counter.get(f"union.{TOWN}", asked).json()["items"] == []
    assert counter.get(f"union.{OTHER_COUNTY}", asked).json()["items"] == []
    assert_problem(counter.get(f"registry.{COUNTY}", asked), 403, "not_permitted")
    assert_problem(counter.get(f"union.{OTHER_COUNTY}", f"/api/v1/meetings/{meeting}"), 404, "not_found")
    assert_problem(counter.get(UNION, "/api/v1/meetings?level=village"), 400, "parameter_bad")


@pytest.mark.rule("Q-agenda", "Q-hold")
def test_before_the_call_the_agenda_is_todays_and_after_it_that_days(counter: Counter, meeting: int) -> None:
    take(counter, BUREAU, meeting, "collect_early")
    take(counter, BUREAU, meeting, "propose_topic", topic="同步建组织")
    (topic,) = counter.get(UNION, f"/api/v1/meetings/{meeting}").json()["agenda"]
    assert (topic["kind"], topic["title"]["zh"], topic["raised_by"]) == ("topic", "同步建组织", BUREAU)
    take(counter, ORGDEPT, meeting, "call")
    take(counter, UNION, meeting, "answer_call", answer="deputy", post="副主席")
    found = counter.get(UNION, f"/api/v1/meetings/{meeting}").json()
    assert [one["number"] for one in found["agenda"]] == [1]
    assert {one["body"]: (one["side"], one["answer"]) for one in found["members"]} == {
        UNION: ("union", "deputy"),
        ORGDEPT: ("party", None),
        BUREAU: ("party", None),
    }


@pytest.mark.rule("Q-agenda", "Q-postpone")
def test_invitation_change_and_cancellation_are_one_entry_to_another_implementation(
    counter: Counter, meeting: int
) -> None:
    take(counter, BUREAU, meeting, "collect_early")
    take(counter, BUREAU, meeting, "propose_topic")
    take(counter, ORGDEPT, meeting, "call", begins_at="14:30", place="三楼会议室")
    first = entry(counter, UNION, meeting)
    assert first.method.value == "REQUEST" and first.vevent.status.value == "CONFIRMED"
    begins = first.vevent.dtstart.value
    assert begins.isoformat() == "2026-03-18T14:30:00+08:00" and first.vevent.location.value == "三楼会议室"
    assert len(first.vevent.attendee_list) == 3
    assert "议" in first.vevent.summary.value

    take(counter, ORGDEPT, meeting, "postpone", meets_on="2026-03-25")
    second = entry(counter, UNION, meeting)
    assert second.vevent.uid.value == first.vevent.uid.value
    assert int(second.vevent.sequence.value) > int(first.vevent.sequence.value)
    assert second.vevent.dtstart.value.date().isoformat() == "2026-03-25"

    take(counter, ORGDEPT, meeting, "cancel")
    third = entry(counter, UNION, meeting)
    assert (third.method.value, third.vevent.status.value) == ("CANCEL", "CANCELLED")
    assert third.vevent.uid.value == first.vevent.uid.value
    assert int(third.vevent.sequence.value) > int(second.vevent.sequence.value)


def test_a_calendar_is_fetched_by_its_address_alone_until_it_is_taken_back(
    counter: Counter, meeting: int
) -> None:
    assert meeting
    given = counter.post(UNION, "/api/v1/calendar", json={"whose": "ours"})
    assert given.status_code == 201
    path = given.json()["path"]
    fetched = counter.client.get(path)
    assert fetched.status_code == 200
    read = vobject.readOne(fetched.text)
    assert read.method.value == "PUBLISH"
    assert sorted(one.dtstart.value.date().isoformat() for one in read.vevent_list) == [
        "2026-03-18",
        "2026-06-17",
        "2026-09-16",
        "2026-12-16",
    ]
    (session,) = [
        one for one in counter.get(UNION, "/api/v1/sessions").json()["items"] if one["purpose"] == "our_days"
    ]
    counter.client.delete(f"/api/v1/sessions/{session['id']}", headers=counter.headers(UNION))
    assert_problem(counter.client.get(path), 401, "signed_out")
    assert_problem(counter.client.get("/api/v1/calendar/nonsense.ics"), 401, "signed_out")
    assert_problem(counter.post(UNION, "/api/v1/calendar", json={"whose": "theirs"}), 400, "parameter_bad")


def test_a_calendar_shows_by_their_days_what_a_person_has_claimed(counter: Counter) -> None:
    counter.town.enterprise()
    local = f"union.{TOWN}"
    (item,) = counter.get(local, "/api/v1/work-items?view=unit&status=open").json()["items"]
    path = counter.post(local, "/api/v1/calendar", json={"whose": "mine"}).json()["path"]
    assert not hasattr(vobject.readOne(counter.client.get(path).text), "vevent")
    counter.post(local, f"/api/v1/work-items/{item['id']}/claim")
    read = vobject.readOne(counter.client.get(path).text)
    assert read.vevent.dtstart.value.isoformat() == item["due_on"]
    assert item["task"]["zh"] in read.vevent.summary.value
    assert "测试1号" not in counter.client.get(path).text  # whose file it is stands behind the sign-in


def test_home_says_how_far_off_the_next_meeting_is(counter: Counter, meeting: int) -> None:
    def home(account: str) -> str:
        cookie = {"Cookie": f"gongjian_session={counter.town.session(account)}"}
        return str(counter.client.get("/", headers=cookie).text)

    assert f'href="/cases/{meeting}"><b>16</b>天后联席会议' in home(UNION)
    assert "联席会议<br>" not in home(f"union.{TOWN}")
