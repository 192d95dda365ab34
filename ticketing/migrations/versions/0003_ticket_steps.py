"""tickets with steps, severity, assignee and links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_JSON = postgresql.JSONB(astext_type=sa.Text())
_TIME = sa.DateTime(timezone=True)
_NEW_COLUMNS = (
    ("intent", sa.String(), None),
    ("severity", sa.String(), sa.text("'normal'")),
    ("red_flag", sa.Boolean(), sa.text("false")),
    ("region", sa.String(), None),
    ("vip", sa.Boolean(), sa.text("false")),
    ("queue", sa.String(), None),
    ("assignee", sa.String(), None),
    ("due_at", _TIME, None),
    ("version", sa.Integer(), sa.text("1")),
    ("reopened_count", sa.Integer(), sa.text("0")),
    ("chain_head", sa.String(), sa.text("''")),
    ("responded_at", _TIME, None),
    ("resolved_at", _TIME, None),
    ("merged_into", sa.Uuid(), None),
)


def upgrade() -> None:
    for name, kind, default in _NEW_COLUMNS:
        column = sa.Column(name, kind, server_default=default, nullable=default is None)
        op.add_column("tickets", column)
    op.create_foreign_key("fk_tickets_merged_into", "tickets", "tickets", ["merged_into"], ["id"])
    for name in ("previous_hash", "hash"):
        op.add_column(
            "ticket_changes",
            sa.Column(name, sa.String(), server_default=sa.text("''"), nullable=False),
        )
    _one_unclosed_of_a_kind()
    _create_steps()
    _create_links()


def _one_unclosed_of_a_kind() -> None:
    """A solution may be rejected, so a ticket that is resolved is not out of the way."""
    op.execute("""
        UPDATE tickets SET state = 'closed', closed_at = updated_at
        WHERE state = 'resolved' AND EXISTS (
            SELECT 1 FROM tickets AS later
            WHERE later.waybill_no = tickets.waybill_no AND later.kind = tickets.kind
              AND later.state <> 'closed' AND later.opened_at > tickets.opened_at
        )
    """)
    op.drop_index("uq_tickets_open", table_name="tickets")
    _create_unique("state <> 'closed'")


def _create_unique(condition: str) -> None:
    op.create_index(
        "uq_tickets_open",
        "tickets",
        ["waybill_no", "kind"],
        unique=True,
        postgresql_where=sa.text(condition),
    )


def _create_steps() -> None:
    op.create_table(
        "ticket_steps",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("queue", sa.String(), nullable=True),
        sa.Column("skill", sa.String(), nullable=True),
        sa.Column("assignee", sa.String(), nullable=True),
        sa.Column("form", sa.String(), nullable=True),
        sa.Column("waits_for", sa.String(), nullable=True),
        sa.Column("allowed_seconds", sa.Integer(), nullable=True),
        sa.Column("entered_at", _TIME, nullable=False),
        sa.Column("due_at", _TIME, nullable=True),
        sa.Column("done_at", _TIME, nullable=True),
        sa.Column("done_by", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("data", _JSON, server_default=sa.text("'{}'"), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_steps_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_steps")),
    )
    op.create_index(op.f("ix_ticket_steps_ticket_id"), "ticket_steps", ["ticket_id"])
    for column in ("queue", "assignee"):
        op.create_index(
            f"ix_ticket_steps_open_{column}",
            "ticket_steps",
            [column, "ticket_id"],
            postgresql_where=sa.text("done_at IS NULL"),
        )


def _create_links() -> None:
    op.create_table(
        "ticket_links",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_links_ticket_id")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["tickets.id"], name=op.f("fk_ticket_links_other_id")
        ),
        sa.PrimaryKeyConstraint("ticket_id", "other_id", "relation", name=op.f("pk_ticket_links")),
    )
    op.create_index(op.f("ix_ticket_links_other_id"), "ticket_links", ["other_id"])


def downgrade() -> None:
    op.drop_index("uq_tickets_open", table_name="tickets")
    _create_unique("state IN ('open', 'paused')")
    op.drop_table("ticket_links")
    op.drop_table("ticket_steps")
    for name in ("previous_hash", "hash"):
        op.drop_column("ticket_changes", name)
    op.drop_constraint("fk_tickets_merged_into", "tickets", type_="foreignkey")
    for name, _kind, _default in _NEW_COLUMNS:
        op.drop_column("tickets", name)
