"""What people did at the counter and on the machine, and what they were refused."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.db.base import Base, BigId, Bytes, Instant, Json


class Journal(Base):
    """One deed or one refusal. Only ever added to: the database itself refuses to change or remove a line.

    `division` is where it belongs, and so whose auditor reads it. No line points at another table: it outlives them. Each is an entry of the
    ledger: `canon` is the canonical JSON that was hashed.
    """

    __tablename__ = "journal"
    __table_args__ = (
        Index("ix_journal_division_id", "division", "id"),
        Index("ix_journal_actor_id", "actor", "id"),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    account_id: Mapped[int | None] = mapped_column(BigId)
    body_id: Mapped[int | None] = mapped_column(BigId)
    actor: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(45))
    division: Mapped[str] = mapped_column(String(12))
    what: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(120))
    result: Mapped[str] = mapped_column(String(10))
    detail: Mapped[dict[str, Any]] = mapped_column(Json)
    algorithm: Mapped[str | None] = mapped_column(String(8))
    canon: Mapped[bytes | None] = mapped_column(Bytes)
    hash: Mapped[bytes | None] = mapped_column(Bytes)
