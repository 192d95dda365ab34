"""versions of rule tables and every evaluation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_JSONB = postgresql.JSONB(astext_type=sa.Text())
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "rule_versions",
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("uploaded_by", sa.String(), nullable=False),
        sa.Column("uploaded_at", _TIME, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("activated_by", sa.String(), nullable=True),
        sa.Column("activated_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("table_name", "version", name=op.f("pk_rule_versions")),
    )
    op.create_index(
        "uq_rule_versions_active",
        "rule_versions",
        ["table_name"],
        unique=True,
        postgresql_where=sa.text("active"),
    )
    op.create_table(
        "rule_evaluations",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("facts", _JSONB, nullable=False),
        sa.Column("outputs", _JSONB, nullable=False),
        sa.Column("fired", _JSONB, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_evaluations")),
    )
    for columns in (["subject", "id"], ["table_name", "at", "id"]):
        name = op.f(f"ix_rule_evaluations_{'_'.join(columns)}")
        op.create_index(name, "rule_evaluations", columns)


def downgrade() -> None:
    op.drop_table("rule_evaluations")
    op.drop_table("rule_versions")
