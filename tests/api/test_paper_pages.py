"""Papers on pages: written from the case, looked at, issued, and chosen as evidence of the step; and the page behind a notice's code."""

import re
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from httpx2 import Response

from services.documents.filling import words_of
from services.documents.house_templates import house_template
from services.documents.slips import new_slip
from services.runtime import Unit
from services.settings import Limits
from tests.builders import COUNTY, HERE, TOWN, Counter
from tests.papers import LOCAL, draft, issued, lies, ready, with_marks

ADMIN = f"admin.{COUNTY}"


class Browser:
    """A browser that is signed in as somebody."""

    def __init__(self, counter: Counter, account: str) -> None:
        self.client = counter.client
        self.cookies = {"gongjian_session": counter.town.session(account)} if account else {}

    def get(self, path: str) -> Response:
        return self.client.get(path, headers=self._headers())

    def post(self, path: str, said: dict[str, str], **more: Any) -> Response:
        """A form of one of our pages. `Any`: whatever httpx2 takes."""
        return self.client.post(path, data=said, headers=self._headers(), **more)

    def send(self, path: str, said: dict[str, str]) -> Response:
        """A form that may hold files."""
        return self.client.post(
            path, files={name: (None, text) for name, text in said.items()}, headers=self._headers()
        )

    def _headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookies, "Accept": "text/html"}


def controls(page: str) -> dict[str, str]:
    """What stands in the controls of the first form that has any, as a browser would send it."""
    found = dict[str, str]()
    for name, text in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', page):
        found[name] = _plain(text)
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r' name="([^"]+)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and "radio" not in tag and name[1].partition(".")[0] in ("string", "integer"):
            found[name[1]] = _plain(value[1]) if value else ""
    return found


