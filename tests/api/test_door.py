"""The door as a browser meets it: what it is given to keep, what another site can make it do, and what every answer says."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.cookies import SimpleCookie
from itertools import product
from typing import Any

import pyotp
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import func, select

from api.headers import HEADERS
from services.access.accounts import create_account, disable_account
from services.access.resets import reset_password
from services.access.sign_in import Admitted, renew_password
from services.access.tallies import TRIES as LOCKS_AT
from services.access.tokens import issue_office_token
from services.actor import SERVICE
from services.db.again import TRIES
from services.db.models.directory import Token
from tests.addresses import addresses
from tests.builders import COUNTY, HERE, PASSWORD, TOWN, Counter, application, assert_problem
from tests.services.test_in_the_way import in_the_way

LOCAL, NAME, NEW = f"union.{TOWN}", "li.fang", "songhua jiang 1948"
SECURE = "https://gongjian.example"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def door(counter: Counter) -> Counter:
    """The counter of a town where somebody has a password."""
    with counter.town.runtime.writing(SERVICE) as unit:
        create_account(unit, NAME, LOCAL, PASSWORD)
    return counter


@pytest.fixture
def https(door: Counter) -> Iterator[TestClient]:
    """A browser that came by https."""
    with (
        application(door.town.runtime) as app,
        TestClient(app, base_url=SECURE, follow_redirects=False, headers={"Origin": SECURE}) as client,
    ):
        yield client


def enter(client: Any, password: str = PASSWORD) -> Response:
    answer: Response = client.post("/login", data={"account": NAME, "password": password})
    return answer


def cookies(answer: Response) -> SimpleCookie:
    found = SimpleCookie()
    for line in answer.headers.get_list("set-cookie"):
        found.load(line)
    return found


# -- what a browser is given to keep ------------------------------------------------------------------


def test_behind_https_the_session_belongs_to_this_host_alone(https: TestClient) -> None:
    kept = cookies(enter(https))["__Host-gongjian_session"]
    assert (kept["secure"], kept["httponly"], kept["samesite"], kept["path"]) == (True, True, "lax", "/")
    assert kept["domain"] == "" and len(kept.value) >= 43
    assert https.get("/account").status_code == 200
    gone = cookies(https.post("/logout"))["__Host-gongjian_session"]
    assert (gone["max-age"], gone["secure"], gone["path"]) == ("0", True, "/")


def test_behind_https_a_plain_cookie_of_another_host_is_not_read(https: TestClient, door: Counter) -> None:
    enter(door.client)
    plain = door.client.cookies["gongjian_session"]
    assert https.get("/account", headers={"Cookie": f"gongjian_session={plain}"}).status_code == 303
    assert https.get("/account", headers={"Cookie": f"__Host-gongjian_session={plain}"}).status_code == 200


def test_a_session_that_another_planted_is_not_carried_on(door: Counter) -> None:
    """Session fixation: whoever signs in gets a new one, and the old one is over."""
    enter(door.client)
    planted = door.client.cookies["gongjian_session"]
    enter(door.client)
    assert door.client.cookies["gongjian_session"] != planted
    door.client.cookies.clear()
    door.client.cookies.set("gongjian_session", planted)
    assert door.client.get("/account").status_code == 303


def test_signing_out_empties_what_the_browser_kept(door: Counter) -> None:
    enter(door.client)
    assert door.client.post("/logout").headers["clear-site-data"] == '"cache", "storage"'


def test_a_closed_account_is_out_with_the_next_request(door: Counter) -> None:
    enter(door.client)
    with door.town.runtime.writing(SERVICE) as unit:
        disable_account(unit, NAME)
    assert door.client.get("/account").status_code == 303


def test_of_several_commits_at_the_door_only_the_one_that_failed_is_tried_again(
    door: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the last one fails, the first must not be made a second time (decision 0021)."""
    enter(door.client)
    before, tried = _tokens(door), list[int]()

    def busy(*_: object) -> None:
        tried.append(1)
        raise in_the_way("55P03")

    monkeypatch.setattr("api.web.door.sign_out", busy)
    assert enter(door.client).status_code == 503
    assert len(tried) == TRIES and _tokens(door) == before + 1


