"""What the group robots of WeCom, DingTalk and Feishu have in common: they take twenty messages a minute, and answer 200 to what they
refuse, with the reason in the body. Apprise takes such an answer for a success; that is why this is our own code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from services.channels.answer import DELIVERED, Answer
from services.channels.http import Reply

PACE = timedelta(seconds=3)
#: They say "too fast" for a minute's worth.
PAUSE = 60


@dataclass(frozen=True, slots=True)
class Codes:
    """By which names a robot says how it went: `names` in the order in which they are looked for, the numbers that mean that it was
    too fast, and those that will not change by asking again."""

    names: tuple[str, ...]
    too_fast: frozenset[int]
    final: frozenset[int]

    def judged(self, reply: Reply) -> Answer:
        """Only a number, and only nought, means that it was delivered; Failed where no such thing was said."""
        said = self._found(reply.as_json())
        if said is None:
            return Answer("unreadable", str(reply.status))
        if said == 0:
            return Answer(DELIVERED, "0")
        if said in self.too_fast:
            return Answer("too_fast", str(said)[:20], after=PAUSE)
        return Answer("rejected", str(said)[:20], final=said in self.final)

    def _found(self, said: Mapping[str, Any]) -> int | None:
        """`Any`: JSON."""
        for name in self.names:
            value = said.get(name)
            if isinstance(value, int) and not isinstance(value, bool):
                return value
        return None
