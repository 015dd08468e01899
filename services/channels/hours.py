"""When a message may go: not in a channel's quiet hours, and with a daily digest only at its hour."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


def quiet_until(quiet_from: int | None, until: int | None, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the quiet hours end in which this moment lies; None where it lies in none. They may go over midnight.

    >>> zone, at = ZoneInfo("Asia/Shanghai"), datetime.fromisoformat
    >>> str(quiet_until(22, 7, at("2026-03-02T23:30:00+08:00"), zone))
    '2026-03-03 07:00:00+08:00'
    >>> str(quiet_until(22, 7, at("2026-03-02T22:59:00+00:00"), zone))
    '2026-03-03 07:00:00+08:00'
    >>> quiet_until(22, 7, at("2026-03-02T07:00:00+08:00"), zone) is None
    True
    """
    if quiet_from is None or until is None:
        return None
    here = now.astimezone(zone)
    is_quiet = is_between(here.hour, quiet_from, until)
    return _next(here, until) if is_quiet else None


def is_between(hour: int, first: int, end: int) -> bool:
    """Does the hour lie in a span of hours, which may go over midnight?

    >>> [is_between(hour, 22, 7) for hour in (21, 22, 6, 7)], [is_between(hour, 12, 14) for hour in (11, 13, 14)]
    ([False, True, True, False], [False, True, False])
    """
    return first <= hour < end if first < end else hour >= first or hour < end


def due(
    quiet_from: int | None, until: int | None, digest: int | None, now: datetime, zone: ZoneInfo
) -> datetime:
    """When something that comes now may go: at once, or when it is time for that.

    >>> zone, at = ZoneInfo("Asia/Shanghai"), datetime.fromisoformat
    >>> str(due(None, None, 9, at("2026-03-02T09:00:00+08:00"), zone))
    '2026-03-03 09:00:00+08:00'
    """
    if digest is not None:
        return _next(now.astimezone(zone), digest)
    return quiet_until(quiet_from, until, now, zone) or now


def _next(here: datetime, hour: int) -> datetime:
    """The next moment at which that hour begins."""
    at = datetime.combine(here.date(), time(hour), tzinfo=here.tzinfo)
    return at if at > here else at + timedelta(days=1)
