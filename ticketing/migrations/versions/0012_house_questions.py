"""what the house has asked a customer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_IS_OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "house_questions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=True),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lapsed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_house_questions_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_questions")),
    )
    op.create_index(
        "uq_house_questions_open",
        "house_questions",
        ["conversation_id", "kind", "ref"],
        unique=True,
        postgresql_where=_IS_OPEN,
    )
    op.create_index(
        "ix_house_questions_ref", "house_questions", ["kind", "ref"], postgresql_where=_IS_OPEN
    )


def downgrade() -> None:
    op.drop_table("house_questions")
