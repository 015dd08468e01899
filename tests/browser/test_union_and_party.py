"""A day's work of the town's union and Party clerks, on the pages alone: a lead becomes a union, the notice crosses, a liaison is appointed,
a branch is formed; a notice that nobody acknowledges is urged and goes up."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Street
from tests.builders import COUNTY, TOWN

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)]

UNION, ABOVE = f"union.{TOWN}", f"union.{COUNTY}"
PARTY, BUREAU = f"party.{TOWN}", f"minying.{COUNTY}"


def survey_typed(page: Page, opinion: str) -> Locator:
    """The survey's form on the page of a case, filled in and not sent."""
    form = page.locator('form[action*="/survey#"]')
    form.locator('[name="integer.headcount"]').fill("60")
    form.locator('[name="integer.applicants"]').fill("30")
    form.locator("textarea").fill(opinion)
    return form


def test_a_lead_becomes_an_established_union_and_then_a_branch(street: Street) -> None:
    code = street.town.enterprise(name="红光机械有限公司")
    page = street.is_(UNION).page
    page.goto("/work-items")
    row = page.get_by_role("row").filter(has_text="红光机械")
    row.get_by_role("button", name="签收").click()
    expect(page.get_by_role("row").filter(has_text="红光机械")).to_contain_text(UNION)

    street.does(UNION, code, "lead", "survey", headcount=80, applicants=40)
    street.does(UNION, code, "lead", "open_union")
    street.does(UNION, code, "union", "file_application")
    street.does(ABOVE, code, "union", "approve_preparation")
    street.does(UNION, code, "union", "form_group")
    street.does(UNION, code, "union", "admit_members", union_members=40, women_members=12)
    street.does(UNION, code, "union", "choose_committee")
    street.does(UNION, code, "union", "nominate")
    street.does(ABOVE, code, "union", "approve_candidates")
    street.does(UNION, code, "union", "record_election", entitled=40, present=38, votes_for=30)
    street.does(UNION, code, "union", "report_result")
    street.does(ABOVE, code, "union", "approve_result")
    expect(page.get_by_role("heading", name=re.compile("组建工会：已建会"))).to_be_visible()

    page = street.is_(PARTY).page
    page.goto("/notices")
    row = page.get_by_role("row").filter(has_text="红光机械").filter(has=page.get_by_text("待签收")).first
    row.get_by_role("button", name="签收").click()
    street.town.settle()
    street.does(PARTY, code, "party", "survey", full_members=2, probationary_members=1)
    street.does(PARTY, code, "party", "propose_own_liaison")
    street.does(PARTY, code, "liaison", "record_consent")
    street.does(PARTY, code, "liaison", "appoint")
    expect(page.get_by_role("heading", name=re.compile("联络员：在任"))).to_be_visible()

    street.later(200)
    street.does(PARTY, code, "party", "update_counts", full_members=3, probationary_members=0)
    street.does(PARTY, code, "party", "apply_branch")
    street.does(BUREAU, code, "party", "approve_formation")
    street.does(PARTY, code, "party", "record_election", entitled=3, present=3, votes_for=3)
    street.does(BUREAU, code, "party", "approve_branch")
    expect(page.get_by_role("heading", name=re.compile("：党支部"))).to_be_visible()
    street.is_(UNION).opens(code)
    told = page.locator("main").inner_text()
    assert "党支部" not in told and "正式党员" not in told, (
        "the union side is told no more than the notice carries"
    )


def test_a_notice_that_nobody_acknowledges_is_urged_and_goes_up(street: Street) -> None:
    code = street.town.enterprise(name="红光机械有限公司")
    street.town.with_union(code)
    street.is_(UNION).opens(code)
    page = street.page
    notice = page.locator("section.card").filter(has_text="通报党组织一方")
    expect(notice.locator(".here")).to_contain_text("已送达")
    page.goto("/work-items?view=waiting")
    page.get_by_role("row").filter(has_text="红光机械").first.get_by_role("button", name="催办").click()
    expect(page.get_by_role("row").filter(has_text="已催办").first).to_be_visible()

    street.is_(PARTY)
    page.goto("/")
    expect(page.locator("section.card").filter(has_text="被催办")).to_contain_text("红光机械")

    for _ in range(8):
        street.later(5)
    street.is_(UNION).opens(code)
    expect(notice.locator(".here")).to_contain_text("逾期未签收")
    expect(page.get_by_text("自动催办").first).to_be_visible()
    street.is_(PARTY)
    page.goto("/work-items?band=overdue")
    expect(page.get_by_role("row").filter(has_text="红光机械").first).to_contain_text("已超期")


def test_a_stale_page_tells_who_has_acted_meanwhile_and_keeps_the_words(street: Street) -> None:
    code = street.town.enterprise(name="红光机械有限公司")
    street.is_(UNION).opens(code)
    page = street.page
    form = survey_typed(page, "我写的意见")
    street.town.take(UNION, code, "lead", "survey", headcount=50, applicants=20)
    form.get_by_role("button").click()
    alert = page.get_by_role("alert").first
    expect(alert).to_contain_text("没有办成")
    expect(alert).to_contain_text("在您打开页面之后")
    expect(alert).to_contain_text(UNION)
    expect(page.locator("details.step[open] textarea").first).to_have_value("我写的意见")


def test_news_are_told_while_the_page_lies_open(street: Street) -> None:
    page = street.is_(UNION).page
    page.goto("/work-items")
    expect(page.locator("#news")).to_be_hidden()
    street.town.enterprise(name="新来的有限公司")
    expect(page.locator("#news")).to_be_visible(timeout=20_000)
    page.locator("#news").get_by_role("link").click()
    expect(page.get_by_role("row").filter(has_text="新来的")).to_be_visible()
    expect(page.locator("#news")).to_be_hidden()


def test_whose_sign_in_is_over_signs_in_elsewhere_and_sends_again(street: Street) -> None:
    code = street.town.enterprise(name="红光机械有限公司")
    street.is_(UNION).opens(code)
    page = street.page
    form = survey_typed(page, "写了很久的意见")
    page.context.clear_cookies()
    form.get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("内容还没有提交")
    street.is_(UNION)
    page.get_by_role("button", name="重新提交").click()
    expect(page.get_by_role("status").filter(has_text="已办理")).to_be_visible()
    expect(page.get_by_text("写了很久的意见")).to_be_visible()