@pytest.mark.parametrize("times", [TRIES - 1, TRIES])
def test_of_the_questions_before_a_token_only_the_one_that_failed_is_asked_again(
    door: Counter, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    with door.town.runtime.writing(SERVICE) as unit:
        issued = reset_password(unit, NAME)
    before, tried = _tokens(door), list[int]()

    def busy(*said: Any) -> Admitted:
        tried.append(1)
        if len(tried) <= times:
            raise in_the_way("40P01")
        return renew_password(*said)

    monkeypatch.setattr("api.v1.tokens.renew_password", busy)
    said = {"account": NAME, "password": issued, "new_password": "another river in spring"}
    told = door.client.post("/api/v1/tokens", json=said)
    assert told.status_code == (200 if times < TRIES else 503) and len(tried) == TRIES
    assert _tokens(door) == before + 1  # the half one, or the whole one in its place


# -- the next questions -------------------------------------------------------------------------------


def test_the_first_page_asks_for_no_code(client: TestClient) -> None:
    page = client.get("/login").text
    assert 'name="code"' not in page and 'type="password"' in page and "autocomplete=" in page


def test_the_pages_lead_through_setting_up_an_authenticator_and_using_it(door: Counter) -> None:
    browser = door.client
    enter(browser)
    page = browser.post("/account/authenticator", data={"password": PASSWORD}).text
    secret = page.partition('<code class="key">')[2].partition("<")[0]
    authenticator = pyotp.TOTP(secret)
    now = door.town.clock.now()
    confirmed = browser.post("/account/authenticator/confirm", data={"code": authenticator.at(now)})
    assert confirmed.headers["location"] == "/account" and "已启用" in browser.get("/account").text
    browser.post("/logout")
    assert enter(browser).headers["location"] == "/login/next"
    asked = browser.get("/login/next").text
    assert 'name="code"' in asked and 'autocomplete="one-time-code"' in asked and "password" not in asked
    assert browser.get("/account").status_code == 303  # half way is not inside
    assert browser.post("/login/next", data={"code": "000000"}).status_code == 401
    code = authenticator.at(now, counter_offset=1)
    spaced = f" {code[:3]} {code[3:]} "
    assert browser.post("/login/next", data={"code": spaced}).headers["location"] == "/account"
    assert browser.get("/account").status_code == 200
    assert browser.get("/login/next").headers["location"] == "/login"


def test_where_it_is_required_the_pages_lead_a_newcomer_to_an_authenticator(door: Counter) -> None:
    runtime = door.town.runtime
    runtime.settings = runtime.settings.model_copy(update={"second_factor": "required"})
    assert enter(door.client).headers["location"] == "/login/next"
    page = door.client.get("/login/next").text
    secret = page.partition('<code class="key">')[2].partition("<")[0]
    code = pyotp.TOTP(secret).at(door.town.clock.now())
    assert door.client.post("/login/next", data={"code": code}).headers["location"] == "/"
    told = door.client.post("/api/v1/tokens", json={"account": NAME, "password": PASSWORD})
    assert_problem(told, 401, "code_needed")


def test_an_issued_password_leads_to_one_of_ones_own(door: Counter) -> None:
    with door.town.runtime.writing(SERVICE) as unit:
        issued = reset_password(unit, NAME)
    assert enter(door.client, issued).headers["location"] == "/login/next"
    assert 'autocomplete="new-password"' in door.client.get("/login/next").text
    assert door.client.post("/login/next", data={"new_password": "short"}).status_code == 400
    assert door.client.post("/login/next", data={"new_password": NEW}).headers["location"] == "/"


def test_a_person_changes_his_password_and_ends_his_other_sign_ins_on_the_page(door: Counter) -> None:
    browser = door.client
    with (
        application(door.town.runtime) as app,
        TestClient(app, base_url=HERE, headers={"Origin": HERE}) as elsewhere,
    ):
        enter(elsewhere)
        enter(browser)
        listed = browser.get("/account").text
        (other,) = {part.partition("/")[0] for part in listed.split("/account/sessions/")[1:]}
        assert browser.post(f"/account/sessions/{other}/end").headers["location"] == "/account"
        assert elsewhere.get("/account", follow_redirects=False).status_code == 303
    wrong = browser.post("/account/password", data={"password": "wrong wrong wrong", "new_password": NEW})
    assert wrong.status_code == 422 and "现在的密码不对" in wrong.text
    assert (
        browser.post("/account/password", data={"password": PASSWORD, "new_password": NEW}).status_code == 303
    )
    assert browser.get("/account").status_code == 200
    assert enter(browser).status_code == 401 and enter(browser, NEW).status_code == 303


# -- a sign-in that is over, and a page that was wanted -----------------------------------------------


def test_who_comes_back_too_late_is_told_so_and_led_to_the_page_he_wanted(door: Counter) -> None:
    browser, wanted = door.client, "/cases?name=%E7%94%B2&lang=en"
    assert browser.get("/account").headers["location"] == "/login"
    assert "登录已结束" not in browser.get("/login").text
    enter(browser)
    door.town.clock.advance(timedelta(hours=1))
    sent = browser.get(wanted).headers["location"]
    assert sent == "/login?over=1" and "登录已结束，请重新登录" in browser.get(sent).text
    assert enter(browser, "wrong").status_code == 401
    assert enter(browser).headers["location"] == wanted
    assert enter(browser).headers["location"] == "/", "it leads there once"


def test_half_way_in_too_late_is_told_too(door: Counter) -> None:
    with door.town.runtime.writing(SERVICE) as unit:
        issued = reset_password(unit, NAME)
    assert enter(door.client, issued).headers["location"] == "/login/next"
    door.town.clock.advance(timedelta(minutes=10))
    assert door.client.get("/login/next").headers["location"] == "/login?over=1"


@pytest.mark.parametrize(
    "planted",
    [
        *("//evil.example", "http://evil.example", "https:evil.example", "javascript:alert(1)"),
        *("/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/ /evil.example", "evil.example", ""),
    ],
)
def test_nobody_is_led_to_another_site(door: Counter, planted: str) -> None:
    door.client.cookies.set("gongjian_wanted", planted)
    assert enter(door.client).headers["location"] == "/"


def test_an_address_that_leads_elsewhere_is_not_kept(door: Counter) -> None:
    for path in ("//evil.example", "/cases?" + "a" * 300):
        assert "set-cookie" not in door.client.get(f"{HERE}{path}").headers, path
    assert "set-cookie" in door.client.get("/cases/1").headers


# -- in the other language ----------------------------------------------------------------------------


def tongues(answer: Response) -> list[str]:
    """Where the links to the two languages lead."""
    return re.findall(r'href="([^"]+)" lang=', answer.text)


def test_the_language_of_a_page_that_answers_a_form_can_be_changed(door: Counter) -> None:
    """What answers a form cannot be asked for again: the links lead to the page where the form stands."""
    browser, wrong = door.client, {"password": "wrong", "new_password": NEW, "code": "000000"}
    refused = [enter(browser, "wrong")]
    with door.town.runtime.writing(SERVICE) as unit:
        issued = reset_password(unit, NAME)
    enter(browser, issued)
    refused.append(browser.post("/login/next", data={"new_password": "short"}))
    browser.post("/login/next", data={"new_password": NEW})
    refused += [
        browser.post(f"/account/{path}", data=wrong)
        for path in ("password", "authenticator", "authenticator/confirm")
    ]
    refused += [browser.post("/account/password", data=wrong, headers={"Origin": "null"})]
    refused += [browser.post("/account/sessions/0011223344556677/end")]
    for answer in refused:
        assert answer.status_code >= 400
        here = tongues(answer)
        assert len(here) == 2, answer.url
        for link in here:
            led = browser.get(link)
            language = link.rpartition("=")[2]
            if led.status_code == 303:  # the password was chosen meanwhile; nothing is owed any more
                assert link.startswith("/login/next") and led.headers["location"] == "/login", link
                continue
            assert (led.status_code, led.headers["content-language"]) == (200, language), link


def test_what_is_not_there_is_told_to_a_browser_on_a_page(door: Counter) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    for path, status in (("/nothing", 404), ("/cases/1/nothing", 404), ("/account/password", 405)):
        answer = door.client.get(f"{path}?lang=en", headers=browser)
        assert (answer.status_code, answer.headers["content-language"]) == (status, "en"), path
        assert (
            answer.headers["content-type"].startswith("text/html") and "There is no such thing" in answer.text
        )
        assert_problem(door.client.get(path), status, "not_found" if status == 404 else "method")
    assert_problem(door.client.get("/api/v1/nothing", headers=browser), 404, "not_found")
    assert door.client.get("/account/password", headers=browser).headers["allow"] == "POST"


# -- the second factor, once it is required -----------------------------------------------------------


def test_a_sign_in_that_lives_without_a_factor_is_over_once_one_is_required(door: Counter) -> None:
    enter(door.client)
    bearer = {"Authorization": f"Bearer {_token(door).json()['access_token']}"}
    machine = door.town.runtime
    with machine.writing(SERVICE) as unit:
        create_account(unit, "machine", f"registry.{COUNTY}", None)
        office = {"Authorization": f"Bearer {issue_office_token(unit, 'machine')}"}
    machine.settings = machine.settings.model_copy(update={"second_factor": "required"})
    assert door.client.get("/account").headers["location"] == "/login?over=1"
    for deed in ("sessions", "password", "authenticator"):
        method = "GET" if deed == "sessions" else "POST"
        said = {"password": PASSWORD} | ({"new_password": NEW} if deed == "password" else {})
        more: dict[str, Any] = {} if method == "GET" else {"json": said}
        answer = door.client.request(method, f"/api/v1/{deed}", headers=bearer, **more)
        assert_problem(answer, 401, "signed_out")
    assert_problem(_token(door), 401, "enrol_first")
    assert door.client.get("/api/v1/sessions", headers=office).status_code == 200, (
        "a machine has no telephone"
    )
    assert enter(door.client).headers["location"] == "/login/next"
    page = door.client.get("/login/next").text
    secret = page.partition('<code class="key">')[2].partition("<")[0]
    code = pyotp.TOTP(secret).at(door.town.clock.now())
    assert door.client.post("/login/next", data={"code": code}).headers["location"] == "/account"
    assert door.client.get("/account").status_code == 200
    changed = door.client.post("/account/password", data={"password": PASSWORD, "new_password": NEW})
    assert changed.headers["location"] == "/account"
    assert door.client.get("/account").status_code == 200, "what was shown is carried on to a new password"


# -- the same over HTTP for clients -------------------------------------------------------------------


def _token(door: Counter, **said: str) -> Response:
    answer: Response = door.client.post("/api/v1/tokens", json={"account": NAME, "password": PASSWORD} | said)
    return answer


def test_a_client_handles_its_own_way_in(door: Counter) -> None:
    client, first = door.client, _token(door).json()["access_token"]
    bearer = {"Authorization": f"Bearer {first}"}
    other = {"Authorization": f"Bearer {_token(door).json()['access_token']}"}
    listed = client.get("/api/v1/sessions", headers=bearer).json()["items"]
    assert [one["current"] for one in listed].count(True) == 1 and len(listed) == 2
    (theirs,) = [one["id"] for one in listed if not one["current"]]
    assert client.delete(f"/api/v1/sessions/{theirs}", headers=bearer).status_code == 204
    assert_problem(client.get("/api/v1/sessions", headers=other), 401, "signed_out")
    assert_problem(client.delete("/api/v1/sessions/0", headers=bearer), 404, "not_found")
    told = client.post("/api/v1/authenticator", json={"password": PASSWORD}, headers=bearer).json()
    authenticator, now = pyotp.TOTP(told["secret"]), door.town.clock.now()
    confirmed = client.post(
        "/api/v1/authenticator/confirm", json={"code": authenticator.at(now)}, headers=bearer
    )
    assert confirmed.status_code == 200
    assert_problem(client.get("/api/v1/sessions", headers=bearer), 401, "signed_out")
    assert_problem(_token(door), 401, "code_needed")
    assert_problem(_token(door, code=authenticator.at(now)), 401, "code_wrong")
    bearer = {
        "Authorization": f"Bearer {_token(door, code=authenticator.at(now, counter_offset=1)).json()['access_token']}"
    }
    changed = client.post(
        "/api/v1/password", json={"password": PASSWORD, "new_password": NEW}, headers=bearer
    )
    bearer = {"Authorization": f"Bearer {changed.json()['access_token']}"}
    assert client.delete("/api/v1/sessions/current", headers=bearer).status_code == 204
    assert_problem(client.get("/api/v1/sessions", headers=bearer), 401, "signed_out")


def test_the_security_administrator_helps_over_http_and_nobody_else(door: Counter) -> None:
    guardian, before = f"security.{COUNTY}", _token(door).json()["access_token"]
    client, path = door.client, f"/api/v1/accounts/{NAME}"
    identity = {"issuer": "https://login.example", "subject": "1"}
    deeds: list[tuple[str, str, dict[str, Any]]] = [
        ("PUT", f"{path}/identity", {"json": identity}),
        ("DELETE", f"{path}/identity", {}),
        ("DELETE", f"{path}/authenticator", {}),
        ("DELETE", f"{path}/sessions", {}),
        ("POST", f"{path}/password", {}),
        ("POST", f"{path}/disable", {}),
    ]
    for method, address, more in deeds:
        for stranger in (LOCAL, f"admin.{COUNTY}", f"auditor.{COUNTY}"):
            answer = client.request(method, address, headers=door.headers(stranger), **more)
            assert_problem(answer, 403, "not_permitted")
    assert client.get("/api/v1/sessions", headers={"Authorization": f"Bearer {before}"}).status_code == 200
    for method, address, more in deeds:
        answer = client.request(method, address, headers=door.headers(guardian), **more)
        assert answer.status_code in (200, 204), (address, answer.text)
        unknown = client.request(
            method, address.replace(NAME, "nobody.here"), headers=door.headers(guardian), **more
        )
        assert_problem(unknown, 404, "account_unknown")
    assert_problem(_token(door), 401, "credentials")


def test_an_issued_password_is_replaced_by_a_client_in_one_request(door: Counter) -> None:
    with door.town.runtime.writing(SERVICE) as unit:
        issued = reset_password(unit, NAME)
    assert_problem(_token(door, password=issued), 401, "password_due")
    assert _token(door, password=issued, new_password=NEW).status_code == 200
    assert _token(door, password=NEW).status_code == 200


def test_what_is_wrong_is_said_by_its_own_name(door: Counter) -> None:
    client, bearer = door.client, {"Authorization": f"Bearer {_token(door).json()['access_token']}"}

    def change(password: str, new: str) -> Response:
        said = {"password": password, "new_password": new}
        answer: Response = client.post("/api/v1/password", json=said, headers=bearer)
        return answer

    told = assert_problem(change("wrong", NEW), 422, "password_wrong")
    assert told["field"] == "password" and "www-authenticate" not in change("wrong", NEW).headers
    proof = client.post("/api/v1/authenticator", json={"password": "wrong"}, headers=bearer)
    assert assert_problem(proof, 422, "password_wrong")["field"] == "password"
    for new in ("short", "long" * 65, PASSWORD):
        weak = assert_problem(change(PASSWORD, new), 400, "password_weak")
        assert weak["field"] == "new_password" and "12 to 256 characters" in weak["message"]["en"]
    for new, least in (("", "不能为空"), ("a" * 1025, "最多1024个字")):
        bad = assert_problem(change(PASSWORD, new), 400, "value_bad")
        assert bad["field"] == "new_password" and least in bad["message"]["zh"]
    for code in ("12345", "1234567", "abcdef", "12 34 5x", ""):
        bad = assert_problem(_token(door, code=code), 400, "value_bad")
        assert bad["field"] == "code" and "six digits" in bad["message"]["en"]
    wrong = assert_problem(
        client.post("/api/v1/authenticator/confirm", json={"code": "123 456"}, headers=bearer),
        422,
        "code_unconfirmed",
    )
    assert wrong["field"] == "code" and "next six digits" in wrong["message"]["en"]


def test_who_is_locked_out_is_told_when_to_come_again_on_a_page_too(door: Counter) -> None:
    for _ in range(LOCKS_AT):
        assert enter(door.client, "wrong").status_code == 401
    door.town.clock.advance(timedelta(minutes=5))
    for answer in (enter(door.client), _token(door)):
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "600")


