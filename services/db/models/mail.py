"""What came in, what must go out, and the notices that bodies have received. Rows are the truth; brokers only ring."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.db.base import Base, BigId, Bytes, Instant, Json

_PENDING = text("state = 'pending'")
_SET_ASIDE = text("state NOT IN ('pending','done')")


class Inbox(Base):
    """One event from outside, kept as it came. (source, event_id) is applied once.

    States: pending, applied, waiting (for its enterprise's registration), triage (no division), failed (quarantined),
    rejected (never accepted; kept so that the office can ask why).
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("source", "event_id"),
        Index("ix_inbox_due_at", "due_at", "id", postgresql_where=_PENDING, sqlite_where=_PENDING),
        Index(
            "ix_inbox_case_key_id",
            "case_key",
            "id",
            postgresql_where=text("state IN ('pending','waiting')"),
            sqlite_where=text(
                "state = 'pending' OR state = 'waiting'"
            ),  # SQLite does not see that one of two is IN
        ),
        Index("ix_inbox_state_office_id", "state", "office_id"),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    source: Mapped[str] = mapped_column(String(200))
    event_id: Mapped[str] = mapped_column(String(200))
    type: Mapped[str] = mapped_column(String(80))
    digest: Mapped[bytes] = mapped_column(Bytes)
    raw: Mapped[bytes] = mapped_column(Bytes)
    channel: Mapped[str] = mapped_column(String(8))
    office_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"))
    case_key: Mapped[str] = mapped_column(String(200))
    received_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(10))
    deliveries: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(Instant)
    case_id: Mapped[int | None] = mapped_column(BigId)
    placed: Mapped[str | None] = mapped_column(String(12))
    placed_by: Mapped[int | None] = mapped_column(BigId)
    error_code: Mapped[str | None] = mapped_column(String(40))
    error: Mapped[dict[str, Any] | None] = mapped_column(Json)


class DeadLetter(Base):
    """A message of the broker that could not be taken in, as it came, with its cause: here until a person has dealt with it.

    States: dead, sent (taken in when it was sent again), dropped. What has been dealt with keeps no content. The same message that
    comes again while it lies here is counted. `body` is none where it was too large, `headers` where they could not be read.
    """

    __tablename__ = "dead_letters"
    __table_args__ = (
        Index(
            "uq_dead_letters_digest",
            "digest",
            unique=True,
            postgresql_where=text("state = 'dead'"),
            sqlite_where=text("state = 'dead'"),
        ),
        Index("ix_dead_letters_state_id", "state", "id"),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    digest: Mapped[bytes] = mapped_column(Bytes)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("bodies.id"))
    content_type: Mapped[str] = mapped_column(String(200))
    headers: Mapped[dict[str, Any] | None] = mapped_column(Json)
    body: Mapped[bytes | None] = mapped_column(Bytes)
    size: Mapped[int] = mapped_column()
    times: Mapped[int] = mapped_column(default=1)
    received_at: Mapped[datetime] = mapped_column(Instant)
    error_code: Mapped[str] = mapped_column(String(40))
    error: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10))
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class Outbox(Base):
    """A message to be carried. `dedupe` names it once and for all, so a repeat does nothing."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due_at", "due_at", "id", postgresql_where=_PENDING, sqlite_where=_PENDING),
        Index("ix_outbox_case_id_id", "case_id", "id", postgresql_where=_PENDING, sqlite_where=_PENDING),
        Index("ix_outbox_state", "state", postgresql_where=_SET_ASIDE, sqlite_where=_SET_ASIDE),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    dedupe: Mapped[str] = mapped_column(String(120), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceedings.id"))
    kind: Mapped[str] = mapped_column(String(40))
    sender_role: Mapped[str] = mapped_column(String(20))
    recipient_role: Mapped[str] = mapped_column(String(20))
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10))
    deliveries: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(Instant)
    error_code: Mapped[str | None] = mapped_column(String(40))
    error: Mapped[dict[str, Any] | None] = mapped_column(Json)


class Notice(Base):
    """A cross-notification (通报) that has arrived at a body. Its payload is the whitelist's, nothing else."""

    __tablename__ = "notices"
    __table_args__ = (
        Index("ix_notices_recipient_id_id", "recipient_id", "id"),
        Index("ix_notices_sender_id_id", "sender_id", "id"),
        Index("ix_notices_case_id", "case_id"),
        Index("ix_notices_proceeding_id", "proceeding_id"),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceedings.id"))
    kind: Mapped[str] = mapped_column(String(40))
    sender_role: Mapped[str] = mapped_column(String(20))
    recipient_role: Mapped[str] = mapped_column(String(20))
    sender_id: Mapped[int | None] = mapped_column(ForeignKey("bodies.id"))
    recipient_id: Mapped[int | None] = mapped_column(ForeignKey("bodies.id"))
    division: Mapped[str] = mapped_column(String(12))
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    status: Mapped[str] = mapped_column(String(14))
    delivered_at: Mapped[datetime] = mapped_column(Instant)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    acknowledged_by: Mapped[int | None] = mapped_column(BigId)
