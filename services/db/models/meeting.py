"""What a joint meeting keeps beside its proceeding: the agenda, frozen when it is called, and the bodies that answer and come."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.db.base import Base, BigId, Instant, Json


class AgendaItem(Base):
    """One item. `number` is empty while topics are collected; once the meeting is called everything on the agenda has one.

    `snapshot` is what a notice would tell of the file `about_case_id` on the day of the call. `outcome` and `minute` are the minutes.
    """

    __tablename__ = "agenda_items"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        Index("ix_agenda_items_case_id", "case_id"),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    number: Mapped[int | None] = mapped_column()
    kind: Mapped[str] = mapped_column(String(20))
    title_zh: Mapped[str] = mapped_column(String(300))
    title_en: Mapped[str] = mapped_column(String(400))
    about_case_id: Mapped[int | None] = mapped_column(BigId)
    snapshot: Mapped[dict[str, Any]] = mapped_column(Json)
    raised_by: Mapped[int | None] = mapped_column(ForeignKey("bodies.id"))
    outcome: Mapped[str | None] = mapped_column(String(20))
    minute: Mapped[str | None] = mapped_column(String(1000))
    at: Mapped[datetime] = mapped_column(Instant)


class MeetingMember(Base):
    """What a body of the meeting answered to the call, and when it signed in."""

    __tablename__ = "meeting_members"
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"), primary_key=True)
    answer: Mapped[str | None] = mapped_column(String(10))
    post: Mapped[str | None] = mapped_column(String(40))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    signed_in_at: Mapped[datetime | None] = mapped_column(Instant)
