"""Single sign-on against a provider that has keys of its own: the truth lets a bound person in, no forgery lets in anybody."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest
from httpx2 import Response
from joserfc import jwt
from joserfc.jwk import RSAKey
from pydantic import SecretStr
from sqlalchemy import func, select

from services.access.accounts import disable_account
from services.access.resets import bind
from services.access.sign_on import AWAY_FOR
from services.actor import SERVICE
from services.clock import SettableClock
from services.db.models.access import Journal
from services.db.models.directory import Account
from services.runtime import Runtime
from services.settings import Settings, SingleSignOn
from tests.builders import BEGAN, TOWN, Counter, Town, counter_of, found
from tests.provider import CLIENT_ID, CLIENT_SECRET, Provider, Statement, provider_at_work, truthful

LOCAL = f"union.{TOWN}"


class Browser:
    """A browser between the counter and the provider."""

    def __init__(self, counter: Counter, provider: Provider) -> None:
        self.counter, self.provider, self.client = counter, provider, counter.client

    def goes(self) -> str:
        """To the provider and to the point of coming back; yields the address it is sent back to."""
        answer = self.client.get("/login/sso")
        assert answer.status_code == 303
        with httpx2.Client(follow_redirects=False) as outside:
            return str(outside.get(answer.headers["location"]).headers["location"])

    def comes_back(self, address: str | None = None) -> Response:
        return self.client.get(address or self.goes())

    def is_inside(self) -> bool:
        return bool(self.client.get("/account").status_code == 200)

    def journal(self) -> list[Any]:
        """`Any`: rows."""
        with self.counter.town.runtime.reading(SERVICE) as unit:
            return list(
                unit.db.execute(select(Journal).where(Journal.what == "sign_in").order_by(Journal.id))
            )


@pytest.fixture
def browser(database_settings: Settings, make_runtime: Callable[..., Runtime]) -> Iterator[Browser]:
    clock = SettableClock(BEGAN)
    with provider_at_work(clock) as provider:
        runtime = make_runtime(clock=clock)
        chosen = SingleSignOn(
            issuer=provider.issuer, client_id=CLIENT_ID, client_secret=SecretStr(CLIENT_SECRET)
        )
        runtime.settings = database_settings.model_copy(update={"oidc": chosen})
        found(runtime)
        with runtime.writing(SERVICE) as unit:
            bind(unit, LOCAL, provider.issuer, provider.subject)
        with counter_of(Town(runtime, clock)) as counter:
            yield Browser(counter, provider)


def test_a_bound_person_comes_in(browser: Browser) -> None:
    assert 'href="/login/sso"' in browser.client.get("/login").text
    answer = browser.comes_back()
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert LOCAL in browser.client.get("/account").text
    (line,) = browser.journal()
    assert (line.actor, line.result) == (LOCAL, "done")


def test_without_a_provider_there_is_no_such_button(counter: Counter) -> None:
    assert "sso" not in counter.client.get("/login").text
    assert counter.client.get("/login/sso").status_code == 404


def test_nobody_is_created_by_coming_in(browser: Browser) -> None:
    def accounts() -> int:
        with browser.counter.town.runtime.reading(SERVICE) as unit:
            return unit.db.execute(select(func.count()).select_from(Account)).scalar_one()

    before, browser.provider.subject = accounts(), "a stranger"
    answer = browser.comes_back()
    assert answer.status_code == 401 and "这个身份还没有对应的账号" in answer.text
    assert accounts() == before and not browser.is_inside()
    assert browser.journal()[-1].detail["code"] == "sso_unbound"


def test_the_same_subject_of_another_provider_is_somebody_else(browser: Browser) -> None:
    with browser.counter.town.runtime.writing(SERVICE) as unit:
        bind(unit, LOCAL, "https://elsewhere.example", browser.provider.subject)
    assert browser.comes_back().status_code == 401


def test_a_closed_account_stays_closed(browser: Browser) -> None:
    with browser.counter.town.runtime.writing(SERVICE) as unit:
        disable_account(unit, LOCAL)
    assert browser.comes_back().status_code == 401


# -- forgeries ----------------------------------------------------------------------------------------

OTHER = RSAKey.generate_key(2048, parameters={"kid": "first"})


def _part(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def unsigned(provider: Provider, claims: dict[str, Any]) -> str:
    return f"{_part({'alg': 'none', 'kid': 'first'})}.{_part(claims)}."


def signed_with_the_public_key(provider: Provider, claims: dict[str, Any]) -> str:
    """The public key taken for a shared secret (RS256 swapped for HS256)."""
    said = f"{_part({'alg': 'HS256', 'kid': 'first'})}.{_part(claims)}"
    mark = hmac.digest(provider.key.as_pem(private=False), said.encode(), "sha256")
    return f"{said}.{urlsafe_b64encode(mark).decode().rstrip('=')}"


def signed_by_another_key(provider: Provider, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "first"}, claims, OTHER, algorithms=["RS256"])


def bringing_its_own_key(provider: Provider, claims: dict[str, Any]) -> str:
    header = {"alg": "RS256", "kid": "first", "jwk": OTHER.as_dict(private=False)}
    return jwt.encode(header, claims, OTHER, algorithms=["RS256"])


def naming_a_key_elsewhere(provider: Provider, claims: dict[str, Any]) -> str:
    header = {"alg": "RS256", "kid": "elsewhere", "jku": f"{provider.issuer}/evil"}
    return jwt.encode(header, claims, OTHER, algorithms=["RS256"])


def with_a_header_of_a_megabyte(provider: Provider, claims: dict[str, Any]) -> str:
    _, payload, signature = truthful(provider, claims).split(".")
    return f"{_part({'alg': 'RS256', 'kid': 'first', 'pad': 'x' * 1_000_000})}.{payload}.{signature}"


def changed_after_signing(provider: Provider, claims: dict[str, Any]) -> str:
    header, _, signature = truthful(provider, claims).split(".")
    return f"{header}.{_part(claims | {'sub': 'the chairman'})}.{signature}"


def saying(**changed: Any) -> Statement:
    """Signed well, and something in it is wrong; None leaves it out. `Any`: JSON."""

    def statement(provider: Provider, claims: dict[str, Any]) -> str:
        said = {name: value for name, value in (claims | changed).items() if value is not None}
        return truthful(provider, said)

    return statement


def at(**moved: timedelta) -> Statement:
    """Signed well, at another time."""

    def statement(provider: Provider, claims: dict[str, Any]) -> str:
        shifts = {name: int(claims[name] + by.total_seconds()) for name, by in moved.items()}
        return truthful(provider, claims | shifts)

    return statement


HOUR = timedelta(hours=1)
FORGERIES: dict[str, Statement] = {
    "alg none": unsigned,
    "HS256 with the public key": signed_with_the_public_key,
    "another key": signed_by_another_key,
    "its own key in the header": bringing_its_own_key,
    "a key elsewhere": naming_a_key_elsewhere,
    "a header of a megabyte": with_a_header_of_a_megabyte,
    "changed after signing": changed_after_signing,
    "another audience": saying(aud="somebody-else"),
    "two audiences and no party": saying(aud=[CLIENT_ID, "somebody-else"]),
    "two audiences, another party": saying(aud=[CLIENT_ID, "else"], azp="else"),
    "no audience": saying(aud=None),
    "another issuer": saying(iss="https://elsewhere.example"),
    "an issuer that begins alike": saying(iss="http://127.0.0.1"),
    "no issuer": saying(iss=None),
    "another nonce": saying(nonce="of another sign-in"),
    "no nonce": saying(nonce=None),
    "nobody": saying(sub=None),
    "an empty person": saying(sub=""),
    "a person that is a list": saying(sub=["248289761001"]),
    "a person too long": saying(sub="x" * 256),
    "no end": saying(exp=None),
    "an end in words": saying(exp="tomorrow"),
    "expired": at(iat=-HOUR, exp=-HOUR),
    "issued tomorrow": at(iat=24 * HOUR, exp=24 * HOUR),
    "issued long ago": at(iat=-HOUR, exp=HOUR),
    "no token at all": lambda provider, claims: "x",
    "three dots": lambda provider, claims: "...",
    "nothing": lambda provider, claims: "",
    "a list": lambda provider, claims: f"{_part({'alg': 'RS256'})}.{_part([1])}.x",
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_no_forged_statement_lets_anybody_in_and_each_is_written_down(browser: Browser, forgery: str) -> None:
    browser.provider.states = FORGERIES[forgery]
    answer = browser.comes_back()
    assert answer.status_code == 401, answer.text
    assert "gongjian_session" not in answer.headers.get("set-cookie", "")
    assert not browser.is_inside()
    (line,) = browser.journal()
    assert (line.result, line.detail["code"], line.actor) == ("refused", "sso_refused", "?")
    browser.provider.states = truthful
    assert browser.comes_back().status_code == 303  # and the door is not broken by it


def test_a_signature_of_another_good_algorithm_is_taken(browser: Browser) -> None:
    browser.provider.key = RSAKey.generate_key(2048, parameters={"kid": "first"})
    browser.provider.states = lambda provider, claims: jwt.encode(
        {"alg": "PS256", "kid": "first"}, claims, provider.key, algorithms=["PS256"]
    )
    assert browser.comes_back().status_code == 303


# -- the way there and back ---------------------------------------------------------------------------


def test_another_browser_cannot_come_back_in_his_place(browser: Browser) -> None:
    """Somebody sends his own way back to another person (login CSRF), or steals one."""
    address = browser.goes()
    with counter_of(browser.counter.town) as other:
        assert other.client.get(address).status_code == 401
        other.client.get("/login/sso")
        assert other.client.get(address).status_code == 401
    assert browser.comes_back(address).status_code == 303


def test_the_way_back_serves_once(browser: Browser) -> None:
    address = browser.goes()
    assert browser.comes_back(address).status_code == 303
    browser.client.post("/logout")
    assert browser.comes_back(address).status_code == 401


def test_a_stolen_code_is_worth_nothing_without_the_verifier(browser: Browser) -> None:
    """PKCE: the code was asked for by another browser's challenge."""
    stolen = parse_qs(urlsplit(browser.goes()).query)["code"][0]
    own = urlsplit(browser.goes())
    asked = {name: values[0] for name, values in parse_qs(own.query).items()} | {"code": stolen}
    assert browser.comes_back(f"{own.path}?{urlencode(asked)}").status_code == 401


