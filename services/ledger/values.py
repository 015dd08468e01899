"""What a line says about persons: the line holds a commitment, the value lies beside it and can be erased, and every proof still holds.

commitment = H("gj-value-v1" ‖ 0x00 ‖ salt ‖ canonical JSON of the value). Without the salt nobody can try out names.
"""

import hashlib
import json
import secrets
from collections.abc import Collection, Mapping
from typing import Any

from workflows.events import canonical

DOMAIN = b"gj-value-v1\x00"
SALT_BYTES = 16
#: What stands in a line in place of a value.
MARK = "commitment"
#: The field under which a line's opinion lies.
OPINION = "opinion"


def commitment(salt: bytes, value: object, algorithm: str = "sha256") -> str:
    """In hex.

    >>> commitment(bytes(16), "张三")[:16]
    '5da33ddb4d14932e'
    """
    return hashlib.new(algorithm, DOMAIN + salt + canonical(value)).hexdigest()


def hide(line: dict[str, Any], personal: Collection[str], algorithm: str) -> list[tuple[str, bytes, str]]:
    """Commitments take the place of what the line says about persons; yields what they stand for: field, salt, value as JSON. `Any`: JSON."""
    hidden = []
    data = line["data"]
    for name in sorted(name for name in personal if data.get(name) is not None):
        salt = secrets.token_bytes(SALT_BYTES)
        hidden.append((name, salt, canonical(data[name]).decode()))
        data[name] = {MARK: commitment(salt, data[name], algorithm)}
    if line.get(OPINION):
        salt = secrets.token_bytes(SALT_BYTES)
        hidden.append((OPINION, salt, canonical(line[OPINION]).decode()))
        line[OPINION] = {MARK: commitment(salt, line[OPINION], algorithm)}
    return hidden


def told(line: dict[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """The line with its values back in their places, as JSON beside it says them; `erased` names those that are gone. `Any`: JSON."""
    erased = []
    data = dict(line["data"])
    for name, value in data.items():
        if is_hidden(value):
            data[name] = json.loads(values[name]) if name in values else None
            erased += [] if name in values else [name]
    shown = line | {"data": data}
    if is_hidden(line.get(OPINION)):
        shown[OPINION] = json.loads(values[OPINION]) if OPINION in values else ""
        erased += [] if OPINION in values else [OPINION]
    return shown | {"erased": erased}


def is_hidden(value: object) -> bool:
    """Does a commitment stand here?"""
    return isinstance(value, dict) and set(value) == {MARK}
