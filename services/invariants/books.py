"""The books opened read-only at one moment, and each invariant asked about in turn."""

import json
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any

import psycopg
from pysqlite3 import dbapi2

from services.invariants.findings import Finding, Look, Rows
from services.invariants.histories import histories
from services.invariants.log import log
from services.invariants.numbers import numbers

LONGEST_WAIT = timedelta(seconds=10)
LONGEST_WAIT_BEHIND = timedelta(hours=1)
#: Divisions that a history line may tell of: the places where a file has lain.
_PLACES = ("division", "moved_from", "moved_to", "town", "destination")
_SOURCE = ("source", "id")


class Unreadable(Exception):
    """The books cannot be read: the database is out of reach, or has no tables."""


class Books:
    """The tables of one service, read only."""

    def __init__(self, url: str) -> None:
        self._url = url.replace("postgresql+psycopg://", "postgresql://")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self._snapshot() as look:
            return list(look(sql))

    def one(self, sql: str) -> Any:
        return self.rows(sql)[0][0]

    def waiting(self) -> int:
        """How many rows are still to be worked off."""
        return sum(
            self.one(f"SELECT count(*) FROM {table} WHERE state = 'pending'")  # our own words
            for table in ("inbox", "outbox")
        )

    def violations(self, accepted: Iterable[tuple[str, str]] = ()) -> list[Finding]:
        """Everything that is not as it was promised, all of it seen at one moment; `accepted` is what was answered with 202."""
        with self._snapshot() as look:
            return [
                *_accepted(look, set(accepted)),
                *_applied_once(look),
                *_in_order(look),
                *_one_case(look),
                *histories(look),
                *_messages(look),
                *_waiting(look),
                *_actors(look),
                *numbers(look),
                *log(look),
            ]

    @contextmanager
    def _snapshot(self) -> Iterator[Look]:
        """Whatever is asked within the block is answered from one and the same moment."""
        try:
            if self._url.startswith("sqlite:///"):
                with closing(_sqlite(self._url.removeprefix("sqlite:///"))) as lite:
                    yield lite.execute
            else:
                with closing(_postgres(self._url)) as line:
                    yield partial(_in_parts, line)
        except (dbapi2.Error, psycopg.Error) as error:
            raise Unreadable from error


