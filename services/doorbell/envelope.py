"""What a message file must hold before anybody trusts it: kombu's own JSON envelope, complete, and not too
large."""

import stat
from base64 import b64decode
from pathlib import Path
from typing import Any, TypeAlias

from kombu.utils.json import dumps, loads

Envelope: TypeAlias = dict[
    str, Any
]  # Any: kombu's own free-form envelope; `read_envelope` checks what kombu relies on

LARGEST_BYTES = 32 * 1024 * 1024


def whole(envelope: Envelope) -> bytes:
    """The bytes of a message file."""
    text: str = dumps(envelope)
    return text.encode()


def read_envelope(path: Path) -> Envelope:
    """The envelope in the file; ValueError when it is torn, empty, huge, no plain file or no message."""
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        raise ValueError("not a plain file")
    if found.st_size > LARGEST_BYTES:
        raise ValueError(f"{found.st_size} bytes are too many")
    try:
        envelope = loads(path.read_bytes().decode())
    except (TypeError, KeyError, AttributeError, RecursionError) as odd:  # kombu's typed JSON, mistyped
        raise ValueError(f"not a message: {type(odd).__name__}") from odd
    if not isinstance(envelope, dict):
        raise ValueError("not a message: no object")
    _check(envelope)
    return envelope


def _check(envelope: Envelope) -> None:
    properties = envelope.get("properties")
    if not isinstance(properties, dict) or not isinstance(properties.get("delivery_info"), dict):
        raise ValueError("not a message: no properties")
    if not isinstance(envelope.get("headers") or {}, dict):
        raise ValueError("not a message: headers are no object")
    body, encoding = envelope.get("body"), properties.get("body_encoding")
    if not isinstance(body, str | None) or encoding not in {None, "utf-8", "base64"}:
        raise ValueError("not a message: the body is no text")
    if body and encoding == "base64":
        b64decode(body, validate=True)
