"""An auditor's day in a real browser: from a question to its list, to a case, to how it stood the day before, to the proof of one line, to a
bundle of it all, which is verified where nothing of this service is, by two programs."""

import re
import shutil
import subprocess
import sys
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_administrator import enter

pytestmark = pytest.mark.browser

NODE = shutil.which("node")
SECOND = Path(__file__).parents[2] / "deploy" / "verify" / "verify.mjs"


def offline(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """A program at work in an empty environment: no settings, no database."""
    return subprocess.run(
        [str(word) for word in words],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin"},
    )


def test_from_a_question_to_a_proof_that_needs_nobody(page: Page, tmp_path: Path) -> None:
    enter(page, "auditor.220204")
    page.get_by_role("link", name="审计查问").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("审计查问")
    page.get_by_role("link", name="值得一问的情况").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("值得一问的情况")
    first = (date.today() - timedelta(days=330)).isoformat()
    page.get_by_label("从").fill(first)
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_role("table")).to_contain_text(first)
    rows = page.locator("tr[data-row]")
    asked = rows.filter(has_not=page.get_by_role("cell", name="0", exact=True)).first
    count = int(asked.get_by_role("cell").nth(1).inner_text())
    question = asked.get_by_role("link").inner_text()
    asked.get_by_role("link").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(question)
    expect(page.locator("section[data-row]")).to_have_count(min(count, 100))
    one = page.locator("section[data-row] li").first
    case = one.get_by_role("link").first.inner_text()
    one.get_by_role("link", name="前后对照").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(case)
    before, after = (page.get_by_label(name).input_value() for name in ("此日", "彼日"))
    assert date.fromisoformat(after) - date.fromisoformat(before) == timedelta(days=1)
    page.goto(re.sub(r"/as-of.*", "", page.url))

    expect(page.get_by_role("heading", level=1)).to_have_text(case)
    numbered = page.locator(".entry").get_by_role("link").first
    number = numbered.inner_text()
    numbered.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    expect(page.get_by_label("检查点")).to_contain_text("gongjian")
    page.go_back()

    with page.expect_download() as waited:
        page.get_by_role("button", name="导出存证包").click()
    bundle = tmp_path / "case.zip"
    waited.value.save_as(bundle)
    page.get_by_role("link", name="存证账本").click()
    page.get_by_text("账本公钥").first.click()
    key = page.locator("details pre").inner_text().strip()
    page.get_by_role("link", name="操作日志").click()
    expect(page.locator("tr[data-row]").first).to_contain_text("导出存证包")

    ours = offline(Path(sys.executable).with_name("gongjian"), "verify", bundle, "--log", key)
    assert ours.returncode == 0 and "✓" in ours.stdout, ours
    if NODE is not None:
        assert offline(NODE, SECOND, bundle, "--log", key).returncode == 0
    forged = tmp_path / "forged.zip"
    with zipfile.ZipFile(bundle) as whole, zipfile.ZipFile(forged, "w") as other:
        for name in whole.namelist():
            content = whole.read(name)
            other.writestr(
                name, content.replace(b"2026-", b"2025-", 1) if name == "entries.jsonl" else content
            )
    assert offline(Path(sys.executable).with_name("gongjian"), "verify", forged, "--log", key).returncode == 1


def test_time_stands_beside_its_term_and_who_did_what_is_found(page: Page) -> None:
    enter(page, "auditor.220204")
    page.goto(f"/audit/durations?first={date.today() - timedelta(days=330)}")
    row = page.get_by_role("row").filter(has_text="首次联系期限")
    expect(row.first).to_contain_text("天")
    page.get_by_role("link", name="查找办理").click()
    page.get_by_label("账号").fill("union.220204102")
    page.get_by_role("button", name="查找").click()
    expect(page).to_have_url(re.compile("account=union"))
    rows = page.locator("tr[data-row]")
    expect(rows.first).to_contain_text("union.220204102")
    for at in range(rows.count()):
        expect(rows.nth(at)).to_contain_text("union.220204102")
