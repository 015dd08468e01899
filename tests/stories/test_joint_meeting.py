"""A quarter of two bodies that work together: planned, called with an agenda that made itself, held, minuted, signed, answered for (M26, M28)."""

from typing import Any

import pytest
from sqlalchemy import select

from services.actor import SERVICE
from services.db.models.casework import Case, Link, Proceeding
from services.db.models.meeting import AgendaItem
from services.documents.drafts import suggested
from services.documents.matters import subject_of
from services.meetings import agenda
from services.meetings.plan import plan
from tests.builders import COUNTY, TOWN
from workflows.errors import Fault, Refused
from workflows.papers.forms import FORMS
from workflows.words import Text

UNION, ORGDEPT, BUREAU = f"union.{COUNTY}", f"orgdept.{COUNTY}", f"minying.{COUNTY}"
TOWN_UNION = f"union.{TOWN}"


def meetings(story: Any) -> dict[str, int]:
    """Files of meetings by the name of their quarter; of those that bear one name, the newest."""
    with story.runtime.reading(SERVICE) as unit:
        rows = unit.db.execute(
            select(Case.id, Case.name).where(Case.subject == "joint_meeting").order_by(Case.id)
        )
        return {row.name: row.id for row in rows}


def days(story: Any) -> dict[str, str]:
    return {name: story.facts("joint_meeting", case)["meets_on"] for name, case in meetings(story).items()}


def items(story: Any, case: int) -> list[Any]:
    with story.runtime.reading(SERVICE) as unit:
        return list(
            unit.db.execute(
                select(*AgendaItem.__table__.c)
                .where(AgendaItem.case_id == case)
                .order_by(AgendaItem.number, AgendaItem.id)
            )
        )


def group(story: Any) -> int:
    case = int(story.begins(ORGDEPT, "coordination", "set_up", name="船营区党建带工建协调小组"))
    plan(story.runtime)
    return case


def all_there(story: Any, case: int) -> None:
    for body in (UNION, ORGDEPT, BUREAU):
        story.does_in(case, body, "joint_meeting", "sign_in")


@pytest.mark.rule("Q-plan", "Q-group")
def test_four_quarters_are_planned_once_on_days_that_are_worked(tell: Any) -> None:
    story = tell("2025-01-06")
    group(story)
    assert days(story) == {
        "2025年第1季度联席会议": "2025-03-19",
        "2025年第2季度联席会议": "2025-06-18",
        "2025年第3季度联席会议": "2025-09-17",
        "2025年第4季度联席会议": "2025-12-17",
    }
    assert plan(story.runtime) == 0
    story.on("2025-04-01")
    assert plan(story.runtime) == 1 and "2026年第1季度联席会议" in days(story)
    with pytest.raises(Fault) as second:
        story.begins(UNION, "coordination", "set_up", name="另一个协调小组")
    assert second.value.code == "one_a_place"


@pytest.mark.rule("Q-plan")
def test_a_year_without_its_holiday_notice_is_provisional_until_the_notice_comes(tell: Any) -> None:
    story = tell("2026-11-16")
    group(story)
    first = meetings(story)["2027年第1季度联席会议"]
    assert story.facts("joint_meeting", first)["provisional"] is True
    assert story.facts("joint_meeting", meetings(story)["2026年第4季度联席会议"])["provisional"] is False


