"""What comes out of the printer: the file, the lists, the board and a receipt on A4, with what is folded up on the screen unfolded, and
nothing of what is only of use on a screen."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from services.intake.uploads import confirm, keep
from tests.browser.conftest import Street
from tests.browser.test_every_page import _list
from tests.builders import COUNTY, TOWN

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)]

SHOTS = os.environ.get("GONGJIAN_TEST_SHOTS")
#: A4 within its margins, in the browser's pixels.
A4 = {"width": 720, "height": 1040}


def printed(page: Page, path: str, name: str) -> str:
    """The words on the paper. Nothing stands beyond its edge, and nothing on it can be pressed."""
    page.goto(path)
    page.emulate_media(media="print")
    page.set_viewport_size(A4)  # type: ignore[arg-type]  # its own TypedDict
    root = "document.documentElement"
    over = page.evaluate(f"{root}.scrollWidth - {root}.clientWidth")
    assert over <= 0, f"{name} is {over} px too wide for the paper"
    for what in (
        "nav",
        "button",
        "input:not([type=hidden])",
        "select",
        "textarea",
        ".chips",
        ".top .choices",
    ):
        for one in page.locator(what).all():
            expect(one, f"{what} on the paper of {name}").to_be_hidden()
    told = page.locator("body").inner_text()
    if SHOTS:
        page.pdf(
            path=Path(SHOTS) / f"print-{name}.pdf",
            format="A4",
            margin={"top": "15mm", "left": "12mm", "right": "12mm", "bottom": "15mm"},
        )
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1366, "height": 768})
    return told


def test_the_papers_hold_what_an_office_files(street: Street) -> None:
    town = street.town
    code = town.enterprise(name="丙运输有限公司")
    town.with_union(code)
    town.enterprise(name="丁电子有限公司")
    office = town.hands.actor(f"registry.{COUNTY}")
    receipt = keep(town.runtime, office, "名单.csv", _list(7))
    confirm(town.runtime, office, receipt)
    town.settle()
    page = street.is_(f"union.{TOWN}").page
    told = printed(page, "/cases/1", "case")
    for words in ("丙运输有限公司", "已建会", "办理过程", "依据：", "登记事项", code):
        assert words in told, words
    assert "现在不能办的" not in told, "that is of use on the screen alone"
    told = printed(page, "/work-items", "inbox")
    assert "本单位待办" in told and "丁电子有限公司" in told and f"union.{TOWN}（测试）" in told
    told = printed(street.is_(f"party.{TOWN}").page, "/notices", "notices")
    assert "丙运输有限公司" in told and "待签收" in told
    told = printed(street.is_(f"union.{COUNTY}").page, "/supervision", "board")
    assert "督办" in told and f"union.{TOWN}（测试）" in told
    told = printed(street.is_(f"registry.{COUNTY}").page, f"/lists/{receipt}", "receipt")
    assert "回执" in told and "戊7商贸有限公司" in told and "拒绝" in told
