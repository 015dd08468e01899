"""What every kind of channel can do: say whether an address is one, and carry a message there."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from services.channels.answer import Answer
from services.channels.message import Message
from services.settings import Channels
from workflows.errors import Fault
from workflows.words import Text


@dataclass(frozen=True, slots=True)
class Target:
    """Where a channel leads, and what it is signed with. Never shown, never logged."""

    address: str = field(repr=False)
    secret: str = field(default="", repr=False)

    def packed(self) -> bytes:
        return json.dumps([self.address, self.secret]).encode()

    @classmethod
    def unpacked(cls, kept: bytes) -> "Target":
        return cls(*json.loads(kept))


class Carrier(Protocol):
    """One kind of channel."""

    @property
    def label(self) -> Text:
        """What people call it."""

    @property
    def pace(self) -> timedelta:
        """The least time between two messages."""

    def examined(self, settings: Channels, target: Target) -> str:
        """What may be seen of the address, if it is a good one; a Fault otherwise."""

    def carry(self, settings: Channels, target: Target, message: Message, now: datetime) -> Answer:
        """The message has gone, and this is the answer; Failed where it has not."""


def require_no_secret(target: Target) -> None:
    """Fault `channel_secret_needless`: it would lie there for nothing."""
    if target.secret:
        raise Fault("channel_secret_needless", field="secret")
