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
