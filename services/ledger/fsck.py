"""Is the log what it was? Every entry is hashed again, every chain and root made again, every signature checked, and the first entry that is
wrong is named. It reads through three methods, from the database or from a bundle, and trusts nothing but the keys it is given.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from services.ledger.layout import GENESIS, deed_hash, line_hash
from services.ledger.merkle import empty_root, node_hash
from services.ledger.notes import Checkpoint, Key, Note
from workflows.errors import Fault
from workflows.words import Text


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it lies there. `canon` is None where its line is gone; `beside` is the hash that stands beside the line, `sealed` the one that
    the tree was made of, where they are known."""

    number: int
    case: int | None
    seq: int | None
    deed: int | None
    algorithm: str
    canon: bytes | None
    beside: bytes | None = None
    sealed: bytes | None = None
    agrees: bool = True
    """Whether what stands beside the line, and is what pages show and search, says the same as the line."""

    @property
    def name(self) -> Text:
        if self.case is None:
            return Text(
                f"第{self.number}条（操作日志{self.deed}）", f"entry {self.number} (deed {self.deed})"
            )
        return Text(
            f"第{self.number}条（案卷{self.case}第{self.seq}行）",
            f"entry {self.number} (line {self.seq} of case {self.case})",
        )


@dataclass(frozen=True, slots=True)
class Stray:
    """A line that is in no entry: `waits` when it was written a moment ago and is still to be taken in."""

    case: int | None
    seq: int | None
    deed: int | None
    waits: bool


class Reader(Protocol):
    """What the log is read through."""

    def entries(self) -> Iterable[Entry]:
        """All of them, by their numbers."""

    def notes(self) -> Iterable[str]:
        """Every checkpoint that was signed, with the lines of those who witnessed it, the smallest first."""

    def strays(self) -> Iterable[Stray]:
        """The lines that stand beside the log."""


