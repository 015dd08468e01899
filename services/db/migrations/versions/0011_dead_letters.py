"""messages of the broker that could not be taken in, for a person to deal with"""

import sqlalchemy as sa
from alembic import op

from services.db.base import BigId, Bytes, Instant, Json

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_DEAD = sa.text("state = 'dead'")
#: Nobody is shown them behind his wall; the office shows them to the nation's administrator.
HOUSE = "(SELECT current_setting('gongjian.house', true)) = 'on'"


def upgrade() -> None:
    op.create_table(
        "dead_letters",
        sa.Column("id", BigId, nullable=False),
        sa.Column("digest", Bytes, nullable=False),
        sa.Column("office_id", BigId, nullable=True),
        sa.Column("content_type", sa.String(200), nullable=False),
        sa.Column("headers", Json, nullable=True),
        sa.Column("body", Bytes, nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("error_code", sa.String(40), nullable=False),
        sa.Column("error", Json, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.Column("settled_by", BigId, nullable=True),
        sa.ForeignKeyConstraint(
            ["office_id"], ["bodies.id"], name=op.f("fk_dead_letters_office_id_bodies")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["accounts.id"], name=op.f("fk_dead_letters_settled_by_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dead_letters")),
    )
    op.create_index("ix_dead_letters_state_id", "dead_letters", ["state", "id"])
    op.create_index(
        "uq_dead_letters_digest",
        "dead_letters",
        ["digest"],
        unique=True,
        postgresql_where=_DEAD,
        sqlite_where=_DEAD,
    )
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(f"CREATE POLICY the_wall ON dead_letters USING ({HOUSE}) WITH CHECK ({HOUSE})")
    op.execute("ALTER TABLE dead_letters ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE dead_letters FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP POLICY the_wall ON dead_letters")
    op.drop_table("dead_letters")
