"""Bodies that act, the people who act for them, and the tokens that show it."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from services.db.base import Base, BigId, Bytes, Instant


class Body(Base):
    """An organisation that acts. `code` is `kind.division`; `division` is where its jurisdiction lies. `mark` are the characters
    that stand for it in the numbers of its papers (机关代字): 船工 in 船工发〔2026〕5号."""

    __tablename__ = "bodies"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    division: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(120))
    mark: Mapped[str | None] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(Instant)


class Account(Base):
    """One person, or one office's machine, acting for one body.

    `password_until`: a password that somebody else chose opens nothing but the choice of a new one, and that only so
    long. `totp_secret` is sealed; it counts from `totp_since` on, and no code of `totp_step` or before it is taken again.
    `issuer` and `subject` are the person at the single sign-on."""

    __tablename__ = "accounts"
    __table_args__ = (Index("ix_accounts_issuer_subject", "issuer", "subject", unique=True),)
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_until: Mapped[datetime | None] = mapped_column(Instant)
    totp_secret: Mapped[bytes | None] = mapped_column(Bytes)
    totp_since: Mapped[datetime | None] = mapped_column(Instant)
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    issuer: Mapped[str | None] = mapped_column(String(255))
    subject: Mapped[str | None] = mapped_column(String(255))
    failed: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Token(Base):
    """A bearer token or a page session; only its SHA-256 is kept. `seen_at` is when it was last used, to the minute;
    `address` is where its bearer signed in, `factor` whether he showed a second one."""

    __tablename__ = "tokens"
    __table_args__ = (Index("ix_tokens_account_id", "account_id"),)
    digest: Mapped[bytes] = mapped_column(Bytes, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    purpose: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime | None] = mapped_column(Instant)
    address: Mapped[str] = mapped_column(String(45), server_default="")
    factor: Mapped[bool] = mapped_column(server_default=false())


class SigningKey(Base):
    """A key by which an office's messages are known: a shared `secret`, sealed, or the `public` half of an Ed25519 key."""

    __tablename__ = "signing_keys"
    __table_args__ = (
        CheckConstraint("(secret IS NULL) <> (public IS NULL)", name="one_or_the_other"),
        Index("ix_signing_keys_body_id", "body_id"),
    )
    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"))
    secret: Mapped[bytes | None] = mapped_column(Bytes)
    public: Mapped[bytes | None] = mapped_column(Bytes)
    created_at: Mapped[datetime] = mapped_column(Instant)
    retired_at: Mapped[datetime | None] = mapped_column(Instant)
