"""the inbox by its days; filters that people keep; who stands in for whom; an index that SQLite uses"""

import sqlalchemy as sa
from alembic import op

from services.db.base import BigId, Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _said(name: str) -> str:
    return f"(SELECT current_setting('gongjian.{name}', true))"


HOUSE = f"{_said('house')} = 'on'"
OWN = {
    "saved_views": f"{HOUSE} OR account_id::text = {_said('account')}",
    "substitutions": f"{HOUSE} OR {_said('account')} IN (account_id::text, substitute_id::text)",
}


def upgrade() -> None:
    op.create_index(
        "ix_work_items_body_id_status_due_on_id", "work_items", ["body_id", "status", "due_on", "id"]
    )
    op.create_table(
        "saved_views",
        sa.Column("id", BigId, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("query", sa.String(200), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_saved_views_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_saved_views_account_id_name")),
    )
    op.create_table(
        "substitutions",
        sa.Column("id", BigId, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("substitute_id", BigId, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_substitutions_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["substitute_id"], ["accounts.id"], name=op.f("fk_substitutions_substitute_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitutions")),
    )
    for column in ("account_id", "substitute_id"):
        op.create_index(f"ix_substitutions_{column}", "substitutions", [column])
    if op.get_bind().dialect.name == "sqlite":
        _events_of_one("state = 'pending' OR state = 'waiting'")
    else:
        for table, own in OWN.items():
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY the_wall ON {table} USING ({own}) WITH CHECK ({HOUSE})")


def _events_of_one(where: str) -> None:
    """SQLite asks an index of some rows only where the question says one of the index's own alternatives."""
    op.drop_index("ix_inbox_case_key_id", table_name="inbox")
    op.create_index("ix_inbox_case_key_id", "inbox", ["case_key", "id"], sqlite_where=sa.text(where))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _events_of_one("state IN ('pending','waiting')")
    op.drop_table("substitutions")
    op.drop_table("saved_views")
    op.drop_index("ix_work_items_body_id_status_due_on_id", table_name="work_items")
