"""The auditor's page of the journal: what GET /api/v1/journal shows, in words, filtered and paged, and nothing to press."""

import re
from typing import Any

from services.access.accounts import create_account
from services.access.journal import DEEDS, write
from services.actor import SERVICE
from services.db.queries.page import ITEMS
from tests.builders import COUNTY, OTHER_COUNTY, PASSWORD, TOWN, Counter

ROW = re.compile(r"<tr data-row>(.*?)</tr>", re.S)


def auditor(counter: Counter) -> Any:
    """A browser with the session of the county's auditor. `Any`: a test client."""
    with counter.town.runtime.writing(SERVICE) as unit:
        create_account(unit, "audit", f"auditor.{COUNTY}", PASSWORD)
    counter.client.post("/login", data={"account": "audit", "password": PASSWORD})
    return counter.client


def test_the_page_shows_what_the_counter_shows_and_in_words(counter: Counter) -> None:
    counter.get(f"union.{TOWN}", "/api/v1/cases/1")
    counter.get(f"union.{OTHER_COUNTY}", "/api/v1/cases/1")
    browser = auditor(counter)
    told = counter.get(f"auditor.{COUNTY}", "/api/v1/journal").json()["items"]
    page = browser.get("/journal").text
    rows = ROW.findall(page)
    assert len(rows) == len(told)
    for row, one in zip(rows, told, strict=True):
        assert one["says"]["zh"] in row and one["account"] in row
    assert "● 被拒绝" in page and "✓ 已办" in page and OTHER_COUNTY not in page
    assert "账号 audit" in page and "account audit" not in page
    assert "account audit" in browser.get("/journal?lang=en").text
    assert "<form" not in re.sub(r'<form method="get".*?</form>', "", page.partition("<main")[2], flags=re.S)


def test_lines_are_found_by_who_what_and_with_what_result(counter: Counter) -> None:
    counter.get(f"union.{TOWN}", "/api/v1/cases/1")
    browser = auditor(counter)
    assert len(ROW.findall(browser.get(f"/journal?account=union.{TOWN}&result=refused").text)) == 1
    assert len(ROW.findall(browser.get("/journal?what=sign_in&account=audit").text)) == 1
    assert "没有符合条件的记录" in browser.get("/journal?account=nobody").text
    for asked in ("what=dancing", "result=maybe", "cursor=x"):
        assert browser.get(f"/journal?{asked}").status_code == 400, asked


def test_older_lines_are_reached_and_none_stands_on_two_pages(counter: Counter) -> None:
    with counter.town.runtime.writing(SERVICE) as unit:
        for number in range(ITEMS + 10):
            write(unit, "document.upload", f"document {number}", division=COUNTY)
    browser = auditor(counter)
    first = browser.get("/journal?what=document.upload").text
    (more,) = re.findall(r'href="([^"]+cursor=\d+)"', first)
    second = browser.get(more.replace("&amp;", "&")).text
    numbers = [int(one) for one in re.findall(r"材料 (\d+)<", first + second)]
    assert numbers == list(reversed(range(ITEMS + 10))) and "cursor=" not in second
    assert all(f'value="{name}"' in first for name in DEEDS)
