"""lists that were brought to the intake page, with the verdict on each row"""

import sqlalchemy as sa
from alembic import op

from services.db.base import BigId, Bytes, Instant, Json

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_KEPT = sa.text("state = 'kept'")


def _said(name: str) -> str:
    return f"current_setting('gongjian.{name}', true)"


HOUSE = f"(SELECT {_said('house')}) = 'on'"
#: What a person is shown of each table, as in migration 0003; `it` is the row.
SEEN = {
    "uploads": f"""
        it.body_id = nullif({_said("body")}, '')::bigint OR ({_said("boxes")} = 'all' AND EXISTS (
            SELECT 1 FROM bodies WHERE bodies.id = it.body_id
            AND bodies.division >= {_said("low")} AND bodies.division < {_said("high")}))""",
    "upload_rows": "EXISTS (SELECT 1 FROM uploads WHERE uploads.id = it.upload_id)",
}


def upgrade() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", BigId, nullable=False),
        sa.Column("body_id", BigId, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("counts", Json, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("uploaded_at", Instant(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.Column("settled_by", BigId, nullable=True),
        sa.Column("content", Bytes, nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["bodies.id"], name=op.f("fk_uploads_body_id_bodies")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_uploads_account_id_accounts")),
        sa.ForeignKeyConstraint(["settled_by"], ["accounts.id"], name=op.f("fk_uploads_settled_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index("ix_uploads_body_id_id", "uploads", ["body_id", "id"])
    op.create_index(
        "uq_uploads_body_id_sha256",
        "uploads",
        ["body_id", "sha256"],
        unique=True,
        postgresql_where=_KEPT,
        sqlite_where=_KEPT,
    )
    op.create_table(
        "upload_rows",
        sa.Column("id", BigId, nullable=False),
        sa.Column("upload_id", BigId, nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("uscc", sa.String(40), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("division", sa.String(12), nullable=True),
        sa.Column("code", sa.String(40), nullable=True),
        sa.Column("reason", Json, nullable=True),
        sa.Column("field", sa.String(40), nullable=True),
        sa.Column("inbox_id", BigId, nullable=True),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["uploads.id"], name=op.f("fk_upload_rows_upload_id_uploads")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload_rows")),
        sa.UniqueConstraint("upload_id", "row", name=op.f("uq_upload_rows_upload_id_row")),
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
    op.drop_table("upload_rows")
    op.drop_table("uploads")
