"""what a body has done lately, by when it was done"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_CLOSED = sa.text("closed_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_work_items_body_id_closed_at",
        "work_items",
        ["body_id", "closed_at"],
        postgresql_where=_CLOSED,
        sqlite_where=_CLOSED,
    )


def downgrade() -> None:
    op.drop_index("ix_work_items_body_id_closed_at", table_name="work_items")
