"""sites, the keys of verified customers' chats, and the size of pictures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    time = sa.DateTime(timezone=True)
    op.create_table(
        "sites",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("origins", JSONB(), nullable=False),
        sa.Column("theme", JSONB(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", time, nullable=False),
        sa.Column("updated_at", time, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_sites"),
    )
    op.create_table(
        "chat_keys",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("used_at", time, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_chat_keys_conversation_id"
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_chat_keys_customer_id"),
        sa.PrimaryKeyConstraint("digest", name="pk_chat_keys"),
    )
    op.create_index("ix_chat_keys_used_at", "chat_keys", ["used_at"])
    for column in ("width", "height"):
        op.add_column("files", sa.Column(column, sa.Integer(), nullable=True))


def downgrade() -> None:
    for column in ("width", "height"):
        op.drop_column("files", column)
    op.drop_table("chat_keys")
    op.drop_table("sites")
