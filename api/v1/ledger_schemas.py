"""The shapes of the ledger: checkpoints, entries, proofs, and what a witness hands in."""

from typing import Annotated

from pydantic import Field

from api.v1.schemas import In, Out


class CheckpointOut(Out):
    """A state of the log. `note` is the signed note (C2SP tlog-checkpoint) with the lines of those who witnessed it; `key` the log's public key."""

    origin: str
    size: int
    root: str
    algorithm: str
    at: str
    key: str
    note: str


class EntryOut(Out):
    """An entry. `hash` = H(0x00 ‖ "gj-hist-v1" ‖ `previous` ‖ `line`), of the journal H(0x00 ‖ "gj-jour-v1" ‖ `line`), over the bytes of the line in UTF-8.
    Of a line that you may not read only the hash is given."""

    number: int
    book: str
    hash: str | None
    case: str | None
    seq: int | None
    algorithm: str | None
    previous: str | None
    line: str | None


class EntriesOut(Out):
    items: list[EntryOut]
    next: str | None


class ProofOut(Out):
    """`proof` are the hashes beside the entry's way up to the root (RFC 6962 2.1.1), the lowest first."""

    entry: EntryOut
    proof: list[str]
    checkpoint: CheckpointOut


class CosignIn(In):
    """`note`: the lines that the witness wrote under the checkpoint of so many entries."""

    size: Annotated[int, Field(ge=1, le=10**15, examples=[67])]
    note: Annotated[str, Field(min_length=1, max_length=10_000, examples=["— party.cy.example AAAAAA=="])]


class CosignedOut(Out):
    """How many of the lines are new."""

    taken: int