@pytest.mark.parametrize(
    "changed",
    [
        {"state": "x"},
        {"state": ""},
        {"state": "中"},
        {"code": "made up"},
        {"iss": "https://elsewhere.example"},
        {"code": None},
        {"state": None},
    ],
)
def test_what_comes_back_changed_is_refused(browser: Browser, changed: dict[str, str | None]) -> None:
    way = urlsplit(browser.goes())
    asked: dict[str, Any] = {name: values[0] for name, values in parse_qs(way.query).items()} | changed
    query = urlencode({name: value for name, value in asked.items() if value is not None})
    assert browser.comes_back(f"{way.path}?{query}").status_code == 401
    assert browser.journal()[-1].result == "refused"


def test_a_person_who_was_refused_there_is_refused_here(browser: Browser) -> None:
    state = parse_qs(urlsplit(browser.goes()).query)["state"][0]
    answer = browser.comes_back(f"/login/sso/back?error=access_denied&state={state}")
    assert answer.status_code == 401


def test_the_way_there_carries_no_secret_and_asks_for_a_code_with_a_challenge(browser: Browser) -> None:
    answer = browser.client.get("/login/sso")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}
    assert set(asked) == {
        *("response_type", "client_id", "redirect_uri", "scope", "state", "nonce"),
        *("code_challenge", "code_challenge_method"),
    }
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    keepsake = browser.client.cookies["gongjian_sso"]
    assert keepsake not in answer.headers["location"] and CLIENT_SECRET not in answer.headers["location"]
    assert asked["redirect_uri"] == "http://127.0.0.1:8000/login/sso/back"


