"""The plain pages in a real browser: a union clerk of the demo town finds an enterprise, reads its case, and leaves."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

PASSWORD = "gongjian-demo"


def sign_in(page: Page, account: str) -> None:
    page.goto("/")
    expect(page).to_have_url(re.compile("/login"))
    page.get_by_label("账号").fill(account)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_union_clerk_finds_an_enterprise_and_reads_its_case(page: Page) -> None:
    sign_in(page, "union.220204102")
    page.get_by_role("link", name="案卷").click()
    page.get_by_label("企业名称").fill("演示03")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=re.compile("演示03号")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("演示03号")
    expect(page.get_by_text("上级工会批复，工会成立")).to_be_visible()
    body = page.locator("body").inner_text()
    assert "正式党员" not in body, "the union side never sees Party counts"
    page.get_by_text("已办的期限").first.click()
    page.get_by_text("怎么算的").first.click()
    expect(page.get_by_text("依据：").first).to_be_visible()


def test_the_party_side_sees_its_own_track(page: Page) -> None:
    sign_in(page, "party.220204102")
    page.goto("/cases?name=演示03")
    page.get_by_role("link", name=re.compile("演示03号")).click()
    expect(page.get_by_text("党员情况摸底完成")).to_be_visible()
    assert "申请入会" not in page.locator("body").inner_text()


def test_english_is_never_missing(page: Page) -> None:
    sign_in(page, "union.220204102")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("link", name="Cases")).to_be_visible()


def test_a_wrong_password_says_so_and_a_signed_out_page_is_closed(page: Page) -> None:
    page.goto("/login")
    page.get_by_label("账号").fill("union.220204")
    page.get_by_label("密码").fill("not the password")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_text("账号或密码不对")).to_be_visible()
    sign_in(page, "union.220204")
    page.get_by_role("button", name="退出").click()
    page.goto("/cases")
    expect(page).to_have_url(re.compile("/login"))


def test_a_clerk_claims_what_is_owed_does_it_on_the_case_page_and_it_is_gone_from_the_inbox(
    page: Page,
) -> None:
    sign_in(page, "union.220204102")
    page.get_by_role("link", name="待办", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("本单位待办")
    row = page.get_by_role("row").filter(has_text="核对结果并办结").first
    name = row.locator("td").nth(2).inner_text().splitlines()[0]
    row.get_by_role("button", name="签收").click()
    row = page.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text("union.220204102")
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.get_by_role("button", name="办结").click()
    expect(page.get_by_role("status").filter(has_text="已办理")).to_be_visible()
    page.get_by_role("link", name="待办", exact=True).first.click()
    expect(page.get_by_role("row").filter(has_text=name)).to_have_count(0)


def test_what_the_law_refuses_is_told_on_the_page_and_the_words_are_still_there(page: Page) -> None:
    sign_in(page, "party.220204102")
    page.goto("/notices?box=out")
    page.get_by_role("row").nth(1).get_by_role("link").click()
    step = page.locator("details.step").filter(has=page.locator("textarea")).first
    if step.get_attribute("open") is None:
        step.locator("summary").click()
    step.get_by_label("办理意见").fill("电话13800138000")
    for box in step.locator("input[required]:not([type=file]):not([type=radio])").all():
        box.fill("3" if box.get_attribute("inputmode") == "numeric" else box.get_attribute("max") or "说明")
    for group in step.locator("fieldset").filter(has=page.locator("input[type=radio]")).all():
        group.get_by_label("是", exact=True).check()
    step.get_by_role("button").click()
    expect(page.get_by_role("alert").first).to_contain_text("没有办成")
    expect(page.locator("details.step[open]").get_by_label("办理意见")).to_have_value("电话13800138000")
