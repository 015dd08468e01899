"""Wrong tries at the door, counted in memory: for names that nobody bears, and for the addresses they come from.

What an account's own row counts outlives a restart; these need not. Each holds only so many, the oldest go first.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from math import ceil
from threading import Lock
from weakref import WeakKeyDictionary

from services.runtime import Runtime
from workflows.errors import Fault

TRIES = 10
#: Several people sit behind one address, so it may err oftener; this many within the time of one lock.
TRIES_OF_AN_ADDRESS = 30
LOCKED_FOR = timedelta(minutes=15)


class Tally:
    """Counts wrong tries by name; the last of `tries` locks it. With `within`, older ones are forgotten."""

    MOST = 10_000

    def __init__(self, tries: int, within: timedelta | None = None) -> None:
        self._tries, self._within, self._alone = tries, within, Lock()
        self._seen: OrderedDict[str, tuple[int, datetime, datetime | None]] = OrderedDict()

    def locked_until(self, name: str) -> datetime | None:
        with self._alone:
            kept = self._seen.get(name[:60])
        return None if kept is None else kept[2]

    def count(self, name: str, now: datetime) -> None:
        name = name[:60]
        with self._alone:
            failed, since, until = self._seen.pop(name, (0, now, None))
            if self._within is not None and now - since >= self._within:
                failed, since = 0, now
            failed += 1
            full = failed >= self._tries
            self._seen[name] = (0, now, now + LOCKED_FOR) if full else (failed, since, until)
            while len(self._seen) > self.MOST:
                self._seen.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Tallies:
    """The two of one process."""

    names: Tally = field(default_factory=lambda: Tally(TRIES))
    addresses: Tally = field(default_factory=lambda: Tally(TRIES_OF_AN_ADDRESS, LOCKED_FOR))


def tallies(runtime: Runtime) -> Tallies:
    """The tallies of this process."""
    return _KEPT.setdefault(runtime, Tallies())


def neighbourhood(address: str) -> str:
    """What counts as one address: all of a household's IPv6 addresses are one.

    >>> neighbourhood("10.1.2.3"), neighbourhood("2001:db8:1:2:3:4:5:6"), neighbourhood("testclient")
    ('10.1.2.3', '2001:db8:1:2::', 'testclient')
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))


def refuse_locked(until: datetime | None, now: datetime) -> None:
    """Fault `locked_out` while the lock holds; it says for how long."""
    if until is not None and until > now:
        fault = Fault("locked_out", minutes=ceil((until - now) / timedelta(minutes=1)))
        fault.after = ceil((until - now).total_seconds())
        raise fault


_KEPT: WeakKeyDictionary[Runtime, Tallies] = WeakKeyDictionary()
