"""What is hashed of a line: the leaf of RFC 6962 over the name of its book, in a history the hash of the line before, and the line itself."""

from services.ledger.merkle import leaf_hash

HISTORY, JOURNAL = b"gj-hist-v1", b"gj-jour-v1"
#: What stands before the first line of a case.
GENESIS = bytes(32)


def line_hash(previous: bytes, canon: bytes, algorithm: str) -> bytes:
    """H(0x00 ‖ "gj-hist-v1" ‖ previous ‖ line)."""
    return leaf_hash(HISTORY + previous + canon, algorithm)


def deed_hash(canon: bytes, algorithm: str) -> bytes:
    """H(0x00 ‖ "gj-jour-v1" ‖ line)."""
    return leaf_hash(JOURNAL + canon, algorithm)