@pytest.mark.rule("Q-topics", "Q-agenda", "Q-hold", "Q-minutes", "Q-sign", "Q-matter", "Q-next")
def test_a_quarter_from_its_agenda_to_the_next_meeting(tell: Any) -> None:
    story = tell("2025-01-06")
    group(story)
    case = meetings(story)["2025年第1季度联席会议"]
    story.registered("红光印刷有限公司", "2025-01-06", headcount=60)

    # topics are asked for fifteen days ahead, and bodies propose theirs
    story.on("2025-03-05")
    assert story.states(case)["joint_meeting"] == "collecting"
    assert ("joint_meeting", "collecting") in story.work_in(case)
    story.does_in(case, BUREAU, "joint_meeting", "propose_topic", topic="新建企业如何同步建组织")

    # called: the agenda holds the topic and the enterprise nobody has called on in time, and stays as it was on that day
    story.on("2025-03-12")
    story.does_in(case, ORGDEPT, "joint_meeting", "call")
    table = items(story, case)
    assert [(one.number, one.kind) for one in table] == [(1, "topic"), (2, "overdue")]
    assert "红光印刷" in table[1].title_zh and "工会一侧" in table[1].title_zh
    assert set(table[1].snapshot) <= {
        *("case", "uscc", "name", "division", "place"),
        *("union_form", "party_form", "party_condition", "on"),
    }
    lines = [
        (one.number, one.kind, Text(one.title_zh, one.title_en), one.about_case_id, one.snapshot)
        for one in table
    ]
    assert story.facts("joint_meeting", case)["agenda_sha256"] == agenda.digest(lines)
    assert story.notices().count("meeting_called") == 0  # the enterprise's file hears nothing of it

    # answers and signing in; nobody holds it before its day, nor with one side alone
    story.does_in(case, UNION, "joint_meeting", "answer_call", answer="comes", post="主席")
    with pytest.raises(Refused) as early:
        story.does_in(case, UNION, "joint_meeting", "sign_in")
    assert "2025-03-19" in early.value.text.zh
    story.on("2025-03-19")
    for body in (ORGDEPT, BUREAU):
        story.does_in(case, body, "joint_meeting", "sign_in")
    with pytest.raises(Refused) as alone:
        story.does_in(case, ORGDEPT, "joint_meeting", "hold")
    assert "两方" in alone.value.text.zh
    story.does_in(case, UNION, "joint_meeting", "sign_in")
    story.does_in(case, ORGDEPT, "joint_meeting", "hold")

    # minutes: every item has an outcome; what is handed out has a file, an owner and a day
    with pytest.raises(Refused):
        story.does_in(case, ORGDEPT, "joint_meeting", "submit_minutes")
    story.does_in(case, ORGDEPT, "joint_meeting", "minute", item=1, outcome="information", text="已了解")
    story.does_in(case, ORGDEPT, "joint_meeting", "minute", item=2, outcome="work_item", text="镇总工会上门")
    with pytest.raises(Refused) as beyond:
        story.does_in(case, ORGDEPT, "joint_meeting", "minute", item=3, outcome="decision", text="没有这一项")
    assert "2项" in beyond.value.text.zh
    with pytest.raises(Refused) as ownerless:
        story.does_in(case, ORGDEPT, "joint_meeting", "submit_minutes")
    assert "1项记为交办" in ownerless.value.text.zh
    matter = story.begins(
        ORGDEPT,
        "resolution",
        "hand_out",
        name="上门走访红光印刷",
        meeting=str(case),
        item=2,
        owner="union",
        town=TOWN,
        due_on="2025-04-18",
    )
    assert story.work_in(matter) == {("union_local", "open")}
    story.does_in(case, ORGDEPT, "joint_meeting", "submit_minutes")
    assert story.work_in(case) == {("union_superior", "to_sign"), ("party_superior", "to_sign")}

    # either side first; one signature is not both
    story.does_in(case, UNION, "joint_meeting", "sign_for_union")
    assert story.states(case)["joint_meeting"] == "signed_by_union"
    story.does_in(case, BUREAU, "joint_meeting", "sign_for_party_too")
    assert story.states(case)["joint_meeting"] == "issued" and story.work_in(case) == set()

    # the next meeting opens with what became of it
    story.on("2025-06-04")
    following = meetings(story)["2025年第2季度联席会议"]
    story.does_in(following, UNION, "joint_meeting", "call")
    first = items(story, following)[0]
    assert (first.kind, first.about_case_id) == ("decision", matter)
    assert "办理中" in first.title_zh
    story.does_in(matter, TOWN_UNION, "resolution", "report_for_union", note="已走访")
    story.does_in(matter, UNION, "resolution", "clear")
    story.on("2025-06-18")
    all_there(story, following)
    story.does_in(following, UNION, "joint_meeting", "hold")
    assert story.states(case)["joint_meeting"] == "reported"


@pytest.mark.rule("Q-postpone")
def test_a_meeting_is_put_off_to_a_working_day_that_is_free_and_its_history_tells(tell: Any) -> None:
    story = tell("2025-01-06")
    group(story)
    case = meetings(story)["2025年第1季度联席会议"]
    with pytest.raises(Refused) as rest:
        story.does_in(case, UNION, "joint_meeting", "postpone", meets_on="2025-04-04")
    assert "清明" in rest.value.text.zh
    story.does_in(case, UNION, "joint_meeting", "postpone", meets_on="2025-04-27")  # a Sunday that is worked
    assert story.facts("joint_meeting", case)["moved"] == 1
    second = meetings(story)["2025年第2季度联席会议"]
    with pytest.raises(Refused) as taken:
        story.does_in(second, UNION, "joint_meeting", "postpone", meets_on="2025-04-27")
    assert taken.value.code == "meeting_day_taken"


@pytest.mark.rule("Q-plan")
def test_a_quarter_without_a_meeting_stays_a_work_item(tell: Any) -> None:
    story = tell("2025-01-06")
    group(story)
    case = meetings(story)["2025年第1季度联席会议"]
    story.on("2025-04-02")
    assert ("joint_meeting", "quarter") in story.work_in(case)
    assert story.states(case)["joint_meeting"] == "collecting"  # nothing was cancelled or held by itself


