"""What people arrange for themselves on the pages."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.db.base import Base, BigId, Instant


class SavedView(Base):
    """A choice of filters that a person has given a name. `query` is the part of the address behind the question mark."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("account_id", "name"),)
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    name: Mapped[str] = mapped_column(String(40))
    query: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(Instant)


class Substitution(Base):
    """From day to day a colleague stands in for somebody who is away (代理). Ended early, it stays on file."""

    __tablename__ = "substitutions"
    __table_args__ = (
        Index("ix_substitutions_substitute_id", "substitute_id"),
        Index("ix_substitutions_account_id", "account_id"),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    substitute_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date] = mapped_column(Date)
    made_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
