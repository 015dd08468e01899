"""Work items in hand: claimed (签收), given back, passed on within the body (转办), urged (催办). The law is
not asked: nothing moves."""

from datetime import timedelta
from math import ceil
from typing import Any

from sqlalchemy import exists, select, update

from services.access import journal
from services.access.substitutes import stands_in_for
from services.channels.announce import urged
from services.db.models.casework import Case, WorkItem
from services.db.models.directory import Account
from services.db.models.workplace import Substitution
from services.db.queries.worklist import concerned, visible
from services.runtime import Unit
from workflows.errors import Fault
from workflows.plain import said_back

COOLING = timedelta(hours=24)


def claim(unit: Unit, item_id: int) -> None:
    """The item is the actor's own. Claiming it twice changes nothing; another's stays another's."""
    item = _ours(unit, item_id)
    if not _may_pass_on(unit, item.assignee_id):
        raise Fault("item_taken")
    _assign(unit, item_id, unit.actor.account_id)
    journal.write(unit, "work_item.claim", f"work item {item_id}")


def release(unit: Unit, item_id: int) -> None:
    """The item is nobody's again; only its holder can give it back, or who stands in for him."""
    item = _ours(unit, item_id)
    if item.assignee_id is None:
        return
    if not _may_pass_on(unit, item.assignee_id):
        raise Fault("item_taken")
    _assign(unit, item_id, None)
    journal.write(unit, "work_item.release", f"work item {item_id}")


def reassign(unit: Unit, item_id: int, account: str) -> None:
    """The item is a colleague's. Anyone of the body may pass on what is free, his own, or of somebody for whom he stands in."""
    item = _ours(unit, item_id)
    if not _may_pass_on(unit, item.assignee_id):
        raise Fault("item_taken")
    colleague = unit.db.execute(
        select(Account.id).where(
            Account.name == account, Account.body_id == unit.actor.body_id, Account.disabled_at.is_(None)
        )
    ).scalar_one_or_none()
    if colleague is None:
        raise Fault("account_unknown", field="account", name=said_back(account))
    _assign(unit, item_id, colleague)
    journal.write(unit, "work_item.reassign", f"work item {item_id}", to=account)


def urge(unit: Unit, item_id: int) -> None:
    """The body that holds the item is urged, at most once a day, by a body that waits for it."""
    item = _locked(unit, item_id)
    if item.status != "open":
        raise Fault("item_done")
    waits = exists().where(WorkItem.id == item_id, concerned(unit.actor))
    if not unit.db.execute(select(waits)).scalar_one():
        raise Fault("not_permitted")
    if item.urged_at is not None and unit.now < item.urged_at + COOLING:
        raise Fault("urged_recently", hours=ceil((item.urged_at + COOLING - unit.now) / timedelta(hours=1)))
    unit.db.execute(update(WorkItem).where(WorkItem.id == item_id).values(urged_at=unit.now))
    urged(unit, item_id)
    journal.write(unit, "work_item.urge", f"work item {item_id}")


def _may_pass_on(unit: Unit, holder: int | None) -> bool:
    """Is the item free, the actor's own, or of somebody for whom he stands in today?"""
    if holder in (None, unit.actor.account_id):
        return True
    return unit.db.scalar(stands_in_for(unit).where(Substitution.account_id == holder)) is not None


def _assign(unit: Unit, item_id: int, account_id: int | None) -> None:
    unit.db.execute(update(WorkItem).where(WorkItem.id == item_id).values(assignee_id=account_id))


def _ours(unit: Unit, item_id: int) -> Any:
    """An open item addressed to the actor's own body, locked. `Any`: a row of three columns."""
    item = _locked(unit, item_id)
    if item.body_id != unit.actor.body_id:
        raise Fault("not_permitted")
    if item.status != "open":
        raise Fault("item_done")
    return item


def _locked(unit: Unit, item_id: int) -> Any:
    """What the actor may not see is not there for him. `Any`: a row of four columns."""
    item = unit.db.execute(
        select(WorkItem.body_id, WorkItem.assignee_id, WorkItem.status, WorkItem.urged_at)
        .join(Case, Case.id == WorkItem.case_id)
        .where(WorkItem.id == item_id, visible(unit.actor))
        .with_for_update(of=WorkItem)
    ).one_or_none()
    if item is None:
        raise Fault("not_found")
    unit.to_office()
    return item
