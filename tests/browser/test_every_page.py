"""Every page there is, in both languages and both sizes of letters: nothing that axe can find against WCAG 2.2 AA, no raw identifier, and
no need to scroll sideways on a telephone."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from services.actor import SERVICE
from services.channels.deliver import deliver
from services.channels.keep import Wanted, add, switch_off
from services.db.models.casework import Case, Proceeding
from services.directory.bodies import NATION
from services.documents.slips import new_slip
from services.intake.dead_letters import Letter, keep_dead
from services.intake.tables import REQUIRED
from services.intake.uploads import confirm, keep
from services.ledger.integrate import integrate
from services.meetings.plan import plan
from services.reckoning.questions import QUESTIONS
from tests.addresses import addresses
from tests.browser.axe import Eye
from tests.browser.conftest import Street
from tests.builders import COUNTY, TOWN, Town, joins, uscc
from tests.papers import draft, issued, with_marks
from workflows.errors import Fault

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)]

#: What a browser is not shown as a page.
NO_PAGE = {
    "/healthz", "/readyz", "/metrics", "/asyncapi.json", "/login/sso", "/login/sso/back", "/login/next", "/live",
    "/work-items/export.xlsx", "/cases/export.xlsx", "/notices/export.xlsx", "/supervision/export.xlsx",
    "/supervision/items/export.xlsx", "/lists/template.csv", "/cases/{id}/diagram/{proceeding}", "/cases/{id}/documents/{document}",
    "/meetings/{id}.ics",
    "/papers/{id}/sheet", "/papers/{id}/pdf", "/admin/templates/{body}/{form_name}",
}  # fmt: skip

PEOPLE = (
    f"union.{TOWN}", f"union.{COUNTY}", f"party.{TOWN}", f"registry.{COUNTY}", f"auditor.{COUNTY}", f"admin.{COUNTY}",
    f"security.{COUNTY}", f"admin.{NATION}",
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
    town.hands.begin(f"orgdept.{COUNTY}", "coordination", "set_up")
    plan(town.runtime)
    office = town.hands.actor(f"registry.{COUNTY}")
    kept = [
        keep(town.runtime, office, name, _list(number)) for number, name in enumerate(("甲.csv", "乙.csv"), 7)
    ]
    confirm(town.runtime, office, kept[0])
    town.enterprise(town=None, division=None)
    town.settle()
    integrate(town.runtime)
    joins(town.runtime, "admin", NATION)
    for body, why in (
        (b"{}", Fault("envelope_missing", name="id")),
        (b"x" * 99, Fault("too_large", limit="256 KiB")),
    ):
        letter = Letter.of("application/cloudevents+json", {}, body, largest=50)
        keep_dead(town.runtime, letter, why.code, why.text)
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
    found["/cases/{id}/as-of"] = [f"/cases/{one}/as-of?day=2026-03-02" for one in cases]
    found["/audit/questions/{name}"] = [f"/audit/questions/{name}" for name in QUESTIONS]
    found["/audit/figures/{report}"] = [f"/audit/figures/{_reported(town)}"]
    found["/ledger/entries/{number}"] = ["/ledger/entries/1"]
    found["/admin/calendars/{year}"] = ["/admin/calendars/2026"]
    found["/admin/keys/{office}"] = [f"/admin/keys/registry.{COUNTY}"]
    draft, paper, slip = _papers(street, int(cases[0]))
    found["/papers/drafts/{id}"] = [f"/papers/drafts/{draft}"]
    found["/papers/{id}"] = [f"/papers/{paper}"]
    found["/cases/{id}/write/{form}"] = [
        f"/cases/{cases[0]}/write/{form}" for form in ("letter", "circular", "minutes")
    ]
    found["/admin/templates/{body}"] = [f"/admin/templates/union.{TOWN}"]
    found["/r/{token}"] = [f"/r/{slip}"]
    found["/admin/channels/{id}"] = [f"/admin/channels/{one}" for one in _channels(town)]
    found["/lists/{id}"] = [f"/lists/{one}" for one in kept]
    assert pages == set(found), f"nobody knows what to fill in for {pages - set(found)}"
    return found


def _reported(town: Town) -> int:
    """The proceeding of an area whose figures are reported."""
    campaign = town.hands.begin(f"union.{COUNTY}", "campaign", "start", name="百日攻坚")
    about = {"name": "越北镇片区", "campaign": str(campaign), "town": TOWN, "target": 2}
    area = town.hands.begin(f"union.{COUNTY}", "campaign_area", "set_area", **about)
    town.hands.take_in(f"union.{TOWN}", area, "campaign_area", "report_not_met")
    town.settle()
    with town.runtime.reading(SERVICE) as unit:
        return int(unit.db.execute(select(Proceeding.id).where(Proceeding.case_id == area)).scalar_one())


def _papers(street: Street, case: int) -> tuple[int, str, str]:
    """A draft and a paper of the town's union, and the token of the code on a notice."""
    town = with_marks(street.town)
    local, slip = f"union.{TOWN}", "A" * 32
    kept = draft(town, local, "letter", case, to="某单位")
    paper = issued(town, local, draft(town, local, "letter", case, to="某单位"))
    with town.runtime.writing(SERVICE) as unit:
        new_slip(unit, int(paper["id"]), slip)
    return kept, str(paper["id"]), slip


