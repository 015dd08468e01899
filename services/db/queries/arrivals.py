"""What has come to a body last: its newest open item, and the newest notice to it."""

from dataclasses import dataclass

from sqlalchemy import func, select

from services.db.models.casework import WorkItem
from services.db.models.mail import Notice
from services.runtime import Unit


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The newest of each by its id; nought where there is none."""

    item: int
    notice: int

    def is_more_than(self, known: "Arrivals") -> bool:
        """Has anything come since? What was done meanwhile is no news."""
        return self.item > known.item or self.notice > known.notice

    def __str__(self) -> str:
        return f"{self.item}.{self.notice}"


def arrivals(unit: Unit) -> Arrivals:
    """For the actor's own body."""
    body = unit.actor.body_id
    item = select(func.max(WorkItem.id)).where(WorkItem.body_id == body, WorkItem.status == "open")
    notice = select(func.max(Notice.id)).where(Notice.recipient_id == body)
    row = unit.db.execute(select(item.scalar_subquery(), notice.scalar_subquery())).one()
    return Arrivals(row[0] or 0, row[1] or 0)
