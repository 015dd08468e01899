"""How often somebody may ask (S20). Who asks oftener is told when to come again, before anything he sent is read: what was
accepted is never taken back, and what was not is not on file.

A bucket of tokens for each account, and for each address at the door, in the memory of this process: one that was not seen
for a while is full, so the oldest may be forgotten.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from threading import Lock
from typing import Any

from fastapi import Depends, Request

from services.access.permissions import permits
from services.access.tallies import neighbourhood
from services.actor import Actor
from services.settings import Limits
from workflows.errors import Fault


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, and `a_second` more in each second that follows: requests, or bytes."""

    a_second: float
    burst: int


class Rates:
    """The buckets of one process."""

    MOST = 10_000

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now, self._alone = now, Lock()
        self._buckets: OrderedDict[tuple[str, object], tuple[float, float]] = OrderedDict()

    def ask(self, what: str, who: object, rate: Rate, much: int = 1) -> None:
        """One more request of this kind, or so many bytes, no more than the burst; the Fault `too_many` says after how many
        seconds it is heard."""
        with self._alone:
            now = self._now()
            left, since = self._buckets.pop((what, who), (float(rate.burst), now))
            left = min(float(rate.burst), left + (now - since) * rate.a_second)
            heard = left > much - 0.001  # who comes when he was told to is not sent away for a rounding
            self._buckets[what, who] = (left - much * heard, now)
            while len(self._buckets) > self.MOST:
                self._buckets.popitem(last=False)
        if not heard:
            seconds = ceil((much - left) / rate.a_second)
            fault = Fault("too_many", seconds=seconds)
            fault.after = seconds
            raise fault


def of_account(actor: Actor, limits: Limits) -> tuple[str, Rate]:
    """What an account may ask: an office's machine reports, people read and act."""
    if permits(actor.kind, "events.send"):
        return "office", Rate(limits.office_rate, limits.office_burst)
    return "staff", Rate(limits.staff_rate, limits.staff_burst)


def asks(request: Request, actor: Actor) -> None:
    """One more request of this account; a Fault when it asks too often."""
    what, rate = of_account(actor, request.app.state.runtime.settings.limits)
    request.app.state.rates.ask(what, actor.account_id, rate)


def brings(request: Request, actor: Actor, size: int) -> None:
    """A document of so many bytes, kept or not; a Fault when this account has brought as much as it may in an hour."""
    limits = request.app.state.runtime.settings.limits
    hour = max(limits.upload_hour, limits.upload_bytes)
    request.app.state.rates.ask("upload", actor.account_id, Rate(hour / 3600, hour), min(size, hour))


def knocks(request: Request) -> None:
    """One more question of signing in from this address; a Fault when there are too many."""
    limits = request.app.state.runtime.settings.limits
    client = request.client
    who = neighbourhood(client.host if client is not None else "")
    request.app.state.rates.ask("sign-in", who, Rate(limits.sign_in_rate / 60, limits.sign_in_rate))


def scans(request: Request) -> None:
    """One more look at a slip from this address: as often as one may sign in, and counted by itself."""
    limits = request.app.state.runtime.settings.limits
    client = request.client
    who = neighbourhood(client.host if client is not None else "")
    request.app.state.rates.ask("slip", who, Rate(limits.sign_in_rate / 60, limits.sign_in_rate))


#: In the `dependencies` of whatever takes a password, a code or a word from elsewhere in their stead, or goes to ask for one.
Knock: Any = Depends(knocks)  # Any: FastAPI's own
