"""The plain pages: a door, the work items, the cases; in two languages, without script, closed to
other sites' forms."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.cli.main import app
from api.web.home import COMMANDS, ON_PAGES
from services.access.accounts import create_account
from services.access.permissions import RIGHTS
from services.actor import SERVICE
from tests.builders import COUNTY, PASSWORD, TOWN, Counter

LOCAL = f"union.{TOWN}"


@pytest.fixture
def signed_in(counter: Counter) -> Callable[[str], TestClient]:
    """A browser with the session of a new account of some body."""

    def sign_in(body: str) -> TestClient:
        name = f"page.{body}"
        with counter.town.runtime.writing(SERVICE) as unit:
            create_account(unit, name, body, PASSWORD)
        answer = counter.client.post("/login", data={"account": name, "password": PASSWORD})
        assert answer.status_code == 303 and answer.headers["location"] == "/"
        return counter.client

    return sign_in


def test_whoever_is_not_signed_in_is_sent_to_the_door(client: TestClient) -> None:
    for path in ("/", "/cases", "/cases/1"):
        answer = client.get(path)
        assert answer.status_code == 303 and answer.headers["location"] == "/login"
    assert 'lang="zh-CN"' in client.get("/login").text
    assert "Sign in" in client.get("/login?lang=en").text
    assert "Sign in" in client.get("/login", headers={"Accept-Language": "en"}).text


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(counter: Counter, signed_in: Any) -> None:
    signed_in(LOCAL)
    (cookie,) = [one for one in counter.client.cookies.jar if one.name == "gongjian_session"]
    assert cookie.has_nonstandard_attr("HttpOnly") and cookie.get_nonstandard_attr("SameSite") == "lax"
    assert not cookie.secure  # the test speaks plain http


def test_a_wrong_password_shows_the_door_again_without_the_words(client: TestClient) -> None:
    answer = client.post("/login", data={"account": "nobody.here", "password": "geheim<script>"})
    assert answer.status_code == 401 and "账号或密码不对" in answer.text
    assert "geheim" not in answer.text and "nobody.here" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
    ],
)
@pytest.mark.parametrize("path", ["/login", "/logout"])
def test_a_form_from_another_site_is_refused(client: TestClient, path: str, headers: dict[str, str]) -> None:
    answer = client.post(path, data={"account": "a", "password": "b"}, headers=headers)
    assert answer.status_code == 403


def test_our_own_form_is_taken(client: TestClient) -> None:
    for headers in ({"Origin": "http://127.0.0.1:8000"}, {"Sec-Fetch-Site": "same-origin"}, {}):
        answer = client.post("/login", data={"account": "a", "password": "b"}, headers=headers)
        assert answer.status_code == 401


def test_the_work_items_and_the_case_are_shown_with_their_reasons(counter: Counter, signed_in: Any) -> None:
    code = counter.town.enterprise(name="<b>甲乙</b>有限公司")
    counter.town.take(LOCAL, code, "lead", "survey", headcount=40, applicants=0)
    browser = signed_in(LOCAL)
    home = browser.get("/").text
    assert "按职工意愿决定下一步" in home and "&lt;b&gt;甲乙&lt;/b&gt;" in home and "<b>甲乙" not in home
    listed = browser.get("/cases", params={"name": "甲乙"}).text
    (where,) = set(re.findall(r'href="(/cases/\d+)"', listed))
    page = browser.get(where).text
    for told in ("至少要有1名职工自愿申请", "企业并完成摸底", "怎么算的", "届满日", code):
        assert told in page, told
    english = browser.get(where, params={"lang": "en"}).text
    assert "The enterprise was visited and surveyed" in english and 'lang="en"' in english
    assert browser.get("/cases", params={"name": "丙丁"}).text.count("/cases/") == 0


def test_a_heading_stands_over_something_or_not_at_all(counter: Counter, signed_in: Any) -> None:
    """An office that only reports sees how far a file is, and not what was done in it."""
    case = counter.case(LOCAL, counter.town.enterprise())["id"]
    for body in (LOCAL, f"registry.{COUNTY}"):
        page = signed_in(body).get(f"/cases/{case}").text
        assert not re.search(
            r"<h[23]>[^<]*</h[23]>\s*(<ul>|<ol[^>]*>)?\s*(<h\d|</section|</main|</[uo]l>)", page
        )
    assert "办理过程" not in page


def test_a_page_that_is_not_yours_is_told_on_a_page(counter: Counter, signed_in: Any) -> None:
    code = counter.town.enterprise()
    case = counter.case(LOCAL, code)["id"]
    browser = signed_in("union.220204101")
    for path in (f"/cases/{case}", "/cases/abc"):
        answer = browser.get(path)
        assert answer.status_code == 404 and answer.headers["content-type"].startswith("text/html")
    assert browser.get("/cases?division=x").status_code == 400


def test_the_pages_hold_no_script_of_their_own_and_no_address_of_others(
    counter: Counter, signed_in: Any
) -> None:
    """Script and style come from our own files only, which the policy of every answer demands."""
    counter.town.enterprise()
    browser = signed_in(LOCAL)
    for path in ("/login", "/", "/work-items?view=waiting", "/cases", "/cases/1"):
        text = browser.get(path).text
        assert not re.search(r"<script[^>]*>(?!</script>)|<script(?! src=)", text), path
        assert all(src.startswith("/static/") for src in re.findall(r"<script src=\"([^\"]*)\"", text)), path
        assert not re.search(r"\s(style|on\w+)=|javascript:|https?://", text), path


def test_an_administrator_signs_in_and_sees_no_case(counter: Counter, signed_in: Any) -> None:
    counter.town.enterprise()
    browser = signed_in(f"admin.{COUNTY}")
    home = browser.get("/").text
    assert "/cases" not in home and "gongjian account" not in home
    assert '<a href="/admin/bodies"' in home and "gongjian triage" in home
    assert browser.get("/cases").status_code == 403


def test_a_security_administrator_is_told_the_commands_of_his_trade(counter: Counter, signed_in: Any) -> None:
    browser = signed_in(f"security.{COUNTY}")
    home = browser.get("/?lang=en").text
    assert (
        "gongjian account token" in home
        and "gongjian key pair" in home
        and "manage offices&#39; signing keys" in home
    )
    assert "/cases" not in home and ">Home</a>" in home
    assert "/cases" not in browser.get("/account").text


def test_every_command_a_page_names_is_one_and_every_right_it_is_for_is_one() -> None:
    there = {one.name for one in app.registered_groups} | {
        f"{group.name} {command.name or command.callback.__name__}"
        for group in app.registered_groups
        for command in group.typer_instance.registered_commands
    }
    named = {command for _, _, command in COMMANDS} | {command for _, command in ON_PAGES.values() if command}
    assert named <= there
    assert {right for right, _, _ in COMMANDS} | set(ON_PAGES) <= set(RIGHTS)


def test_after_signing_out_the_old_cookie_opens_nothing(counter: Counter, signed_in: Any) -> None:
    browser = signed_in(LOCAL)
    kept = browser.cookies["gongjian_session"]
    assert browser.post("/logout").headers["location"] == "/login"
    browser.cookies.set("gongjian_session", kept)
    assert browser.get("/").status_code == 303


def test_a_file_that_is_about_no_enterprise_says_what_it_is_about(counter: Counter, signed_in: Any) -> None:
    counter.town.hands.begin(LOCAL, "joint_union", "propose", name="越北镇<i>联合工会")
    browser = signed_in(LOCAL)
    listed = browser.get("/cases").text
    assert "越北镇&lt;i&gt;联合工会" in listed and "联合工会 · GJ-" in listed
    (path,) = re.findall(r'href="(/cases/\d+)"', listed)
    assert "未登记" not in browser.get(path).text
    assert "joint union" in browser.get(f"{path}?lang=en").text
