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
    # The release before may still count on these days: their numbers begin after its own.
    op.execute(
        "INSERT INTO ticket_counters (day, last)"
        " SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date + n, 0 FROM generate_series(0, 1) AS n"
        " WHERE EXISTS (SELECT FROM ticket_counters) ON CONFLICT DO NOTHING"
    )
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
