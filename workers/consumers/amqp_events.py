"""A CloudEvent as it comes over AMQP, told in the words of HTTP: the office knows one form only."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from cloudevents.core.bindings.common import encode_header_value

STRUCTURED = "application/cloudevents"
_PREFIXES = ("cloudevents:", "cloudevents_", "ce-")


class Envelope(NamedTuple):
    """What `receive_raw` wants to hear beside the body."""

    content_type: str
    headers: dict[str, str]


def http_envelope(content_type: str | None, headers: Mapping[str, object]) -> Envelope:
    """Structured messages as they are; of binary ones cloudEvents:id, cloudEvents_id and ce-id as ce-id.

    AMQP carries attributes as plain text, HTTP percent-encoded; so they are encoded here, once. A value that
    is
    no text, number, truth or time is left as the name of its type, for the office to refuse.

    >>> _, headers = http_envelope("application/json", {"cloudEvents:id": "7", "cloudEvents:subject": "企"})
    >>> headers
    {'ce-id': '7', 'ce-subject': '%E4%BC%81'}
    """
    kind = content_type or "application/octet-stream"
    if kind.lower().startswith(STRUCTURED):
        return Envelope(kind, {})
    found = {}
    for name, value in headers.items():
        for prefix in _PREFIXES:
            if name.lower().startswith(prefix):
                found[f"ce-{name.lower().removeprefix(prefix)}"] = encode_header_value(_plain(value))
    return Envelope(kind, found)


def _plain(value: object) -> str | datetime:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime() | str():
            return value
        case int():
            return str(value)
        case bytes():
            return value.decode(errors="replace")
        case _:
            return f"<{type(value).__name__}>"