def test_a_new_key_of_the_provider_is_fetched_when_it_is_first_seen(browser: Browser) -> None:
    assert browser.comes_back().status_code == 303
    browser.provider.key = RSAKey.generate_key(2048, parameters={"kid": "second"})
    assert browser.comes_back().status_code == 401  # within the minute nobody makes us fetch again and again
    browser.counter.town.clock.advance(timedelta(minutes=1))
    assert browser.comes_back().status_code == 303


def test_a_provider_that_is_away_is_a_sentence_and_the_password_still_works(browser: Browser) -> None:
    browser.provider.is_away = True
    answer = browser.client.get("/login/sso")
    assert answer.status_code == 503 and "单点登录服务暂时连不上" in answer.text
    browser.provider.is_away = False
    browser.counter.town.clock.advance(AWAY_FOR)
    address = browser.goes()
    browser.provider.is_away = True
    assert browser.comes_back(address).status_code == 503
    assert browser.client.get("/login").status_code == 200


def test_a_provider_that_is_away_is_asked_once_in_a_while_however_many_ask_for_it(browser: Browser) -> None:
    """Each would wait for its silence, one after the other, and hold a thread meanwhile."""
    browser.provider.is_away = True
    for _ in range(5):
        assert browser.client.get("/login/sso").status_code == 503
    assert len(browser.provider.told) == 1
    browser.counter.town.clock.advance(AWAY_FOR)
    browser.provider.is_away = False
    assert browser.client.get("/login/sso").status_code == 303


