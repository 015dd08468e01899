"""The keys with which offices sign what they send. At most two live at a time, so that one can take the other's place."""

import secrets
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert, select, update

from services.access import journal
from services.access.permissions import permits, require
from services.access.sealed import place, sealed
from services.access.signatures import PUBLIC_KEY, SECRET_KEY, SHARED_SECRET, key_material
from services.db.models.directory import Body, SigningKey
from services.runtime import Unit
from workflows.errors import Fault

LIVE = 2


def add_key(unit: Unit, office: str, public: str | None = None) -> tuple[str, str | None]:
    """The office signs with one more key from now on, and nothing unsigned is taken from it any more.

    Yields the key's id, and the shared secret, seen here and never again; None where the office gave its public key.
    """
    body = _office(unit, office)
    live = [key for key in _keys(unit, body.id) if key.retired_at is None]
    if len(live) >= LIVE:
        raise Fault("keys_full", field="office", office=office, most=LIVE)
    key_id, secret = f"key_{secrets.token_hex(8)}", None
    row: dict[str, Any] = {"id": key_id, "body_id": body.id, "created_at": unit.now}  # Any: plain values
    if public is not None:
        row["public"] = key_material(public, PUBLIC_KEY)
    else:
        secret = secrets.token_bytes(32)
        row["secret"] = sealed(unit.runtime.settings, secret, place(SigningKey.secret, key_id))
    unit.db.execute(insert(SigningKey), [row])
    journal.write(unit, "key.add", office, division=body.division, key=key_id)
    return key_id, None if secret is None else SHARED_SECRET + b64encode(secret).decode()


def retire_key(unit: Unit, key_id: str) -> int:
    """Nothing signed with the key is taken in any more. Harmless when it was retired before.

    Yields how many live keys the office has left; with none, nothing at all is taken from it, signed or not."""
    row = unit.db.execute(
        select(SigningKey.id, SigningKey.body_id, Body.code, Body.division)
        .join(Body, Body.id == SigningKey.body_id)
        .where(SigningKey.id == (key_id if key_id.isprintable() else ""))
    ).one_or_none()
    if row is None:
        raise Fault("key_unknown", field="key", key=key_id[:24] if key_id.isprintable() else "?")
    require(unit.actor, "keys.manage", row.division)
    unit.db.execute(
        update(SigningKey)
        .where(SigningKey.id == key_id, SigningKey.retired_at.is_(None))
        .values(retired_at=unit.now)
    )
    journal.write(unit, "key.retire", row.code, division=row.division, key=key_id)
    return sum(key.retired_at is None for key in _keys(unit, row.body_id))


def list_keys(unit: Unit, office: str) -> Sequence[Any]:
    """The office's keys, the oldest first: id, `public`, `created_at`, `retired_at`. `Any`: rows."""
    return _keys(unit, _office(unit, office, locked=False).id)


def key_pair() -> tuple[str, str]:
    """A private and a public key for Ed25519, as they are written. Best made where the private one will stay."""
    private = Ed25519PrivateKey.generate()
    secret, public = private.private_bytes_raw(), private.public_key().public_bytes_raw()
    return SECRET_KEY + b64encode(secret).decode(), PUBLIC_KEY + b64encode(public).decode()


def _office(unit: Unit, code: str, *, locked: bool = True) -> Any:
    """The office's row, if the actor may manage its keys; locked until the commit by whoever changes them. `Any`: a row."""
    found = select(Body.id, Body.kind, Body.division).where(Body.code == (code if code.isprintable() else ""))
    row = unit.db.execute(found.with_for_update() if locked else found).one_or_none()
    if row is None:
        raise Fault("body_unknown", field="office", code=code[:60] if code.isprintable() else "?")
    require(unit.actor, "keys.manage", row.division)
    if not permits(row.kind, "events.send"):
        raise Fault("key_needless", field="office", code=code)
    return row


def _keys(unit: Unit, body_id: int) -> Sequence[Any]:
    columns = (SigningKey.id, SigningKey.public, SigningKey.created_at, SigningKey.retired_at)
    return unit.db.execute(
        select(*columns).where(SigningKey.body_id == body_id).order_by(SigningKey.created_at, SigningKey.id)
    ).all()
