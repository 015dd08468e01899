"""the first tables"""

import sqlalchemy as sa
from alembic import op

from services.db.base import BigId, Bytes, Instant, Json
revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('bodies',
    sa.Column('id', BigId, nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('division', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('created_at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bodies')),
    sa.UniqueConstraint('code', name=op.f('uq_bodies_code'))
    )
    op.create_table('calendar_years',
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('sheet', sa.Text(), nullable=False),
    sa.Column('imported_at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('year', name=op.f('pk_calendar_years'))
    )
    op.create_table('cases',
    sa.Column('id', BigId, nullable=False),
    sa.Column('uscc', sa.String(length=18), nullable=True),
    sa.Column('provisional', sa.String(length=200), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('division', sa.String(length=12), nullable=False),
    sa.Column('registered_on', sa.Date(), nullable=True),
    sa.Column('address', sa.String(length=400), nullable=True),
    sa.Column('kind', sa.String(length=80), nullable=True),
    sa.Column('industry', sa.String(length=40), nullable=True),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('paused', sa.Boolean(), nullable=False),
    sa.Column('facts', Json, nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('tip', Bytes, nullable=False),
    sa.Column('opened_at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cases')),
    sa.UniqueConstraint('provisional', name=op.f('uq_cases_provisional')),
    sa.UniqueConstraint('uscc', name=op.f('uq_cases_uscc'))
    )
    op.create_index('ix_cases_division_id', 'cases', ['division', 'id'], unique=False)

    op.create_table('accounts',
    sa.Column('id', BigId, nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('body_id', BigId, nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=True),
    sa.Column('failed', sa.Integer(), nullable=False),
    sa.Column('locked_until', Instant(), nullable=True),
    sa.Column('disabled_at', Instant(), nullable=True),
    sa.Column('created_at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['body_id'], ['bodies.id'], name=op.f('fk_accounts_body_id_bodies')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accounts')),
    sa.UniqueConstraint('name', name=op.f('uq_accounts_name'))
    )
    op.create_table('history',
    sa.Column('case_id', BigId, autoincrement=False, nullable=False),
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('proceeding_id', BigId, nullable=True),
    sa.Column('compartment', sa.String(length=10), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('account_id', BigId, nullable=True),
    sa.Column('body_id', BigId, nullable=True),
    sa.Column('inbox_id', BigId, nullable=True),
    sa.Column('algorithm', sa.String(length=8), nullable=False),
    sa.Column('canon', Bytes, nullable=False),
    sa.Column('hash', Bytes, nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_history_case_id_cases')),
    sa.PrimaryKeyConstraint('case_id', 'seq', name=op.f('pk_history'))
    )
    op.create_table('inbox',
    sa.Column('id', BigId, nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('event_id', sa.String(length=200), nullable=False),
    sa.Column('type', sa.String(length=80), nullable=False),
    sa.Column('digest', Bytes, nullable=False),
    sa.Column('raw', Bytes, nullable=False),
    sa.Column('channel', sa.String(length=8), nullable=False),
    sa.Column('office_id', BigId, nullable=False),
    sa.Column('case_key', sa.String(length=200), nullable=False),
    sa.Column('received_at', Instant(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('deliveries', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('due_at', Instant(), nullable=False),
    sa.Column('case_id', BigId, nullable=True),
    sa.Column('placed', sa.String(length=12), nullable=True),
    sa.Column('placed_by', BigId, nullable=True),
    sa.Column('error_code', sa.String(length=40), nullable=True),
    sa.Column('error', Json, nullable=True),
    sa.ForeignKeyConstraint(['office_id'], ['bodies.id'], name=op.f('fk_inbox_office_id_bodies')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inbox')),
    sa.UniqueConstraint('source', 'event_id', name=op.f('uq_inbox_source_event_id'))
    )
    op.create_index('ix_inbox_case_key_id', 'inbox', ['case_key', 'id'], unique=False, postgresql_where=sa.text("state IN ('pending','waiting')"), sqlite_where=sa.text("state IN ('pending','waiting')"))
    op.create_index('ix_inbox_due_at', 'inbox', ['due_at', 'id'], unique=False, postgresql_where=sa.text("state = 'pending'"), sqlite_where=sa.text("state = 'pending'"))
    op.create_index('ix_inbox_state_office_id', 'inbox', ['state', 'office_id'], unique=False)

    op.create_table('proceedings',
    sa.Column('id', BigId, nullable=False),
    sa.Column('case_id', BigId, nullable=False),
    sa.Column('procedure', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('compartment', sa.String(length=10), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('since', Instant(), nullable=False),
    sa.Column('began_on', sa.Date(), nullable=False),
    sa.Column('data', Json, nullable=False),
    sa.Column('on_file', Json, nullable=False),
    sa.Column('takers', Json, nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_proceedings_case_id_cases')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proceedings'))
    )
    op.create_index('ix_proceedings_case_id', 'proceedings', ['case_id'], unique=False)
    op.create_index('ix_proceedings_procedure_state', 'proceedings', ['procedure', 'state'], unique=False)

    op.create_table('answers',
    sa.Column('account_id', BigId, nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('digest', Bytes, nullable=False),
    sa.Column('answer', Json, nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('proceeding_id', BigId, nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_answers_account_id_accounts')),
    sa.PrimaryKeyConstraint('account_id', 'key', name=op.f('pk_answers'))
    )
    op.create_table('deadlines',
    sa.Column('id', BigId, nullable=False),
    sa.Column('case_id', BigId, nullable=False),
    sa.Column('proceeding_id', BigId, nullable=False),
    sa.Column('term', sa.String(length=40), nullable=False),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('fire_at', Instant(), nullable=True),
    sa.Column('detail', Json, nullable=False),
    sa.Column('deliveries', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('error_code', sa.String(length=40), nullable=True),
    sa.Column('error', Json, nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_deadlines_case_id_cases')),
    sa.ForeignKeyConstraint(['proceeding_id'], ['proceedings.id'], name=op.f('fk_deadlines_proceeding_id_proceedings')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deadlines')),
    sa.UniqueConstraint('proceeding_id', 'term', 'generation', name=op.f('uq_deadlines_proceeding_id_term_generation'))
    )
    op.create_index('ix_deadlines_case_id', 'deadlines', ['case_id'], unique=False)
    op.create_index('ix_deadlines_fire_at', 'deadlines', ['fire_at', 'id'], unique=False, postgresql_where=sa.text("state = 'running'"), sqlite_where=sa.text("state = 'running'"))

    op.create_table('documents',
    sa.Column('id', BigId, nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('number', sa.String(length=60), nullable=True),
    sa.Column('issued_on', sa.Date(), nullable=True),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('body_id', BigId, nullable=False),
    sa.Column('account_id', BigId, nullable=False),
    sa.Column('uploaded_at', Instant(), nullable=False),
    sa.Column('content', Bytes, nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_documents_account_id_accounts')),
    sa.ForeignKeyConstraint(['body_id'], ['bodies.id'], name=op.f('fk_documents_body_id_bodies')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_documents'))
    )
    op.create_index('ix_documents_body_id_id', 'documents', ['body_id', 'id'], unique=False)

    op.create_table('outbox',
    sa.Column('id', BigId, nullable=False),
    sa.Column('dedupe', sa.String(length=120), nullable=False),
    sa.Column('case_id', BigId, nullable=False),
    sa.Column('proceeding_id', BigId, nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('sender_role', sa.String(length=20), nullable=False),
    sa.Column('recipient_role', sa.String(length=20), nullable=False),
    sa.Column('payload', Json, nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('deliveries', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('due_at', Instant(), nullable=False),
    sa.Column('error_code', sa.String(length=40), nullable=True),
    sa.Column('error', Json, nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_outbox_case_id_cases')),
    sa.ForeignKeyConstraint(['proceeding_id'], ['proceedings.id'], name=op.f('fk_outbox_proceeding_id_proceedings')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('dedupe', name=op.f('uq_outbox_dedupe'))
    )
    op.create_index('ix_outbox_case_id_id', 'outbox', ['case_id', 'id'], unique=False, postgresql_where=sa.text("state = 'pending'"), sqlite_where=sa.text("state = 'pending'"))
    op.create_index('ix_outbox_due_at', 'outbox', ['due_at', 'id'], unique=False, postgresql_where=sa.text("state = 'pending'"), sqlite_where=sa.text("state = 'pending'"))

    op.create_table('tokens',
    sa.Column('digest', Bytes, nullable=False),
    sa.Column('account_id', BigId, nullable=False),
    sa.Column('purpose', sa.String(length=10), nullable=False),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('expires_at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_tokens_account_id_accounts')),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_tokens'))
    )
    op.create_index('ix_tokens_account_id', 'tokens', ['account_id'], unique=False)

    op.create_table('work_items',
    sa.Column('id', BigId, nullable=False),
    sa.Column('case_id', BigId, nullable=False),
    sa.Column('proceeding_id', BigId, nullable=False),
    sa.Column('compartment', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('task_zh', sa.String(length=120), nullable=False),
    sa.Column('task_en', sa.String(length=200), nullable=False),
    sa.Column('division', sa.String(length=12), nullable=False),
    sa.Column('body_id', BigId, nullable=True),
    sa.Column('assignee_id', BigId, nullable=True),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('opened_at', Instant(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('closed_at', Instant(), nullable=True),
    sa.Column('closed_by', BigId, nullable=True),
    sa.Column('urged_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['assignee_id'], ['accounts.id'], name=op.f('fk_work_items_assignee_id_accounts')),
    sa.ForeignKeyConstraint(['body_id'], ['bodies.id'], name=op.f('fk_work_items_body_id_bodies')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_work_items_case_id_cases')),
    sa.ForeignKeyConstraint(['proceeding_id'], ['proceedings.id'], name=op.f('fk_work_items_proceeding_id_proceedings')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_items'))
    )
    op.create_index('ix_work_items_assignee_id_status_id', 'work_items', ['assignee_id', 'status', 'id'], unique=False)
    op.create_index('ix_work_items_body_id_status_id', 'work_items', ['body_id', 'status', 'id'], unique=False)
    op.create_index('ix_work_items_proceeding_id_status', 'work_items', ['proceeding_id', 'status'], unique=False)
    op.create_index('ix_work_items_unaddressed', 'work_items', ['division'], unique=False, postgresql_where=sa.text('body_id IS NULL'), sqlite_where=sa.text('body_id IS NULL'))

    op.create_table('filings',
    sa.Column('proceeding_id', BigId, nullable=False),
    sa.Column('document_id', BigId, nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_filings_document_id_documents')),
    sa.ForeignKeyConstraint(['proceeding_id'], ['proceedings.id'], name=op.f('fk_filings_proceeding_id_proceedings')),
    sa.PrimaryKeyConstraint('proceeding_id', 'document_id', 'seq', name=op.f('pk_filings'))
    )
    op.create_table('notices',
    sa.Column('id', BigId, nullable=False),
    sa.Column('outbox_id', BigId, nullable=False),
    sa.Column('case_id', BigId, nullable=False),
    sa.Column('proceeding_id', BigId, nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('sender_role', sa.String(length=20), nullable=False),
    sa.Column('recipient_role', sa.String(length=20), nullable=False),
    sa.Column('sender_id', BigId, nullable=True),
    sa.Column('recipient_id', BigId, nullable=True),
    sa.Column('division', sa.String(length=12), nullable=False),
    sa.Column('payload', Json, nullable=False),
    sa.Column('status', sa.String(length=14), nullable=False),
    sa.Column('delivered_at', Instant(), nullable=False),
    sa.Column('acknowledged_at', Instant(), nullable=True),
    sa.Column('acknowledged_by', BigId, nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_notices_case_id_cases')),
    sa.ForeignKeyConstraint(['outbox_id'], ['outbox.id'], name=op.f('fk_notices_outbox_id_outbox')),
    sa.ForeignKeyConstraint(['proceeding_id'], ['proceedings.id'], name=op.f('fk_notices_proceeding_id_proceedings')),
    sa.ForeignKeyConstraint(['recipient_id'], ['bodies.id'], name=op.f('fk_notices_recipient_id_bodies')),
    sa.ForeignKeyConstraint(['sender_id'], ['bodies.id'], name=op.f('fk_notices_sender_id_bodies')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices')),
    sa.UniqueConstraint('outbox_id', name=op.f('uq_notices_outbox_id'))
    )
    op.create_index('ix_notices_case_id', 'notices', ['case_id'], unique=False)
    op.create_index('ix_notices_proceeding_id', 'notices', ['proceeding_id'], unique=False)
    op.create_index('ix_notices_recipient_id_id', 'notices', ['recipient_id', 'id'], unique=False)
    op.create_index('ix_notices_sender_id_id', 'notices', ['sender_id', 'id'], unique=False)



def downgrade() -> None:
    for name in (
        "notices",
        "filings",
        "work_items",
        "tokens",
        "outbox",
        "documents",
        "deadlines",
        "answers",
        "proceedings",
        "inbox",
        "history",
        "accounts",
        "cases",
        "calendar_years",
        "bodies",
    ):
        op.drop_table(name)
