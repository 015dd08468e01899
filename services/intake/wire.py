"""The three ways a CloudEvent travels over HTTP (and two over AMQP): structured, batch, binary. Out come plain dicts."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from services.intake.strict_json import read as read_json
from workflows.errors import Fault
from workflows.plain import said_back

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
BINARY = "application/json"
LARGEST_BATCH = 500


def read(body: bytes, content_type: str, headers: Mapping[str, str]) -> list[dict[str, Any]]:
    """The events in a message, as they were said; their envelopes are checked elsewhere. `Any`: JSON."""
    media = media_of(content_type)
    if media == STRUCTURED:
        return [read_json(body)]
    if media == BATCH:
        return _batch(read_json(body))
    if media == BINARY:
        return [_binary(body, headers)]
    raise Fault("media_type", want=f"{STRUCTURED}, {BATCH}, {BINARY}")


def media_of(content_type: str) -> str:
    """The media type alone; a Fault for any other charset than UTF-8, which is what we read.

    >>> media_of('Application/JSON; charset="UTF-8"')
    'application/json'
    """
    media, _, rest = content_type.partition(";")
    for parameter in rest.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and value.strip(' "').lower() not in ("utf-8", "utf8"):
            raise Fault("encoding_bad", field="Content-Type")
    return media.strip().lower()


def _batch(said: Any) -> list[dict[str, Any]]:
    if not isinstance(said, list):
        raise Fault("envelope_bad", field="", name="batch", zh="应为JSON数组", en="it must be a JSON array")
    if len(said) > LARGEST_BATCH:
        raise Fault("too_large", limit=f"{LARGEST_BATCH} events")
    return said


def _binary(body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    """Attributes from `ce-` headers, percent-encoded; plain JSON with none is a structured event."""
    found: dict[str, Any] = {
        name[3:].lower(): _attribute(name[3:].lower(), value)
        for name, value in headers.items()
        if name.lower().startswith("ce-")
    }
    if not found:
        said = read_json(body)
        if not isinstance(said, dict) or "specversion" not in said:
            raise Fault("envelope_missing", field="specversion", name="specversion")
        return said
    for name in ("data", "datacontenttype"):
        if name in found:
            raise Fault(
                "envelope_bad",
                field=f"ce-{name}",
                name=f"ce-{name}",
                zh="正文和Content-Type已经说明，不要再写",
                en="the body and Content-Type say it already; leave it out",
            )
    return found | {"datacontenttype": "application/json", "data": read_json(body)}


def _attribute(name: str, value: str) -> str:
    """What a header says: visible ASCII, everything else percent-encoded UTF-8."""
    try:
        if value.isascii():
            return unquote(value, errors="strict")
    except UnicodeDecodeError:
        pass
    shown = f"ce-{said_back(name)}"
    raise Fault(
        "envelope_bad",
        field=shown,
        name=shown,
        zh="ASCII以外的字符应写作UTF-8的百分号编码",
        en="characters other than ASCII are written as percent-encoded UTF-8",
    )
