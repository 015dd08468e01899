"""What is taken out of a list as a workbook is what its page shows: the same rows, under the same filters, all of its pages; no cell is a
formula, and the journal says that it was taken out."""

from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from services.actor import SERVICE
from services.db.models.access import Journal
from services.db.models.casework import Case
from tests.api.test_supervision_pages import lay, signed_in
from tests.builders import COUNTY, TOWN, Counter

UNION, ABOVE, PARTY = f"union.{TOWN}", f"union.{COUNTY}", f"party.{TOWN}"


def sheet(browser: Any, address: str) -> list[list[str]]:
    """Head and rows of the workbook. `Any`: a test client."""
    answer = browser.get(address)
    assert answer.status_code == 200 and answer.headers["content-disposition"].startswith("attachment")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert f"page.{browser.body}" in str(rows[1][0])
    return [[str(cell) for cell in row] for row in rows[2:]]


def browser_of(counter: Counter, body: str) -> Any:
    """`Any`: a test client."""
    found = signed_in(counter, body)
    found.body = body
    return found


def written(counter: Counter) -> list[tuple[str, int]]:
    with counter.town.runtime.reading(SERVICE) as unit:
        lines = unit.db.execute(select(Journal.about, Journal.detail).where(Journal.what == "list.export"))
        return [(line.about, line.detail["rows"]) for line in lines]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_of_files_is_taken_out_as_it_was_searched(counter: Counter, language: str) -> None:
    town = counter.town
    for number in range(60):
        town.enterprise(name=f"同名{number:02}号公司")
    town.enterprise(name="别的公司")
    with town.runtime.writing(SERVICE) as unit:
        first = select(Case.id).order_by(Case.id).limit(1).scalar_subquery()
        unit.db.execute(update(Case).where(Case.id == first).values(name="=1+1同名公司"))
    browser = browser_of(counter, UNION)
    head, *rows = sheet(browser, f"/cases/export.xlsx?name=同名&lang={language}")
    assert len(rows) == 60 and len(head) == 7, "both pages of it, and nothing else"
    assert [rows[0][1], rows[-1][1]] == ["同名59号公司", "=1+1同名公司"]
    shown = browser.get(f"/cases?name=同名&lang={language}").text
    assert all(cell.split("\n")[0] in shown for cell in rows[0][1:]), rows[0]
    assert "/cases/export.xlsx?name=%E5%90%8C%E5%90%8D" in shown
    assert written(counter) == [("files", 60)]


def test_notices_are_taken_out_box_by_box(counter: Counter) -> None:
    counter.town.with_union(counter.town.enterprise(name="某公司"))
    browser = browser_of(counter, PARTY)
    head, *rows = sheet(browser, "/notices/export.xlsx?box=in&status=delivered")
    assert rows and head[5] == "来自" and {row[6] for row in rows} == {"待签收"}
    assert {row[3] for row in rows} == {"某公司"} and {row[5] for row in rows} == {f"{UNION}（测试）"}
    head, *rows = sheet(browser, "/notices/export.xlsx?box=out")
    assert head[5] == "发往"
    assert browser.get("/notices/export.xlsx?box=elsewhere").status_code == 400
    assert [about for about, _ in written(counter)] == ["notices", "notices"]


def test_the_board_and_each_number_of_it_are_taken_out(counter: Counter) -> None:
    now = counter.town.clock.now()
    lay(
        counter.town,
        {"due_on": now.date().replace(day=1)},
        {"status": "done", "closed_at": now, "due_on": now.date().replace(day=1)},
    )
    browser = browser_of(counter, ABOVE)
    head, *rows = sheet(browser, "/supervision/export.xlsx")
    (mine,) = [row for row in rows if row[1] == f"{UNION}（测试）"]
    assert dict(zip(head, mine, strict=True)) | {"序号": ""} == {
        "序号": "", "单位": f"{UNION}（测试）", "已超期": "1", "今日到期": "0", "即将到期": "0", "未到期": "0", "不设期限": "0",
        "3月办结": "1", "3月逾期办结": "1",
    }  # fmt: skip
    head, row = sheet(browser, f"/supervision/items/export.xlsx?body={UNION}&band=overdue")
    assert row[5] == "2026-03-01" and head[6] == "剩余工作日" and row[6] == "-1"
    head, row = sheet(browser, f"/supervision/items/export.xlsx?body={UNION}&band=late&lang=en")
    assert head[6:8] == ["Done at", "done late"] and row[7] == "done late"
    for body in ("", "union.999999", f"union.{COUNTY}9"):
        assert browser.get(f"/supervision/items/export.xlsx?body={body}").status_code == 404
    assert browser.get(f"/supervision/items/export.xlsx?body={UNION}&band=x").status_code == 400
    assert {about for about, _ in written(counter)} == {"supervision"}


def test_who_may_not_see_a_list_may_not_take_it_out(counter: Counter) -> None:
    browser = browser_of(counter, f"admin.{COUNTY}")
    for address in ("cases", "notices", "supervision", "supervision/items", "work-items"):
        assert browser.get(f"/{address}/export.xlsx").status_code == 403
    assert written(counter) == []
