"""Behind a proxy that ends TLS: the example in deploy/ says all that the service needs to know, and nobody else is believed."""

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api.app import create_app
from api.server import HOST, config
from services.access.accounts import create_account
from services.actor import SERVICE
from services.db.models.access import Journal
from services.settings import Settings
from tests.builders import HERE, PASSWORD, TOWN, Town

EXAMPLE = Path(__file__).parents[2] / "deploy" / "examples" / "nginx.conf"
NAME, SITE, CALLER = "li.fang", "gongjian.example", "192.0.2.7"
#: What a browser at SITE says; the proxy's own variables for it.
BROWSER = {"Origin": f"https://{SITE}", "Sec-Fetch-Site": "same-origin", "X-Forwarded-For": "198.51.100.9"}
VARIABLES = {"$http_host": SITE, "$scheme": "https", "$remote_addr": CALLER}


def set_by_the_proxy() -> dict[str, str]:
    """The headers that the example sets."""
    said = re.findall(r"^\s*proxy_set_header (\S+) (\S+);", EXAMPLE.read_text("utf-8"), re.M)
    return {name: VARIABLES[value] for name, value in said}


def sign_in(town: Town, headers: dict[str, str], caller: str = HOST) -> Any:
    """What the door answers to the form that came with these headers. `Any`: the client's answer."""
    with town.runtime.writing(SERVICE) as unit:
        create_account(unit, NAME, f"union.{TOWN}", PASSWORD)
    served = config(town.runtime.settings)
    behind: Any = ProxyHeadersMiddleware(create_app(town.runtime), trusted_hosts=served.forwarded_allow_ips)
    with TestClient(behind, base_url=HERE, follow_redirects=False, client=(caller, 50_000)) as client:
        return client.post("/login", data={"account": NAME, "password": PASSWORD}, headers=headers)


def addresses(town: Town) -> list[str]:
    """Where the sign-ins came from, as the journal holds it."""
    with town.runtime.reading(SERVICE) as unit:
        return list(unit.db.scalars(select(Journal.address).where(Journal.what == "sign_in")))


def test_through_the_example_a_person_signs_in_by_https_from_his_own_address(town: Town) -> None:
    answer = sign_in(town, BROWSER | set_by_the_proxy())
    assert answer.status_code == 303, answer.text
    assert "__Host-gongjian_session=" in answer.headers["set-cookie"]
    assert addresses(town) == [CALLER]


def test_where_the_proxy_does_not_pass_the_host_the_page_says_what_to_do(town: Town) -> None:
    told = set_by_the_proxy()
    del told["Host"]
    answer = sign_in(town, BROWSER | told | {"Accept-Language": "en"})
    assert answer.status_code == 403 and answer.headers["content-type"].startswith("text/html")
    assert "did not come from a page of this site" in answer.text
    assert "must pass Host on and set X-Forwarded-Proto" in answer.text


def test_who_comes_from_elsewhere_is_believed_nothing(town: Town) -> None:
    answer = sign_in(town, BROWSER | set_by_the_proxy(), caller="203.0.113.1")
    assert answer.status_code == 303 and "__Host-" not in answer.headers["set-cookie"]
    assert addresses(town) == ["203.0.113.1"]


def test_no_environment_makes_the_service_believe_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    served = config(Settings())
    assert (served.host, served.proxy_headers, served.forwarded_allow_ips) == (HOST, True, HOST)
