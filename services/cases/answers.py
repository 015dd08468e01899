"""The answer already given to a person's idempotency key: a repeat is answered the same, and nothing is done twice."""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select

from services.db.models.paper import Answer
from services.runtime import Unit
from workflows.errors import Fault
from workflows.events import canonical


def given_before(unit: Unit, key: str | None, asked: Mapping[str, object]) -> dict[str, Any] | None:
    """What was answered to this key; a Fault if it was used for something else. `Any`: JSON."""
    if key is None or unit.actor.account_id is None:
        return None
    row = unit.db.execute(
        select(Answer.digest, Answer.answer).where(
            Answer.account_id == unit.actor.account_id, Answer.key == key
        )
    ).one_or_none()
    if row is None:
        return None
    if bytes(row.digest) != _digest(asked):
        raise Fault("idempotency_conflict")
    return dict(row.answer)


def keep(
    unit: Unit, key: str | None, asked: Mapping[str, object], answer: dict[str, Any], proceeding_id: int
) -> None:
    """The answer stands under the key, in the commit of what it tells. `Any`: JSON."""
    if key is not None and unit.actor.account_id is not None:
        row = {"account_id": unit.actor.account_id, "key": key, "digest": _digest(asked), "answer": answer}
        unit.db.execute(insert(Answer), [row | {"at": unit.now, "proceeding_id": proceeding_id}])


def _digest(asked: Mapping[str, object]) -> bytes:
    return hashlib.sha256(canonical(asked)).digest()
