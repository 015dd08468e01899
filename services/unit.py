"""One use case: one connection, one actor, one moment, one commit."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from services.actor import Actor
from services.clock import legal_day
from services.doorbell.broker import Bell

if TYPE_CHECKING:
    from services.runtime import Runtime


class Unit:
    """One use case: one connection, one actor, one moment. It commits once, at the end; the doorbells ring after that."""

    __slots__ = ("actor", "bells", "db", "now", "runtime", "today")

    def __init__(self, runtime: Runtime, db: Connection, actor: Actor, now: datetime) -> None:
        self.runtime, self.db, self.actor, self.now = runtime, db, actor, now
        self.today: date = legal_day(now, runtime.settings.zone)
        self.bells: set[Bell] = set()
