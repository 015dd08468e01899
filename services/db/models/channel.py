"""The channels by which a body is told outside these pages, what went to them, and how each try ended."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.db.base import Base, BigId, Bytes, Instant

_WAITS = text("settled_at IS NULL")
_GIVEN_UP = text("state = 'given_up'")


class Channel(Base):
    """One way to one body. Where it leads and its secret are `sealed` together, for a robot's address is a secret itself; `shown` is
    what may be seen of it.

    `free_at`: no message goes before that. While one is on its way it is the lease of whoever carries it. The hours are of the
    settings' zone; in the quiet ones nothing goes, and with a digest hour everything waits for it.
    """

    __tablename__ = "channels"
    __table_args__ = (
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="both_ends"),
        Index("ix_channels_body_id", "body_id"),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"))
    kind: Mapped[str] = mapped_column(String(10))
    shown: Mapped[str] = mapped_column(String(120))
    sealed: Mapped[bytes] = mapped_column(Bytes)
    quiet_from: Mapped[int | None] = mapped_column()
    quiet_until: Mapped[int | None] = mapped_column()
    digest_hour: Mapped[int | None] = mapped_column()
    free_at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    off_at: Mapped[datetime | None] = mapped_column(Instant)


class Delivery(Base):
    """One thing that one channel is to tell: a notice that arrived, a work item that was urged, or a trial.
    The same work item may be urged again; `occasion` says when, and is 0 for what comes only once.

    States: pending, held (until the quiet hours end, or for the digest), delivered, given_up, dropped (the channel was switched off,
    or a person let it be). `message` is the id of the first delivery of the message it went in, and stays when that is sent again. `forgiven`
    are the attempts that count no more because a person had it sent again.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("channel_id", "about", "about_id", "occasion"),
        Index(
            "ix_deliveries_channel_id_due_at_id",
            "channel_id",
            "due_at",
            "id",
            postgresql_where=_WAITS,
            sqlite_where=_WAITS,
        ),
        Index(
            "ix_deliveries_given_up", "channel_id", "id", postgresql_where=_GIVEN_UP, sqlite_where=_GIVEN_UP
        ),
        Index("ix_deliveries_channel_id_message", "channel_id", "message"),
        Index("ix_deliveries_about_id_about", "about_id", "about"),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    about: Mapped[str] = mapped_column(String(10))
    about_id: Mapped[int] = mapped_column(BigId)
    occasion: Mapped[int] = mapped_column(BigId, default=0)
    kind: Mapped[str] = mapped_column(String(40))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    state: Mapped[str] = mapped_column(String(10))
    message: Mapped[int | None] = mapped_column(BigId)
    attempts: Mapped[int] = mapped_column(default=0)
    forgiven: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)


class Attempt(Base):
    """One try at a delivery, written down before it is made. `outcome` is `unknown` until the answer is written: a worker that was
    killed in between leaves it so. Neither what was sent nor where to."""

    __tablename__ = "attempts"
    delivery_id: Mapped[int] = mapped_column(
        ForeignKey("deliveries.id"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    outcome: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(20))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
