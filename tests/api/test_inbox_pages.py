"""The inbox on the pages: the most pressing first, by bands; filters that are kept; many at once; exactly what is shown, taken out."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from services.access.accounts import create_account
from services.actor import SERVICE
from services.db.models.access import Journal
from services.db.models.casework import WorkItem
from services.db.queries.urgency import BANDS, Urgency
from services.db.queries.worklist import Asked, pressing, tallies
from services.saved_views import MOST
from tests.api.test_step_pages import Forms
from tests.builders import PASSWORD, TOWN, Counter

LOCAL = f"union.{TOWN}"


@pytest.fixture
def browser(counter: Counter) -> Any:
    """A clerk of the town's union, signed in on the pages; he has a colleague. `Any`: a test client."""
    with counter.town.runtime.writing(SERVICE) as unit:
        create_account(unit, "clerk", LOCAL, PASSWORD)
        create_account(unit, "colleague", LOCAL, PASSWORD)
    counter.client.post("/login", data={"account": "clerk", "password": PASSWORD})
    return counter.client


@pytest.fixture
def due(counter: Counter) -> Callable[[dict[str, date | None]], None]:
    """Enterprises of these names, the work of each due on that day."""

    def make(days: dict[str, date | None]) -> None:
        for name in days:
            counter.town.enterprise(name=name)
        with counter.town.runtime.writing(SERVICE) as unit:
            items = unit.db.execute(select(WorkItem.id).order_by(WorkItem.id)).scalars().all()
            for key, day in zip(items, days.values(), strict=True):
                unit.db.execute(update(WorkItem).where(WorkItem.id == key).values(due_on=day))

    return make


def names(page: str) -> list[str]:
    return re.findall(r"<td>(某\w+公司)<br>", page)


def test_the_most_pressing_comes_first_and_each_band_says_what_it_is(
    counter: Counter, browser: Any, due: Any
) -> None:
    """The town's clock stands at Monday, 2 March 2026; three working days from it is the Thursday."""
    today = counter.town.clock.now().date()
    due(
        {
            "某后公司": today + timedelta(days=30),
            "某无公司": None,
            "某超公司": today
            - timedelta(days=4),  # the Thursday before; the Saturday between made up for a holiday
            "某近公司": today + timedelta(days=3),
            "某今公司": today,
        }
    )
    page = browser.get("/work-items").text
    assert names(page) == ["某超公司", "某今公司", "某近公司", "某后公司", "某无公司"]
    assert re.findall(r'scope="rowgroup"[^>]*>([^<]+)<', page) == [
        *("已超期", "今日到期", "即将到期", "未到期", "不设期限")
    ]
    for words in ("● 已超期 3个工作日", "▲ 今日到期", "▲ 剩3个工作日", "■ 剩22个工作日", "○ 不设期限"):
        assert words in page
    assert "due today" in browser.get("/work-items?lang=en").text
    browser.get("/work-items?lang=zh")
    assert names(browser.get("/work-items?band=overdue").text) == ["某超公司"]
    assert "没有符合这些条件" in browser.get("/work-items?band=soon&view=mine").text
    home = browser.get("/").text
    assert re.findall(r"<b>(\d+)</b>", home)[:3] == ["5", "1", "2"]
    assert names(home)[0] == "某超公司"


def test_every_page_of_the_list_is_reached_and_no_item_stands_on_two(counter: Counter) -> None:
    """In pages of two, with several of one day and several of none."""
    town = counter.town
    for _ in range(7):
        town.enterprise()
    day = town.clock.now().date()
    with town.runtime.writing(SERVICE) as unit:
        items = unit.db.execute(select(WorkItem.id).order_by(WorkItem.id)).scalars().all()
        for key, when in zip(items, (day, None, day, day, None, None, day - timedelta(days=1)), strict=True):
            unit.db.execute(update(WorkItem).where(WorkItem.id == key).values(due_on=when))
    with town.runtime.reading(town.hands.actor(LOCAL)) as unit:
        found: list[str] = []
        cursor = None
        for _ in range(4):
            page = pressing(unit, Asked(), cursor, size=2)
            found += [one["id"] for one in page["items"]]
            cursor = page["next"]
        assert cursor is None
        assert found == [str(items[at]) for at in (6, 0, 2, 3, 1, 4, 5)]
        assert tallies(unit, Asked(band="today")) == {
            "overdue": 1,
            "today": 3,
            "soon": 0,
            "later": 0,
            "none": 3,
        }
        assert sum(len(pressing(unit, Asked(band=band))["items"]) for band in BANDS) == 7


def test_working_days_are_those_of_the_calendar_and_a_year_without_one_is_provisional(
    counter: Counter,
) -> None:
    with counter.town.runtime.reading(SERVICE) as unit:
        urgency = Urgency(unit)
        monday = urgency.today
        assert urgency.left(monday + timedelta(days=7)) == 5
        assert (
            urgency.left(monday) == 0 and urgency.left(monday - timedelta(days=7)) == -6
        )  # a Saturday made up
        assert urgency.left(None) is None and urgency.left(monday + timedelta(days=400)) is None
        assert not urgency.is_provisional(monday) and urgency.is_provisional(date(2031, 1, 4))


