"""All that lies sealed is sealed afresh under the newest key. After that the older keys may go, and nobody had to stop."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute

from services.access.sealed import drop_older_keys, place, renew_key, resealed
from services.actor import SERVICE
from services.db.models.channel import Channel
from services.db.models.directory import Account, SigningKey
from services.db.models.ledger import Log
from services.runtime import Runtime
from workflows.errors import Fault

#: Every column that holds something sealed, with the column that names its row. `Any`: whatever type the id is.
SEALED: tuple[tuple[InstrumentedAttribute[Any], InstrumentedAttribute[Any]], ...] = (
    (SigningKey.secret, SigningKey.id),
    (Account.totp_secret, Account.id),
    (Channel.sealed, Channel.id),
    (Log.sealed, Log.id),
)


def renew(runtime: Runtime) -> int:
    """A new key on file seals from now on, and all there was lies under it; yields how many secrets that were.

    The older keys stay on file: a process may have sealed with one a moment ago. Fault `secret_key_given` when the key
    stands in the settings, where only people can change it."""
    if runtime.settings.secret_key is not None:
        raise Fault("secret_key_given")
    renew_key(runtime.settings)
    return _reseal(runtime)


def settle(runtime: Runtime) -> int:
    """Nothing lies under an older key any more, and those on file are gone; yields how many secrets were sealed afresh."""
    count = _reseal(runtime)
    if runtime.settings.secret_key is None:
        drop_older_keys(runtime.settings)
    return count


def _reseal(runtime: Runtime) -> int:
    count = 0
    with runtime.writing(SERVICE) as unit:
        for column, row_id in SEALED:
            for row in unit.db.execute(
                select(row_id.label("id"), column.label("kept")).where(column.is_not(None)).with_for_update()
            ).all():
                fresh = resealed(runtime.settings, bytes(row.kept), place(column, row.id))
                if fresh is not None:
                    unit.db.execute(update(column.class_).where(row_id == row.id).values({column: fresh}))
                    count += 1
    return count
