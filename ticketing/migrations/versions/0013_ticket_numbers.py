"""ticket numbers nobody waits for; red flags found at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_DUE = sa.text("coalesce(due_at, 'infinity'::timestamptz)")


def upgrade() -> None:
    op.execute("CREATE SEQUENCE ticket_numbers")
    op.add_column("ticket_counters", sa.Column("first", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_tickets_flagged_due",
        "tickets",
        [_DUE, "ticket_no"],
        postgresql_where=sa.text("state <> 'closed' AND red_flag"),
    )


def downgrade() -> None:
    op.drop_index("ix_tickets_flagged_due", table_name="tickets")
    op.drop_column("ticket_counters", "first")
    op.execute("DROP SEQUENCE ticket_numbers")
