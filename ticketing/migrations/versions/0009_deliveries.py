"""notices and deliveries beyond the chat."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WAITING = sa.text("state IN ('queued', 'held')")
UNREAD = sa.text("read_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_texts("channel", "recipient", "dedupe_key", "event"),
        sa.Column("ticket_no", sa.String(), nullable=True),
        *_texts("template"),
        _json("variables"),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        *_texts("state"),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        *_times("next_at"),
        sa.Column("claim", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        *_optional_texts("title", "text", "last_error", "provider", "provider_id"),
        _json("receipts", server_default=sa.text("'[]'")),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        *_times("created_at", "updated_at"),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["merged_into"], ["deliveries.id"], name=op.f("fk_deliveries_merged_into_deliveries")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("channel", "dedupe_key", name=op.f("uq_deliveries_channel_dedupe_key")),
    )
    for column in ("ticket_no", "provider_id", "merged_into"):
        op.create_index(op.f(f"ix_deliveries_{column}"), "deliveries", [column])
    op.create_index("ix_deliveries_state", "deliveries", ["state", "created_at", "id"])
    op.create_index(
        "ix_deliveries_waiting", "deliveries", ["channel", "recipient"], postgresql_where=WAITING
    )
    op.create_table(
        "delivery_budgets",
        *_texts("name"),
        sa.Column("tokens", sa.Float(), nullable=False),
        *_times("at"),
        sa.Column("closed_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_delivery_budgets")),
    )
    _create_setup()
    _create_notices()


def _create_setup() -> None:
    op.create_table(
        "notice_routes",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        *_texts("event", "channel", "recipient"),
        *_optional_texts("contact"),
        sa.Column("min_level", sa.Integer(), nullable=False),
        sa.Column("delay_seconds", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        *_texts("updated_by"),
        *_times("updated_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_routes")),
    )
    op.create_table(
        "contacts",
        *_texts("name"),
        *_optional_texts("mail", "mobile", "dingtalk_token", "dingtalk_secret", "wecom_key"),
        *_times("updated_at"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_contacts")),
    )
    op.create_table(
        "message_templates",
        *_texts("name", "channel"),
        sa.Column("version", sa.Integer(), nullable=False),
        *_texts("title", "text"),
        _json("vendor_codes"),
        *_texts("created_by"),
        *_times("created_at"),
        sa.PrimaryKeyConstraint("name", "channel", "version", name=op.f("pk_message_templates")),
    )
    op.create_table(
        "webhook_subscriptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_texts("url"),
        _json("events"),
        *_texts("secret"),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        *_texts("created_by"),
        *_times("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_subscriptions")),
    )


def _create_notices() -> None:
    op.create_table(
        "staff_notices",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        *_texts("username", "event", "ticket_no", "title", "text"),
        sa.Column("level", sa.Integer(), nullable=False),
        *_texts("dedupe_key"),
        *_times("created_at"),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_notices")),
        sa.UniqueConstraint(
            "username", "dedupe_key", name=op.f("uq_staff_notices_username_dedupe_key")
        ),
    )
    op.create_index("ix_staff_notices_inbox", "staff_notices", ["username", "id"])
    op.create_index(
        "ix_staff_notices_unread", "staff_notices", ["username", "id"], postgresql_where=UNREAD
    )


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _optional_texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.String(), nullable=True) for name in names]


def _times(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in names]


def _json(name: str, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, postgresql.JSONB(astext_type=sa.Text()), nullable=False, **more)


def downgrade() -> None:
    for table in (
        "staff_notices",
        "webhook_subscriptions",
        "message_templates",
        "contacts",
        "notice_routes",
        "delivery_budgets",
        "deliveries",
    ):
        op.drop_table(table)
