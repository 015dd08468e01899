"""Messages over AMQP, hostile in body and headers: each is on file or among the dead with its cause, and none is our fault."""

import json
import os
from typing import Any
from unittest.mock import Mock

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.builders import Town, registered
from tests.fuzz import words
from tests.fuzz.judge import CANARY
from workers.consumers import registry_events
from workflows.errors import CATALOGUE
from workflows.words import Text

MESSAGES = int(os.environ.get("GONGJIAN_FUZZ", "600")) // 4
PREFIXES = ("cloudEvents:", "cloudEvents_", "ce-", "")
VALUES = words.text | st.binary(max_size=12) | words.number | st.booleans() | st.none() | st.just({"a": [1]})
MEDIA = (
    "application/json",
    "application/cloudevents+json",
    "application/cloudevents-batch+json",
    "text/plain",
    None,
    "application/json; charset=gb18030",
)


@st.composite
def messages(draw: st.DrawFn) -> tuple[bytes, str | None, dict[str, Any]]:
    """Body, media type and headers: an event broken in one place, in a form that may not be its own."""
    said = registered(draw(st.integers(1, 99_999)))
    whole = said if draw(st.booleans()) else draw(words.broken(said))
    binary = draw(st.booleans())
    headers = {}
    if binary:
        for name in ("specversion", "id", "source", "type"):
            headers[draw(st.sampled_from(PREFIXES)) + name] = said[name]
            if draw(st.integers(0, 9)) == 0:
                headers[draw(st.sampled_from(PREFIXES)) + name] = draw(VALUES)
        headers |= draw(st.dictionaries(words.text.map(lambda name: "ce-" + name), VALUES, max_size=1))
        whole = whole.get("data", whole) if isinstance(whole, dict) else whole
    media = MEDIA[not binary] if draw(st.integers(0, 5)) else draw(st.sampled_from(MEDIA))
    return draw(words.written(whole)), media, headers


@pytest.mark.fault("F50")
def test_a_bad_message_is_set_aside_with_its_cause(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    buried: list[tuple[str, Text]] = []
    monkeypatch.setattr(registry_events, "runtime", lambda: town.runtime)
    monkeypatch.setattr(registry_events, "settings", lambda: town.runtime.settings)
    monkeypatch.setattr(registry_events, "_bury", lambda message, body, code, why: buried.append((code, why)))

    @settings(
        max_examples=MESSAGES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(messages())
    def brought(one: tuple[bytes, str | None, dict[str, Any]]) -> None:
        buried.clear()
        message = Mock(body=one[0], content_type=one[1], headers=one[2])
        registry_events.take_in(message)
        message.ack.assert_called_once_with()
        for code, why in buried:
            assert code in CATALOGUE and code != "broken", (code, one)
            assert CANARY not in json.dumps(why.as_dict(), ensure_ascii=False), (code, one)

    brought()
    town.settle()
