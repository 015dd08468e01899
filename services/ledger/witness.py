"""A witness: it remembers the last checkpoint of a log that it signed, and signs the next one only if that begins with it. It needs no database
and nothing of the service it watches; its folder is all it has, and no two witnesses share one.

In the folder: `key`, its private key; `log`, the key of the log it watches; `state`, the last checkpoint it signed; `signed`, all of them.
"""

import base64
import binascii
import json
import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.doorbell.files import write_whole
from services.ledger.merkle import is_consistent
from services.ledger.notes import LOG, WITNESS, Checkpoint, Key, Note, Signer, signature_of
from workflows.errors import Fault

#: As many hashes as a proof between any two trees can have.
LONGEST = 128


@dataclass(frozen=True, slots=True)
class Request:
    """C2SP tlog-witness, add-checkpoint: the size that the witness knows, what proves that the new tree begins with that one, and the new
    checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: Note

    @classmethod
    def read(cls, text: str) -> "Request":
        """Fault `ledger_request_bad`, `ledger_note_bad`."""
        head, gap, note = text.partition("\n\n")
        first, *lines = head.split("\n")
        try:
            proof = tuple(base64.b64decode(line, validate=True) for line in lines)
        except binascii.Error:
            proof = (b"",)
        known = re.fullmatch("old (0|[1-9][0-9]{0,17})", first)
        if not gap or known is None or len(proof) > LONGEST or any(len(one) != 32 for one in proof):
            raise Fault("ledger_request_bad", field="request")
        return cls(int(known[1]), proof, Note.read(note))


def create(folder: Path, name: str, log: Key) -> Key:
    """The folder is a new witness's, with a key of its own; yields the public half. Faults: `witness_exists`, `ledger_key_bad`."""
    if log.kind != LOG:
        raise Fault("ledger_key_bad", field="log")
    Key.read(str(Key(name, WITNESS, bytes(32))))  # is it a name that a note can bear?
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (folder / "key").exists():
        raise Fault("witness_exists", folder=str(folder))
    private = Ed25519PrivateKey.generate()
    _write(folder / "log", f"{log}\n")
    _write(folder / "key", json.dumps({"name": name, "private": private.private_bytes_raw().hex()}))
    return Signer.of(name, WITNESS, private).key


def public(folder: Path) -> Key:
    """Fault `witness_absent`."""
    return _signer(folder).key


def known(folder: Path) -> Checkpoint | None:
    """The last checkpoint that this witness signed."""
    try:
        return Checkpoint.read(Note.read((folder / "state").read_text("utf-8")).text)
    except FileNotFoundError:
        return None


def sign(folder: Path, request: Request, now: datetime) -> str:
    """The witness's line under the new checkpoint. What it signs it remembers first, so that after any crash it signs no other past.

    Faults: `witness_absent`; `witness_foreign`, not signed by the log it watches; `witness_behind`, the request begins elsewhere than where the
    witness stands; `witness_shrunk`, fewer entries than it has seen; `witness_forked`, another past than the one it has seen."""
    signer, log = _signer(folder), Key.read(_read(folder / "log"))
    new, old = Checkpoint.read(request.note.text), known(folder)
    signature = request.note.by(log)
    if signature is None or new.origin != log.name:
        raise Fault("witness_foreign", log=log.name)
    size = old.size if old else 0
    if new.size < size:
        raise Fault("witness_shrunk", known=size, size=new.size)
    if request.old != size:
        raise Fault("witness_behind", known=size, old=request.old)
    if old is not None and not _continues(old, new, request.proof):
        raise Fault("witness_forked", known=size, size=new.size)
    line = signer.sign(request.note.text, int(now.timestamp()))
    kept = str(Note(request.note.text, (signature, signature_of(line))))
    with (folder / "signed").open("a", encoding="utf-8") as all_of_them:
        all_of_them.write(kept + "\n")
        all_of_them.flush()
        os.fsync(all_of_them.fileno())
    _write(folder / "state", kept)
    return line


def signed(folder: Path) -> list[Note]:
    """Every checkpoint that it signed, oldest first. What a crash tore off at the end was never given out."""
    try:
        text = (folder / "signed").read_text("utf-8")
    except FileNotFoundError:
        return []
    return [Note.read(f"{part}\n") for part in re.split(r"(?<=[^\n])\n\n(?=[^—])", text.rstrip("\n")) if part]


def _continues(old: Checkpoint, new: Checkpoint, proof: tuple[bytes, ...]) -> bool:
    same = (old.origin, old.algorithm) == (new.origin, new.algorithm)
    return same and is_consistent(old.size, new.size, old.root, new.root, proof, new.algorithm)


def _signer(folder: Path) -> Signer:
    try:
        kept = json.loads((folder / "key").read_text("utf-8"))
    except FileNotFoundError:
        raise Fault("witness_absent", folder=str(folder)) from None
    return Signer.of(
        kept["name"], WITNESS, Ed25519PrivateKey.from_private_bytes(bytes.fromhex(kept["private"]))
    )


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise Fault("witness_absent", folder=str(path.parent)) from None


def _write(path: Path, text: str) -> None:
    write_whole(path, text.encode())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
