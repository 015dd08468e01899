"""Signed notes and checkpoints, as the transparency logs of this world write them: C2SP signed-note, tlog-checkpoint, tlog-cosignature.

A checkpoint says of which log, how many entries, which root. The log signs it by Ed25519 (kind 1); a witness cosigns it with the time at
which it did (kind 4).
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from workflows.errors import Fault

LOG, WITNESS = 1, 4
_NAME = re.compile(r"[^\s+]{1,200}")
_DASH = "— "
#: More signatures than this bears no note.
MOST = 100


@dataclass(frozen=True, slots=True)
class Key:
    """A public key that people hand to each other in one line: name+id+key (signed-note, "vkey"). `kind`: the log's, or a witness's."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    @classmethod
    def read(cls, text: str) -> "Key":
        """Fault `ledger_key_bad`."""
        parts = text.strip().split("+", 2)
        try:
            kept = base64.b64decode(parts[2], validate=True) if len(parts) == 3 else b""
        except binascii.Error:
            kept = b""
        if len(kept) != 33 or kept[0] not in (LOG, WITNESS) or not _NAME.fullmatch(parts[0]):
            raise Fault("ledger_key_bad", field="key")
        key = cls(parts[0], kept[0], kept[1:])
        if key.id.hex() != parts[1]:
            raise Fault("ledger_key_bad", field="key")
        return key

    def signed(self, text: str, signature: bytes) -> bool:
        """Is this a signature of the note by this key?"""
        try:
            if self.kind == LOG:
                Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
            elif len(signature) == 72:
                at = int.from_bytes(signature[:8], "big")
                Ed25519PublicKey.from_public_bytes(self.public).verify(signature[8:], cosigned(text, at))
            else:
                return False
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """Who holds the private half."""

    key: Key
    private: Ed25519PrivateKey

    @classmethod
    def of(cls, name: str, kind: int, private: Ed25519PrivateKey) -> "Signer":
        return cls(Key(name, kind, public_of(private)), private)

    def sign(self, text: str, at: int = 0) -> str:
        """The line under the note; a witness says when, in seconds since 1970."""
        if self.key.kind == LOG:
            return signature_line(self.key, self.private.sign(text.encode()))
        return signature_line(self.key, at.to_bytes(8, "big") + self.private.sign(cosigned(text, at)))


@dataclass(frozen=True, slots=True)
class Signature:
    """A line under a note."""

    name: str
    key_id: bytes
    said: bytes

    @property
    def line(self) -> str:
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.said).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """What is signed, ending in a line's end, and who signed it."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def read(cls, text: str) -> "Note":
        """Fault `ledger_note_bad`."""
        body, gap, lines = text.rpartition("\n\n")
        if not gap or not lines.endswith("\n") or len(text) > 100_000:
            raise Fault("ledger_note_bad", field="note")
        found = [_signature(line) for line in lines.splitlines()]
        if not found or len(found) > MOST:
            raise Fault("ledger_note_bad", field="note")
        return cls(body + "\n", tuple(found))

    def by(self, key: Key) -> Signature | None:
        """The key's signature, if there is one and it is good."""
        for one in self.signatures:
            if (one.name, one.key_id) == (key.name, key.id) and key.signed(self.text, one.said):
                return one
        return None

    def __str__(self) -> str:
        return self.text + "\n" + "".join(one.line for one in self.signatures)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log: so many entries, and the root over them. `extra` are further lines, such as the hash where it is not SHA-256."""

    origin: str
    size: int
    root: bytes
    extra: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extra]
        return "".join(f"{line}\n" for line in lines)

    @property
    def algorithm(self) -> str:
        return "sm3" if _SM3 in self.extra else "sha256"

    @classmethod
    def of(cls, origin: str, size: int, root: bytes, algorithm: str) -> "Checkpoint":
        return cls(origin, size, root, (_SM3,) if algorithm == "sm3" else ())

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """Fault `ledger_note_bad`."""
        lines = text.split("\n")
        try:
            origin, size, root = lines[0], lines[1], base64.b64decode(lines[2], validate=True)
        except (IndexError, binascii.Error):
            raise Fault("ledger_note_bad", field="note") from None
        extra = tuple(lines[3:-1])
        is_number = re.fullmatch("0|[1-9][0-9]{0,17}", size)
        if not origin or not is_number or len(root) != 32 or lines[-1] or not all(extra):
            raise Fault("ledger_note_bad", field="note")
        return cls(origin, int(size), root, extra)


_SM3 = "hash sm3"


def cosigned(text: str, at: int) -> bytes:
    """What a witness signs (C2SP tlog-cosignature, cosignature/v1)."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def signature_line(key: Key, signature: bytes) -> str:
    return Signature(key.name, key.id, signature).line


def signature_of(line: str) -> Signature:
    """A line under a note, by itself. Fault `ledger_note_bad`."""
    return _signature(line.rstrip("\n"))


def public_of(private: Ed25519PrivateKey) -> bytes:
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _signature(line: str) -> Signature:
    name, _, rest = line.removeprefix(_DASH).partition(" ")
    try:
        kept = base64.b64decode(rest, validate=True)
    except (binascii.Error, ValueError):
        kept = b""
    if not line.startswith(_DASH) or not _NAME.fullmatch(name) or len(kept) < 5:
        raise Fault("ledger_note_bad", field="note")
    return Signature(name, kept[:4], kept[4:])
