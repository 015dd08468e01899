"""the second wall: PostgreSQL itself gives a unit of work no row that lies outside what the unit says of itself

Every transaction says who it is by `set_config('gongjian.…', …, true)`; see services/db/wall.py, which is also the wall on SQLite.
One that says nothing is given nothing. The house is asked for once a query; everybody else once a row, by a function, and the range
of divisions stands in it too: as a condition of its own the planner would take it for half a percent of the files, whatever it lets
through. Indexes answer the conditions of the query itself.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DIVISIONS = ("bodies", "cases", "work_items", "notices")


def _said(name: str) -> str:
    return f"current_setting('gongjian.{name}', true)"


def _is_in(value: str, name: str) -> str:
    return f"({value} = ANY (string_to_array({_said(name)}, ',')))"


HOUSE = f"(SELECT {_said('house')}) = 'on'"
BODY = f"nullif({_said('body')}, '')::bigint"
ACCOUNT = f"nullif({_said('account')}, '')::bigint"
SEES_ALL = f"{_said('sight')} = 'all'"
EVERYBODYS = f"{_said('boxes')} = 'all'"
IN_HIS_DRAWERS = _is_in("it.compartment", "drawers")
CASE = "EXISTS (SELECT 1 FROM cases WHERE cases.id = it.case_id)"

#: What a person is shown of each table; `it` is the row. The house is shown everything.
SEEN = {
    "cases": f"""
        {_said("high")} > '' AND starts_with(it.division, {_said("low")})
        AND {_is_in("it.subject", "subjects")} AND (
            {SEES_ALL} OR it.registered_on IS NOT NULL OR substr(it.provisional, 7, 1) = '#'
            OR (it.facts ->> 'reported')::boolean)""",
    "work_items": f"(it.body_id = {BODY} OR {IN_HIS_DRAWERS}) AND {CASE}",
    "proceedings": f"""
        {CASE} AND (
            {IN_HIS_DRAWERS}
            OR {_is_in("it.procedure || '/' || it.version || '/' || it.state", "guest")}
            OR EXISTS (SELECT 1 FROM work_items WHERE proceeding_id = it.id AND body_id = {BODY})
            OR EXISTS (SELECT 1 FROM answers WHERE proceeding_id = it.id AND account_id = {ACCOUNT}))""",
    "history": f"""
        {CASE} AND (
            it.body_id = {BODY}
            OR ({IN_HIS_DRAWERS} AND ({SEES_ALL} OR (it.proceeding_id IS NULL AND it.inbox_id IS NOT NULL))))""",
    "deadlines": f"""
        EXISTS (SELECT 1 FROM proceedings AS of_it
                WHERE of_it.id = it.proceeding_id AND {_is_in("of_it.compartment", "drawers")})""",
    "notices": f"({EVERYBODYS} OR it.recipient_id = {BODY} OR it.sender_id = {BODY}) AND {CASE}",
    "filings": "EXISTS (SELECT 1 FROM proceedings WHERE id = it.proceeding_id)",
    "documents": f"it.body_id = {BODY} OR EXISTS (SELECT 1 FROM filings WHERE document_id = it.id)",
    "inbox": f"""
        it.office_id = {BODY} OR ({EVERYBODYS} AND EXISTS (
            SELECT 1 FROM bodies WHERE bodies.id = it.office_id
            AND bodies.division >= {_said("low")} AND bodies.division < {_said("high")}))""",
    "answers": f"it.account_id = {ACCOUNT}",
    "links": "false",
    "outbox": "false",
}


def upgrade() -> None:
    op.create_index("ix_filings_document_id", "filings", ["document_id"], unique=False)
    if op.get_bind().dialect.name != "postgresql":
        return
    _collate("C")
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
            op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        _collate("default")
    op.drop_index("ix_filings_document_id", table_name="filings")


def _collate(collation: str) -> None:
    """A range of divisions ends at ':', which follows the digits in ASCII and goes before them in most languages."""
    for table in DIVISIONS:
        op.alter_column(table, "division", type_=sa.String(12, collation=collation), existing_nullable=False)
