"""News as they come: told once something has arrived, ended with the sign-in, and no sign of life."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from api.closing import CLOSING
from api.web import live
from services.access.accounts import create_account
from services.actor import SERVICE
from services.db.models.directory import Token
from tests.builders import PASSWORD, TOWN, Counter

LOCAL = f"union.{TOWN}"


@pytest.fixture
def browser(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Signed in; a stream ends after a second. `Any`: a test client."""
    monkeypatch.setattr(live, "LONGEST_SECONDS", 1.0)
    with counter.town.runtime.writing(SERVICE) as unit:
        create_account(unit, "clerk", LOCAL, PASSWORD)
    counter.client.post("/login", data={"account": "clerk", "password": PASSWORD})
    return counter.client


def since(browser: Any) -> str:
    page: str = browser.get("/work-items").text
    return page.partition('data-since="')[2].partition('"')[0]


def test_nothing_is_told_until_something_has_come(counter: Counter, browser: Any) -> None:
    counter.town.enterprise()
    before = since(browser)
    quiet = browser.get("/live", params={"since": before})
    assert quiet.headers["content-type"].startswith("text/event-stream") and "event: news" not in quiet.text
    assert quiet.headers["x-accel-buffering"] == "no"
    counter.town.enterprise()
    assert "event: news" in browser.get("/live", params={"since": before}).text
    assert "event: news" not in browser.get("/live", params={"since": since(browser)}).text


def test_what_comes_to_another_body_is_no_news_here(counter: Counter, browser: Any) -> None:
    before = since(browser)
    counter.town.enterprise(town="220204101")
    assert "event: news" not in browser.get("/live", params={"since": before}).text


@pytest.mark.parametrize("said", ["", "1", "a.b", "1.2.3", "９.1", "1.1' OR 1"])
def test_who_does_not_say_since_when_is_refused(browser: Any, said: str) -> None:
    assert browser.get("/live", params={"since": said}).status_code == 400


def test_to_listen_is_no_sign_of_life_and_ends_with_the_sign_in(counter: Counter, browser: Any) -> None:
    def seen() -> Any:
        with counter.town.runtime.reading(SERVICE) as unit:
            return unit.db.execute(select(Token.seen_at).where(Token.purpose == "session")).scalars().all()

    before, known = seen(), since(browser)
    counter.town.clock.advance(timedelta(minutes=5))
    assert browser.get("/live", params={"since": known}).status_code == 200 and seen() == before
    counter.town.clock.advance(timedelta(minutes=20))
    assert browser.get("/live", params={"since": known}).status_code == 303


def test_a_stream_ends_when_the_counter_closes_and_when_there_are_too_many(
    browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST_STREAMS", 0)
    assert browser.get("/live", params={"since": "0.0"}).status_code == 204
    monkeypatch.setattr(live, "MOST_STREAMS", 1)
    CLOSING.set()
    try:
        assert browser.get("/live", params={"since": "0.0"}).status_code == 204
    finally:
        CLOSING.clear()
