"""keys with which offices sign"""

import sqlalchemy as sa
from alembic import op

from services.db.base import BigId, Bytes, Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signing_keys",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("body_id", BigId, nullable=False),
        sa.Column("secret", Bytes, nullable=True),
        sa.Column("public", Bytes, nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("retired_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "(secret IS NULL) <> (public IS NULL)", name=op.f("ck_signing_keys_one_or_the_other")
        ),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_signing_keys_body_id_bodies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_keys")),
    )
    op.create_index("ix_signing_keys_body_id", "signing_keys", ["body_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_signing_keys_body_id", table_name="signing_keys")
    op.drop_table("signing_keys")
