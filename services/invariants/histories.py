"""I3, I4: every history closes and ends where its case says; told again from its first line, it ends where its case stands."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Any

from services.invariants.findings import Finding, Look, Rows


def histories(look: Look) -> Iterator[Finding]:
    """Every history closes and ends where its case says; told again from its first line, it ends where its case stands."""
    lines = _ByCase(
        look("SELECT case_id, seq, algorithm, canon, hash, inbox_id FROM history ORDER BY case_id, seq")
    )
    values = _ByCase(
        look("SELECT case_id, seq, field, salt, value FROM history_values ORDER BY case_id, seq, field")
    )
    moving = _ByCase(
        look("SELECT case_id, id, procedure, state, revision, data FROM proceedings ORDER BY case_id, id")
    )
    for case_id, last, end in look("SELECT id, seq, tip FROM cases ORDER BY id"):
        written, said = lines.of(case_id), list[dict[str, Any]]()
        yield from _closes(case_id, written, last, bytes(end), said)
        yield from _opens(case_id, values.of(case_id), said)
        yield from _stands(case_id, moving.of(case_id), said)
    for key in lines.strays():
        yield Finding("I4", f"案卷{key}不在，却有历史", f"history of case {key}, which is not there")
    for key in moving.strays():
        yield Finding("I3", f"案卷{key}不在，却有程序", f"proceedings of case {key}, which is not there")


def _closes(
    case_id: int, written: Sequence[tuple[Any, ...]], last: int, end: bytes, said: list[dict[str, Any]]
) -> Iterator[Finding]:
    tip = bytes(32)
    for place, (_, seq, algorithm, canon, found, inbox_id) in enumerate(written, 1):
        tip = hashlib.new(algorithm, b"\x00gj-hist-v1" + tip + bytes(canon)).digest()
        if seq != place or bytes(found) != tip:
            yield Finding(
                "I4",
                f"案卷{case_id}的历史在第{place}行断开",
                f"the history of case {case_id} breaks at line {place}",
            )
            return
        line = json.loads(bytes(canon))
        said.append(line | {"algorithm": algorithm})
        if (line["case"], line["seq"], line.get("inbox")) != (case_id, seq, inbox_id):
            yield Finding(
                "I4",
                f"案卷{case_id}第{seq}行自称是另一行",
                f"line {seq} of case {case_id} says it is another",
            )
    if len(written) != last:
        yield Finding(
            "I4",
            f"案卷{case_id}记着{last}行，实有{len(written)}行",
            f"case {case_id} counts {last} lines and has {len(written)}",
        )
    if tip != end:
        yield Finding(
            "I4",
            f"案卷{case_id}的历史不终于案卷所记之处",
            f"the history of case {case_id} does not end where the case says",
        )


def _opens(
    case_id: int, values: Sequence[tuple[Any, ...]], said: Sequence[dict[str, Any]]
) -> Iterator[Finding]:
    """Every value beside a line is the one that the line commits to; it takes its place in the line, for those who look further."""
    by_seq = {line["seq"]: line for line in said}
    for _, seq, field, salt, value in values:
        line = by_seq.get(seq)
        place = {} if line is None else line if field == "opinion" else line["data"]
        opened = hashlib.sha256 if line is None else partial(hashlib.new, line["algorithm"])
        plain = json.dumps(
            json.loads(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        ).encode()
        if place.get(field) != {"commitment": opened(b"gj-value-v1\x00" + bytes(salt) + plain).hexdigest()}:
            yield Finding(
                "I4",
                f"案卷{case_id}第{seq}行的“{field}”不是写下时的内容",
                f"{field} of line {seq} of case {case_id} is not what was written",
            )
            continue
        place[field] = json.loads(value)


def _stands(
    case_id: int, moving: Sequence[tuple[Any, ...]], said: Sequence[dict[str, Any]]
) -> Iterator[Finding]:
    """The fold: a proceeding begins with a line that comes from nowhere, and each line goes on where the last one ended."""
    told = dict[int, list[dict[str, Any]]]()
    for line in said:
        if line["proceeding"] is not None:
            told.setdefault(line["proceeding"], []).append(line)
    for _, key, procedure, state, revision, data in moving:
        lines, at, steps = told.pop(key, []), None, 0
        for line in lines:
            if (line["from"], line["procedure"]) != (at, procedure):
                yield Finding(
                    "I3",
                    f"程序{key}第{line['seq']}行从“{line['from']}”说起，此前却在“{at}”",
                    f"line {line['seq']} takes proceeding {key} from {line['from']}, but it was in {at}",
                )
            at = line["to"]
            steps += line["from"] is not None and not _is_expiry(line)
        if at != state:
            yield Finding(
                "I3",
                f"程序{key}在“{state}”，历史却说在“{at}”",
                f"proceeding {key} is in {state}, its history says {at}",
            )
        if steps != revision:
            yield Finding(
                "I3",
                f"程序{key}记着{revision}步，历史有{steps}步",
                f"proceeding {key} counts {revision} steps, its history has {steps}",
            )
        kept = json.loads(data) if isinstance(data, str) else data
        for name in sorted(kept):
            if all(name not in line["data"] or line["data"][name] != kept[name] for line in lines):
                yield Finding(
                    "I3",
                    f"程序{key}的“{name}”与历史不符",
                    f"proceeding {key} holds a {name} that no line of its history tells",
                )
    for key in told:
        yield Finding(
            "I3",
            f"案卷{case_id}的历史提到程序{key}，程序却不在",
            f"the history of case {case_id} names proceeding {key}, which is not there",
        )


def _is_expiry(line: dict[str, Any]) -> bool:
    """A term that ran out leaves a line, and moves nothing."""
    return bool(line["cause"] == f"term.{line['step'].removesuffix('_expired')}.expired")


class _ByCase:
    """Rows ordered by their first column, handed out case by case while the cases go by in the same order."""

    def __init__(self, rows: Rows) -> None:
        self._groups = groupby(rows, key=lambda row: row[0])
        self._next: tuple[int, list[tuple[Any, ...]]] | None = None
        self._strays: list[int] = []
        self._turn()

    def of(self, case_id: int) -> list[tuple[Any, ...]]:
        while self._next is not None and self._next[0] < case_id:
            self._strays.append(self._next[0])
            self._turn()
        if self._next is None or self._next[0] != case_id:
            return []
        found = self._next[1]
        self._turn()
        return found

    def strays(self) -> list[int]:
        """Those whose case never went by."""
        while self._next is not None:
            self._strays.append(self._next[0])
            self._turn()
        return self._strays

    def _turn(self) -> None:
        group = next(self._groups, None)
        self._next = None if group is None else (group[0], list(group[1]))
