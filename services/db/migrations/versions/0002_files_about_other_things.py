"""files about other things than one enterprise, links between files, and a file's number that no move changes"""

import sqlalchemy as sa
from alembic import op

from services.db.base import BigId

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OTHER_THAN_ENTERPRISES = sa.text("subject <> 'enterprise'")


def upgrade() -> None:
    op.add_column(
        "cases", sa.Column("subject", sa.String(length=20), server_default="enterprise", nullable=False)
    )
    op.add_column("cases", sa.Column("opened_in", sa.String(length=6), server_default="", nullable=False))
    op.execute("UPDATE cases SET opened_in = substr(division, 1, 6)")
    op.create_index(
        "ix_cases_subject_division",
        "cases",
        ["subject", "division"],
        unique=False,
        postgresql_where=OTHER_THAN_ENTERPRISES,
        sqlite_where=OTHER_THAN_ENTERPRISES,
    )
    op.create_table(
        "links",
        sa.Column("proceeding_id", BigId, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("to_case_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_links_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["proceeding_id"], ["proceedings.id"], name=op.f("fk_links_proceeding_id_proceedings")
        ),
        sa.ForeignKeyConstraint(["to_case_id"], ["cases.id"], name=op.f("fk_links_to_case_id_cases")),
        sa.PrimaryKeyConstraint("proceeding_id", "name", name=op.f("pk_links")),
    )
    op.create_index("ix_links_to_case_id", "links", ["to_case_id"], unique=False)


def downgrade() -> None:
    """Files about other things would be taken for enterprises, so where there are any this schema stays."""
    others = op.get_bind().execute(sa.text("SELECT count(*) FROM cases WHERE subject <> 'enterprise'"))
    if others.scalar_one():
        raise RuntimeError("files about other things than enterprises are on record; 0001 cannot hold them")
    op.drop_index("ix_links_to_case_id", table_name="links")
    op.drop_table("links")
    op.drop_index(
        "ix_cases_subject_division",
        table_name="cases",
        postgresql_where=OTHER_THAN_ENTERPRISES,
        sqlite_where=OTHER_THAN_ENTERPRISES,
    )
    op.drop_column("cases", "opened_in")
    op.drop_column("cases", "subject")
