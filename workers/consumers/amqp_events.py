"""A CloudEvent as it comes over AMQP, told in the words of HTTP: the office knows one form only."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from cloudevents.core.bindings.common import encode_header_value

from workflows.errors import Fault
from workflows.plain import said_back

STRUCTURED = "application/cloudevents"
SIGNED = ("webhook-id", "webhook-timestamp", "webhook-signature")
_PREFIXES = ("cloudevents:", "cloudevents_", "ce-")


class Envelope(NamedTuple):
    """What `receive_raw` wants to hear beside the body."""

    content_type: str
    headers: dict[str, str]


def http_envelope(content_type: str | None, headers: Mapping[str, object]) -> Envelope:
    """Structured messages as they are; of binary ones cloudEvents:id, cloudEvents_id and ce-id as ce-id. A signature goes along.

    AMQP carries attributes as plain text, HTTP percent-encoded; so they are encoded here, once. A value that
    is
    no text, number, truth or time is left as the name of its type, for the office to refuse.

    >>> _, headers = http_envelope("application/json", {"cloudEvents:id": "7", "cloudEvents:subject": "企"})
    >>> headers
    {'ce-id': '7', 'ce-subject': '%E4%BC%81'}
    """
    kind = content_type or "application/octet-stream"
    found = {name: _text(headers[name]) for name in SIGNED if name in headers}
    if kind.lower().startswith(STRUCTURED):
        return Envelope(kind, found)
    for name, value in headers.items():
        prefix = next((one for one in _PREFIXES if name.lower().startswith(one)), None)
        if prefix is None:
            continue
        attribute = name.lower().removeprefix(prefix)
        if f"ce-{attribute}" in found:
            raise Fault(
                "envelope_bad",
                field=said_back(attribute),
                name=said_back(attribute),
                zh="写了两次，请只保留一个",
                en="it stands there twice; keep one",
            )
        found[f"ce-{attribute}"] = _encoded(value)
    return Envelope(kind, found)


def _text(value: object) -> str:
    said = _plain(value)
    return said if isinstance(said, str) else ""


def _encoded(value: object) -> str:
    try:
        return encode_header_value(_plain(value))
    except UnicodeEncodeError:  # half a character
        raise Fault("encoding_bad") from None


def _plain(value: object) -> str | datetime:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime() | str():
            return value
        case int():
            return str(value)
        case bytes():
            return value.decode("latin-1")
        case _:
            return f"<{type(value).__name__}>"