def test_every_filter_that_a_page_offers_may_be_taken_away_again(counter: Counter, browser: Any) -> None:
    counter.town.enterprise()
    for asked in ("free=true", "free=true&band=later"):
        page = browser.get(f"/work-items?{asked}").text
        for href in re.findall(r'href="(/work-items\?[^"]*)"', page):
            assert browser.get(href.replace("&amp;", "&")).status_code == 200, href


def test_filters_and_cursors_that_are_none_are_refused(browser: Any) -> None:
    for query in ("view=all", "band=urgent", "procedure=none", "cursor=x", "cursor=20261399-4", "cursor=-"):
        answer = browser.get(f"/work-items?{query}")
        assert answer.status_code == 400 and answer.headers["content-type"].startswith("text/html"), query


def test_many_are_claimed_and_passed_on_at_once_and_what_was_not_is_told(
    counter: Counter, browser: Any
) -> None:
    for _ in range(3):
        counter.town.enterprise()
    page = browser.get("/work-items").text
    items = re.findall(r'name="item" value="(\d+)"', page)
    assert len(items) == 3
    nothing = browser.post("/work-items/chosen", data={"act": "claim"})
    assert nothing.status_code == 400 and "没有选中" in nothing.text
    done = browser.post("/work-items/chosen", data={"act": "claim", "item": items[:2]})
    assert "办好2项" in done.text
    passed = browser.post(
        "/work-items/chosen", data={"act": "reassign", "account": "colleague", "item": items[:1]}
    )
    assert "办好1项" in passed.text
    mixed = browser.post("/work-items/chosen", data={"act": "claim", "item": [*items, "999999"]})
    assert "办好2项" in mixed.text and "2项没有办成" in mixed.text
    with counter.town.runtime.reading(SERVICE) as unit:
        held = unit.db.execute(select(WorkItem.assignee_id).order_by(WorkItem.id)).scalars().all()
    assert None not in held and len(set(held)) == 2


def test_filters_are_kept_under_a_name_and_forgotten_again(counter: Counter, browser: Any) -> None:
    kept = browser.post("/work-items/views", data={"name": "急件", "band": "overdue", "free": "true"})
    assert kept.status_code == 303
    page = browser.get("/work-items").text
    assert "★ 急件" in page and "/work-items?band=overdue&amp;free=true" in page
    here = browser.get("/work-items?band=overdue&free=true").text
    assert re.search(r"<a [^>]*aria-current[^>]*>★ 急件", here)
    again = browser.post("/work-items/views", data={"name": "急件", "view": "mine"})
    assert again.status_code == 303 and browser.get("/work-items").text.count("★ 急件") == 1
    for name in ("", " ", "字" * 41, "a\u2028b"):
        assert browser.post("/work-items/views", data={"name": name}).status_code == 400
    for number in range(MOST - 1):
        assert browser.post("/work-items/views", data={"name": str(number)}).status_code == 303
    full = browser.post("/work-items/views", data={"name": "满"})
    assert full.status_code == 422 and str(MOST) in full.text
    drop = next(path for path in Forms(browser.get("/work-items").text).found if path.endswith("/drop"))
    assert browser.post(drop, data={"view": "unit"}).status_code == 303
    assert "★ 急件" not in browser.get("/work-items").text


def test_nobody_sees_or_drops_what_another_has_kept(counter: Counter, browser: Any) -> None:
    browser.post("/work-items/views", data={"name": "我的急件", "band": "overdue"})
    drop = next(path for path in Forms(browser.get("/work-items").text).found if path.endswith("/drop"))
    browser.cookies.clear()
    browser.post("/login", data={"account": "colleague", "password": PASSWORD})
    assert "我的急件" not in browser.get("/work-items").text
    browser.post(drop, data={"view": "unit"})
    browser.cookies.clear()
    browser.post("/login", data={"account": "clerk", "password": PASSWORD})
    assert "★ 我的急件" in browser.get("/work-items").text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_workbook_is_exactly_what_is_shown_and_holds_no_formula(
    counter: Counter, browser: Any, due: Any, language: str
) -> None:
    due({'=HYPERLINK("x")公司': counter.town.clock.now().date(), "某无公司": None})
    answer = browser.get(f"/work-items/export.xlsx?band=today&lang={language}")
    assert answer.status_code == 200 and answer.headers["content-disposition"].startswith("attachment")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert len(rows) == 4 and rows[3][3] == '=HYPERLINK("x")公司'
    assert ("clerk" in str(rows[1][0])) and len(rows[2]) == 12
    assert rows[3][7] in ("今日到期", "Due today") and rows[3][8] == "0"
    with counter.town.runtime.reading(SERVICE) as unit:
        (line,) = unit.db.execute(select(Journal.detail).where(Journal.what == "list.export")).all()
    assert line.detail["rows"] == 1
