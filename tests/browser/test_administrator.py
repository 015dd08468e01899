"""Administrators in a real browser: a year's calendar is brought and open deadlines move; a newcomer is let in; nobody is in the way of
somebody who reads the pages with other eyes."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.axe import violations
from tests.browser.test_plain_pages import sign_in
from workflows.calendars.days import published

pytestmark = pytest.mark.browser

#: Both sizes of screen on which the pages must stand.
SCREENS = ((1366, 768), (390, 844))


def enter(page: Page, account: str) -> None:
    """Signed in, with the first page open."""
    sign_in(page, account)
    expect(page.get_by_role("navigation")).to_be_visible()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="退出").click()
    expect(page).to_have_url(re.compile("/login"))


def looked_at(page: Page, *paths: str) -> None:
    """Every page in both languages, in normal and large type, on both screens: no violation, and nothing to be moved sideways."""
    for path in paths:
        mark = "&" if "?" in path else "?"
        for asked in (
            "lang=zh&size=normal",
            "lang=en&size=large",
            "lang=zh&size=large",
            "lang=en&size=normal",
        ):
            page.goto(f"{path}{mark}{asked}")
            assert violations(page) == [], (path, asked)
            for width, height in SCREENS:
                page.set_viewport_size({"width": width, "height": height})
                root = "document.documentElement"
                wide = page.evaluate(f"{root}.scrollWidth - {root}.clientWidth")
                assert wide <= 0, (path, asked, width)
    page.goto("/?lang=zh&size=normal")


def notice(page: Page) -> tuple[int, str]:
    """The notice that an administrator would bring: of the first year without one, which open deadlines reach in the last quarter of
    a year; in other months, of this year anew, with the weeks to come off."""
    waiting = page.get_by_text("个在等某年的日历").count()
    year = next(year for year in range(date.today().year, 2200) if not published().knows(year))
    rest = [date(year, 1, 1)]
    if not waiting:
        first, year = date.today(), date.today().year
        rest = [first + timedelta(days=one) for one in range(120)]
        rest = [day for day in rest if day.year == year]
    days = "\n".join(f'{day} = "元旦"' for day in rest)
    return year, f'year = {year}\nsource = "关于{year}年部分节假日安排的通知（测试）"\n[rest]\n{days}\n'


def test_an_administrator_brings_a_year_and_open_deadlines_move(page: Page) -> None:
    enter(page, "admin")
    page.get_by_role("link", name="工作日历").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("工作日历")
    year, text = notice(page)
    page.get_by_label("文件").set_input_files(
        FilePayload(name="notice.txt", mimeType="text/plain", buffer="不是日历".encode())
    )
    page.get_by_role("button", name="导入").click()
    expect(page.get_by_role("alert")).to_contain_text("没有办成")
    page.get_by_label("文件").set_input_files(
        FilePayload(name=f"cn-{year}.toml", mimeType="text/plain", buffer=text.encode())
    )
    page.get_by_role("button", name="导入").click()
    told = page.get_by_role("status").filter(has_text=f"{year}年日历已载入")
    expect(told).to_be_visible()
    moved = re.search(r"重算(\d+)个在办期限，(\d+)个有变动", told.inner_text())
    assert moved is not None and int(moved[1]) >= int(moved[2]) >= 1
    page.get_by_role("link", name=str(year), exact=True).click()
    expect(page.get_by_text(f"{year}年部分节假日安排的通知（测试）")).to_be_visible()
    sign_out(page)
    enter(page, "party.220204102")
    for number in range(8, 38):  # who has a liaison, who is due for a visit
        page.goto(f"/cases?name=演示{number:02}号")
        page.get_by_role("link", name=re.compile(f"演示{number:02}号")).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"演示{number:02}号")
        if page.get_by_text("放假安排更新").count():
            break
    expect(page.get_by_text("放假安排更新").first).to_contain_text("改为")
    assert page.get_by_text("日历未发布").count() == 0


def test_a_security_administrator_lets_somebody_in_who_then_chooses_a_password_of_her_own(page: Page) -> None:
    enter(page, "security.220204")
    page.get_by_role("link", name="账号", exact=True).click()
    page.get_by_text("新建账号").click()
    page.get_by_label("账号（小写").fill("li.fang")
    page.get_by_label("单位代码，如").fill("union.999999")
    page.get_by_role("button", name="新建").click()
    expect(page.get_by_role("alert")).to_contain_text("没有单位")
    expect(page.get_by_label("账号（小写")).to_have_value("li.fang")
    page.get_by_label("单位代码，如").fill("union.220204102")
    page.get_by_role("button", name="新建").click()
    password = page.locator("code.key").inner_text()
    page.reload()
    assert page.locator("code.key").count() == 0, "it is shown once"
    sign_out(page)
    page.get_by_label("账号").fill("li.fang")
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    page.get_by_label("新密码").fill("her own chuan-ying 2204")
    page.locator("main button").first.click()
    expect(page.get_by_role("link", name="待办", exact=True)).to_be_visible()
    sign_out(page)
    enter(page, "security.220204")
    page.goto("/admin/accounts?body=union.220204102")
    row = page.get_by_role("row").filter(has_text="li.fang")
    expect(row).to_contain_text("✓ 在用")
    row.locator("summary", has_text="停用").click()
    row.get_by_role("button", name="停用").click()
    expect(page.get_by_role("row").filter(has_text="li.fang")).to_contain_text("已停用")


@pytest.mark.parametrize(
    ("account", "paths"),
    [
        ("admin", ("/", "/admin/bodies", "/admin/calendars", "/admin/calendars/2026")),
        ("security.220204", ("/", "/admin/accounts", "/admin/keys", "/admin/keys/registry.220204")),
    ],
)
@pytest.mark.timeout(600)
def test_no_page_of_theirs_is_in_anybodys_way(page: Page, account: str, paths: tuple[str, ...]) -> None:
    enter(page, account)
    looked_at(page, *paths)