def accepted_in(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The (source, id) of every line: one JSON object each, as receipts are. A line that is none is a ValueError.

    >>> list(accepted_in(['{"source": "/registry/220204", "id": "e1", "status": "accepted"}', ""]))
    [('/registry/220204', 'e1')]
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
            found = tuple(said[name] for name in _SOURCE)
        except (ValueError, TypeError, KeyError):
            raise ValueError(number) from None
        if not all(isinstance(part, str) for part in found):
            raise ValueError(number)
        yield found[0], found[1]


def _sqlite(path: str) -> Any:
    line = dbapi2.connect(f"file:{path}?mode=ro", uri=True, timeout=15, isolation_level=None)
    line.execute("BEGIN")
    return line


def _postgres(url: str) -> Any:
    line = psycopg.connect(url, connect_timeout=5)
    line.isolation_level, line.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
    line.execute("SELECT set_config('gongjian.house', 'on', true)")  # past the second wall
    return line


def _in_parts(line: Any, sql: str) -> Rows:
    """Through a cursor of the server, so that a million lines need no more memory than a thousand."""
    with line.cursor(name=f"look_{id(sql):x}") as cursor:
        cursor.itersize = 5000
        yield from cursor.execute(sql)


# -- I1, I2: events ----------------------------------------------------------------------------------------


def _accepted(look: Look, accepted: set[tuple[str, str]]) -> Iterator[Finding]:
    lost = set(accepted)
    for source, event_id in look("SELECT source, event_id FROM inbox WHERE state <> 'rejected'"):
        lost.discard((source, event_id))
    for source, event_id in sorted(lost):
        yield Finding(
            "I1", f"已答复收下却不在：{source} {event_id}", f"accepted and lost: {source} {event_id}"
        )


def _applied_once(look: Look) -> Iterator[Finding]:
    """Each applied event left one run of lines, in one case, at one moment; every other left none."""
    for source, event_id, count in look(
        "SELECT source, event_id, count(*) FROM inbox GROUP BY source, event_id HAVING count(*) > 1"
    ):
        yield Finding(
            "I2",
            f"收件里有{count}份：{source} {event_id}",
            f"{count} times in the inbox: {source} {event_id}",
        )
    for key, state in look(
        "SELECT id, state FROM inbox"
        " WHERE state NOT IN ('applied', 'waiting', 'triage', 'failed', 'pending', 'rejected')"
    ):
        yield Finding("I2", f"收件{key}的状态是{state}", f"inbox row {key} is {state}")
    for key, state, code, lines, first, last, cases, case_id, mine, moments in look(
        "SELECT inbox.id, inbox.state, inbox.error_code, count(history.seq), min(history.seq), max(history.seq),"
        " count(DISTINCT history.case_id), min(history.case_id), inbox.case_id, count(DISTINCT history.at)"
        " FROM inbox LEFT JOIN history ON history.inbox_id = inbox.id"
        " GROUP BY inbox.id, inbox.state, inbox.error_code, inbox.case_id"
    ):
        if (state == "applied" and code is None) != bool(lines):
            yield Finding(
                "I2",
                f"收件{key}的状态是{state}（{code}），案卷里却有{lines}行",
                f"inbox row {key} is {state} ({code}) and has {lines} lines of history",
            )
        if lines and (cases != 1 or case_id != mine or moments != 1):
            yield Finding("I2", f"收件{key}办理了不止一次", f"inbox row {key} was applied more than once")
        elif lines and last - first != lines - 1:
            yield Finding("I2", f"收件{key}的各行不相连", f"inbox row {key} has lines apart from each other")
    for (key,) in look(
        "SELECT DISTINCT inbox_id FROM history WHERE inbox_id IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM inbox WHERE inbox.id = history.inbox_id)"
    ):
        yield Finding(
            "I2", f"案卷里提到收件{key}，收件里没有", f"history names inbox row {key}, which is not there"
        )


def _in_order(look: Look) -> Iterator[Finding]:
    """What an office said of one enterprise since its registration was applied in the order in which it came."""
    found = look(
        "SELECT inbox.case_key, min(history.seq), inbox.id FROM inbox JOIN history ON history.inbox_id = inbox.id"
        " GROUP BY inbox.case_key, inbox.id ORDER BY 1, 2"
    )
    for case_key, told in groupby(found, key=lambda row: row[0]):
        order = [inbox_id for _, _, inbox_id in told]
        later = [inbox_id for inbox_id in order if inbox_id >= order[0]]
        if later != sorted(later):
            yield Finding(
                "I2",
                f"{case_key}的事件没有按到达的先后办理：{order}",
                f"the events of {case_key} were applied in the order {order}",
            )


def _one_case(look: Look) -> Iterator[Finding]:
    asked = {
        "{0}立了{1}个案卷|{0} has {1} cases": (
            "SELECT case_key, count(DISTINCT case_id) FROM inbox WHERE case_id IS NOT NULL"
            " GROUP BY case_key HAVING count(DISTINCT case_id) > 1"
        ),
        "代码{0}有{1}个案卷|{1} cases for the code {0}": (
            "SELECT uscc, count(*) FROM cases WHERE uscc IS NOT NULL GROUP BY uscc HAVING count(*) > 1"
        ),
        "案卷{0}有{1}条建会线索|case {0} has {1} leads": (
            "SELECT case_id, count(*) FROM proceedings WHERE procedure = 'lead' GROUP BY case_id HAVING count(*) > 1"
        ),
    }
    for says, sql in asked.items():
        zh, en = says.split("|")
        for row in look(sql):
            yield Finding("I2", zh.format(*row), en.format(*row))


# -- I5, I6: messages, and what waits ----------------------------------------------------------------------


def _messages(look: Look) -> Iterator[Finding]:
    """Every message that was carried arrived: a notice lies in a box once, an event for another file in none."""
    for key, state, code, arrived in look(
        "SELECT outbox.id, outbox.state, outbox.error_code, count(notices.id) FROM outbox"
        " LEFT JOIN notices ON notices.outbox_id = outbox.id"
        " GROUP BY outbox.id, outbox.kind, outbox.state, outbox.error_code"
        " HAVING count(notices.id) <> CASE WHEN outbox.state = 'done' AND outbox.kind <> 'event' THEN 1 ELSE 0 END"
        " OR outbox.state NOT IN ('done', 'pending')"
    ):
        yield Finding(
            "I5",
            f"发件{key}的状态是{state}（{code}），送达{arrived}次",
            f"outbox row {key} is {state} ({code}) and arrived {arrived} times",
        )
    for (key,) in look(
        "SELECT id FROM notices WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.id = notices.outbox_id)"
    ):
        yield Finding("I5", f"通报{key}从未发出", f"notice {key} was never sent")
    for dedupe, count in look("SELECT dedupe, count(*) FROM outbox GROUP BY dedupe HAVING count(*) > 1"):
        yield Finding("I5", f"消息{dedupe}写了{count}份", f"message {dedupe} was written {count} times")
    for proceeding, term, count in look(
        "SELECT proceeding_id, term, count(*) FROM deadlines WHERE state = 'running'"
        " GROUP BY proceeding_id, term HAVING count(*) > 1"
    ):
        yield Finding(
            "I5",
            f"程序{proceeding}的期限“{term}”同时有{count}个",
            f"the term {term} of proceeding {proceeding} runs {count} times",
        )


def _waiting(look: Look) -> Iterator[Finding]:
    """What is due is in hand within seconds. What was put off, or is held for a while, is due later. What waits behind it
    waits with it, for the rows of one enterprise go in order, but none is put off for an hour. The moment is the database's,
    as is every due one."""
    ((now,),) = look("SELECT CURRENT_TIMESTAMP")
    for zh, en, table, state, due_at, group, ahead in (
        ("收件", "inbox row", "inbox", "pending", "due_at", "case_key", ""),
        ("发件", "outbox row", "outbox", "pending", "due_at", "case_id", ""),
        (
            "期限",
            "deadline",
            "deadlines",
            "running",
            "fire_at",
            "case_id",
            "AND (earlier.fire_at <= it.fire_at OR earlier.fire_at IS NOT NULL AND earlier.deliveries > 0)",
        ),
    ):
        for key, due, is_behind in look(
            f"SELECT it.id, it.{due_at}, EXISTS (SELECT 1 FROM {table} AS earlier"  # our own words
            f" WHERE earlier.state = '{state}' AND earlier.{group} = it.{group} AND earlier.id < it.id {ahead})"
            f" FROM {table} AS it WHERE it.state = '{state}' AND it.{due_at} IS NOT NULL"
        ):
            if _instant(now) - _instant(due) > (LONGEST_WAIT_BEHIND if is_behind else LONGEST_WAIT):
                yield Finding(
                    "I6", f"{zh}{key}自{due}起一直没有办", f"{en} {key} has been pending since {due}"
                )


# -- I8: who acted -----------------------------------------------------------------------------------------


def _actors(look: Look) -> Iterator[Finding]:
    """A person's line names a person and his body, and the file lay in that body's place; no other line names anybody."""
    bodies = {key: (code, division) for key, code, division in look("SELECT id, code, division FROM bodies")}
    employed: dict[int, int] = dict(look("SELECT id, body_id FROM accounts"))
    offices: dict[int, int] = dict(look("SELECT id, office_id FROM inbox"))
    places = {
        key: {division, opened_in} - {""}
        for key, division, opened_in in look("SELECT id, division, opened_in FROM cases")
    }
    for case_id, seq, account_id, body_id, inbox_id, canon in look(
        "SELECT case_id, seq, account_id, body_id, inbox_id, canon FROM history ORDER BY case_id, seq"
    ):
        try:
            said = json.loads(bytes(canon))
        except ValueError:  # I4 has said so
            continue
        lain = places.setdefault(case_id, set())
        lain |= {str(said["data"][name]) for name in _PLACES if said["data"].get(name)}
        where = (
            f"案卷{case_id}第{seq}行",
            f"line {seq} of case {case_id}",
        )
        by_person = said["cause"] == "person"
        if by_person != (account_id is not None) or by_person != bool(said["actor"]):
            yield Finding("I8", f"{where[0]}没有说明是谁办的", f"{where[1]} does not say who acted")
            continue
        if by_person and (
            employed.get(account_id) != body_id or bodies.get(body_id, ("", ""))[0] != said["body"]
        ):
            yield Finding("I8", f"{where[0]}的经办人与单位不符", f"{where[1]} names a person of another body")
        acting = body_id if by_person else offices.get(inbox_id)
        if acting in bodies and not any(_covers(bodies[acting][1], place) for place in lain):
            yield Finding(
                "I8",
                f"{where[0]}由辖区以外的{bodies[acting][0]}办理",
                f"{where[1]} was written on the word of {bodies[acting][0]}, outside its jurisdiction",
            )


def _covers(division: str, place: str) -> bool:
    """Six digits say province, city, county by pairs; nine say the town.

    >>> _covers("220000", "220204102"), _covers("220204", "220202"), _covers("000000", "220204")
    (True, False, True)
    """
    start = division
    if len(division) == 6:
        start = division[:2] if division.endswith("0000") else division.removesuffix("00")
        start = "" if division == "000000" else start
    return place.startswith(start)


def _instant(value: Any) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
