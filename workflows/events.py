"""Facts, past tense. An event never asks for anything; procedures declare which events they answer.

Canonical JSON is what gets hashed: sorted keys, no spaces, real characters, the same bytes for the same fact.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Scalar: TypeAlias = str | int | bool | None

REGISTRY_PREFIX = "gongjian.registry.enterprise."

#: What offices may tell us of an enterprise: wire type -> the event's name inside the house.
REGISTRY_EVENTS: dict[str, str] = {
    f"{REGISTRY_PREFIX}{fact}.v1": f"registry.{fact}"
    for fact in (
        "prenotified",
        "registered",
        "changed",
        "suspended",
        "resumed",
        "deregistered",
        "revoked",
        "merged",
        "split",
        "reported",
    )
}

#: What the office makes of a `registry.changed` that really changes something; nobody sends these.
DERIVED: frozenset[str] = frozenset(
    {"registry.renamed", "registry.restructured", "registry.moved", "registry.moved_back"}
)

#: Events that come from outside the procedures: the registry, the mail room, the calendar, the slip on a paper.
OUTSIDE: frozenset[str] = (
    frozenset(REGISTRY_EVENTS.values())
    | DERIVED
    | {"notice.delivered", "office.sign_found", "enterprise.replied"}
    | {"calendar.meeting_planned", "calendar.meeting_replanned"}
)


@dataclass(frozen=True, slots=True)
class Event:
    """One fact about one case. `about` names the proceeding it belongs to, where only that one may answer."""

    name: str
    data: Mapping[str, Scalar] = field(default_factory=dict)
    about: int | None = None


def expired(term: str) -> str:
    """The name of the event that says a term ran out.

    >>> expired("acknowledge")
    'term.acknowledge.expired'
    """
    return f"term.{term}.expired"


_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def is_expiry(name: str) -> bool:
    """Does this event say that a term ran out?

    >>> is_expiry("term.acknowledge.expired"), is_expiry("party.formed")
    (True, False)
    """
    return name.startswith("term.") and name.endswith(".expired")


def canonical(value: object) -> bytes:
    """The bytes that stand for a value, the same on every machine (RFC 8785's rules for the types used here).

    >>> canonical({"b": 1, "a": "工会"}).decode()
    '{"a":"工会","b":1}'
    """
    return _CANONICAL.encode(value).encode()
