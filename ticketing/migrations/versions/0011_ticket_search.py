"""full-text search of tickets, indexes of their lists, answers kept for repeated requests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_UNCLOSED = sa.text("state <> 'closed'")
_DUE = "coalesce(due_at, 'infinity'::timestamptz)"
_URGENCY = "array_position(ARRAY['urgent', 'high', 'normal', 'low'], priority)"
_UNCLOSED_BY = {
    "opened": ["opened_at", "ticket_no"],
    "due": [sa.text(_DUE), "ticket_no"],
    "urgency": [sa.text(_URGENCY), sa.text(_DUE), "ticket_no"],
}
_INDEX_OLD_TICKETS = sa.text(
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('default', 'index_old_tickets', 0, NULL, NULL,"
    " '{}'::jsonb, NULL)::procrastinate_job_to_defer_v1]) WHERE EXISTS (SELECT FROM tickets)"
)


def upgrade() -> None:
    _create_search()
    _create_keys()
    for name, columns in _UNCLOSED_BY.items():
        op.create_index(
            f"ix_tickets_unclosed_{name}", "tickets", columns, postgresql_where=_UNCLOSED
        )
    op.create_index("ix_tickets_kind_opened", "tickets", ["kind", "opened_at", "ticket_no"])
    op.create_index(
        "ix_ticket_steps_open_counts",
        "ticket_steps",
        ["queue", "assignee", "due_at"],
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.execute(_INDEX_OLD_TICKETS)


def _create_search() -> None:
    op.create_table(
        "ticket_search",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_no", sa.String(), nullable=False),
        sa.Column("opened_at", _TIME, nullable=False),
        sa.Column("document", postgresql.TSVECTOR(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_search_ticket_id")
        ),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_ticket_search")),
    )
    op.create_index(
        "ix_ticket_search_document",
        "ticket_search",
        ["document"],
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )


def _create_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("caller", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("request_hash", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_at"), "idempotency_keys", ["at"])


def downgrade() -> None:
    op.drop_table("idempotency_keys")
    op.drop_table("ticket_search")
    op.drop_index("ix_ticket_steps_open_counts", "ticket_steps")
    op.drop_index("ix_tickets_kind_opened", "tickets")
    for name in _UNCLOSED_BY:
        op.drop_index(f"ix_tickets_unclosed_{name}", "tickets")
