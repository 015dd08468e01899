"""Reads JSON as the sender wrote it and refuses what two readers could understand differently (RELIABILITY 4.9)."""

import json
from math import isinf
from typing import Any

from workflows.errors import Fault
from workflows.plain import said_back

DEEPEST = 20


def read(body: bytes) -> Any:
    """The value, or a Fault: not UTF-8, not JSON, a key twice, NaN, nested too deeply, or a half character. `Any`: JSON."""
    if not body.strip():
        raise Fault("body_empty")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Fault("encoding_bad") from None
    if text.startswith("\ufeff"):
        raise Fault("json_bom")
    try:
        value = json.loads(
            text, object_pairs_hook=_once_each, parse_constant=_no_constant, parse_float=_finite
        )
    except json.JSONDecodeError as error:
        raise Fault("json_bad", line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise Fault("json_depth", limit=DEEPEST) from None
    except ValueError as error:  # an integer of more digits than Python reads
        raise Fault("json_number") from error
    _shallow(value, DEEPEST)
    return value


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Fault("json_duplicate_key", field=said_back(twice), name=said_back(twice))
    return found


def _finite(digits: str) -> float:
    number = float(digits)
    if isinf(number):
        raise Fault("json_number")
    return number


def _no_constant(_name: str) -> Any:
    raise Fault("json_number")


def _shallow(value: Any, left: int) -> None:
    if isinstance(value, str) and not value.isascii():
        _whole(value)
    if left == 0 and isinstance(value, dict | list):
        raise Fault("json_depth", limit=DEEPEST)
    if isinstance(value, dict):
        for name, inner in value.items():
            _whole(name)
            _shallow(inner, left - 1)
    elif isinstance(value, list):
        for inner in value:
            _shallow(inner, left - 1)


def _whole(text: str) -> None:
    """No half of a surrogate pair, which no database and no hash could keep."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Fault("encoding_bad") from None
