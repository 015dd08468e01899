"""Lists that were brought to the intake page, and what was said of each of their rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.db.base import Base, BigId, Bytes, Instant, Json

_KEPT = text("state = 'kept'")


class Upload(Base):
    """A list that an office's clerk has brought. It belongs to his body.

    States: kept (shown row by row, nothing taken in yet), taking (confirmed), taken, dropped, lapsed. `content` holds the rows as
    far as they are ever read, and only while they may still be taken in; the same file again is the same upload, judged anew.
    """

    __tablename__ = "uploads"
    __table_args__ = (
        Index("ix_uploads_body_id_id", "body_id", "id"),
        Index(
            "uq_uploads_body_id_sha256",
            "body_id",
            "sha256",
            unique=True,
            postgresql_where=_KEPT,
            sqlite_where=_KEPT,
        ),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    name: Mapped[str] = mapped_column(String(160))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column()
    rows: Mapped[int] = mapped_column()
    counts: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10))
    uploaded_at: Mapped[datetime] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    content: Mapped[bytes | None] = mapped_column(Bytes)


class UploadRow(Base):
    """One row of such a list with its verdict: what it would come to, and, once `inbox_id` says which event it is, what it came to."""

    __tablename__ = "upload_rows"
    __table_args__ = (UniqueConstraint("upload_id", "row"),)
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    upload_id: Mapped[int] = mapped_column(ForeignKey("uploads.id"))
    row: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(String(200))
    uscc: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(10))
    division: Mapped[str | None] = mapped_column(String(12))
    code: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[dict[str, Any] | None] = mapped_column(Json)
    field: Mapped[str | None] = mapped_column(String(40))
    inbox_id: Mapped[int | None] = mapped_column(BigId)