def _plain(text: str) -> str:
    for mark, plain in (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&amp;", "&")):
        text = text.replace(mark, plain)
    return text


def test_a_request_is_written_on_the_case_issued_and_handed_in(counter: Counter) -> None:
    _, case, moving = ready(with_marks(counter.town))
    staff = Browser(counter, LOCAL)
    page = staff.get(f"/cases/{case}").text
    link = re.search(
        rf'href="(/cases/{case}/write/request\?proceeding={moving}&amp;kind=union_application)"', page
    )
    assert link, "the page offers to write it here"
    write = _plain(link[1])
    form = staff.get(write)
    said = controls(form.text)
    assert "30人自愿申请入会" in said["string.text"]
    missing = staff.send(write, said)
    assert missing.status_code == 400 and "签发人" in missing.text, "the form says what is missing"
    kept = staff.send(write, said | {"string.signer": "某某"})
    assert kept.status_code == 303
    there = kept.headers["location"]
    looked = staff.get(there).text
    assert "签发时编号" in looked and "燚&amp;&lt;鑫&gt;" in looked
    changed = staff.send(there, controls(looked) | {"string.note": "联系岗位：组织部", "revision": "1"})
    assert changed.status_code == 303
    stale = staff.post(f"{there}/issue", {"revision": "1"})
    assert stale.status_code == 409
    done = staff.post(f"{there}/issue", {"revision": "2"})
    assert done.status_code == 303
    paper = staff.get(done.headers["location"])
    assert "越工发〔2026〕1号" in paper.text and "PDF尚未生成" in paper.text
    sheet = staff.get(f"{done.headers['location']}/sheet")
    assert "联系岗位：组织部" in "".join(words_of(sheet.content))
    assert staff.get(f"{done.headers['location']}/pdf").status_code == 404
    assert staff.get(there).headers["location"] == done.headers["location"]
    page = staff.get(f"/cases/{case}").text
    chosen = re.search(r'<option value="(\d+)" selected>越工发〔2026〕1号</option>', page)
    revision = re.search(
        r'name="revision" value="(\d+)"', page[page.index(f"/proceedings/{moving}/file_application") :]
    )
    assert chosen and revision
    step = staff.send(
        f"/cases/{case}/proceedings/{moving}/file_application",
        {"revision": revision[1], "filed.union_application": chosen[1]},
    )
    assert step.status_code == 303, step.text
    assert "已归入案卷" in staff.get(f"/cases/{case}").text
    assert "越工发〔2026〕1号" in staff.get("/papers?year=2026&mark=越工发").text


def test_what_is_offered_depends_on_who_looks(counter: Counter) -> None:
    _, case, _ = ready(with_marks(counter.town))
    for account, offered, not_offered in (
        (LOCAL, "函", "预建通报单"),
        (f"investment.{TOWN}", "预建通报单", "批复"),
        (f"party.{TOWN}", "任命（选派）通知", "建会通知书"),
    ):
        page = Browser(counter, account).get(f"/cases/{case}").text
        links = "".join(re.findall(r'<a href="/cases/\d+/write/[^"]*">([^<]*)', page))
        assert offered in links and not_offered not in links, account
    for account in (f"auditor.{COUNTY}", f"registry.{COUNTY}"):
        assert "/write/" not in Browser(counter, account).get(f"/cases/{case}").text


def test_a_withdrawal_needs_a_reason_and_shows_it(counter: Counter) -> None:
    town = with_marks(counter.town)
    _, case, _ = ready(town)
    told = issued(town, LOCAL, draft(town, LOCAL, "letter", case, to="某单位"))
    staff = Browser(counter, LOCAL)
    here = f"/papers/{told['id']}"
    assert staff.post(f"{here}/withdraw", {"reason": " "}).status_code == 400
    assert staff.post(f"{here}/withdraw", {"reason": "主送有误"}).status_code == 303
    assert "主送有误" in staff.get(here).text
    assert staff.post(f"{here}/withdraw", {"reason": "再撤"}).status_code == 409
    auditor = Browser(counter, f"auditor.{COUNTY}")
    assert "主送有误" in auditor.get("/papers").text and auditor.get(f"{here}/sheet").status_code == 404


def test_an_administrator_changes_a_template_and_the_next_paper_is_made_from_it(counter: Counter) -> None:
    town = with_marks(counter.town)
    _, case, _ = ready(town)
    admin, staff = Browser(counter, ADMIN), Browser(counter, LOCAL)
    here = f"/admin/templates/{LOCAL}"
    assert LOCAL in admin.get("/admin/templates").text and staff.get("/admin/templates").status_code == 403
    taken = admin.get(f"{here}/letter")
    assert taken.content == house_template("letter")
    sheet = Document(BytesIO(taken.content))
    sheet.paragraphs[0].insert_paragraph_before("本单位自己的版头")
    kept = BytesIO()
    sheet.save(kept)
    brought = admin.post(f"{here}/letter", {}, files={"file": ("函.docx", kept.getvalue())})
    assert brought.status_code == 303, brought.text
    first = issued(town, LOCAL, draft(town, LOCAL, "letter", case, to="某单位"))
    assert admin.post(f"{here}/letter/house", {}).status_code == 303
    second = issued(town, LOCAL, draft(town, LOCAL, "letter", case, to="某单位"))
    for told, own in ((first, True), (second, False)):
        text = "".join(words_of(staff.get(f"/papers/{told['id']}/sheet").content))
        assert ("本单位自己的版头" in text) == own
    assert admin.post(f"{here}/mark", {"mark": "1"}).status_code == 400
    assert admin.post(f"{here}/mark", {"mark": "越新工"}).status_code == 303
    third = issued(town, LOCAL, draft(town, LOCAL, "letter", case, to="某单位"))
    assert third["number"] == "越新工函〔2026〕1号"
    assert admin.get("/admin/templates/union.220202").status_code == 404


def test_the_page_behind_a_code_tells_nothing_and_takes_one_answer(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = with_marks(counter.town)
    tokens = list[str]()

    def remember(unit: Unit, paper: int, token: str) -> None:
        tokens.append(token)
        new_slip(unit, paper, token)

    monkeypatch.setattr("services.documents.issue.new_slip", remember)
    town.runtime.settings = town.runtime.settings.model_copy(update={"public_url": HERE})
    code = town.enterprise(name="甲机械有限公司")
    case, moving = lies(town, code, "lead")
    issued(
        town,
        LOCAL,
        draft(town, LOCAL, "founding_notice", case, moving, "union_founding_notice", contact="工会"),
    )
    anybody = Browser(counter, "")
    (token,) = tokens
    page = anybody.get(f"/r/{token}")
    assert page.status_code == 200 and "越工建〔2026〕1号" in page.text
    for secret in ("甲机械", code, "/cases/", LOCAL):
        assert secret not in page.text.replace(f"{LOCAL}（测试）", ""), secret
    assert anybody.post(f"/r/{token}", {"answer": "never"}).status_code == 400
    done = anybody.post(f"/r/{token}", {"answer": "supports"})
    assert done.status_code == 200 and "已收到您的回执" in done.text
    assert anybody.post(f"/r/{token}", {"answer": "supports"}).status_code == 409
    assert "已经提交过" in anybody.get(f"/r/{token}").text
    wrong = anybody.get("/r/" + "A" * 32)
    assert wrong.status_code == 404 and "无效或已经过期" in wrong.text
    foreign = counter.client.post(
        f"/r/{token}", data={"answer": "later"}, headers={"Origin": "https://elsewhere.example"}
    )
    assert foreign.status_code == 403


def test_codes_are_not_guessed_by_the_thousand(counter: Counter) -> None:
    runtime = counter.town.runtime
    runtime.settings = runtime.settings.model_copy(update={"limits": Limits(sign_in_rate=3)})
    anybody = Browser(counter, "")
    answers = [anybody.get("/r/" + letter * 32) for letter in "ABCD"]
    assert [one.status_code for one in answers] == [404, 404, 404, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_papers_over_the_counter(counter: Counter) -> None:
    town = with_marks(counter.town)
    _, case, moving = ready(town)
    asked = {"case": str(case), "form": "request", "proceeding": str(moving), "kind": "union_application"}
    known = counter.get(LOCAL, "/api/v1/papers/suggestion", params=asked).json()
    assert set(known["fields"]["required"]) == {"title", "to", "text", "signer"}
    made = counter.post(
        LOCAL, "/api/v1/papers/drafts", json=asked | {"fields": known["said"] | {"signer": "某某"}}
    )
    assert made.status_code == 201, made.text
    here = f"/api/v1/papers/drafts/{made.json()['id']}"
    assert counter.post(LOCAL, f"{here}/issue", json={"revision": 9}).status_code == 409
    told = counter.post(LOCAL, f"{here}/issue", json={"revision": 1}).json()
    assert told["number"] == "越工发〔2026〕1号"
    step = counter.post(
        LOCAL, f"/api/v1/proceedings/{moving}/steps/file_application", json={"evidence": [told["document"]]}
    )
    assert step.status_code == 200, step.text
    listed = counter.get(LOCAL, "/api/v1/papers", params={"year": "2026"}).json()
    assert [one["id"] for one in listed["items"]] == [told["id"]]
    assert counter.get(LOCAL, "/api/v1/papers", params={"year": "26"}).status_code == 400
    assert counter.get(f"union.{COUNTY}", f"/api/v1/papers/{told['id']}").status_code == 404
    assert counter.get(LOCAL, f"/api/v1/papers/{told['id']}/pdf").status_code == 404
    held = counter.post(LOCAL, f"/api/v1/papers/{told['id']}/withdraw", json={"reason": "写错了"})
    assert held.json()["code"] == "paper_filed"
