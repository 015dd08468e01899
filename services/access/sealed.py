"""Secrets that must be read again: sealed with AES-256-GCM under a key that is in no database.

Passwords and tokens are kept as digests and have no business here. What is sealed: an office's signing key, a person's
second factor. The key stands in GONGJIAN_SECRET_KEY, or in a file of the home that `gongjian up` makes. There may be
several, the newest first: the first one seals, every one still opens, so that a key is changed while the service runs.
"""

import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.orm import InstrumentedAttribute

from services.doorbell.files import write_whole
from services.settings import Settings
from workflows.errors import Fault

_ID, _NONCE = 8, 12


def sealed(settings: Settings, plain: bytes, about: str) -> bytes:
    """What to keep of `plain`. It opens again only for the same `about`: table, column and row.

    Fault: `secret_key_absent`, `secret_key_exposed`."""
    key_id, cipher = _key(_secrets(settings)[0])
    nonce = secrets.token_bytes(_NONCE)
    return key_id + nonce + cipher.encrypt(nonce, plain, _bound(key_id, about))


def opened(settings: Settings, kept: bytes, about: str) -> bytes:
    """What was sealed for `about`.

    Fault: `secret_key_absent`, `secret_key_exposed`, `secret_key_other` when it was sealed under a key that is not at
    hand, `sealed_damaged` when it was changed or belongs to another row."""
    key_id, nonce, rest = kept[:_ID], kept[_ID : _ID + _NONCE], kept[_ID + _NONCE :]
    cipher = dict(map(_key, _secrets(settings))).get(key_id)
    if cipher is None:
        raise Fault("secret_key_other", key=key_id.hex())
    try:
        return cipher.decrypt(nonce, rest, _bound(key_id, about))
    except (InvalidTag, ValueError):  # ValueError: torn before the nonce ends
        raise Fault("sealed_damaged") from None


def resealed(settings: Settings, kept: bytes, about: str) -> bytes | None:
    """The same secret under the newest key; None where it lies under that one already. Faults as in `opened`."""
    newest, _ = _key(_secrets(settings)[0])
    return None if kept[:_ID] == newest else sealed(settings, opened(settings, kept, about), about)


def place(column: InstrumentedAttribute[Any], row: object) -> str:
    """What a secret kept in this column of this row is about."""
    return f"{column.class_.__tablename__}.{column.key}.{row}"


def key_file(settings: Settings) -> Path:
    """Where the keys lie, one a line, when they are not in the settings."""
    return settings.home / "secrets" / "secret_key"


def ensure_key(settings: Settings) -> None:
    """There is a key afterwards: the one in the settings, the one on file, or a new one on file."""
    if settings.secret_key is None and not key_file(settings).exists():
        renew_key(settings)


def renew_key(settings: Settings) -> None:
    """A new key seals from now on, in every process that reads this home; the older ones still open."""
    path = settings.folder("secrets") / key_file(settings).name
    older = path.read_text() if path.exists() else ""
    _write(path, f"{secrets.token_urlsafe(48)}\n{older}")


def drop_older_keys(settings: Settings) -> None:
    """Only the newest key opens from now on. Call it once nothing lies under an older one."""
    _write(key_file(settings), f"{_secrets(settings)[0]}\n")


def _secrets(settings: Settings) -> list[str]:
    """The newest first. The file is read each time, so that a key changed there is in force at once."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().split()
    try:
        with key_file(settings).open() as file:
            if os.fstat(file.fileno()).st_mode & 0o077:
                raise Fault("secret_key_exposed")
            found = file.read().split()
    except FileNotFoundError:
        found = []
    if not found:
        raise Fault("secret_key_absent")
    return found


@lru_cache(maxsize=64)
def _key(secret: str) -> tuple[bytes, AESGCM]:
    """The key's id and the key, both derived (RFC 5869): the id tells nothing about the key."""
    made = HKDF(algorithm=SHA256(), length=_ID + 32, salt=None, info=b"gongjian sealed secrets 1")
    material = made.derive(secret.encode())
    return material[:_ID], AESGCM(material[_ID:])


def _bound(key_id: bytes, about: str) -> bytes:
    return key_id + about.encode()


def _write(path: Path, text: str) -> None:
    """The file whole or not at all, even if the machine stops in the middle, and never for other eyes."""
    write_whole(path, text.encode())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
