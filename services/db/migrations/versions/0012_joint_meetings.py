"""what a joint meeting keeps: its agenda, and the bodies that answer and come"""

import sqlalchemy as sa
from alembic import op

from services.db.base import BigId, Instant, Json

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def _said(name: str) -> str:
    return f"current_setting('gongjian.{name}', true)"


HOUSE = f"(SELECT {_said('house')}) = 'on'"
#: Who sees the meeting's file sees what was on its table.
SEEN = dict.fromkeys(
    ("agenda_items", "meeting_members"), "EXISTS (SELECT 1 FROM cases WHERE cases.id = it.case_id)"
)


def upgrade() -> None:
    op.create_table(
        "agenda_items",
        sa.Column("id", BigId, nullable=False),
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title_zh", sa.String(300), nullable=False),
        sa.Column("title_en", sa.String(400), nullable=False),
        sa.Column("about_case_id", BigId, nullable=True),
        sa.Column("snapshot", Json, nullable=False),
        sa.Column("raised_by", BigId, nullable=True),
        sa.Column("outcome", sa.String(20), nullable=True),
        sa.Column("minute", sa.String(1000), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_agenda_items_case_id_cases")),
        sa.ForeignKeyConstraint(["raised_by"], ["bodies.id"], name=op.f("fk_agenda_items_raised_by_bodies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_items")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_agenda_items_case_id_number")),
    )
    op.create_index("ix_agenda_items_case_id", "agenda_items", ["case_id"])
    op.create_table(
        "meeting_members",
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("body_id", BigId, nullable=False),
        sa.Column("answer", sa.String(10), nullable=True),
        sa.Column("post", sa.String(40), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("signed_in_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_meeting_members_case_id_cases")),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_meeting_members_body_id_bodies")),
        sa.PrimaryKeyConstraint("case_id", "body_id", name=op.f("pk_meeting_members")),
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
    op.drop_table("meeting_members")
    op.drop_table("agenda_items")
