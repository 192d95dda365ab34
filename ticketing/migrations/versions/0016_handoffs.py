"""hand-overs, and who customers are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_MINUTES = {
    "accept_seconds": 30,
    "answer_minutes": 3,
    "warn_after_minutes": 10,
    "close_after_minutes": 5,
}


def upgrade() -> None:
    _customers()
    op.add_column("conversations", sa.Column("queue", sa.String(), nullable=True))
    op.add_column("conversations", sa.Column("agent", sa.String(), nullable=True))
    op.add_column("conversations", sa.Column("site", sa.String(), nullable=True))
    op.add_column("conversations", sa.Column("customer_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "fk_conversations_customer_id", "conversations", "customers", ["customer_id"], ["id"]
    )
    op.create_index("ix_conversations_customer_id", "conversations", ["customer_id"])
    op.add_column("messages", sa.Column("said_by", sa.String(), nullable=True))
    op.add_column("messages", sa.Column("quoted_seq", sa.Integer(), nullable=True))
    op.add_column("messages", sa.Column("retracted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_conversations_with_people",
        "conversations",
        ["owner", "agent"],
        postgresql_where=sa.text("owner IN ('queue', 'agent')"),
    )
    _handoffs()
    _words_and_suggestions()
    _manners_of_queues()
    _those_with_people_already()


def downgrade() -> None:
    _as_it_was_said_before()
    for column in _MINUTES:
        op.drop_column("queues", column)
    op.drop_column("queues", "chat_hours")
    op.drop_column("team_members", "chats")
    for table in ("bot_suggestions", "handoff_words", "handoff_events", "handoffs"):
        op.drop_table(table)
    op.drop_index("ix_conversations_with_people", "conversations")
    for column in ("retracted_at", "quoted_seq", "said_by"):
        op.drop_column("messages", column)
    op.drop_index("ix_conversations_customer_id", "conversations")
    for column in ("customer_id", "site", "agent", "queue"):
        op.drop_column("conversations", column)
    op.drop_table("customers")


def _customers() -> None:
    op.create_table(
        "customers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("vip", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_customers"),
        sa.UniqueConstraint("site", "external_id", name="uq_customers_site_external_id"),
    )


def _handoffs() -> None:
    time = sa.DateTime(timezone=True)
    op.create_table(
        "handoffs",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("reason", "priority", "queue")),
        sa.Column("skill", sa.String(), nullable=True),
        sa.Column("region", sa.String(), nullable=True),
        sa.Column("vip", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("asked_at", time, nullable=False),
        sa.Column("due_at", time, nullable=True),
        sa.Column("offered_to", sa.String(), nullable=True),
        sa.Column("offered_until", time, nullable=True),
        sa.Column("not_to", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("taken_by", sa.String(), nullable=True),
        sa.Column("taken_at", time, nullable=True),
        sa.Column("replied_at", time, nullable=True),
        sa.Column("position_told", sa.Integer(), nullable=True),
        sa.Column("position_told_at", time, nullable=True),
        sa.Column("silence_warned_at", time, nullable=True),
        sa.Column("ended_at", time, nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("agreed", sa.String(), nullable=True),
        sa.Column("untold", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_handoffs_conversation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_handoffs"),
    )
    goes_on = sa.text("ended_at IS NULL")
    op.create_index("ix_handoffs_conversation_id", "handoffs", ["conversation_id"])
    op.create_index(
        "uq_handoffs_going_on",
        "handoffs",
        ["conversation_id"],
        unique=True,
        postgresql_where=goes_on,
    )
    op.create_index(
        "ix_handoffs_queue", "handoffs", ["queue", "asked_at"], postgresql_where=goes_on
    )
    was_taken = sa.text("taken_at IS NOT NULL")
    op.create_index(
        "ix_handoffs_taken", "handoffs", ["queue", "ended_at"], postgresql_where=was_taken
    )
    untold = sa.text("untold")
    op.create_index("ix_handoffs_untold", "handoffs", ["conversation_id"], postgresql_where=untold)
    op.create_table(
        "handoff_events",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("handoff_id", sa.BigInteger(), nullable=False),
        sa.Column("at", time, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("to", "note", "why")),
        sa.Column("ranking", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.ForeignKeyConstraint(
            ["handoff_id"], ["handoffs.id"], name="fk_handoff_events_handoff_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_handoff_events"),
    )
    op.create_index("ix_handoff_events_handoff_id", "handoff_events", ["handoff_id"])


def _words_and_suggestions() -> None:
    time = sa.DateTime(timezone=True)
    op.create_table(
        "handoff_words",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("text", "match", "by")),
        sa.Column("at", time, nullable=False),
        sa.PrimaryKeyConstraint("text", name="pk_handoff_words"),
    )
    op.create_table(
        "bot_suggestions",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("texts", JSONB(), nullable=False),
        sa.Column("at", time, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_bot_suggestions_conversation_id"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name="pk_bot_suggestions"),
    )


def _manners_of_queues() -> None:
    op.add_column("queues", sa.Column("chat_hours", sa.String(), nullable=True))
    for name, default in _MINUTES.items():
        own = sa.Column(name, sa.Integer(), server_default=sa.text(str(default)), nullable=False)
        op.add_column("queues", own)
    chats = sa.Column("chats", sa.Integer(), server_default=sa.text("5"), nullable=False)
    op.add_column("team_members", chats)


def _as_it_was_said_before() -> None:
    """Whoever held a conversation stood in its reason, and none was closed."""
    op.execute("UPDATE conversations SET handoff_reason = agent WHERE owner = 'agent'")
    op.execute("UPDATE conversations SET owner = 'bot' WHERE owner = 'closed'")


def _those_with_people_already() -> None:
    """Who waits for a person, or has one, has a hand-over from now on.

    Who was with somebody we do not know any more waits, for nobody else could take them.
    """
    op.execute("""
        UPDATE conversations SET owner = 'queue', owner_epoch = owner_epoch + 1,
            handoff_reason = 'asked'
        WHERE owner = 'agent' AND NOT EXISTS (
            SELECT 1 FROM people WHERE people.username = conversations.handoff_reason
        )
    """)
    op.execute("""
        UPDATE conversations SET queue = 'customer_service',
            agent = CASE WHEN owner = 'agent' THEN handoff_reason END,
            handoff_reason = CASE WHEN owner = 'agent' THEN 'asked' ELSE handoff_reason END,
            queued_at = coalesce(queued_at, updated_at)
        WHERE owner IN ('queue', 'agent')
    """)
    op.execute("""
        INSERT INTO handoffs
            (conversation_id, reason, priority, queue, asked_at, taken_by, taken_at, replied_at)
        SELECT id, CASE WHEN agent IS NULL THEN coalesce(handoff_reason, 'asked') ELSE 'asked' END,
               CASE WHEN handoff_reason = 'anger' THEN 'high' ELSE 'normal' END, queue,
               coalesce(queued_at, updated_at), agent,
               CASE WHEN agent IS NOT NULL THEN updated_at END,
               CASE WHEN agent IS NOT NULL THEN updated_at END
        FROM conversations WHERE owner IN ('queue', 'agent')
    """)
