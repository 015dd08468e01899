"""A day of a registration clerk in a real browser: she brings the first five hundred rows of a province's list, reads what each
would come to, confirms, and reads the receipt. GONGJIAN_TEST_SHOTS names a folder for pictures of what she sees."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_plain_pages import sign_in
from tests.builders import uscc
from tests.services.test_lists import HEADER, REAL

pytestmark = pytest.mark.browser

CLERK = "registry.220204"
SIZES = {"wide": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}}
PICTURES = os.environ.get("GONGJIAN_TEST_SHOTS")


def look(page: Page, name: str) -> None:
    """On a desk and on a telephone nothing stands outside the page; pictures of both, where a folder is named for them."""
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)  # type: ignore[arg-type]  # its own TypedDict
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, f"{name} is {over} px too wide on a {size}"
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{size}.png", caret="initial")
    page.set_viewport_size(SIZES["wide"])  # type: ignore[arg-type]


def counts(page: Page) -> dict[str, int]:
    """What the chips say."""
    said = page.locator(".chips a").all_inner_texts()
    return {re.sub(r"[^\w]|\d", "", one): int(re.findall(r"\d+", one)[-1]) for one in said}


@pytest.fixture
def first_rows(tmp_path: Path) -> Path:
    """The real list's first five hundred rows."""
    if not REAL.exists():
        pytest.skip("the real registry lists lie beside the checkout, and are not here")
    path = tmp_path / "jilin-2019-first-500.csv"
    path.write_bytes(b"".join((REAL / "jilin-2019.csv").read_bytes().splitlines(keepends=True)[:501]))
    return path


def test_a_clerk_brings_a_list_reads_the_verdicts_confirms_and_has_her_receipt(
    page: Page, first_rows: Path
) -> None:
    sign_in(page, CLERK)
    page.get_by_role("link", name="接入").click()
    expect(page.get_by_text("还没有报送过名单")).to_be_visible()
    look(page, "intake")
    page.get_by_label("名单文件").set_input_files(first_rows)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("预览")
    expect(page.get_by_role("status").filter(has_text="还没有收入任何一行")).to_be_visible()
    told = counts(page)
    assert told["全部"] == 500 == told["通过"] + told["警告"] + told["拒绝"]
    assert told["通过"] > 0 and told["拒绝"] > 400, "most of the province is not this office's"
    look(page, "preview")
    page.get_by_role("link", name=re.compile("拒绝")).click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("✕ 拒绝")
    expect(page.get_by_role("row").nth(1)).to_contain_text("辖区")
    look(page, "preview-refused")
    page.get_by_role("link", name=re.compile("通过")).click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("将立案")
    page.get_by_role("button", name="确认收入").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(r"回执 HZ-220204-\d{4}-\d{6}"))
    assert counts(page) == told
    page.get_by_role("link", name=re.compile("通过")).click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("已立案")
    look(page, "receipt")
    page.goto(f"{page.url.partition('?')[0]}?lang=en")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Receipt HZ-220204")
    look(page, "receipt-english")
    page.goto(f"{page.url.partition('?')[0]}?shown=pass&lang=zh")
    name = page.get_by_role("row").nth(1).get_by_role("link").inner_text()
    page.get_by_role("row").nth(1).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.goto("/lists?lang=en")
    expect(page.get_by_role("row").nth(1)).to_contain_text("✓ taken in")
    look(page, "intake-after")


def test_what_is_no_list_is_told_on_the_page_with_the_form_still_there(page: Page, tmp_path: Path) -> None:
    sign_in(page, CLERK)
    page.get_by_role("link", name="接入").click()
    wrong = tmp_path / "照片.csv"
    wrong.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    page.get_by_label("名单文件").set_input_files(wrong)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_role("alert")).to_contain_text("这不是可读的表格文件")
    expect(page.get_by_label("名单文件")).to_be_visible()
    look(page, "intake-fault")
    with page.expect_download() as waited:
        page.get_by_role("link", name="下载模板").click()
    assert waited.value.suggested_filename == "名单模板.csv"
    page.get_by_role("link", name="各栏怎么填").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("各栏怎么填")
    look(page, "columns")


def test_what_nobody_can_place_is_placed_by_the_clerk(page: Page, tmp_path: Path) -> None:
    """Positions 3 to 8 of the code are no division of today, and the address names none."""
    sign_in(page, CLERK)
    path = tmp_path / "list.csv"
    path.write_text(
        f"{HEADER}\n无处放公司,{uscc(1, '220271')},2019-01-02,N/A,,200(万),批发,吉林,吉林,某路1号\n"
    )
    page.get_by_role("link", name="接入").click()
    page.get_by_label("名单文件").set_input_files(path)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("将待人确定属地")
    look(page, "preview-triage")
    page.get_by_role("button", name="确认收入").click()
    page.get_by_role("link", name="去确定属地").click()
    row = page.locator("section.card").filter(has_text="无处放公司")
    expect(row).to_contain_text("请人工分派")
    look(page, "set-aside")
    row.get_by_label("区划代码").fill("220299")
    row.get_by_role("button", name="确定属地").click()
    expect(page.get_by_role("alert")).to_contain_text("没有办成")
    row.get_by_label("区划代码").fill("220204102")
    row.get_by_role("button", name="确定属地").click()
    expect(page.get_by_role("status").filter(has_text="属地已确定")).to_be_visible()
    page.get_by_role("link", name="接入").click()
    page.get_by_role("link", name="list.csv").click()
    receipt = page.get_by_role("row").nth(1)
    for _ in range(30):  # the worker does it
        if "已立案" in receipt.inner_text():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(receipt).to_contain_text("越北镇 220204102")
    look(page, "receipt-placed")
