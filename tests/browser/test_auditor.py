"""An auditor in a real browser: he looks at everything of his district and touches nothing of it."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_administrator import enter, looked_at

pytestmark = pytest.mark.browser

#: What he may send: out of the door, his own way in, filters that he keeps for himself, and the reason why he asks for names, which
#: changes nothing but the journal.
HIS_OWN = re.compile(r"/logout|/account/.*|/work-items/views(/\d+/drop)?|/cases/\d+/(names|bundle)")
#: As many pages of every kind are opened.
OF_A_KIND = 2


def forms_of(page: Page) -> list[str]:
    return page.evaluate(
        "() => [...document.forms].filter((one) => one.method === 'post').map((one) => one.action)"
    )


def links_of(page: Page) -> list[str]:
    return page.evaluate(
        "() => [...document.querySelectorAll('a[href]:not([download])')].map((one) => one.href)"
    )


@pytest.mark.timeout(600)
def test_he_finds_nothing_to_press_on_any_page_that_he_may_open(page: Page) -> None:
    enter(page, "auditor.220204")
    waiting, seen, opened = ["/"], set[str](), dict[str, int]()
    while waiting:
        path = waiting.pop(0)
        kind = re.sub(r"\d+", "#", path.partition("cursor=")[0])
        if path in seen or opened.get(kind, 0) >= OF_A_KIND or re.search(r"[?&](lang|size|keys)=", path):
            continue
        seen.add(path)
        opened[kind] = opened.get(kind, 0) + 1
        answer = page.goto(path)
        assert answer is not None and answer.status == 200, path
        strange = [one for one in forms_of(page) if not HIS_OWN.fullmatch(urlsplit(one).path)]
        assert strange == [], path
        for href in links_of(page):
            link = urlsplit(href)
            if link.netloc == urlsplit(page.url).netloc and not link.path.startswith("/static/"):
                waiting.append(f"{link.path}?{link.query}".rstrip("?"))
    kinds = {path.partition("?")[0] for path in opened}
    assert {"/supervision", "/supervision/items", "/journal", "/cases/#", "/admin/policies", "/help"} <= kinds


def test_what_he_sends_all_the_same_is_refused_and_he_reads_so_in_the_journal(page: Page) -> None:
    enter(page, "auditor.220204")
    origin = {"Origin": "{0.scheme}://{0.netloc}".format(urlsplit(page.url))}
    for path in (
        "/work-items/1/claim",
        "/supervision/items/1/urge",
        "/admin/bodies",
        "/admin/accounts",
        "/notices/1/acknowledge",
    ):
        assert page.request.post(path, headers=origin, form={}).status == 403, path
    page.get_by_role("link", name="操作日志").click()
    page.locator("select[name=result]").select_option("refused")
    page.get_by_role("button", name="查找").click()
    rows = page.get_by_role("row").filter(has_text="auditor.220204")
    expect(rows.filter(has_text="管理单位").first).to_be_visible()
    expect(rows.filter(has_text="管理账号与令牌").first).to_be_visible()


def test_every_number_on_the_board_leads_to_its_list(page: Page) -> None:
    enter(page, "auditor.220204")
    page.keyboard.press("g")
    page.keyboard.press("s")
    expect(page.get_by_role("heading", level=1)).to_contain_text("督办")
    numbers = page.locator("main td a")
    for at in range(numbers.count()):
        many = int(re.findall(r"\d+", numbers.nth(at).inner_text())[0])
        numbers.nth(at).click()
        expect(page.locator("tr[data-row]")).to_have_count(many)
        page.get_by_role("link", name="各单位").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("督办：船营区审计")


def test_keys_of_one_letter_are_turned_off(page: Page) -> None:
    enter(page, "auditor.220204")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", level=1)).to_contain_text("帮助")
    page.get_by_role("link", name="关闭快捷键").click()
    expect(page.get_by_text("快捷键已关闭")).to_be_visible()
    page.get_by_role("link", name="工作台").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("工作台")
    page.keyboard.press("?")
    page.wait_for_timeout(300)
    expect(page.get_by_role("heading", level=1)).to_contain_text("工作台")
    page.goto("/help?keys=on")
    page.keyboard.press("g")
    page.keyboard.press("h")
    expect(page.get_by_role("heading", level=1)).to_contain_text("工作台")


@pytest.mark.timeout(600)
def test_no_page_of_his_is_in_anybodys_way(page: Page) -> None:
    enter(page, "auditor.220204")
    board = "/supervision/items?body=union.220204102&band=none"
    looked_at(page, "/supervision", board, "/journal", "/help", "/admin/policies?division=410100")
