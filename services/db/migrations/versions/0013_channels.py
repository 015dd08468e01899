"""channels by which bodies are told, what went to them, and how each try ended"""

import sqlalchemy as sa
from alembic import op

from services.db.base import BigId, Bytes, Instant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_WAITS = sa.text("settled_at IS NULL")
_GIVEN_UP = sa.text("state = 'given_up'")


def _said(name: str) -> str:
    return f"current_setting('gongjian.{name}', true)"


HOUSE = f"(SELECT {_said('house')}) = 'on'"
#: A body sees its own channels, whoever keeps channels those of the bodies in his divisions, and with a channel what went to it.
SEEN = {
    "channels": f"""
        it.body_id = nullif({_said("body")}, '')::bigint OR ({_said("keeps")} = 'channels' AND EXISTS (
            SELECT 1 FROM bodies WHERE bodies.id = it.body_id
            AND bodies.division >= {_said("low")} AND bodies.division < {_said("high")}))""",
    "deliveries": "EXISTS (SELECT 1 FROM channels WHERE channels.id = it.channel_id)",
    "attempts": "EXISTS (SELECT 1 FROM deliveries WHERE deliveries.id = it.delivery_id)",
}


def upgrade() -> None:
    op.create_table(
        "channels",
        sa.Column("id", BigId, nullable=False),
        sa.Column("body_id", BigId, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("shown", sa.String(120), nullable=False),
        sa.Column("sealed", Bytes, nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.Integer(), nullable=True),
        sa.Column("digest_hour", sa.Integer(), nullable=True),
        sa.Column("free_at", Instant(), nullable=False),
        sa.Column("made_by", BigId, nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("off_at", Instant(), nullable=True),
        sa.CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name=op.f("ck_channels_both_ends")),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_channels_body_id_bodies")),
        sa.ForeignKeyConstraint(["made_by"], ["accounts.id"], name=op.f("fk_channels_made_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channels")),
    )
    op.create_index("ix_channels_body_id", "channels", ["body_id"])
    op.create_table(
        "deliveries",
        sa.Column("id", BigId, nullable=False),
        sa.Column("channel_id", BigId, nullable=False),
        sa.Column("about", sa.String(10), nullable=False),
        sa.Column("about_id", BigId, nullable=False),
        sa.Column("occasion", BigId, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("case_id", BigId, nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("message", BigId, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("forgiven", sa.Integer(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_deliveries_channel_id_channels")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_deliveries_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "channel_id", "about", "about_id", "occasion", name=op.f("uq_deliveries_channel_id_about_about_id_occasion")
        ),
    )
    waiting = {"postgresql_where": _WAITS, "sqlite_where": _WAITS}
    op.create_index("ix_deliveries_channel_id_due_at_id", "deliveries", ["channel_id", "due_at", "id"], **waiting)
    given_up = {"postgresql_where": _GIVEN_UP, "sqlite_where": _GIVEN_UP}
    op.create_index("ix_deliveries_given_up", "deliveries", ["channel_id", "id"], **given_up)
    op.create_index("ix_deliveries_channel_id_message", "deliveries", ["channel_id", "message"])
    op.create_index("ix_deliveries_about_id_about", "deliveries", ["about_id", "about"])
    op.create_table(
        "attempts",
        sa.Column("delivery_id", BigId, nullable=False, autoincrement=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_attempts_delivery_id_deliveries")),
        sa.PrimaryKeyConstraint("delivery_id", "number", name=op.f("pk_attempts")),
    )
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, seen in SEEN.items():
        op.execute(
            f"CREATE FUNCTION is_shown(it {table}) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE "
            f"AS $$ BEGIN RETURN coalesce({seen}, false); END $$"
        )
        op.execute(f"CREATE POLICY the_wall ON {table} USING ({HOUSE} OR is_shown({table})) WITH CHECK ({HOUSE})")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in reversed(SEEN):
            op.execute(f"DROP POLICY the_wall ON {table}")
            op.execute(f"DROP FUNCTION is_shown({table})")
    op.drop_table("attempts")
    op.drop_table("deliveries")
    op.drop_table("channels")
