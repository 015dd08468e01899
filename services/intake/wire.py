"""The three ways a CloudEvent travels over HTTP (and two over AMQP): structured, batch, binary. Out come plain dicts."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from services.intake.strict_json import read as read_json
from workflows.errors import Fault

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
BINARY = "application/json"
LARGEST_BATCH = 500


def read(body: bytes, content_type: str, headers: Mapping[str, str]) -> list[dict[str, Any]]:
    """The events in a message, as they were said; their envelopes are checked elsewhere. `Any`: JSON."""
    media = content_type.partition(";")[0].strip().lower()
    charset = content_type.partition("charset=")[2].split(";")[0].strip(' "').lower()
    if charset not in ("", "utf-8", "utf8"):
        raise Fault("encoding_bad")
    if media == STRUCTURED:
        return [read_json(body)]
    if media == BATCH:
        return _batch(read_json(body))
    if media == BINARY:
        return [_binary(body, headers)]
    raise Fault("media_type", want=f"{STRUCTURED}, {BATCH}, {BINARY}")


def _batch(said: Any) -> list[dict[str, Any]]:
    if not isinstance(said, list):
        raise Fault("envelope_bad", field="", name="batch", zh="应为JSON数组", en="it must be a JSON array")
    if len(said) > LARGEST_BATCH:
        raise Fault("too_large", limit=f"{LARGEST_BATCH} events")
    return said


def _binary(body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    """Attributes from `ce-` headers (HTTP) or `cloudEvents:` headers (AMQP); plain JSON with none is a structured event."""
    lowered = {name.lower(): value for name, value in headers.items()}
    found: dict[str, Any] = {}
    for name, value in lowered.items():
        for start in ("ce-", "cloudevents:", "cloudevents_"):
            if name.startswith(start):
                found[name[len(start) :]] = unquote(value)
    if not found:
        said = read_json(body)
        if not isinstance(said, dict) or "specversion" not in said:
            raise Fault("envelope_missing", field="specversion", name="specversion")
        return said
    return found | {"datacontenttype": "application/json", "data": read_json(body)}
