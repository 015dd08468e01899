"""the ledger: a Merkle log over history and journal; what stands in them about persons lies beside them"""

import sqlalchemy as sa
from alembic import op

from services.db.base import BigId, Bytes, Instant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

REFUSAL = "an entry of the ledger stays as it was written"
#: Only ever added to; the database itself refuses anything else.
SEALED = ("history", "log_leaves", "log_checkpoints", "log_cosignatures")
HOUSE = "(SELECT current_setting('gongjian.house', true)) = 'on'"
#: Values are seen by whoever sees their line; what waits, which entry is which, and the key, by the house alone.
SEEN = {
    "history_values": "EXISTS (SELECT 1 FROM history WHERE history.case_id = it.case_id AND history.seq = it.seq)",
    "logs": "false",
    "unsealed": "false",
    "log_leaves": "false",
}


def upgrade() -> None:
    _tables()
    for name, kind in (("algorithm", sa.String(8)), ("canon", Bytes), ("hash", Bytes)):
        op.add_column("journal", sa.Column(name, kind, nullable=True))
    op.execute("INSERT INTO unsealed (case_id, first, last) SELECT id, 1, seq FROM cases WHERE seq > 0 ORDER BY id")
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
        return
    _guard_postgresql()
    for table, seen in SEEN.items():
        op.execute(
            f"CREATE FUNCTION is_shown(it {table}) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE "
            f"AS $$ BEGIN RETURN coalesce({seen}, false); END $$"
        )
        op.execute(f"CREATE POLICY the_wall ON {table} USING ({HOUSE} OR is_shown({table})) WITH CHECK ({HOUSE})")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _tables() -> None:
    op.create_table(
        "history_values",
        sa.Column("case_id", BigId, nullable=False, autoincrement=False),
        sa.Column("seq", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("salt", Bytes, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id", "seq"], ["history.case_id", "history.seq"], name=op.f("fk_history_values_case_id_history")
        ),
        sa.PrimaryKeyConstraint("case_id", "seq", "field", name=op.f("pk_history_values")),
    )
    op.create_table(
        "logs",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("origin", sa.String(200), nullable=False),
        sa.Column("algorithm", sa.String(8), nullable=False),
        sa.Column("public", Bytes, nullable=False),
        sa.Column("sealed", Bytes, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logs")),
    )
    op.create_table(
        "unsealed",
        sa.Column("id", BigId, nullable=False),
        sa.Column("case_id", BigId, nullable=True),
        sa.Column("first", sa.Integer(), nullable=True),
        sa.Column("last", sa.Integer(), nullable=True),
        sa.Column("journal_id", BigId, nullable=True),
        sa.CheckConstraint("(case_id IS NULL) <> (journal_id IS NULL)", name=op.f("ck_unsealed_of_one_book")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsealed")),
    )
    op.create_table(
        "log_leaves",
        sa.Column("number", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("case_id", BigId, nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("journal_id", BigId, nullable=True),
        sa.CheckConstraint("(case_id IS NULL) <> (journal_id IS NULL)", name=op.f("ck_log_leaves_of_one_book")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_log_leaves")),
        sa.UniqueConstraint("case_id", "seq", name=op.f("uq_log_leaves_case_id_seq")),
        sa.UniqueConstraint("journal_id", name=op.f("uq_log_leaves_journal_id")),
    )
    op.create_table(
        "log_tiles",
        sa.Column("level", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("number", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("hashes", Bytes, nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name=op.f("pk_log_tiles")),
    )
    op.create_table(
        "log_checkpoints",
        sa.Column("size", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("root", Bytes, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_log_checkpoints")),
    )
    op.create_table(
        "log_witnesses",
        sa.Column("id", BigId, nullable=False),
        sa.Column("body_id", BigId, nullable=False),
        sa.Column("key", sa.String(300), nullable=False),
        sa.Column("made_by", BigId, nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("off_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_log_witnesses_body_id_bodies")),
        sa.ForeignKeyConstraint(["made_by"], ["accounts.id"], name=op.f("fk_log_witnesses_made_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_witnesses")),
        sa.UniqueConstraint("key", name=op.f("uq_log_witnesses_key")),
    )
    op.create_table(
        "log_cosignatures",
        sa.Column("size", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("witness_id", BigId, nullable=False, autoincrement=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("line", sa.String(400), nullable=False),
        sa.ForeignKeyConstraint(
            ["size"], ["log_checkpoints.size"], name=op.f("fk_log_cosignatures_size_log_checkpoints")
        ),
        sa.ForeignKeyConstraint(
            ["witness_id"], ["log_witnesses.id"], name=op.f("fk_log_cosignatures_witness_id_log_witnesses")
        ),
        sa.PrimaryKeyConstraint("size", "witness_id", name=op.f("pk_log_cosignatures")),
    )


def _guard_sqlite() -> None:
    for table in SEALED:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION stays_as_written() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    for table in SEALED:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION stays_as_written()"
        )
    for table in (*SEALED, "journal"):  # also for who says that he is a replica
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change")


def downgrade() -> None:
    """Values go back into no line: a line stays as it was hashed. So where there are any, this schema stays."""
    if op.get_bind().execute(sa.text("SELECT count(*) FROM history_values")).scalar_one():
        raise RuntimeError("history holds values beside its lines; 0013 has no place for them")
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER history_no_{verb}")
    else:
        for table in reversed(SEEN):
            op.execute(f"DROP POLICY the_wall ON {table}")
            op.execute(f"DROP FUNCTION is_shown({table})")
        op.execute("DROP TRIGGER history_no_change ON history")
        op.execute("ALTER TABLE journal ENABLE TRIGGER journal_no_change")
    for table in ("log_cosignatures", "log_witnesses", "log_checkpoints", "log_tiles", "log_leaves", "unsealed", "logs"):
        op.drop_table(table)
    op.drop_table("history_values")
    for name in ("hash", "canon", "algorithm"):
        op.drop_column("journal", name)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION stays_as_written()")
