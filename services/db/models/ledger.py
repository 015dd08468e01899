"""The ledger's own tables: which log this is, what waits to be taken in, leaves, tiles, checkpoints, and who witnessed them
(decision 0027). The entries themselves are lines of `history` and of `journal`."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.db.base import Base, BigId, Bytes, Instant


class Log(Base):
    """The one log of this house: under which name, by which hash, with which key it signs, and how many entries it has."""

    __tablename__ = "logs"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    origin: Mapped[str] = mapped_column(String(200))
    algorithm: Mapped[str] = mapped_column(String(8))
    public: Mapped[bytes] = mapped_column(Bytes)
    sealed: Mapped[bytes] = mapped_column(Bytes)
    size: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Unsealed(Base):
    """Lines that were written and have no place in the log yet: `first` to `last` of a case's history, or one of the journal. It is
    written with them and gone when they are taken in."""

    __tablename__ = "unsealed"
    __table_args__ = (CheckConstraint("(case_id IS NULL) <> (journal_id IS NULL)", name="of_one_book"),)
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int | None] = mapped_column(BigId)
    first: Mapped[int | None] = mapped_column()
    last: Mapped[int | None] = mapped_column()
    journal_id: Mapped[int | None] = mapped_column(BigId)


class Leaf(Base):
    """Which line is entry `number` of the log, from 0 on without a gap."""

    __tablename__ = "log_leaves"
    __table_args__ = (
        UniqueConstraint("case_id", "seq"),
        UniqueConstraint("journal_id"),
        CheckConstraint("(case_id IS NULL) <> (journal_id IS NULL)", name="of_one_book"),
    )
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    case_id: Mapped[int | None] = mapped_column(BigId)
    seq: Mapped[int | None] = mapped_column()
    journal_id: Mapped[int | None] = mapped_column(BigId)


class LogTile(Base):
    """256 hashes of the tree, or as many as there are yet (services/ledger/tiles.py)."""

    __tablename__ = "log_tiles"
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hashes: Mapped[bytes] = mapped_column(Bytes)


class LogCheckpoint(Base):
    """A state of the log, signed. `note` is the whole signed note as it was given out, without the witnesses' lines."""

    __tablename__ = "log_checkpoints"
    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(Bytes)
    at: Mapped[datetime] = mapped_column(Instant)
    note: Mapped[str] = mapped_column(Text)


class Witness(Base):
    """A body that signs our checkpoints with a key that only it has. `key` is its public half in one line."""

    __tablename__ = "log_witnesses"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"))
    key: Mapped[str] = mapped_column(String(300), unique=True)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    off_at: Mapped[datetime | None] = mapped_column(Instant)


class Cosignature(Base):
    """That a witness has signed a checkpoint. `at` is when, as it says itself; `line` what stands under the note."""

    __tablename__ = "log_cosignatures"
    size: Mapped[int] = mapped_column(
        ForeignKey("log_checkpoints.size"), primary_key=True, autoincrement=False
    )
    witness_id: Mapped[int] = mapped_column(
        ForeignKey("log_witnesses.id"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime] = mapped_column(Instant)
    line: Mapped[str] = mapped_column(String(400))