# -- what another site can make a browser do (S05) ----------------------------------------------------

#: How a browser says that a form comes from elsewhere, or fails to say that it comes from here.
FOREIGN: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": HERE},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://elsewhere.example"},
    {"Sec-Fetch-Site": "nonsense"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://127.0.0.1:9999"},
    {"Origin": "http://127.0.0.1:8000.elsewhere.example"},
    {"Origin": "http://elsewhere.example/127.0.0.1:8000"},
    {"Origin": "http://elsewhere@127.0.0.1:8000"},
    {"Origin": "ftp://127.0.0.1:8000"},
    {"Origin": "http://[127.0.0.1:8000"},
    {"Referer": "https://elsewhere.example/127.0.0.1:8000/"},
    {"Referer": "https://elsewhere.example/", "Origin": HERE},
    {"Referer": "about:blank"},
    {"Host": "elsewhere.example", "Origin": HERE},
    {},
)
MEDIA = (FORM, "text/plain", "multipart/form-data; boundary=x", "application/json", "")
PAGES = (
    *("/login", "/logout", "/login/next", "/account/password", "/account/authenticator"),
    *("/account/authenticator/confirm", "/account/sessions/0011223344556677/end"),
)
BODIES = {
    FORM: b"account=li.fang&password=chuan-ying+2204+qu",
    "multipart/form-data; boundary=x": b'--x\r\nContent-Disposition: form-data; name="password"\r\n\r\nx\r\n--x--\r\n',
}


