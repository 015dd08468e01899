"""Official papers that bodies write here (公文): templates of their own, drafts, the registers of numbers, what was issued, its PDF, and
the slips by which an enterprise answers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.db.base import Base, BigId, Bytes, Instant, Json

_IN_USE = text("retired_at IS NULL")
_PENDING = text("state = 'pending'")


class PaperTemplate(Base):
    """A body's own Word template of one form, in place of the house's, until it is retired. What was issued by it stays as it is."""

    __tablename__ = "paper_templates"
    __table_args__ = (
        Index(
            "uq_paper_templates_body_id_form",
            "body_id",
            "form",
            unique=True,
            postgresql_where=_IN_USE,
            sqlite_where=_IN_USE,
        ),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"))
    form: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(160))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(Bytes)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Instant)
    retired_at: Mapped[datetime | None] = mapped_column(Instant)


class PaperDraft(Base):
    """A paper that is being written; it has no number. States: open, issued, dropped.

    `kind` is the evidence that it will be, or empty. `said` is what was filled in, and is emptied once the paper is issued or
    dropped: persons may stand in it, and the sheet itself is on file."""

    __tablename__ = "paper_drafts"
    __table_args__ = (
        Index("ix_paper_drafts_body_id_id", "body_id", "id"),
        Index("ix_paper_drafts_case_id", "case_id"),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    proceeding_id: Mapped[int | None] = mapped_column(ForeignKey("proceedings.id"))
    form: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(40))
    said: Mapped[dict[str, Any]] = mapped_column(Json)
    revision: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(String(10))
    made_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class PaperRegister(Base):
    """The last number given out under one agency mark of one body in one year. Its row is locked from the number to the commit, so
    that there is no gap and no number twice."""

    __tablename__ = "paper_registers"
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"), primary_key=True)
    mark: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column()


class Paper(Base):
    """An issued paper: its number for ever, and the document that it is. States: in_force, withdrawn (with the reason; the number
    stays taken)."""

    __tablename__ = "papers"
    __table_args__ = (
        UniqueConstraint("body_id", "mark", "year", "serial"),
        UniqueConstraint("draft_id"),
        UniqueConstraint("document_id"),
        Index("ix_papers_case_id", "case_id"),
        Index("ix_papers_body_id_id", "body_id", "id"),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("paper_drafts.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    proceeding_id: Mapped[int | None] = mapped_column(ForeignKey("proceedings.id"))
    form: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(40))
    mark: Mapped[str] = mapped_column(String(20))
    year: Mapped[int] = mapped_column()
    serial: Mapped[int] = mapped_column()
    title: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    template_sha256: Mapped[str] = mapped_column(String(64))
    issued_on: Mapped[date] = mapped_column(Date)
    issued_at: Mapped[datetime] = mapped_column(Instant)
    drafted_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    issued_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    state: Mapped[str] = mapped_column(String(10))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str | None] = mapped_column(String(200))


class PaperPdf(Base):
    """The PDF of an issued paper, made once by a worker that has LibreOffice. States: pending, done, failed."""

    __tablename__ = "paper_pdfs"
    __table_args__ = (
        Index("ix_paper_pdfs_due_at", "due_at", "id", postgresql_where=_PENDING, sqlite_where=_PENDING),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"), unique=True)
    state: Mapped[str] = mapped_column(String(10))
    due_at: Mapped[datetime] = mapped_column(Instant)
    deliveries: Mapped[int] = mapped_column(default=0)
    error_code: Mapped[str | None] = mapped_column(String(40))
    error: Mapped[dict[str, Any] | None] = mapped_column(Json)
    sha256: Mapped[str | None] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(Bytes)
    made_at: Mapped[datetime | None] = mapped_column(Instant)


class PaperSlip(Base):
    """The enterprise's answer to a paper: known by the SHA-256 of the token that is printed on it, and given once."""

    __tablename__ = "paper_slips"
    digest: Mapped[bytes] = mapped_column(Bytes, primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"), unique=True)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answer: Mapped[str | None] = mapped_column(String(40))