def _channels(town: Town) -> list[int]:
    """One over which something was given up and something held; one that is switched off; and on its own page, a trial."""
    admin = town.hands.actor(f"admin.{COUNTY}")
    nowhere = Wanted(f"party.{TOWN}", "wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k")
    with town.runtime.writing(admin) as unit:
        kept = [add(unit, one) for one in (nowhere, Wanted(f"party.{TOWN}", "in_app", digest_hour="17"))]
        off = add(unit, Wanted(f"party.{TOWN}", "in_app", quiet_from="22", quiet_until="7"))
        switch_off(unit, off)
    _unplugged(town)
    town.enterprise(name="己物流有限公司")
    deliver(town.runtime)
    return [*kept, off]


def _unplugged(town: Town) -> None:
    """No host is listed any more, so that nothing leaves this machine and what would is given up."""
    chosen = town.runtime.settings.channels.model_copy(update={"hosts": ""})
    town.runtime.settings = town.runtime.settings.model_copy(update={"channels": chosen})


def _list(number: int) -> bytes:
    """One row that is sound, and one whose code is none."""
    good = f"戊{number}商贸有限公司,{uscc(number)},2026-02-27,有限责任公司,吉林市船营区越北镇1号"
    return "\n".join([",".join(REQUIRED), good, good.replace(uscc(number), "91220204X")]).encode()


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "choice", [f"lang={spoken}&size={size}" for size in ("normal", "large") for spoken in ("zh", "en")]
)
def test_every_page_can_be_used_by_everybody(street: Street, busy: dict[str, list[str]], choice: str) -> None:
    page = street.page
    wrong: list[str] = []
    eye = Eye()
    page.goto(f"/login?{choice}")
    wrong += [f"/login {one}" for one in eye.violations(page)]
    seen: set[str] = set()
    everybody = choice == "lang=zh&size=normal"  # else each page by the first who may open it
    for who in PEOPLE:
        street.is_(who)
        for paths in busy.values():
            for path in paths:
                if path in seen and not everybody:
                    continue
                answer = page.goto(path)
                if answer is None or answer.status in (303, 403, 404):
                    continue
                seen.add(path)
                page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
                wrong += [f"{who} {path} {one}" for one in eye.violations(page)]
                wrong += [
                    f"{who} {path} raw: {one}" for one in RAW.findall(page.locator("body").inner_text())
                ]
                wrong += _too_wide(page, f"{who} {path}")
                if SHOTS:
                    _shot(page, Path(SHOTS), f"{who}{path}-{choice}")
    assert wrong == []
    print(f"{eye.looked} pages looked at, {eye.passed} more of the same shape")
    assert {path for paths in busy.values() for path in paths} - seen <= {"/login"}


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
