"""indexes that answer the questions asked: a part of a name, what somebody has started"""

import sqlalchemy as sa
from alembic import op

from services.db.base import BigId

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_BY_PERSONS = sa.text("account_id IS NOT NULL")


def _said(name: str) -> str:
    return f"(SELECT current_setting('gongjian.{name}', true))"


HOUSE = f"{_said('house')} = 'on'"
#: Its lines lie in a place like the files they are about (migration 0003). Not a range, which the planner would take for half a
#: percent of the lines, whatever it lets through.
SEEN = f"{HOUSE} OR ({_said('high')} > '' AND starts_with(division, {_said('low')}))"

#: The states that other indexes answer for, or that nobody counts.
USUAL = {"outbox": "('pending','done')", "deadlines": "('running','met')"}

#: What stands in the tables already.
PARTS = """
    WITH RECURSIVE start(at) AS (
        SELECT 1 UNION ALL SELECT at + 1 FROM start WHERE at < (SELECT max(length(name)) FROM cases)
    )
    INSERT INTO name_parts (part, division, case_id)
    SELECT DISTINCT lower(substr(cases.name, start.at, 2)), cases.division, cases.id
    FROM cases JOIN start ON start.at < length(cases.name)
"""


def upgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    in_order = "C" if is_postgresql else None
    op.create_table(
        "name_parts",
        sa.Column("part", sa.String(2, collation=in_order), nullable=False),
        sa.Column("case_id", BigId, autoincrement=False, nullable=False),
        sa.Column("division", sa.String(12, collation=in_order), nullable=False),
        sa.PrimaryKeyConstraint("part", "case_id", "division", name=op.f("pk_name_parts")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_history_account_id_proceeding_id",
        "history",
        ["account_id", "proceeding_id"],
        postgresql_where=_BY_PERSONS,
        sqlite_where=_BY_PERSONS,
    )
    op.create_index("ix_cases_name", "cases", ["name"])
    for table, usual in USUAL.items():
        elsewhere = sa.text(f"state NOT IN {usual}")
        op.create_index(
            f"ix_{table}_state", table, ["state"], postgresql_where=elsewhere, sqlite_where=elsewhere
        )
    op.execute(PARTS)
    if is_postgresql:
        op.execute("ALTER TABLE name_parts ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE name_parts FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY the_wall ON name_parts USING ({SEEN}) WITH CHECK ({HOUSE})")


def downgrade() -> None:
    for table in USUAL:
        op.drop_index(f"ix_{table}_state", table_name=table)
    op.drop_index("ix_cases_name", table_name="cases")
    op.drop_index("ix_history_account_id_proceeding_id", table_name="history")
    op.drop_table("name_parts")
