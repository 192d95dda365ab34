"""surveys, evidence and templates of papers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_JSON = postgresql.JSONB(astext_type=sa.Text())
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "surveys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("queue", sa.String(), nullable=True),
        sa.Column("assignee", sa.String(), nullable=True),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.Column("answered_at", _TIME, nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("review_ticket_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_surveys_ticket_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_surveys_conversation_id"
        ),
        sa.ForeignKeyConstraint(
            ["review_ticket_id"], ["tickets.id"], name="fk_surveys_review_ticket_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_surveys"),
        sa.UniqueConstraint("cause", name="uq_surveys_cause"),
    )
    op.create_index("ix_surveys_asked", "surveys", ["asked_at", "id"])
    op.create_index("ix_surveys_conversation", "surveys", ["conversation_id", "asked_at"])
    op.create_index("ix_surveys_review_ticket_id", "surveys", ["review_ticket_id"])
    op.create_table(
        "evidence_packs",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("manifest", _JSON, nullable=False),
        sa.Column("documents", _JSON, nullable=False),
        sa.Column("frozen_at", _TIME, nullable=False),
        sa.Column("frozen_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_evidence_packs_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_evidence_packs"),
        sa.UniqueConstraint("ticket_id", "revision", name="uq_evidence_packs_ticket_id_revision"),
    )
    op.create_table(
        "paper_templates",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("activated_by", sa.String(), nullable=True),
        sa.Column("activated_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_paper_templates"),
        sa.UniqueConstraint("name", "version", name="uq_paper_templates_name_version"),
    )
    op.create_index(
        "uq_paper_templates_active",
        "paper_templates",
        ["name"],
        unique=True,
        postgresql_where=sa.text("is_active"),
    )


def downgrade() -> None:
    op.drop_table("paper_templates")
    op.drop_table("evidence_packs")
    op.drop_table("surveys")
