"""Passwords: kept as argon2id, compared in the same time whether or not there is anything to compare with."""

import secrets
import unicodedata
from functools import cache
from importlib.resources import files

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from workflows.errors import Fault

SHORTEST, LONGEST = 12, 256

#: 19 MiB, two passes, one lane (RELIABILITY S02). Raise them at will: sign-in renews what was hashed before.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)

_TAIL = "0123456789 !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"


def hashed(password: str, *, account: str, field: str = "password") -> str:
    """The hash to keep. A password that could be guessed is the Fault `password_weak` of that field."""
    if _is_weak(password, account):
        raise Fault("password_weak", field=field)
    return _HASHER.hash(_bytes(password))


def matches(kept: str | None, password: str) -> bool:
    """Is this the password? It takes as long when nothing is kept, so time tells nothing."""
    nobodys = _nobodys()
    try:
        _HASHER.verify(kept or nobodys, _bytes(password[:LONGEST]))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None and len(password) <= LONGEST


def renewed(kept: str, password: str) -> str | None:
    """A new hash where the kept one was made with weaker parameters than today's."""
    return _HASHER.hash(_bytes(password)) if _HASHER.check_needs_rehash(kept) else None


def generated() -> str:
    """A password nobody can guess, in letters that cannot be confused when read aloud."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


def _is_weak(password: str, account: str) -> bool:
    if not SHORTEST <= len(password) <= LONGEST:
        return True
    folded = unicodedata.normalize("NFKC", password).casefold()
    core, name = folded.strip(_TAIL), account.casefold()
    return (
        len(set(folded)) < 5
        or _repeated(core) in _common()
        or core == name.strip(_TAIL)
        or folded in (name, name[::-1], name * 2)
        or any(unicodedata.category(char) in ("Cc", "Cs") for char in password)
    )


def _repeated(core: str) -> str:
    """The word that is written here several times over, or what it is.

    >>> _repeated("monkeymonkeymonkey"), _repeated("monkeys")
    ('monkey', 'monkeys')
    """
    length = (core + core).find(core, 1)
    return core[:length] if length > 0 else core


@cache
def _common() -> frozenset[str]:
    """What people choose first: some eight thousand words, passwords that stood often in published leaks and words of this
    house and its trade. Digits and marks at either end make none of these better, nor does saying it twice."""
    words = files(__package__).joinpath("common_passwords.txt").read_text(encoding="utf-8").split()
    return frozenset(word.strip(_TAIL) for word in words) | {""}


def _bytes(password: str) -> bytes:
    """One spelling for what looks the same, however the keyboard composed it."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_bytes(32))
