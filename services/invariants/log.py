"""I4, of the whole log: every line of the books is one entry or waits to be, and the newest checkpoint is the root over all of them."""

import hashlib
from collections.abc import Iterator

from services.invariants.findings import Finding, Look

_TILE = 256


def log(look: Look) -> Iterator[Finding]:
    """Entries are numbered without a gap, none is left out, tiles hold their hashes, and the newest checkpoint is the root over them."""
    lost = (
        "SELECT history.case_id, history.seq FROM history"
        " LEFT JOIN log_leaves ON log_leaves.case_id = history.case_id AND log_leaves.seq = history.seq"
        " LEFT JOIN unsealed ON unsealed.case_id = history.case_id AND history.seq BETWEEN unsealed.first AND unsealed.last"
        " WHERE (log_leaves.number IS NULL) = (unsealed.id IS NULL)"
    )
    for case_id, seq in look(lost):
        yield Finding(
            "I4",
            f"案卷{case_id}第{seq}行既不在账本里也不在等候，或者两处都在",
            f"line {seq} of case {case_id} is neither an entry nor waiting to be one, or both",
        )
    for case_id, first, last in look(
        "SELECT case_id, first, last FROM unsealed WHERE case_id IS NOT NULL AND last - first + 1 <>"
        " (SELECT count(*) FROM history WHERE history.case_id = unsealed.case_id"
        " AND history.seq BETWEEN unsealed.first AND unsealed.last)"
    ):
        yield Finding(
            "I4",
            f"案卷{case_id}第{first}至{last}行等候编入账本，却缺了行",
            f"lines {first} to {last} of case {case_id} wait for the log, and not all of them are there",
        )
    algorithm = next((str(name) for (name,) in look("SELECT algorithm FROM logs")), "sha256")
    tiles = {
        number: bytes(hashes)
        for number, hashes in look("SELECT number, hashes FROM log_tiles WHERE level = 0")
    }
    parts, size = list[bytes](), 0
    for number, line, deed in look(
        "SELECT log_leaves.number, history.hash, journal.hash FROM log_leaves"
        " LEFT JOIN history ON history.case_id = log_leaves.case_id AND history.seq = log_leaves.seq"
        " LEFT JOIN journal ON journal.id = log_leaves.journal_id ORDER BY log_leaves.number"
    ):
        found = bytes(line or deed or b"")
        at = number % _TILE * 32
        if number != size or tiles.get(number // _TILE, b"")[at : at + 32] != found:
            yield Finding(
                "I4", f"账本第{size}条与树不符", f"entry {size} of the log does not agree with the tree"
            )
            return
        parts.append(found)
        size += 1
        rest = size
        while rest % 2 == 0:
            right, left = parts.pop(), parts.pop()
            parts.append(hashlib.new(algorithm, b"\x01" + left + right).digest())
            rest //= 2
    yield from _signed_for(look, parts, size, algorithm)


def _signed_for(look: Look, parts: list[bytes], size: int, algorithm: str) -> Iterator[Finding]:
    found = b""
    for part in reversed(parts):
        found = hashlib.new(algorithm, b"\x01" + part + found).digest() if found else part
    newest = [tuple(row) for row in look("SELECT size, root FROM log_checkpoints ORDER BY size DESC LIMIT 1")]
    said = (newest[0][0], bytes(newest[0][1])) if newest else (0, b"")
    if said != (size, found):
        yield Finding(
            "I4",
            f"最新的检查点与账本的{size}条不符",
            f"the newest checkpoint is not that of the log's {size} entries",
        )
