"""Steps are taken on the page of the case: the form is drawn from the law, read back, and refused with nothing lost."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import text

from services.access.accounts import create_account
from services.actor import SERVICE
from tests.builders import PASSWORD, TOWN, Counter
from tests.services.test_documents import PDF

LOCAL = f"union.{TOWN}"


class Forms(HTMLParser):
    """The forms of a page: where each goes, and its controls with what stands in them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str]] = {}
        self.required: dict[str, set[str]] = {}
        self._here = ""
        self._area = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._here = said.get("action", "").partition("#")[0]
            self.found[self._here], self.required[self._here] = {}, set()
        name = said.get("name", "")
        if name and tag in ("input", "select", "textarea"):
            chosen = said.get("type") != "radio" or "checked" in said
            self.found[self._here].setdefault(name, "")
            if chosen:
                self.found[self._here][name] = said.get("value", "")
            if "required" in said:
                self.required[self._here].add(name)
            self._area = name if tag == "textarea" else ""
        if tag == "option" and "selected" in said:
            self.found[self._here][next(reversed(self.found[self._here]))] = said["value"]

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[self._here][self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""


class Clerk:
    """Somebody before a browser without script."""

    def __init__(self, counter: Counter, body: str) -> None:
        self.counter, self.browser = counter, counter.client
        name = f"page.{body}"
        with counter.town.runtime.writing(SERVICE) as unit:
            create_account(unit, name, body, PASSWORD)
        self.browser.post("/login", data={"account": name, "password": PASSWORD})

    def opens(self, code: str) -> str:
        listed = self.browser.get("/cases", params={"uscc": code}).text
        (self.path,) = set(re.findall(r'href="(/cases/\d+)"', listed))
        return self.browser.get(self.path).text

    def sends(self, page: str, step: str, files: dict[str, Any] | None = None, **typed: str) -> Response:
        """What the form of the step holds, with what is typed over it."""
        forms = Forms(page).found
        (where,) = [path for path in forms if path.endswith(f"/{step}")]
        said = {name: text for name, text in forms[where].items() if not name.startswith("paper.")} | typed
        sent = {name: (None, text) for name, text in said.items()} | (files or {})
        return self.browser.post(where, files=sent)


@pytest.fixture
def clerk(counter: Counter, client: TestClient) -> Clerk:
    return Clerk(counter, LOCAL)


def test_a_step_is_taken_with_what_was_typed_and_the_page_says_where_it_stands_now(clerk: Clerk) -> None:
    code = clerk.counter.town.enterprise()
    answer = clerk.sends(
        clerk.opens(code),
        "survey",
        **{"integer.headcount": " ４０ ", "integer.applicants": "0", "opinion": "上门了解"},
    )
    assert answer.status_code == 303, answer.text
    shown = clerk.browser.get(answer.headers["location"]).text
    assert "已办理，现在的环节" in shown and "上门了解" in shown
    assert clerk.counter.proceeding(LOCAL, code, "lead")["facts"]["headcount"] == 40


def test_what_does_not_fit_is_told_beside_its_field_and_nothing_that_was_typed_is_lost(clerk: Clerk) -> None:
    code = clerk.counter.town.enterprise()
    answer = clerk.sends(
        clerk.opens(code),
        "survey",
        **{"integer.headcount": "四十", "integer.applicants": "3", "opinion": "上门<了解>"},
    )
    assert answer.status_code == 400
    (where,) = [path for path in Forms(answer.text).found if path.endswith("/survey")]
    again = Forms(answer.text).found[where]
    assert (again["integer.headcount"], again["integer.applicants"], again["opinion"]) == (
        "四十",
        "3",
        "上门<了解>",
    )
    assert re.search(
        r'name="integer.headcount"[^>]*aria-invalid="true" aria-describedby="([^"]+)"', answer.text
    )
    assert clerk.counter.proceeding(LOCAL, code, "lead")["state"] == "contacting"
    assert "整数" in answer.text and "上门&lt;了解&gt;" in answer.text


def test_the_same_form_sent_twice_takes_the_step_once(clerk: Clerk) -> None:
    code = clerk.counter.town.enterprise()
    page = clerk.opens(code)
    typed = {"integer.headcount": "40", "integer.applicants": "2"}
    first, second = (clerk.sends(page, "survey", **typed) for _ in range(2))
    assert (first.status_code, first.headers["location"]) == (second.status_code, second.headers["location"])
    lines = clerk.counter.get(LOCAL, f"/api/v1{clerk.path}/history").json()["items"]
    assert [line["step"] for line in lines].count("survey") == 1


def test_a_page_that_has_grown_stale_takes_nothing_and_shows_what_was_typed(clerk: Clerk) -> None:
    code = clerk.counter.town.enterprise()
    page = clerk.opens(code)
    clerk.counter.town.take(LOCAL, code, "lead", "survey", headcount=30, applicants=2)
    answer = clerk.sends(page, "survey", **{"integer.headcount": "40", "opinion": "晚了一步"})
    assert answer.status_code == 409 and "晚了一步" in answer.text
    assert clerk.counter.proceeding(LOCAL, code, "lead")["facts"]["headcount"] == 30


def test_a_paper_comes_with_the_step_or_neither_is_kept(clerk: Clerk) -> None:
    code = clerk.counter.town.enterprise()
    town = clerk.counter.town
    town.take(LOCAL, code, "lead", "survey", headcount=40, applicants=2)
    town.take(LOCAL, code, "lead", "open_union")
    page = clerk.opens(code)
    asked = next(one for one in clerk.counter.proceeding(LOCAL, code, "union")["allowed"] if one["evidence"])
    step, (kind, *_) = asked["step"], asked["evidence"]
    typed = {"opinion": "材料齐全", f"number.{kind}": "船工发〔2026〕1号"}
    bad = clerk.sends(
        page, step, {f"paper.{kind}": ("批复.pdf", b"no such thing", "application/pdf")}, **typed
    )
    assert bad.status_code in (415, 422) and "材料齐全" in bad.text and "船工发〔2026〕1号" in bad.text
    missing = clerk.sends(page, step, **typed)
    assert missing.status_code == 422
    good = clerk.sends(page, step, {f"paper.{kind}": ("申请.pdf", PDF, "application/pdf")}, **typed)
    assert good.status_code == 303, good.text
    again = clerk.sends(page, step, {f"paper.{kind}": ("申请.pdf", PDF, "application/pdf")}, **typed)
    assert again.headers["location"] == good.headers["location"]
    with town.runtime.reading(SERVICE) as unit:
        assert (
            unit.db.execute(text("SELECT count(*) FROM documents WHERE name = '申请.pdf'")).scalar_one() == 1
        )


def test_a_work_item_is_claimed_passed_on_and_given_back_from_the_list(clerk: Clerk) -> None:
    clerk.counter.town.enterprise()
    with clerk.counter.town.runtime.writing(SERVICE) as unit:
        create_account(unit, "colleague", LOCAL, PASSWORD)

    def acts() -> list[str]:
        found = Forms(clerk.browser.get("/work-items").text).found
        return sorted(path.rpartition("/")[2] for path in found if re.match(r"/work-items/\d", path))

    assert acts() == ["claim", "reassign"]
    (claim,) = [
        path for path in Forms(clerk.browser.get("/work-items").text).found if path.endswith("/claim")
    ]
    assert clerk.browser.post(claim, data={"view": "unit"}).headers["location"] == "/work-items"
    assert acts() == ["reassign", "release"]
    passed = clerk.browser.post(claim.replace("claim", "reassign"), data={"account": "colleague"})
    assert passed.status_code == 303 and acts() == []
    refused = clerk.browser.post(claim, data={"view": "mine"})
    assert refused.status_code == 409 and "没有办成" in refused.text


def test_a_notice_is_acknowledged_and_answered_from_the_list(clerk: Clerk) -> None:
    town = clerk.counter.town
    code = town.enterprise()
    town.with_union(code)
    town.settle()
    party = Clerk(clerk.counter, f"party.{TOWN}")
    page = party.browser.get("/notices").text
    forms = Forms(page).found
    answer = next(path for path in forms if path.endswith("/answer"))
    lost = party.browser.post(answer, data={"outcome": "reject", "reason": ""})
    assert lost.status_code in (400, 422) and "没有办成" in lost.text
    done = party.browser.post(answer, data={"outcome": "reject", "reason": "暂无党员"})
    assert done.status_code == 303, done.text
    assert "已答复" in party.browser.get("/notices").text
    assert answer not in Forms(party.browser.get("/notices").text).found


def test_a_notice_that_was_sent_and_is_not_answered_can_be_urged_from_the_list(clerk: Clerk) -> None:
    town = clerk.counter.town
    town.with_union(town.enterprise())
    sent = clerk.browser.get("/notices?box=out").text
    (where,) = {path for path in Forms(sent).found if path.endswith("/urge")}
    done = clerk.browser.post(where, data={"view": "waiting"})
    assert done.headers["location"] == "/work-items?view=waiting"
    assert "已催办" in clerk.browser.get(done.headers["location"]).text
    again = clerk.browser.post(where, data={"view": "waiting"})
    assert again.status_code == 429 and "刚刚催办过" in again.text
    assert "/urge" not in clerk.browser.get("/notices").text
