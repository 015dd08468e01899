"""How work is taken from a table: claimed, counted, done together or one by one, and set aside when it will not go.

A claim counts its deliveries in a commit of its own before the work, so a row that kills its worker is set aside after three
(RELIABILITY 4.2). When a claim of many fails, its rows are tried one by one, so that one bad row harms no other. A lease keeps
other workers off; the work looks at each row again under a lock, so an expired lease does nothing twice. A row that was only
waited for, or was lost to another claim meanwhile, has not been tried: that counts neither as a failure nor as a crash.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Select, Update, bindparam, literal, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import InstrumentedAttribute, aliased

from services.actor import SERVICE
from services.db.again import again, in_the_way
from services.db.among import among
from services.failpoints import here
from services.runtime import Runtime, Unit
from workflows.errors import Fault

#: Longer than PostgreSQL lets anybody wait for a lock (5 s); short, because the enterprises of a dead worker wait for its end.
LEASE = timedelta(seconds=6)
CRASHES = 3
TRIES = 8

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Drain:
    """One table of work. `due` is the column that says when; `group` the one inside which rows go in order, one at a time.

    A row that is in hand, or was put off, keeps the later rows of its group back: two workers on one enterprise would
    overtake each other, and an event that overtakes its registration would wait for it without end. Rows that go
    `by_day` (deadlines) are kept back only by those due before them.

    `table` is a model with id, state, deliveries, attempts, error_code, error. `Any`: models share no base with these columns.
    """

    name: str
    table: Any
    due: InstrumentedAttribute[Any]
    group: InstrumentedAttribute[Any]
    work: Callable[[Unit, Sequence[int]], None]
    waiting: str = "pending"
    by_day: bool = False
    _due_rows: Select[Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        table = self.table
        due_rows = (
            select(table.id, table.deliveries, table.attempts)
            .where(table.state == self._waits(), self.due <= bindparam("now"), self._first_of_group())
            .order_by(self.due, table.id)
            .limit(bindparam("most"))
            .with_for_update(skip_locked=True, of=table)
        )
        object.__setattr__(self, "_due_rows", due_rows)

    def run(self, runtime: Runtime, limit: int) -> int:
        """Up to `limit` due rows are worked off or set aside; returns how many were in hand."""
        with runtime.writing(SERVICE) as unit:
            keys, lease = self.claim(unit, limit), self._lease(unit.now)
            if keys:
                here(self.name, "claiming")
        if not keys:
            return 0
        here(self.name, "claimed")
        try:
            again(lambda: self._together(runtime, keys))
            return len(keys)
        except Exception as error:
            if _is_gone(error):
                raise
            _log.info("claim_split", drain=self.name, rows=len(keys), error=type(error).__name__)
        left = keys
        while left:
            lease, left = self._renewed(runtime, left, lease)
            for key in left[:1]:
                self._alone(runtime, key)
            left = left[1:]
        return len(keys)

    def pending(self, unit: Unit, keys: Sequence[int], *columns: Any) -> Sequence[Any]:
        """The rows of a claim that are still to be done, locked, in order. `Any`: rows of the columns asked for.

        It waits for a lock and never skips: another worker's claim holds one for a moment even on rows it then passes
        over, and what is skipped here would lie until its lease has run out.
        """
        return unit.db.execute(_still(self.table, self.waiting, columns), {"keys": keys}).all()

    def _together(self, runtime: Runtime, keys: Sequence[int]) -> None:
        with runtime.writing(SERVICE, self.name) as unit:
            self.work(unit, keys)

    def _alone(self, runtime: Runtime, key: int) -> None:
        try:
            again(lambda: self._together(runtime, [key]))
        except Fault as fault:
            self._set_aside(runtime, key, fault, final=True)
        except DBAPIError as error:
            if _is_gone(error):
                raise
            if in_the_way(error):
                _log.info("row_waited_for", drain=self.name, row=key)
                with runtime.writing(SERVICE) as unit:
                    self._not_tried(unit, [key])
                return
            _log.warning("row_failed", drain=self.name, row=key, error=type(error).__name__)
            self._set_aside(runtime, key, Fault("busy"), final=False)
        except Exception as error:
            _log.exception("row_failed", drain=self.name, row=key, error=type(error).__name__)
            self._set_aside(runtime, key, Fault("broken"), final=False)

    def _renewed(self, runtime: Runtime, keys: Sequence[int], lease: datetime) -> tuple[datetime, list[int]]:
        """Which of the rows we still hold, and until when: what went before may have waited longer than the lease lasts."""
        table, due = self.table, self.due.key
        with runtime.writing(SERVICE) as unit:
            rows = unit.db.execute(
                select(table.id, self.due)
                .where(table.id.in_(keys), table.state == self.waiting)
                .order_by(table.id)
                .with_for_update(skip_locked=True)
            ).all()
            ours = {row.id for row in rows if getattr(row, due) == lease}
            renewed = self._lease(unit.now)
            unit.db.execute(update(table).where(table.id.in_(ours)).values({due: renewed}))
            self._not_tried(unit, [row.id for row in rows if row.id not in ours])
        return renewed, [key for key in keys if key in ours]

    def _not_tried(self, unit: Unit, keys: Sequence[int]) -> None:
        """These were handed to us for nothing. By its deliveries a row that goes `by_day` shows that its due moment is a lease,
        so that one of them stays."""
        table = self.table
        handed = (table.id.in_(keys), table.state == self.waiting, table.deliveries > int(self.by_day))
        unit.db.execute(update(table).where(*handed).values(deliveries=table.deliveries - 1))

    def claim(self, unit: Unit, limit: int) -> list[int]:
        """The ids of due rows, the oldest of each group only, each counted as delivered and leased."""
        table = self.table
        rows = unit.db.execute(self._due_rows, {"now": unit.now, "most": limit}).all()
        crashed = [row.id for row in rows if row.deliveries - row.attempts >= CRASHES]
        crashes = {row.id: row.deliveries - row.attempts for row in rows if row.id not in set(crashed)}
        worst = max(crashes.values(), default=0)
        keys = [key for key, count in crashes.items() if count == worst][: _at_once(limit, worst)]
        if crashed:
            told = Fault("crashed").text.as_dict()
            unit.db.execute(
                update(table)
                .where(table.id.in_(crashed))
                .values(state="failed", error_code="crashed", error=told)
            )
            _log.error("row_quarantined", drain=self.name, rows=crashed)
        if keys:
            lease = {"keys": keys, "until": self._lease(unit.now)}
            unit.db.execute(_leased(table, self.due.key), lease)
        return keys

    def _first_of_group(self) -> ColumnElement[bool]:
        table = self.table
        earlier = aliased(table)
        due = getattr(earlier, self.due.key)
        ahead = [earlier.id < table.id]
        if self.by_day:
            ahead += [due.is_not(None), or_(due <= self.due, earlier.deliveries > 0)]
        same = getattr(earlier, self.group.key) == self.group
        return ~select(earlier.id).where(same, earlier.state == self._waits(), *ahead).exists()

    def _waits(self) -> ColumnElement[str]:
        """The state of rows that wait, written into the statement itself: an index of only such rows answers nobody who keeps the
        state to himself until the statement is planned."""
        return literal(self.waiting, literal_execute=True)

    def _set_aside(self, runtime: Runtime, key: int, fault: Fault, *, final: bool) -> None:
        """The failure stands on the row: tried again later, or quarantined for a person."""
        table = self.table
        with runtime.writing(SERVICE) as unit:
            row = unit.db.execute(
                select(table.attempts, table.state).where(table.id == key).with_for_update()
            ).one()
            if row.state != self.waiting:
                return
            attempts = row.attempts + 1
            spent = final or attempts >= TRIES
            again = unit.now + timedelta(seconds=min(2**attempts, 120))
            unit.db.execute(
                update(table)
                .where(table.id == key)
                .values(
                    {
                        "attempts": attempts,
                        "state": "failed" if spent else self.waiting,
                        self.due.key: again,
                        "error_code": fault.code,
                        "error": fault.text.as_dict(),
                    }
                )
            )

    @staticmethod
    def _lease(now: datetime) -> datetime:
        return now + LEASE


@cache
def _still(table: Any, waiting: str, columns: tuple[Any, ...]) -> Select[Any]:
    """Built once, for it is asked with every claim. `Any`: as above."""
    return (
        select(table.id, *columns)
        .where(among(table.id, "keys"), table.state == waiting)
        .order_by(table.id)
        .with_for_update()
    )


@cache
def _leased(table: Any, due: str) -> Update:
    """As above."""
    values = {"deliveries": table.deliveries + 1, due: bindparam("until")}
    return update(table).where(among(table.id, "keys")).values(values)


def _at_once(limit: int, crashes: int) -> int:
    """How many rows go together that were in hand so often when a worker died. The circle narrows until one row stands alone:
    the guilty one is found, and the innocent of a large claim do not go one by one for it.

    >>> [_at_once(200, crashes) for crashes in range(CRASHES)]
    [200, 14, 1]
    """
    share = 1 - crashes / (CRASHES - 1)
    return round(math.pow(limit, share))


def _is_gone(error: Exception) -> bool:
    """Is the database itself out of reach? Then nothing is the row's fault."""
    return isinstance(error, DBAPIError) and error.connection_invalidated
