"""first tables."""

from __future__ import annotations

from importlib import resources

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_job_queue()
    op.create_table(
        "heartbeats",
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("process", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "conversations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("customer_key", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("owner_epoch", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("delivered_seq", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handoff_reason", sa.String(), nullable=True),
        sa.Column("wanted_handoff", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("turn_token", sa.Uuid(), nullable=True),
        sa.Column("turn_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("turn_epoch", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint(
            "channel", "customer_key", name=op.f("uq_conversations_channel_customer_key")
        ),
    )
    op.create_table(
        "people",
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("username", name=op.f("pk_people")),
    )
    op.create_table(
        "shipments",
        sa.Column("waybill_no", sa.String(), nullable=False),
        sa.Column("carrier_code", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("city", sa.String(), nullable=True),
        sa.Column("eta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider", sa.String(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("waybill_no", name=op.f("pk_shipments")),
    )
    op.create_table(
        "system_clients",
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_system_clients")),
    )
    op.create_table(
        "ticket_counters",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_ticket_counters")),
    )
    op.create_table(
        "tickets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_no", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("waybill_no", sa.String(), nullable=False),
        sa.Column("carrier_code", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("words", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("contact_phone", sa.String(), nullable=True),
        sa.Column("snapshot", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("process_id", sa.String(), nullable=False),
        sa.Column("process_version", sa.String(), nullable=False),
        sa.Column("run", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("ticket_no", name=op.f("uq_tickets_ticket_no")),
    )
    op.create_index("ix_tickets_opened", "tickets", ["opened_at", "ticket_no"], unique=False)
    op.create_index(op.f("ix_tickets_waybill_no"), "tickets", ["waybill_no"], unique=False)
    op.create_index(
        "uq_tickets_open",
        "tickets",
        ["waybill_no", "kind"],
        unique=True,
        postgresql_where=sa.text("state IN ('open', 'paused')"),
    )
    op.create_table(
        "messages",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("buttons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("card", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("understood", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("answers_seq", sa.Integer(), nullable=True),
        sa.Column("cause", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_messages_conversation_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name=op.f("pk_messages")),
        sa.UniqueConstraint(
            "conversation_id", "external_id", name=op.f("uq_messages_conversation_id_external_id")
        ),
    )
    op.create_index(
        "ix_messages_waiting",
        "messages",
        ["conversation_id", "seq"],
        unique=False,
        postgresql_where=sa.text("author = 'customer' AND handled_at IS NULL"),
    )
    op.create_table(
        "outbox",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_outbox_conversation_id")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_outbox")),
    )
    op.create_index(op.f("ix_outbox_conversation_id"), "outbox", ["conversation_id"], unique=False)
    op.create_table(
        "parcel_proofs",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("waybill_no", sa.String(), nullable=False),
        sa.Column("phone_tail", sa.String(), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("last_wrong_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_parcel_proofs_conversation_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "waybill_no", name=op.f("pk_parcel_proofs")),
    )
    op.create_index(
        op.f("ix_parcel_proofs_waybill_no"), "parcel_proofs", ["waybill_no"], unique=False
    )
    op.create_table(
        "shipment_contacts",
        sa.Column("waybill_no", sa.String(), nullable=False),
        sa.Column("phone_tail", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["waybill_no"], ["shipments.waybill_no"], name=op.f("fk_shipment_contacts_waybill_no")
        ),
        sa.PrimaryKeyConstraint("waybill_no", "phone_tail", name=op.f("pk_shipment_contacts")),
    )
    op.create_table(
        "ticket_changes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("cause", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_changes_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_changes")),
        sa.UniqueConstraint("cause", name=op.f("uq_ticket_changes_cause")),
    )
    op.create_index(
        op.f("ix_ticket_changes_ticket_id"), "ticket_changes", ["ticket_id"], unique=False
    )
    op.create_table(
        "ticket_conversations",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("is_opener", sa.Boolean(), nullable=False),
        sa.Column("proven", sa.Boolean(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_ticket_conversations_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_conversations_ticket_id")
        ),
        sa.PrimaryKeyConstraint(
            "ticket_id", "conversation_id", name=op.f("pk_ticket_conversations")
        ),
    )
    op.create_index(
        op.f("ix_ticket_conversations_conversation_id"),
        "ticket_conversations",
        ["conversation_id"],
        unique=False,
    )
    op.create_table(
        "tracking_events",
        sa.Column("waybill_no", sa.String(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_digest", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["waybill_no"], ["shipments.waybill_no"], name=op.f("fk_tracking_events_waybill_no")
        ),
        sa.PrimaryKeyConstraint(
            "waybill_no", "happened_at", "text_digest", name=op.f("pk_tracking_events")
        ),
    )


def downgrade() -> None:
    raise RuntimeError("the first migration cannot be undone; drop the database instead")


def _create_job_queue() -> None:
    """Create the job queue's schema as its library ships it (procrastinate 3.10)."""
    schema = resources.files("procrastinate").joinpath("sql", "schema.sql").read_text("utf-8")
    connection = op.get_bind().connection.driver_connection
    if connection is None:
        raise RuntimeError("no connection to create the job queue with")
    connection.execute(schema)