@pytest.fixture
def victim(door: Counter) -> Iterator[TestClient]:
    """A browser with a session, that says of itself nothing but what the test adds."""
    with (
        application(door.town.runtime) as app,
        TestClient(app, base_url=HERE, follow_redirects=False) as client,
    ):
        client.post("/login", data={"account": NAME, "password": PASSWORD}, headers={"Origin": HERE})
        yield client


def _tokens(door: Counter) -> int:
    with door.town.runtime.reading(SERVICE) as unit:
        return unit.db.execute(select(func.count()).select_from(Token)).scalar_one()


@pytest.mark.parametrize("path", PAGES)
def test_no_form_of_another_site_passes(door: Counter, victim: TestClient, path: str) -> None:
    """Every way of saying where it comes from × every kind of body × with and without the session: 0 pass."""
    before, tried = _tokens(door), 0
    session = victim.cookies["gongjian_session"]
    for said, media, signed_in in product(FOREIGN, MEDIA, (True, False)):
        cookie = {"Cookie": f"gongjian_session={session}"} if signed_in else {"Cookie": "x=y"}
        headers = said | cookie | ({"Content-Type": media} if media else {})
        answer = victim.post(path, content=BODIES.get(media, b"{}"), headers=headers)
        assert answer.status_code in (303, 400, 403, 415), (said, media, answer.status_code)
        if answer.status_code == 303:  # to the door: whoever is not signed in is told nothing else
            assert answer.headers["location"] in ("/login", "/login?over=1") and not signed_in, (said, media)
        assert "set-cookie" not in answer.headers, (said, media)
        tried += 1
    assert tried == len(FOREIGN) * len(MEDIA) * 2 >= 30
    assert _tokens(door) == before and victim.get("/account").status_code == 200