@pytest.mark.rule("Q-group")
def test_a_dissolved_group_takes_its_meetings_with_it_and_can_be_set_up_again(tell: Any) -> None:
    story = tell("2025-01-06")
    case = group(story)
    story.does_in(case, ORGDEPT, "coordination", "dissolve")
    story.hands.settle()
    with story.runtime.reading(SERVICE) as unit:
        linked = unit.db.scalars(
            select(Link.case_id).where(Link.to_case_id == case, Link.name == "group")
        ).all()
    assert len(linked) == 4
    assert {story.states(one)["joint_meeting"] for one in linked} == {"lapsed"}
    assert plan(story.runtime) == 0
    story.does_in(case, UNION, "coordination", "set_up_again")
    assert plan(story.runtime) == 4 and plan(story.runtime) == 0
    ahead = [one for one in meetings(story).values() if story.states(one) == {"joint_meeting": "planned"}]
    assert len(ahead) == 4 and not set(ahead) & set(linked)


@pytest.mark.rule("Q-next", "Q-postpone")
def test_a_cancelled_meeting_is_passed_over_by_the_one_after_it(tell: Any) -> None:
    """What was decided at the last meeting that was held is heard of at the next one that is."""
    story = tell("2025-01-06")
    group(story)
    first, between, third = list(meetings(story).values())[:3]
    story.on("2025-03-12")
    held(story, first, "2025-03-19")
    for body, step in (
        (ORGDEPT, "submit_minutes"), (UNION, "sign_for_union"), (ORGDEPT, "sign_for_party_too"),
    ):  # fmt: skip
        story.does_in(first, body, "joint_meeting", step)
    assert story.states(first)["joint_meeting"] == "issued"
    story.does_in(between, ORGDEPT, "joint_meeting", "cancel", note="合并到下季度召开")
    story.on("2025-09-10")
    held(story, third, "2025-09-17")
    assert story.states(first)["joint_meeting"] == "reported"


def held(story: Any, case: int, day: str) -> None:
    """A meeting with one topic, from its call to its outcome."""
    story.does_in(case, BUREAU, "joint_meeting", "propose_topic", topic="新建企业如何同步建组织")
    story.does_in(case, ORGDEPT, "joint_meeting", "call")
    story.on(day)
    all_there(story, case)
    story.does_in(case, ORGDEPT, "joint_meeting", "hold")
    for item in items(story, case):
        story.does_in(
            case, ORGDEPT, "joint_meeting", "minute", item=item.number, outcome="information", text="已了解"
        )


@pytest.mark.rule("Q-sign")
def test_minutes_that_were_sent_back_are_signed_anew(tell: Any) -> None:
    story = tell("2025-01-06")
    group(story)
    case = meetings(story)["2025年第1季度联席会议"]
    story.does_in(case, BUREAU, "joint_meeting", "collect_early")
    with pytest.raises(Refused) as empty:
        story.does_in(case, BUREAU, "joint_meeting", "call")
    assert empty.value.code == "agenda_empty"
    story.does_in(case, UNION, "joint_meeting", "propose_topic")
    story.does_in(case, BUREAU, "joint_meeting", "call")
    story.on("2025-03-19")
    all_there(story, case)
    story.does_in(case, BUREAU, "joint_meeting", "hold")
    story.does_in(case, BUREAU, "joint_meeting", "minute", item=1)
    story.does_in(case, BUREAU, "joint_meeting", "submit_minutes")
    story.does_in(case, BUREAU, "joint_meeting", "sign_for_party")
    story.does_in(case, UNION, "joint_meeting", "return_minutes")
    assert story.states(case)["joint_meeting"] == "minutes"
    story.does_in(case, BUREAU, "joint_meeting", "submit_minutes")
    assert story.work_in(case) == {("union_superior", "to_sign"), ("party_superior", "to_sign")}


@pytest.mark.rule("Q-minutes")
def test_the_minutes_are_drafted_from_what_is_on_record(tell: Any) -> None:
    story = tell("2025-01-06")
    group(story)
    case = meetings(story)["2025年第1季度联席会议"]
    story.does_in(case, BUREAU, "joint_meeting", "collect_early")
    story.does_in(case, UNION, "joint_meeting", "propose_topic", topic="新建企业如何同步建组织")
    story.does_in(case, BUREAU, "joint_meeting", "call", place="三楼会议室")
    story.does_in(case, UNION, "joint_meeting", "answer_call", answer="comes", post="主席")
    story.on("2025-03-19")
    for body in (UNION, ORGDEPT):
        story.does_in(case, body, "joint_meeting", "sign_in")
    story.does_in(case, ORGDEPT, "joint_meeting", "hold")
    story.does_in(case, ORGDEPT, "joint_meeting", "minute", item=1, outcome="decision", text="每月对一次名单")
    form = FORMS["minutes"]
    with story.runtime.reading(story.hands.actor(ORGDEPT)) as unit:
        proceeding = unit.db.scalar(select(Proceeding.id).where(Proceeding.case_id == case))
        drafted = suggested(unit, form, subject_of(unit, form, case, proceeding, "meeting_minutes"))
    assert drafted["title"] == "2025年第1季度联席会议纪要"
    assert (drafted["day"], drafted["venue"]) == ("2025-03-19", "三楼会议室")
    assert "（主席）" in drafted["present"] and BUREAU in drafted["absent"]
    assert "1. 新建企业如何同步建组织。议定：每月对一次名单" in drafted["text"]
