"""A quarter on the pages: the group is set up, the agenda makes itself, both sides come and sign, and the next meeting opens with what became of it."""

import os
import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from services.meetings.plan import plan
from tests.browser.conftest import Street
from tests.builders import COUNTY, TOWN

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)]

UNION, ORGDEPT, BUREAU = f"union.{COUNTY}", f"orgdept.{COUNTY}", f"minying.{COUNTY}"
TOWN_UNION = f"union.{TOWN}"
SHOTS = os.environ.get("GONGJIAN_TEST_SHOTS")


def until_(street: Street, day: str) -> None:
    """That day's morning."""
    today = street.town.clock.now().astimezone(street.town.runtime.settings.zone).date()
    street.later((date.fromisoformat(day) - today).days)


def shot(page: Page, name: str) -> None:
    if SHOTS:
        for width, height, size in ((1366, 768, "wide"), (390, 844, "phone")):
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=Path(SHOTS) / f"meeting-{name}-{size}.png", full_page=True)
        page.set_viewport_size({"width": 1366, "height": 768})


@pytest.mark.timeout(600)
def test_a_quarter_from_the_agenda_to_the_signed_minutes_and_the_next_meeting(street: Street) -> None:
    code = street.town.enterprise(name="红光机械有限公司")
    street.begins(ORGDEPT, "coordination", "set_up", name="党建带工建协调小组")
    plan(street.town.runtime)
    page = street.page
    page.goto("/meetings")
    row = page.get_by_role("row").filter(has_text="船营区")
    expect(row.get_by_role("link")).to_have_count(4)
    shot(page, "year")
    row.get_by_role("link", name="2026-03-18").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("第1季度联席会议")
    case = re.sub(r".*/cases/(\d+).*", r"\1", page.url)

    # the topics, and what the files say by themselves
    until_(street, "2026-03-05")
    street.does_in(case, BUREAU, "joint_meeting", "propose_topic", topic="新建企业如何同步建组织")
    until_(street, "2026-03-17")
    street.is_(ORGDEPT)  # the sign-in of twelve days ago is over
    page.goto(f"/cases/{case}")
    agenda = page.locator("#agenda")
    expect(agenda).to_contain_text("新建企业如何同步建组织")
    expect(agenda).to_contain_text("红光机械有限公司")
    street.does_in(case, ORGDEPT, "joint_meeting", "call")
    shot(page, "called")

    # somebody is away, the day comes, all sign in
    street.does_in(case, UNION, "joint_meeting", "answer_call", answer="comes", post="主席")
    expect(page.locator("main")).to_contain_text("到会（主席）")
    until_(street, "2026-03-18")
    for body in (UNION, ORGDEPT, BUREAU):
        street.does_in(case, body, "joint_meeting", "sign_in")
    street.does_in(case, ORGDEPT, "joint_meeting", "hold")

    # minutes, a matter with its owner and day, both signatures
    street.does_in(case, ORGDEPT, "joint_meeting", "minute", item=1, outcome="information", text="已了解")
    street.does_in(case, ORGDEPT, "joint_meeting", "minute", item=2, outcome="work_item", text="镇总工会上门")
    expect(agenda.get_by_role("row").filter(has_text="镇总工会上门")).to_contain_text("交办")
    matter = street.begins(
        ORGDEPT,
        "resolution",
        "hand_out",
        name="上门走访红光机械",
        meeting=case,
        item=2,
        owner="union",
        town=TOWN,
        due_on="2026-04-17",
    )
    street.does_in(case, ORGDEPT, "joint_meeting", "submit_minutes")
    street.does_in(case, UNION, "joint_meeting", "sign_for_union")
    street.does_in(case, BUREAU, "joint_meeting", "sign_for_party_too")
    expect(page.get_by_role("heading", name=re.compile("纪要已印发"))).to_be_visible()
    expect(page.locator("main")).to_contain_text("上门走访红光机械")
    shot(page, "issued")

    # the town's clerk finds it in her inbox, and the next meeting opens with it
    street.is_(TOWN_UNION)
    page.goto("/work-items")
    expect(page.get_by_role("row").filter(has_text="上门走访红光机械")).to_be_visible()
    street.does_in(matter, TOWN_UNION, "resolution", "report_for_union", note="已走访")
    until_(street, "2026-06-10")
    street.is_(UNION)
    page.goto("/meetings")
    page.get_by_role("link", name="2026-06-17").click()
    first = agenda.locator("tbody tr").first
    expect(first).to_contain_text("上门走访红光机械")
    expect(first).to_contain_text("已报告，待销号")
    shot(page, "next")
    assert code