@dataclass(frozen=True, slots=True)
class Trust:
    """What the auditor brings: the log's key; those of witnesses; checkpoints that he or a witness has kept elsewhere; and, from bundles kept
    elsewhere, what some entries hashed to, by their numbers."""

    log: Key
    witnesses: Sequence[Key] = ()
    kept: Sequence[Note] = ()
    known: Mapping[int, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong, and with which entry, where that can be told; with `until`, one of them from `number` up to that one."""

    number: int | None
    text: Text
    until: int | None = None


@dataclass(slots=True)
class Verdict:
    """`wrong` is empty for a log that is what it was. `witnessed` is the size up to which a trusted witness has signed."""

    size: int = 0
    root: bytes = b""
    checkpoints: int = 0
    witnessed: int = 0
    waiting: int = 0
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def first(self) -> Wrong | None:
        """The first wrong entry: the one that is named, rather than a stretch in which it lies; what names none comes last."""
        return min(
            self.wrong,
            key=lambda one: (one.number is None, one.until is not None, one.number or 0),
            default=None,
        )


def fsck(reader: Reader, trust: Trust) -> Verdict:
    """The whole log, from its first entry on."""
    verdict = Verdict()
    due = _signed(reader, trust, verdict)
    tree, chains = _Tree(due[0][1].algorithm if due else "sha256"), _Chains()
    sound = dict[Text, int]()
    for entry in reader.entries():
        verdict.wrong += _numbered(entry, tree.size)
        found, wrong = chains.follow(entry)
        verdict.wrong += wrong or _known(entry, found, trust)
        tree.grow(found)
        while due and due[0][1].size == tree.size:
            _compared(due.pop(0), tree.root(), sound, verdict)
    verdict.size, verdict.root = tree.size, tree.root()
    for said, one in due:
        verdict.wrong.append(_cut(said, one, tree.size))
    _beside(reader, verdict)
    return verdict


def _signed(reader: Reader, trust: Trust, verdict: Verdict) -> list[tuple[Text, Checkpoint]]:
    """The checkpoints by which the tree is to be judged: the log's own, and those that were kept elsewhere."""
    found: list[tuple[Text, Checkpoint]] = []
    for whose, notes in (
        (Text("账本的检查点", "the log's checkpoint"), map(_read, reader.notes())),
        (Text("留存在外的检查点", "a checkpoint kept elsewhere"), iter(trust.kept)),
    ):
        for note in notes:
            if note is None or (one := _checkpoint(note)) is None:
                verdict.wrong.append(Wrong(None, _unreadable(whose)))
                continue
            verdict.checkpoints += 1
            if note.by(trust.log) is None or one.origin != trust.log.name:
                verdict.wrong.append(Wrong(None, _unsigned(whose, one)))
            if any(note.by(key) for key in trust.witnesses):
                verdict.witnessed = max(verdict.witnessed, one.size)
            found.append((whose, one))
    return sorted(found, key=lambda pair: pair[1].size)


def _numbered(entry: Entry, expected: int) -> list[Wrong]:
    if entry.number == expected:
        return []
    return [
        Wrong(
            expected,
            Text(
                f"编号不连续：应为第{expected}条，却是第{entry.number}条。",
                f"There is a gap: entry {expected} should come, and {entry.number} does.",
            ),
        )
    ]


def _compared(judged: tuple[Text, Checkpoint], root: bytes, sound: dict[Text, int], verdict: Verdict) -> None:
    """`sound` is the size up to which the tree is known to be as it was, for each kind of checkpoint: whoever forged the log's own has forged
    none that was kept elsewhere."""
    whose, one = judged
    if one.root == root:
        sound[whose] = one.size
        return
    first = sound.get(whose, 0)
    verdict.wrong.append(
        Wrong(
            first,
            Text(
                f"{whose.zh}（{one.size}条）与条目不符：前{first}条相符，第{first}条至第{one.size - 1}条中有改动。",
                f"{whose.en.capitalize()} of {one.size} entries does not agree: the first {first} are as they were, one of {first} to {one.size - 1} is not.",
            ),
            until=one.size - 1,
        )
    )


def _known(entry: Entry, found: bytes, trust: Trust) -> list[Wrong]:
    """Whoever makes a whole log anew with its own key has not made anew what lies with others: there the very entry is known."""
    if trust.known.get(entry.number, found) == found:
        return []
    return [
        _wrong(entry, "与留存在外的存证包里的不同", "is not what it is in the bundle that was kept elsewhere")
    ]


def _cut(whose: Text, one: Checkpoint, size: int) -> Wrong:
    return Wrong(
        size,
        Text(
            f"{whose.zh}有{one.size}条，账本只到第{size - 1}条：第{size}条起缺失，账本被截断或换成了旧备份。",
            f"{whose.en.capitalize()} counts {one.size} entries, the log ends with {size - 1}: from {size} on they are missing, cut off or lost with an old backup.",
        ),
    )


def _beside(reader: Reader, verdict: Verdict) -> None:
    for stray in reader.strays():
        if stray.waits:
            verdict.waiting += 1
            continue
        what = (
            Text(f"操作日志{stray.deed}", f"deed {stray.deed}")
            if stray.case is None
            else Text(f"案卷{stray.case}第{stray.seq}行", f"line {stray.seq} of case {stray.case}")
        )
        verdict.wrong.append(
            Wrong(
                None,
                Text(
                    f"{what.zh}不在账本里：是后来插入的。", f"{what.en} is in no entry: it was put in later."
                ),
            )
        )


class _Chains:
    """Each case's lines, and where each chain has got to."""

    def __init__(self) -> None:
        self._ends: dict[int, tuple[int, bytes]] = {}

    def follow(self, entry: Entry) -> tuple[bytes, list[Wrong]]:
        """The entry's hash, and what is wrong with it. Where something is, one goes on from what was sealed, so that what comes after it is
        judged by itself."""
        seq, previous = self._ends.get(entry.case or 0, (0, GENESIS))
        found, wrong = hashed(entry, previous), None
        if entry.canon is None:
            wrong = _wrong(entry, "缺失", "is gone")
        elif entry.case is not None and entry.seq != seq + 1:
            wrong = _wrong(entry, f"接不上前面的第{seq}行", f"does not follow line {seq}")
        elif entry.case is not None and not names_itself(entry):
            wrong = _wrong(entry, "自称是另一行", "says that it is another line")
        elif found != (entry.sealed or found) or found != (entry.beside or found):
            wrong = _wrong(entry, "不是封存时的内容", "is not what was sealed")
        elif not entry.agrees:
            wrong = _wrong(entry, "旁边的栏目与原文不符", "has columns beside it that say otherwise")
        if wrong is not None:
            found = entry.sealed or found
        if entry.case is not None:
            self._ends[entry.case] = (entry.seq or 0, found)
        return found, [wrong] if wrong else []


def hashed(entry: Entry, previous: bytes) -> bytes:
    """The leaf hash of the entry as its line gives it; `previous` is that of the case's line before."""
    if entry.canon is None:
        return GENESIS
    if entry.case is None:
        return deed_hash(entry.canon, entry.algorithm)
    return line_hash(previous, entry.canon, entry.algorithm)


class _Tree:
    """The tree as it grows: the roots of its complete parts, the largest first."""

    def __init__(self, algorithm: str) -> None:
        self._algorithm = algorithm
        self._parts: list[bytes] = []
        self.size = 0

    def grow(self, leaf: bytes) -> None:
        self._parts.append(leaf)
        self.size += 1
        rest = self.size
        while rest % 2 == 0:
            right, left = self._parts.pop(), self._parts.pop()
            self._parts.append(node_hash(left, right, self._algorithm))
            rest //= 2

    def root(self) -> bytes:
        if not self._parts:
            return empty_root(self._algorithm)
        found = self._parts[-1]
        for part in reversed(self._parts[:-1]):
            found = node_hash(part, found, self._algorithm)
        return found


def names_itself(entry: Entry) -> bool:
    """Does the line say that it is the one that stands here?"""
    try:
        said: Any = json.loads(entry.canon or b"")  # Any: JSON
    except ValueError:
        return False
    return isinstance(said, dict) and (said.get("case"), said.get("seq")) == (entry.case, entry.seq)


def _wrong(entry: Entry, zh: str, en: str) -> Wrong:
    return Wrong(entry.number, Text(f"{entry.name.zh}{zh}。", f"{entry.name.en} {en}."))


def _read(text: str) -> Note | None:
    try:
        return Note.read(text)
    except Fault:  # told as what it is by whoever asked
        return None


def _checkpoint(note: Note) -> Checkpoint | None:
    try:
        return Checkpoint.read(note.text)
    except Fault:  # as above
        return None


def _unreadable(whose: Text) -> Text:
    return Text(f"{whose.zh}读不出来。", f"{whose.en.capitalize()} cannot be read.")


def _unsigned(whose: Text, one: Checkpoint) -> Text:
    return Text(
        f"{whose.zh}（{one.size}条）没有账本的有效签名。",
        f"{whose.en.capitalize()} of {one.size} entries bears no good signature of the log.",
    )
