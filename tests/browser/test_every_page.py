"""Every page there is, in both languages and both sizes of letters: nothing that axe can find against WCAG 2.2 AA, no raw identifier, and
no need to scroll sideways on a telephone."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from services.actor import SERVICE
from services.db.models.casework import Case
from services.intake.tables import REQUIRED
from services.intake.uploads import confirm, keep
from tests.addresses import addresses
from tests.browser.axe import violations
from tests.browser.conftest import Street
from tests.builders import COUNTY, TOWN, uscc

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)]

#: What a browser is not shown as a page.
NO_PAGE = {
    "/healthz", "/readyz", "/metrics", "/asyncapi.json", "/login/sso", "/login/sso/back", "/login/next", "/live",
    "/work-items/export.xlsx", "/lists/template.csv", "/cases/{id}/diagram/{proceeding}", "/cases/{id}/documents/{document}",
}  # fmt: skip

PEOPLE = (
    f"union.{TOWN}", f"union.{COUNTY}", f"party.{TOWN}", f"registry.{COUNTY}", f"auditor.{COUNTY}", f"admin.{COUNTY}",
    f"security.{COUNTY}",
)  # fmt: skip
SHOTS = os.environ.get("GONGJIAN_TEST_SHOTS")

#: An identifier of the program: small letters joined by a low line. Names of accounts have none.
RAW = re.compile(r"\b[a-z]+_[a-z_]+\b|\bNone\b|\bundefined\b|\bStrEnum\b")


@pytest.fixture
def busy(street: Street) -> dict[str, list[str]]:
    """A town in which something of everything has happened; the addresses of its pages."""
    town = street.town
    for name in ("甲机械有限公司", "乙纺织有限公司"):
        town.enterprise(name=name)
    code = town.enterprise(name="丙运输有限公司")
    town.with_union(code)
    for _ in range(4):
        street.later(10)
    town.enterprise(name="丁电子有限公司")
    office = town.hands.actor(f"registry.{COUNTY}")
    kept = [
        keep(town.runtime, office, name, _list(number)) for number, name in enumerate(("甲.csv", "乙.csv"), 7)
    ]
    confirm(town.runtime, office, kept[0])
    town.enterprise(town=None, division=None)
    town.settle()
    with town.runtime.reading(SERVICE) as unit:
        cases = [str(one) for one in unit.db.execute(select(Case.id).order_by(Case.id)).scalars()]
    pages = {
        path for method, path in addresses() if method == "GET" and not path.startswith("/api/")
    } - NO_PAGE
    more = {
        "/work-items": ["?view=waiting", "?view=mine&status=done", "?view=unit&status=done", "?band=overdue"],
        "/supervision/items": [f"?body=union.{TOWN}&band=later", f"?body=union.{TOWN}&band=done"],
        "/admin/policies": ["?division=410100"],
        "/journal": ["?result=refused"],
        "/notices": ["?box=out", "?box=in&status=delivered"],
    }
    found = {
        path: [path, *(path + query for query in more.get(path, ()))] for path in pages if "{" not in path
    }
    found["/cases/{id}"] = [f"/cases/{one}" for one in cases]
    found["/admin/calendars/{year}"] = ["/admin/calendars/2026"]
    found["/admin/keys/{office}"] = [f"/admin/keys/registry.{COUNTY}"]
    found["/lists/{id}"] = [f"/lists/{one}" for one in kept]
    assert pages == set(found), f"nobody knows what to fill in for {pages - set(found)}"
    return found


def _list(number: int) -> bytes:
    """One row that is sound, and one whose code is none."""
    good = f"戊{number}商贸有限公司,{uscc(number)},2026-02-27,有限责任公司,,100(万),零售,吉林,,吉林市船营区越北镇1号"
    return "\n".join([",".join(REQUIRED), good, good.replace(uscc(number), "91220204X")]).encode()


@pytest.mark.parametrize(
    "choice", [f"lang={spoken}&size={size}" for size in ("normal", "large") for spoken in ("zh", "en")]
)
def test_every_page_can_be_used_by_everybody(street: Street, busy: dict[str, list[str]], choice: str) -> None:
    page = street.page
    wrong: list[str] = []
    page.goto(f"/login?{choice}")
    wrong += [f"/login {one}" for one in violations(page)]
    seen: set[str] = set()
    people = PEOPLE if "normal" in choice else PEOPLE[:1]  # larger letters change no page
    for who in people:
        street.is_(who)
        for paths in busy.values():
            for path in paths:
                answer = page.goto(path)
                if answer is None or answer.status in (303, 403, 404):
                    continue
                seen.add(path)
                for closed in page.locator("main details:not([open]) > summary").all():
                    if closed.is_visible():
                        closed.click()
                wrong += [f"{who} {path} {one}" for one in violations(page)]
                wrong += [
                    f"{who} {path} raw: {one}" for one in RAW.findall(page.locator("body").inner_text())
                ]
                wrong += _too_wide(page, f"{who} {path}")
                if SHOTS:
                    _shot(page, Path(SHOTS), f"{who}{path}-{choice}")
    assert wrong == []
    assert people != PEOPLE or {path for paths in busy.values() for path in paths} - seen <= {"/login"}


def _too_wide(page: Page, where: str) -> list[str]:
    """A telephone shows the page without scrolling sideways; what is wide by nature scrolls in its own frame."""
    page.set_viewport_size({"width": 390, "height": 844})
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    page.set_viewport_size({"width": 1366, "height": 768})
    return [f"{where} is {over} px too wide"] if over > 0 else []


def _shot(page: Page, folder: Path, name: str) -> None:
    name = re.sub(r"[^\w.-]+", "_", name)
    page.screenshot(path=folder / f"{name}-wide.png")
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path=folder / f"{name}-phone.png")
    page.set_viewport_size({"width": 1366, "height": 768})
