"""Events that were refused at the door: kept with the reason, so that the office can ask what became of them; never applied.

An office that corrects one may say it again under the same id: what was refused makes way.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from services.db.models.mail import Inbox
from services.runtime import Unit
from workflows.errors import Fault

STATE = "rejected"
_ONCE = ("source", "event_id")
#: What a later refusal of the same id says anew.
_SAID_ANEW = ("type", "digest", "raw", "channel", "case_key", "received_at", "error_code", "error")


def refused(row: dict[str, Any], fault: Fault) -> dict[str, Any]:
    """The inbox row of an event that was refused for this reason. `Any`: values of its columns."""
    return row | {"state": STATE, "error_code": fault.code, "error": fault.text.as_dict()}


def keep_refused(unit: Unit, rows: Sequence[dict[str, Any]]) -> None:
    """The office finds them under their ids. An id that was accepted before stays what it was. `Any`: as above."""
    if rows:
        insert = (sqlite if unit.runtime.database.is_sqlite else postgresql).insert(Inbox)
        anew = {name: insert.excluded[name] for name in _SAID_ANEW}
        kept = insert.on_conflict_do_update(index_elements=_ONCE, set_=anew, where=Inbox.state == STATE)
        for row in rows:
            unit.db.execute(kept, row)


def make_way(unit: Unit, keys: Sequence[tuple[str, str]]) -> None:
    """What was refused under these (source, id) is gone: they are said again, and now they are right."""
    unit.db.execute(delete(Inbox).where(tuple_(Inbox.source, Inbox.event_id).in_(keys), Inbox.state == STATE))
