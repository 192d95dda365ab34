"""versions of processes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "process_versions",
        sa.Column("process_id", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("uploaded_by", sa.String(), nullable=False),
        sa.Column("uploaded_at", _TIME, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("activated_by", sa.String(), nullable=True),
        sa.Column("activated_at", _TIME, nullable=True),
        sa.Column("replaced", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("process_id", "version", name=op.f("pk_process_versions")),
    )
    op.create_index(
        "uq_process_versions_active",
        "process_versions",
        ["process_id"],
        unique=True,
        postgresql_where=sa.text("active"),
    )
    columns = ["process_id", "uploaded_at", "version"]
    op.create_index(op.f(f"ix_process_versions_{'_'.join(columns)}"), "process_versions", columns)


def downgrade() -> None:
    op.drop_table("process_versions")
