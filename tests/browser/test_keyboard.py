"""The union's story by the keyboard alone: everybody in it signs in, is told what is owed, does it, and leaves, and nobody has a mouse. A
lead becomes an established union, and the Party side acknowledges the notice of it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from services.access.resets import reset_password
from services.demo.hands import examples
from tests.browser.conftest import Street
from tests.browser.keyboard import Typist
from tests.builders import COUNTY, TOWN
from workflows.definition import Field

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)]

UNION, ABOVE, PARTY = f"union.{TOWN}", f"union.{COUNTY}", f"party.{TOWN}"
NAME = "红光机械有限公司"
OWN = "her own chuan-ying 2204"


class Office:
    """The people of the story before one browser, one after the other."""

    def __init__(self, street: Street) -> None:
        self.street, self.page = street, street.page
        self.typist = Typist(self.page)
        self._passwords: dict[str, str] = {}

    @contextmanager
    def signed_in(self, account: str) -> Iterator[None]:
        """She signs in, and out again. The first time it is with the password that the security administrator has handed her, and she
        chooses one of her own."""
        first = account not in self._passwords
        if first:
            guardian = self.street.town.hands.actor(f"security.{COUNTY}")
            with self.street.town.runtime.writing(guardian) as unit:
                self._passwords[account] = reset_password(unit, account)
        page, typist = self.page, self.typist
        if not page.url.endswith("/login"):
            page.goto("/login")
        typist.types_into(page.get_by_label("账号"), account)
        typist.types_into(page.get_by_label("密码"), self._passwords[account])
        typist.press("Enter")
        if first:
            expect(page.get_by_role("heading", level=1)).to_have_text("请设置自己的密码")
            typist.types_into(page.get_by_label("新密码"), OWN)
            typist.press("Enter")
            self._passwords[account] = OWN
        expect(page.get_by_role("heading", level=1)).to_contain_text("工作台")
        yield
        typist.goes_to(page.get_by_role("button", name="退出"), back=True)
        typist.press("Enter")
        expect(page).to_have_url(re.compile("/login$"))

    def _stands_at(self, heading: str) -> None:
        """The page is there, and reading begins at its heading."""
        found = self.page.get_by_role("heading", level=1)
        expect(found).to_have_text(heading)
        expect(found).to_be_focused()

    def finds(self) -> None:
        """The page of the case, by a search."""
        self.typist.press("g", "c")
        self._stands_at("案卷")
        self.typist.press("/")
        expect(self.page.get_by_label("企业名称")).to_be_focused()
        self.page.keyboard.insert_text(NAME[:4])
        self.typist.press("Enter")
        expect(self.page.get_by_role("row")).to_have_count(2)
        self._stands_at("案卷")
        self.typist.press("j", "Enter")
        self._stands_at(NAME)

    def goes_by_inbox(self, task: str) -> None:
        """The page of the case, from the item in the inbox, which is claimed first."""
        self.typist.press("g", "i")
        self._stands_at("本单位待办")
        row = self.page.get_by_role("row").filter(has_text=NAME).filter(has_text=task)
        for _ in range(self.page.locator("tr[data-row]").count()):
            self.typist.press("j")
            if self.typist.is_at(row.get_by_role("link")):
                break
        self.typist.press("s")
        expect(row.get_by_role("button", name="退回")).to_be_visible()
        expect(row.get_by_role("link"), "who has claimed a row stays with it").to_be_focused()
        self.typist.press("Enter")
        expect(self.page.get_by_role("heading", level=1)).to_have_text(NAME)
        expect(self.page.locator("h2:focus"), "the part of the file that the item is about").to_be_visible()

    def does(self, procedure: str, step: str, **fields: object) -> None:
        """The step's form is found, filled in from its own examples where nothing is given, and sent. The workers have done their part."""
        law = self.street.town.runtime.law.current(procedure)
        declared = law.step[step]
        with self.street.town.runtime.reading(self.street.town.hands.actor(UNION)) as unit:
            given = examples(unit, declared) | fields
        label = re.compile(f"^{re.escape(declared.label.zh)}$")
        summary = self.page.locator("summary").filter(has_text=label)
        box = self.page.locator("details.step").filter(has=summary)
        expect(box).to_have_count(1)
        if box.get_attribute("open") is None:
            self.typist.goes_to(summary)
            self.typist.press("Enter")
        for field in declared.fields:
            if field.name in given:
                self._fills(box, field, given[field.name])
        for paper in declared.evidence:
            kind = box.get_by_role("group", name=paper.label.zh, exact=True)
            self.typist.brings(kind.locator("input[type=file]"), "材料.txt", f"{step}\n".encode())
        self.typist.goes_to(box.get_by_role("button", name=declared.label.zh))
        self.typist.press("Space" if declared.evidence else "Enter")
        told = self.page.get_by_role("status").filter(has_text="已办理")
        expect(told).to_be_visible()
        expect(told).to_be_focused()
        self.street.town.settle()

    def _fills(self, box: Locator, field: Field, value: Any) -> None:
        """`Any`: what the form asks for."""
        called = re.compile(f"^{re.escape(field.label.zh)}(（可不填）)?$")
        match field.kind:
            case "yes_no":
                self.typist.answers(box.get_by_role("group", name=called), yes=value)
            case "choice" | "town" | "link":
                self.typist.chooses(box.get_by_label(called), value)
            case "date":
                self.typist.dates(box.get_by_label(called), date.fromisoformat(value))
            case _:
                self.typist.types_into(box.get_by_label(called), str(value))


