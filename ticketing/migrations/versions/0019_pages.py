"""the page a conversation is written from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("page", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("conversations", "page")
