"""Which log this is: its name, its hash and the key it signs with. Made once, with the first entry that is taken in.

The key lies in the database under the service's secret key (services/access/sealed.py), so that every worker signs with the same one. Whoever
holds both can sign anything, and that is known: what he cannot do is sign for the witnesses.
"""

import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert, select

from services.access.sealed import opened, place, sealed
from services.db.models.ledger import Log
from services.ledger.notes import LOG, Key, Signer, public_of
from services.runtime import Unit

_ONE = 1


@dataclass(frozen=True, slots=True)
class Identity:
    """`size` is how many entries the log has."""

    origin: str
    algorithm: str
    key: Key
    size: int
    sealed: bytes

    def signer(self, unit: Unit) -> Signer:
        """Fault: as `sealed.opened`."""
        seed = opened(unit.runtime.settings, self.sealed, place(Log.sealed, _ONE))
        return Signer.of(self.origin, LOG, Ed25519PrivateKey.from_private_bytes(seed))


def identity(unit: Unit, *, lock: bool = False) -> Identity | None:
    """The log's, if it has begun. Locked, it is None as well while another worker takes entries in."""
    found = select(Log.origin, Log.algorithm, Log.public, Log.sealed, Log.size).where(Log.id == _ONE)
    row = unit.db.execute(found.with_for_update(skip_locked=True) if lock else found).one_or_none()
    if row is None:
        return None
    key = Key(row.origin, LOG, bytes(row.public))
    return Identity(row.origin, row.algorithm, key, row.size, bytes(row.sealed))


def begin(unit: Unit) -> None:
    """The log has a name and a key, if it had none. Fault: as `sealed.sealed`."""
    settings = unit.runtime.settings
    private = Ed25519PrivateKey.generate()
    row = {
        "id": _ONE,
        "origin": settings.ledger_origin or f"gongjian-{secrets.token_hex(4)}",
        "algorithm": settings.hash_algorithm,
        "public": public_of(private),
        "sealed": sealed(settings, private.private_bytes_raw(), place(Log.sealed, _ONE)),
        "size": 0,
        "created_at": unit.now,
    }
    unit.db.execute(insert(Log), [row])
