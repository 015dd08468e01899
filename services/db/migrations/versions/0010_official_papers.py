"""official papers: templates, drafts, registers of numbers, what was issued, its PDF, and what enterprises answer"""

import sqlalchemy as sa
from alembic import op

from services.db.base import BigId, Bytes, Instant, Json

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_IN_USE = sa.text("retired_at IS NULL")
_PENDING = sa.text("state = 'pending'")


def _said(name: str) -> str:
    return f"current_setting('gongjian.{name}', true)"


HOUSE = f"(SELECT {_said('house')}) = 'on'"
BODY = f"nullif({_said('body')}, '')::bigint"
BELOW = f"""EXISTS (
            SELECT 1 FROM bodies WHERE bodies.id = it.body_id
            AND bodies.division >= {_said("low")} AND bodies.division < {_said("high")})"""
OWN = f"it.body_id = {BODY} OR ({_said('boxes')} = 'all' AND {BELOW})"
#: What a person is shown of each table, as in migration 0003; `it` is the row. An administrator sees the templates of his divisions.
SEEN = {
    "paper_templates": f"it.body_id = {BODY} OR {BELOW}",
    "paper_drafts": f"it.body_id = {BODY}",
    "paper_registers": OWN,
    "papers": OWN,
    "paper_pdfs": "EXISTS (SELECT 1 FROM papers WHERE papers.id = it.paper_id)",
    "paper_slips": "false",
}


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def upgrade() -> None:
    op.add_column("bodies", sa.Column("mark", sa.String(10), nullable=True))
    op.create_table(
        "paper_templates",
        sa.Column("id", BigId, nullable=False),
        sa.Column("body_id", BigId, nullable=False),
        sa.Column("form", sa.String(40), nullable=False),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", Bytes, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("uploaded_at", Instant(), nullable=False),
        sa.Column("retired_at", Instant(), nullable=True),
        _key("paper_templates", "body_id", "bodies"),
        _key("paper_templates", "account_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_templates")),
    )
    op.create_index(
        "uq_paper_templates_body_id_form",
        "paper_templates",
        ["body_id", "form"],
        unique=True,
        postgresql_where=_IN_USE,
        sqlite_where=_IN_USE,
    )
    op.create_table(
        "paper_drafts",
        sa.Column("id", BigId, nullable=False),
        sa.Column("body_id", BigId, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("proceeding_id", BigId, nullable=True),
        sa.Column("form", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("said", Json, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        _key("paper_drafts", "body_id", "bodies"),
        _key("paper_drafts", "account_id", "accounts"),
        _key("paper_drafts", "case_id", "cases"),
        _key("paper_drafts", "proceeding_id", "proceedings"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_drafts")),
    )
    op.create_index("ix_paper_drafts_body_id_id", "paper_drafts", ["body_id", "id"])
    op.create_index("ix_paper_drafts_case_id", "paper_drafts", ["case_id"])
    op.create_table(
        "paper_registers",
        sa.Column("body_id", BigId, nullable=False),
        sa.Column("mark", sa.String(20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        _key("paper_registers", "body_id", "bodies"),
        sa.PrimaryKeyConstraint("body_id", "mark", "year", name=op.f("pk_paper_registers")),
    )
    op.create_table(
        "papers",
        sa.Column("id", BigId, nullable=False),
        sa.Column("draft_id", BigId, nullable=False),
        sa.Column("document_id", BigId, nullable=False),
        sa.Column("body_id", BigId, nullable=False),
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("proceeding_id", BigId, nullable=True),
        sa.Column("form", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("mark", sa.String(20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("template_sha256", sa.String(64), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.Column("drafted_by", BigId, nullable=False),
        sa.Column("issued_by", BigId, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.Column("withdrawn_by", BigId, nullable=True),
        sa.Column("reason", sa.String(200), nullable=True),
        _key("papers", "draft_id", "paper_drafts"),
        _key("papers", "document_id", "documents"),
        _key("papers", "body_id", "bodies"),
        _key("papers", "case_id", "cases"),
        _key("papers", "proceeding_id", "proceedings"),
        _key("papers", "drafted_by", "accounts"),
        _key("papers", "issued_by", "accounts"),
        _key("papers", "withdrawn_by", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers")),
        sa.UniqueConstraint("body_id", "mark", "year", "serial", name=op.f("uq_papers_body_id_mark_year_serial")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_papers_draft_id")),
        sa.UniqueConstraint("document_id", name=op.f("uq_papers_document_id")),
    )
    op.create_index("ix_papers_case_id", "papers", ["case_id"])
    op.create_index("ix_papers_body_id_id", "papers", ["body_id", "id"])
    op.create_table(
        "paper_pdfs",
        sa.Column("id", BigId, nullable=False),
        sa.Column("paper_id", BigId, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("deliveries", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.String(40), nullable=True),
        sa.Column("error", Json, nullable=True),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("content", Bytes, nullable=True),
        sa.Column("made_at", Instant(), nullable=True),
        _key("paper_pdfs", "paper_id", "papers"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_pdfs")),
        sa.UniqueConstraint("paper_id", name=op.f("uq_paper_pdfs_paper_id")),
    )
    op.create_index(
        "ix_paper_pdfs_due_at", "paper_pdfs", ["due_at", "id"], postgresql_where=_PENDING, sqlite_where=_PENDING
    )
    op.create_table(
        "paper_slips",
        sa.Column("digest", Bytes, nullable=False),
        sa.Column("paper_id", BigId, nullable=False),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("answer", sa.String(40), nullable=True),
        _key("paper_slips", "paper_id", "papers"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_paper_slips")),
        sa.UniqueConstraint("paper_id", name=op.f("uq_paper_slips_paper_id")),
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
        for table in SEEN:
            op.execute(f"DROP POLICY the_wall ON {table}")
            op.execute(f"DROP FUNCTION is_shown({table})")
    for table in ("paper_slips", "paper_pdfs", "papers", "paper_registers", "paper_drafts", "paper_templates"):
        op.drop_table(table)
    op.drop_column("bodies", "mark")