def test_what_comes_back_from_nowhere_is_not_written_down_without_end(browser: Browser) -> None:
    """Anybody may call the address to return to: it is as narrow as the rest of the door."""
    runtime = browser.counter.town.runtime
    limits = runtime.settings.limits.model_copy(update={"sign_in_rate": 3})
    runtime.settings = runtime.settings.model_copy(update={"limits": limits})
    told = [browser.comes_back("/login/sso/back").status_code for _ in range(6)]
    assert told == [401, 401, 401, 429, 429, 429] and len(browser.journal()) == 3
    assert browser.client.get("/login/sso").status_code == 429
    assert browser.client.post("/login/next", data={"code": "000000"}).status_code == 429


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://elsewhere.example"},
        {"authorization_endpoint": "http://elsewhere.example/authorize"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": ""},
    ],
)
def test_a_description_that_leads_elsewhere_is_not_followed(
    browser: Browser, changed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    described = browser.provider.describes() | changed
    monkeypatch.setattr(browser.provider, "describes", lambda: described)
    assert browser.client.get("/login/sso").status_code == 503


def test_a_redirect_of_the_provider_is_not_followed(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else whoever answers in the provider's name could make us ask any address of our own network (SSRF)."""
    inside = browser.provider.issuer + "/authorize?inside"
    described = browser.provider.describes() | {"jwks_uri": browser.provider.issuer + "/authorize"}
    monkeypatch.setattr(browser.provider, "describes", lambda: described)
    monkeypatch.setattr(
        browser.provider,
        "authorize",
        lambda asked: inside if not asked else Provider.authorize(browser.provider, asked),
    )
    assert browser.comes_back().status_code == 503
    assert not [path for path in browser.provider.told if path.endswith("?inside")]


# -- with a second factor -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("methods", "leads_to"), [(["pwd"], "/login/next"), (["pwd", "mfa"], "/"), (None, "/login/next")]
)
def test_where_a_second_factor_is_required_the_provider_must_say_that_it_asked_for_one(
    browser: Browser, methods: list[str] | None, leads_to: str
) -> None:
    runtime = browser.counter.town.runtime
    runtime.settings = runtime.settings.model_copy(update={"second_factor": "required"})
    browser.provider.extra = {} if methods is None else {"amr": methods}
    answer = browser.comes_back()
    assert (answer.status_code, answer.headers["location"]) == (303, leads_to)
    assert browser.is_inside() == (leads_to == "/")
