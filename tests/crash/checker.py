"""An independent look at the books: raw SQL through the database's own driver, and nothing of the house's code.

What it finds wrong it says in sentences; an empty list is a clean house. It takes its measure from
RELIABILITY §3 (I1 to I6), and knows the chain's rule only as the handbook tells it."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from pysqlite3 import dbapi2

LONGEST_WAIT = timedelta(seconds=10)

# Any below: a driver's rows are what the columns are.


class Books:
    """The tables of one service, read only."""

    def __init__(self, url: str) -> None:
        self._url = url.replace("postgresql+psycopg://", "postgresql://")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self._open() as connection:
            return [tuple(row) for row in connection.execute(sql).fetchall()]

    def one(self, sql: str) -> Any:
        return self.rows(sql)[0][0]

    @contextmanager
    def _open(self) -> Iterator[Any]:
        if self._url.startswith("sqlite:///"):
            path = self._url.removeprefix("sqlite:///")
            line = dbapi2.connect(f"file:{path}?mode=ro", uri=True, timeout=15)
        else:
            line = psycopg.connect(self._url, autocommit=True)
        try:
            yield line
        finally:
            line.close()

    def waiting(self) -> int:
        """How many rows are still to be worked off."""
        return sum(
            self.one(f"SELECT count(*) FROM {table} WHERE state = 'pending'") for table in ("inbox", "outbox")
        )

    def violations(self, accepted: Iterable[tuple[str, str]]) -> list[str]:
        """Everything that is not as it was promised, for the events that were answered with 202."""
        return [
            *self._events(set(accepted)),
            *self._applied_once(),
            *self._in_order(),
            *self._cases(),
            *self._chains(),
            *self._messages(),
        ]

    def _events(self, accepted: set[tuple[str, str]]) -> Iterator[str]:
        rows = self.rows("SELECT source, event_id, state, received_at FROM inbox")
        there = [(source, event_id) for source, event_id, _, _ in rows]
        yield from (f"accepted and lost: {key}" for key in sorted(accepted - set(there)))
        yield from (
            f"twice in the inbox: {key}" for key in sorted({key for key in there if there.count(key) > 1})
        )
        oldest = datetime.now(UTC) - LONGEST_WAIT
        for source, event_id, state, received_at in rows:
            if state not in ("applied", "waiting", "triage", "failed", "pending"):
                yield f"{source} {event_id} is {state}"
            if state == "pending" and _instant(received_at) < oldest:
                yield f"{source} {event_id} has been pending since {received_at}"

    def _applied_once(self) -> Iterator[str]:
        """Each applied event left one run of lines, in one case, at one moment; every other left none."""
        lines: dict[int, list[tuple[int, int, Any]]] = defaultdict(list)
        for inbox_id, case_id, seq, at in self.rows(
            "SELECT inbox_id, case_id, seq, at FROM history WHERE inbox_id IS NOT NULL ORDER BY case_id, seq"
        ):
            lines[inbox_id].append((case_id, seq, at))
        for key, state, case_id, code in self.rows("SELECT id, state, case_id, error_code FROM inbox"):
            found = lines.pop(key, [])
            if (state == "applied" and code is None) != bool(found):
                yield f"inbox row {key} is {state} ({code}) and has {len(found)} lines of history"
            if not found:
                continue
            if {line[0] for line in found} != {case_id} or len({line[2] for line in found}) != 1:
                yield f"inbox row {key} was applied more than once: {found}"
            if found[-1][1] - found[0][1] != len(found) - 1:
                yield f"inbox row {key} has lines apart from each other: {found}"
        yield from (f"history names inbox row {key}, which is not there" for key in lines)

    def _in_order(self) -> Iterator[str]:
        """What an office said of one enterprise since its registration was applied in the order in which it came."""
        story: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for case_key, inbox_id, seq in self.rows(
            "SELECT inbox.case_key, inbox.id, min(history.seq) FROM inbox JOIN history ON history.inbox_id = inbox.id"
            " GROUP BY inbox.case_key, inbox.id"
        ):
            story[case_key].append((seq, inbox_id))
        for case_key, told in story.items():
            order = [inbox_id for _, inbox_id in sorted(told)]
            later = [inbox_id for inbox_id in order if inbox_id >= order[0]]
            if later != sorted(later):
                yield f"the events of {case_key} were applied in the order {order}"

    def _cases(self) -> Iterator[str]:
        opened = self.rows(
            "SELECT case_key, count(DISTINCT case_id) FROM inbox WHERE case_id IS NOT NULL GROUP BY case_key"
        )
        yield from (f"{code} has {count} cases" for code, count in opened if count != 1)
        for code, count in self.rows("SELECT uscc, count(*) FROM cases GROUP BY uscc HAVING count(*) > 1"):
            yield f"{count} cases for the code {code}"
        for case_id, count in self.rows(
            "SELECT case_id, count(*) FROM proceedings WHERE procedure = 'lead' GROUP BY case_id HAVING count(*) > 1"
        ):
            yield f"case {case_id} has {count} leads"

    def _chains(self) -> Iterator[str]:
        """Every history closes, ends where its case says, and tells the state its proceedings are in."""
        lines: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        for line in self.rows(
            "SELECT case_id, seq, algorithm, canon, hash, inbox_id FROM history ORDER BY case_id, seq"
        ):
            lines[line[0]].append(line)
        told: dict[int, str] = {}
        for case_id, last, end in self.rows("SELECT id, seq, tip FROM cases"):
            written = lines.pop(case_id, [])
            yield from _broken(case_id, written, last, bytes(end))
            for line in written:
                said = json.loads(bytes(line[3]))
                if said["to"] is not None:
                    told[said["proceeding"]] = said["to"]
        yield from (f"history of case {case_id}, which is not there" for case_id in lines)
        for key, state in self.rows("SELECT id, state FROM proceedings"):
            if told.get(key) != state:
                yield f"proceeding {key} is in {state}, its history says {told.get(key)}"

    def _messages(self) -> Iterator[str]:
        for key, state, code, arrived in self.rows(
            "SELECT outbox.id, outbox.state, outbox.error_code, count(notices.id) FROM outbox"
            " LEFT JOIN notices ON notices.outbox_id = outbox.id GROUP BY outbox.id, outbox.state, outbox.error_code"
        ):
            if (state, arrived) != ("done", 1):
                yield f"outbox row {key} is {state} ({code}) and arrived {arrived} times"
        strays = self.rows("SELECT id FROM notices WHERE outbox_id NOT IN (SELECT id FROM outbox)")
        yield from (f"notice {key} was never sent" for (key,) in strays)


def _broken(case_id: int, written: Sequence[tuple[Any, ...]], last: int, end: bytes) -> Iterator[str]:
    tip = bytes(32)
    for place, (_, seq, algorithm, canon, found, inbox_id) in enumerate(written, 1):
        tip = hashlib.new(algorithm, b"\x00gj-hist-v1" + tip + bytes(canon)).digest()
        said = json.loads(bytes(canon))
        if seq != place or bytes(found) != tip:
            yield f"the history of case {case_id} breaks at line {place}"
            return
        if (said["case"], said["seq"], said.get("inbox")) != (case_id, seq, inbox_id):
            yield f"line {seq} of case {case_id} says it is another"
    if len(written) != last:
        yield f"case {case_id} counts {last} lines and has {len(written)}"
    if tip != end:
        yield f"the history of case {case_id} does not end where the case says"


def _instant(value: Any) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
