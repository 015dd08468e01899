"""Documents with their hash, where they serve as evidence, imported calendars, and answers kept for repeated requests."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.db.base import Base, BigId, Bytes, Instant, Json


class Document(Base):
    """A file as it was uploaded, kept whole. It belongs to the body whose staff uploaded it."""

    __tablename__ = "documents"
    __table_args__ = (Index("ix_documents_body_id_id", "body_id", "id"),)
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(40))
    number: Mapped[str | None] = mapped_column(String(60))
    issued_on: Mapped[date | None] = mapped_column(Date)
    name: Mapped[str] = mapped_column(String(160))
    size: Mapped[int] = mapped_column()
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Instant)
    content: Mapped[bytes] = mapped_column(Bytes)


class Filing(Base):
    """A document filed as evidence of one step of one proceeding."""

    __tablename__ = "filings"
    __table_args__ = (Index("ix_filings_document_id", "document_id"),)
    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceedings.id"), primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)


class CalendarYear(Base):
    """A year's working calendar imported by an administrator; it takes the place of the shipped one."""

    __tablename__ = "calendar_years"
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sheet: Mapped[str] = mapped_column(Text)
    imported_at: Mapped[datetime] = mapped_column(Instant)


class Answer(Base):
    """The answer already given to an idempotency key."""

    __tablename__ = "answers"
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    digest: Mapped[bytes] = mapped_column(Bytes)
    answer: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(Instant)
    proceeding_id: Mapped[int | None] = mapped_column(BigId)