@pytest.mark.timeout(600)
def test_the_keyboard_alone_takes_a_lead_to_an_established_union(street: Street) -> None:
    street.town.enterprise(name="先来的有限公司")
    street.town.enterprise(name=NAME)
    page, office = street.page, Office(street)
    with office.signed_in(UNION):
        office.goes_by_inbox("")
        office.does("lead", "survey", headcount=80, applicants=40)
        office.finds()
        office.does("lead", "open_union")
        office.finds()
        office.does("union", "file_application")
    with office.signed_in(ABOVE):
        office.goes_by_inbox("")
        office.does("union", "approve_preparation")
    with office.signed_in(UNION):
        office.finds()
        office.does("union", "form_group")
        office.finds()
        office.does("union", "admit_members", union_members=40, women_members=12)
        office.finds()
        office.does("union", "choose_committee")
        office.finds()
        office.does("union", "nominate")
    with office.signed_in(ABOVE):
        office.goes_by_inbox("")
        office.does("union", "approve_candidates")
    with office.signed_in(UNION):
        office.finds()
        office.does("union", "record_election", entitled=40, present=38, votes_for=30)
        office.finds()
        office.does("union", "report_result")
    with office.signed_in(ABOVE):
        office.goes_by_inbox("")
        office.does("union", "approve_result")
        expect(page.get_by_role("heading", name=re.compile("组建工会：已建会"))).to_be_visible()
    with office.signed_in(PARTY):
        office.typist.press("g", "n")
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        row = page.locator("tr[data-row]").filter(has_text=NAME).filter(has_text="待签收").first
        for _ in range(page.locator("tr[data-row]").count()):
            office.typist.press("j")
            if office.typist.is_at(row.get_by_role("link")):
                break
        told = row.get_attribute("data-row")
        office.typist.press("s")
        row = page.locator(f'tr[data-row="{told}"]')
        expect(row).to_contain_text("✓ 已签收")
        expect(row.get_by_role("link")).to_be_focused()


def test_who_made_a_mistake_is_led_to_it_by_the_keyboard(street: Street) -> None:
    street.town.enterprise(name=NAME)
    office, typist, page = Office(street), Typist(street.page), street.page
    with office.signed_in(UNION):
        office.finds()
        form = page.locator('form[action*="/survey#"]')
        typist.types_into(form.get_by_label("从业人数"), "99999999")
        typist.types_into(form.get_by_label("自愿申请入会人数"), "30")
        typist.press("Control+Enter")
        expect(page.get_by_role("alert").first).to_be_focused()
        expect(page.get_by_role("alert").first).to_be_in_viewport()
        typist.goes_to(page.get_by_role("link", name="去改正"))
        typist.press("Enter")
        expect(form.get_by_label("从业人数")).to_be_focused()
        expect(form.get_by_label("从业人数")).to_have_attribute("aria-invalid", "true")
        expect(page).to_have_url(re.compile(r"/cases/\d+#"))
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