def test_no_other_method_does_what_a_form_does(door: Counter, victim: TestClient) -> None:
    before = _tokens(door)
    for method, path in product(("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE"), PAGES):
        if (method, path) in {("GET", "/login"), ("GET", "/login/next")}:
            continue
        answer = victim.request(method, path, headers={"Origin": HERE})
        assert answer.status_code == 405, (method, path)
        assert not [name for name in answer.headers if name.startswith("access-control")]
    assert _tokens(door) == before and victim.get("/account").status_code == 200


def test_the_api_knows_no_cookie_so_that_no_other_site_can_use_it(victim: TestClient) -> None:
    """Every address of the API that wants a token, asked as a browser asks: with the session and without a token."""
    asked = 0
    for (method, path), rights in addresses().items():
        if not path.startswith("/api/") or not rights:
            continue
        filled = path.replace("{source:path}", "x").replace("{", "").replace("}", "")
        for media in ("text/plain", "application/json"):
            answer = victim.request(method, filled, content=b"{}", headers={"Content-Type": media})
            assert answer.status_code in (400, 401, 415), (method, path, answer.status_code)
            assert not [name for name in answer.headers if name.startswith("access-control")]
        asked += 1
    assert asked > 20


def test_the_api_takes_no_json_that_calls_itself_a_form_or_plain_text(door: Counter) -> None:
    """What a form of another site can send without asking first (no preflight)."""
    for path in ("/api/v1/tokens", "/api/v1/password", "/api/v1/authenticator"):
        for media in ("text/plain", FORM, "multipart/form-data; boundary=x", ""):
            answer = door.post(LOCAL, path, content=b"{}", headers={"Content-Type": media})
            assert_problem(answer, 415, "media_type")


