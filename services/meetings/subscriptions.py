"""A calendar that a telephone or a mail program fetches by itself: an address that nobody can guess, and that its owner can take back."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from services.access import journal
from services.access.actors import actor_of
from services.access.permissions import require
from services.access.tokens import Purpose, holder, issue
from services.actor import SERVICE
from services.db.models.casework import Case, WorkItem
from services.db.models.directory import Account
from services.db.queries.meetings import dated
from services.db.queries.sight import cases_of
from services.meetings.invitation import feed
from services.runtime import Runtime, Unit
from workflows.errors import Fault

RIGHT = "calendar.subscribe"
WHOSE = {"mine": Purpose.MY_DAYS, "ours": Purpose.OUR_DAYS}
#: As many work items as anybody looks through in a calendar.
MOST = 500


@dataclass(frozen=True, slots=True)
class Days:
    """What a calendar shows."""

    name: str
    meetings: list[dict[str, Any]]
    work: list[dict[str, Any]]


def subscribe(unit: Unit, whose: str) -> str:
    """A year's token for the actor's own days, or his body's; it is seen here and never again. It is taken back like a sign-in."""
    require(unit.actor, RIGHT)
    if whose not in WHOSE or unit.actor.account_id is None:
        raise Fault(
            "parameter_bad",
            field="whose",
            name="whose",
            zh="只能是：mine, ours",
            en="it must be mine or ours",
        )
    unit.to_office()
    token, _ = issue(unit, unit.actor.account_id, WHOSE[whose])
    journal.write(unit, "calendar.subscribe", f"calendar {whose}")
    return token


def fetched(runtime: Runtime, token: str) -> bytes:
    """The calendar behind the token as text of RFC 5545; a Fault when it opens none."""
    with runtime.reading(SERVICE) as unit:
        row = holder(unit, token, *WHOSE.values())
        name = unit.db.execute(select(Account.name).where(Account.id == row.account_id)).scalar_one()
        actor = actor_of(unit, name)
    require(actor, RIGHT)
    with runtime.reading(actor) as unit:
        days = _days(unit, Purpose(row.purpose))
        return feed(days.name, days.meetings, days.work, unit.now, runtime.settings.zone)


def _days(unit: Unit, purpose: Purpose) -> Days:
    mine = purpose is Purpose.MY_DAYS
    owner = WorkItem.assignee_id == unit.actor.account_id if mine else WorkItem.body_id == unit.actor.body_id
    rows = unit.db.execute(
        select(WorkItem.id, WorkItem.due_on, WorkItem.task_zh)
        .join(Case, Case.id == WorkItem.case_id)
        .where(owner, WorkItem.status == "open", WorkItem.due_on.is_not(None), cases_of(unit.actor))
        .order_by(WorkItem.due_on, WorkItem.id)
        .limit(MOST)
    )
    work = [{"id": row.id, "due_on": row.due_on.isoformat(), "task": {"zh": row.task_zh}} for row in rows]
    return Days(f"共建：{unit.actor.name if mine else unit.actor.body_name}", dated(unit), work)
