"""who may come in: sessions, second factors, the journal of what people did

The journal stands behind the second wall as the tables of 0003 do: an auditor is shown the lines of his divisions, the house all.
"""

import sqlalchemy as sa
from alembic import op

from services.db.base import BigId, Bytes, Instant, Json

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


#: What the database says to whoever would change the journal.
REFUSAL = "the journal is only ever added to"

HOUSE = "(SELECT current_setting('gongjian.house', true)) = 'on'"
IN_HIS_DIVISIONS = """
    current_setting('gongjian.boxes', true) = 'all' AND current_setting('gongjian.high', true) > ''
    AND starts_with(it.division, current_setting('gongjian.low', true))"""


def upgrade() -> None:
    _create_journal()
    for column in _of_accounts():
        op.add_column("accounts", column)
    op.create_index("ix_accounts_issuer_subject", "accounts", ["issuer", "subject"], unique=True)
    for column in _of_tokens():
        op.add_column("tokens", column)


def downgrade() -> None:
    _drop_journal()
    for column in reversed(_of_tokens()):
        op.drop_column("tokens", column.name)
    op.drop_index("ix_accounts_issuer_subject", table_name="accounts")
    for column in reversed(_of_accounts()):
        op.drop_column("accounts", column.name)


def _of_accounts() -> list[sa.Column]:
    return [
        sa.Column("password_until", Instant(), nullable=True),
        sa.Column("totp_secret", Bytes, nullable=True),
        sa.Column("totp_since", Instant(), nullable=True),
        sa.Column("totp_step", sa.BigInteger(), nullable=True),
        sa.Column("issuer", sa.String(length=255), nullable=True),
        sa.Column("subject", sa.String(length=255), nullable=True),
    ]


def _of_tokens() -> list[sa.Column]:
    return [
        sa.Column("seen_at", Instant(), nullable=True),
        sa.Column("address", sa.String(length=45), server_default="", nullable=False),
        sa.Column("factor", sa.Boolean(), server_default=sa.false(), nullable=False),
    ]


#: A range of divisions ends at ':', which goes after the digits there alone (0003).
_BY_BYTES = sa.String(length=12).with_variant(sa.String(length=12, collation="C"), "postgresql")


def _create_journal() -> None:
    op.create_table(
        "journal",
        sa.Column("id", BigId, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("account_id", BigId, nullable=True),
        sa.Column("body_id", BigId, nullable=True),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("division", _BY_BYTES, nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("result", sa.String(length=10), nullable=False),
        sa.Column("detail", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
    )
    op.create_index("ix_journal_division_id", "journal", ["division", "id"], unique=False)
    op.create_index("ix_journal_actor_id", "journal", ["actor", "id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER journal_no_{verb.lower()} BEFORE {verb} ON journal "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION journal_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER journal_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON journal "
        "FOR EACH STATEMENT EXECUTE FUNCTION journal_refuses()"
    )
    op.execute(
        "CREATE FUNCTION is_shown(it journal) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE "
        f"AS $$ BEGIN RETURN coalesce({IN_HIS_DIVISIONS}, false); END $$"
    )
    op.execute(f"CREATE POLICY the_wall ON journal USING ({HOUSE} OR is_shown(journal)) WITH CHECK ({HOUSE})")
    op.execute("ALTER TABLE journal ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE journal FORCE ROW LEVEL SECURITY")


def _drop_journal() -> None:
    """What was written down cannot be carried anywhere else, so where there is any this schema stays."""
    if op.get_bind().execute(sa.text("SELECT count(*) FROM journal")).scalar_one():
        raise RuntimeError("the journal holds lines; 0003 has no place for them")
    op.drop_index("ix_journal_actor_id", table_name="journal")
    op.drop_index("ix_journal_division_id", table_name="journal")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP POLICY the_wall ON journal")
        op.execute("DROP FUNCTION is_shown(journal)")
    op.drop_table("journal")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION journal_refuses()")
