"""tickets for wishes: without a parcel, with details, of two priorities."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("tickets", "waybill_no", existing_type=sa.String(), nullable=True)
    # The default stays: replicas of the release before know nothing of the column.
    details = sa.Column(
        "details",
        postgresql.JSONB(astext_type=sa.Text()),
        server_default=sa.text("'{}'"),
        nullable=False,
    )
    op.add_column("tickets", details)
    op.execute("UPDATE tickets SET priority = 'high' WHERE priority = 'urgent'")


def downgrade() -> None:
    op.drop_column("tickets", "details")
    op.alter_column("tickets", "waybill_no", existing_type=sa.String(), nullable=False)