def test_behind_https_the_same_host_over_http_is_another_site(https: TestClient) -> None:
    said = {"account": NAME, "password": PASSWORD}
    plain = SECURE.replace("https", "http")
    assert https.post("/login", data=said, headers={"Origin": plain}).status_code == 403
    assert https.post("/login", data=said, headers={"Referer": f"{SECURE}/login"}).status_code == 303


# -- what every answer says (S16) ---------------------------------------------------------------------


def test_every_answer_of_every_address_carries_the_security_headers(door: Counter) -> None:
    """Each address with each method, signed in and not; errors, redirects and static files too."""
    signed_in: Callable[[], dict[str, str]] = lambda: door.headers(LOCAL)  # noqa: E731
    asked = [(method, path) for method, path in addresses()]
    asked += [
        ("GET", path) for path in ("/static/gongjian.css", "/static/none.css", "/openapi.json", "/none")
    ]
    asked += [(method, "/api/v1/cases") for method in ("PUT", "TRACE", "OPTIONS", "HEAD")]
    asked += [("GET", "/api/v1/cases?uscc=%00"), ("GET", "/api/v1/cases?uscc=" + "9" * 20_000)]
    seen = set()
    for method, path in asked:
        filled = path.replace("{source:path}", "x").replace("{", "").replace("}", "")
        for headers in ({}, signed_in()):
            answer = door.client.request(method, filled, headers=headers)
            seen.add(answer.status_code)
            for name, value in HEADERS.items():
                assert answer.headers.get_list(name) == [value], (method, path, name)
            media = answer.headers.get("content-type", "")
            assert media or not answer.content, (method, path)
            assert "charset=utf-8" in media or not media.startswith("text/"), (method, path, media)
    assert seen >= {200, 303, 400, 401, 403, 404, 405, 413, 415}


@pytest.mark.parametrize(
    "part", ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]
)
def test_the_content_policy_allows_nothing_inline_and_nobody_elses(part: str) -> None:
    policy = [one.strip() for one in HEADERS["Content-Security-Policy"].split(";")]
    assert part in policy and "unsafe" not in HEADERS["Content-Security-Policy"]
    assert "max-age=31536000; includeSubDomains" in HEADERS["Strict-Transport-Security"]


def test_nothing_lies_open_that_was_not_meant_to(door: Counter) -> None:
    for path in (
        *("/static", "/static/", "/static/..%2f..%2fapp.py", "/.git/config", "/.env", "/docs", "/redoc"),
        *("/static/../templates/login.html", "/api", "/api/v1", "/var/gongjian.db", "/admin", "/flower"),
    ):
        assert_problem(door.client.get(path), 404, "not_found")
