"""An enterprise's case and everything that moves in it: proceedings, history, work items, deadlines."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.db.base import Base, BigId, Bytes, Instant, Json


class Case(Base):
    """A file, mostly of one enterprise; `subject` says what it is about (workflows.subjects). `opened_in` is the county whose
    number it bears, wherever it lies now. `seq` and `tip` are the end of its history chain; `facts` is the open drawer."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_division_id", "division", "id"),
        Index("ix_cases_name", "name"),
        Index(
            "ix_cases_subject_division",
            "subject",
            "division",
            postgresql_where=text("subject <> 'enterprise'"),
            sqlite_where=text("subject <> 'enterprise'"),
        ),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subject: Mapped[str] = mapped_column(String(20), default="enterprise", server_default="enterprise")
    uscc: Mapped[str | None] = mapped_column(String(18), unique=True)
    provisional: Mapped[str | None] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    division: Mapped[str] = mapped_column(String(12))
    opened_in: Mapped[str] = mapped_column(String(6), server_default="")
    registered_on: Mapped[date | None] = mapped_column(Date)
    address: Mapped[str | None] = mapped_column(String(400))
    kind: Mapped[str | None] = mapped_column(String(80))
    industry: Mapped[str | None] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(10))
    paused: Mapped[bool] = mapped_column(Boolean, default=False)
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    seq: Mapped[int] = mapped_column()
    tip: Mapped[bytes] = mapped_column(Bytes)
    opened_at: Mapped[datetime] = mapped_column(Instant)


class NamePart(Base):
    """Two neighbouring signs of a file's name, in small letters, and where the file lies: what a search by a part of the name
    looks up. Derived from `cases`, and written with it (services/cases/name_parts.py)."""

    __tablename__ = "name_parts"
    __table_args__ = {"sqlite_with_rowid": False}
    part: Mapped[str] = mapped_column(String(2), primary_key=True)
    case_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    division: Mapped[str] = mapped_column(String(12), primary_key=True)


class Proceeding(Base):
    """One running instance of a procedure. `data` holds what its steps recorded, in its compartment."""

    __tablename__ = "proceedings"
    __table_args__ = (
        Index("ix_proceedings_case_id", "case_id"),
        Index("ix_proceedings_procedure_state", "procedure", "state"),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    procedure: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column()
    compartment: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(40))
    revision: Mapped[int] = mapped_column()
    since: Mapped[datetime] = mapped_column(Instant)
    began_on: Mapped[date] = mapped_column(Date)
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    on_file: Mapped[list[str]] = mapped_column(Json)
    takers: Mapped[dict[str, int]] = mapped_column(Json)


class History(Base):
    """One line of a case's history, and an entry of the ledger. `canon` is the canonical JSON that was hashed; it is never written again, and
    holds a commitment in place of what it says about persons (`HistoryValue`)."""

    __tablename__ = "history"
    __table_args__ = (
        Index(
            "ix_history_account_id_proceeding_id",
            "account_id",
            "proceeding_id",
            postgresql_where=text("account_id IS NOT NULL"),
            sqlite_where=text("account_id IS NOT NULL"),
        ),
    )
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    proceeding_id: Mapped[int | None] = mapped_column(BigId)
    compartment: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(Instant)
    account_id: Mapped[int | None] = mapped_column(BigId)
    body_id: Mapped[int | None] = mapped_column(BigId)
    inbox_id: Mapped[int | None] = mapped_column(BigId)
    algorithm: Mapped[str] = mapped_column(String(8))
    canon: Mapped[bytes] = mapped_column(Bytes)
    hash: Mapped[bytes] = mapped_column(Bytes)


class HistoryValue(Base):
    """What a line of history says about persons: the line itself holds a commitment to it (services/ledger/values.py). `value` is JSON. Gone
    once it is erased, and the line still proves that there was one."""

    __tablename__ = "history_values"
    __table_args__ = (ForeignKeyConstraint(["case_id", "seq"], ["history.case_id", "history.seq"]),)
    case_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    field: Mapped[str] = mapped_column(String(40), primary_key=True)
    salt: Mapped[bytes] = mapped_column(Bytes)
    value: Mapped[str] = mapped_column(Text)


class Link(Base):
    """A proceeding of one file points at another file, under the name of the field that said so. Pointing again replaces."""

    __tablename__ = "links"
    __table_args__ = (Index("ix_links_to_case_id", "to_case_id"),)
    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceedings.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    to_case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))


class WorkItem(Base):
    """What a person must do (待办), addressed to a body. A body that does not exist yet leaves `body_id` empty."""

    __tablename__ = "work_items"
    __table_args__ = (
        Index("ix_work_items_body_id_status_id", "body_id", "status", "id"),
        Index("ix_work_items_body_id_status_due_on_id", "body_id", "status", "due_on", "id"),
        Index(
            "ix_work_items_body_id_closed_at",
            "body_id",
            "closed_at",
            postgresql_where=text("closed_at IS NOT NULL"),
            sqlite_where=text("closed_at IS NOT NULL"),
        ),
        Index("ix_work_items_assignee_id_status_id", "assignee_id", "status", "id"),
        Index("ix_work_items_proceeding_id_status", "proceeding_id", "status"),
        Index(
            "ix_work_items_unaddressed",
            "division",
            postgresql_where=text("body_id IS NULL"),
            sqlite_where=text("body_id IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceedings.id"))
    compartment: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(20))
    task_zh: Mapped[str] = mapped_column(String(120))
    task_en: Mapped[str] = mapped_column(String(200))
    division: Mapped[str] = mapped_column(String(12))
    body_id: Mapped[int | None] = mapped_column(ForeignKey("bodies.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    status: Mapped[str] = mapped_column(String(10))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    due_on: Mapped[date | None] = mapped_column(Date)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[int | None] = mapped_column(BigId)
    urged_at: Mapped[datetime | None] = mapped_column(Instant)


class Deadline(Base):
    """A term running on a proceeding. `generation` is the history line that started it, so no term fires twice."""

    __tablename__ = "deadlines"
    __table_args__ = (
        UniqueConstraint("proceeding_id", "term", "generation"),
        Index("ix_deadlines_case_id", "case_id"),
        Index(
            "ix_deadlines_fire_at",
            "fire_at",
            "id",  # so that two hundred of a hundred thousand are found without sorting them all
            postgresql_where=text("state = 'running'"),
            sqlite_where=text("state = 'running'"),
        ),
        Index(
            "ix_deadlines_state",
            "state",
            postgresql_where=text("state NOT IN ('running','met')"),
            sqlite_where=text("state NOT IN ('running','met')"),
        ),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceedings.id"))
    term: Mapped[str] = mapped_column(String(40))
    generation: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(String(10))
    due_on: Mapped[date | None] = mapped_column(Date)
    fire_at: Mapped[datetime | None] = mapped_column(Instant)
    detail: Mapped[dict[str, Any]] = mapped_column(Json)
    deliveries: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    error_code: Mapped[str | None] = mapped_column(String(40))
    error: Mapped[dict[str, Any] | None] = mapped_column(Json)
