"""the_desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_TABLES = (
    "desk_looks",
    "desk_seats",
    "saved_filters",
    "canned_replies",
    "conversation_notes",
    "read_marks",
)
_INDICES = (
    ("messages", "ix_messages_retracted"),
    ("handoffs", "ix_handoffs_asked"),
)


def upgrade() -> None:
    _what_people_keep()
    _who_looks()
    op.create_index(
        "ix_messages_retracted",
        "messages",
        ["conversation_id", "seq"],
        postgresql_where=sa.text("retracted_at IS NOT NULL"),
    )
    op.create_index("ix_handoffs_asked", "handoffs", ["asked_at"])


def downgrade() -> None:
    for table, index in _INDICES:
        op.drop_index(index, table)
    for table in _TABLES:
        op.drop_table(table)


def _conversation(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_conversation_id"
    return sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=name)


def _what_people_keep() -> None:
    op.create_table(
        "read_marks",
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        _conversation("read_marks"),
        sa.PrimaryKeyConstraint("username", "conversation_id", name="pk_read_marks"),
    )
    op.create_index("ix_read_marks_conversation_id", "read_marks", ["conversation_id"])
    op.create_table(
        "conversation_notes",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("after_seq", sa.Integer(), nullable=False),
        *(sa.Column(n, sa.String(), nullable=False) for n in ("kind", "by", "client_id", "text")),
        sa.Column("at", _TIME, nullable=False),
        _conversation("conversation_notes"),
        sa.PrimaryKeyConstraint("id", name="pk_conversation_notes"),
        sa.UniqueConstraint(
            "conversation_id",
            "by",
            "client_id",
            name="uq_conversation_notes_conversation_id_by_client_id",
        ),
    )
    op.create_index(
        "ix_conversation_notes_place", "conversation_notes", ["conversation_id", "after_seq", "id"]
    )
    names = ("shortcut", "title", "text", "scope", "by")
    op.create_table(
        "canned_replies",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in names),
        sa.Column("uses", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("removed_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_canned_replies"),
    )
    for scope, columns in (("all", ["shortcut"]), ("own", ["by", "shortcut"])):
        where = sa.text(f"scope = '{scope}'")
        name = f"uq_canned_replies_{scope}"
        op.create_index(name, "canned_replies", columns, unique=True, postgresql_where=where)
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["username"], ["people.username"], name="fk_saved_filters_username"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_saved_filters"),
        sa.UniqueConstraint("username", "name", name="uq_saved_filters_username_name"),
    )


def _who_looks() -> None:
    op.create_table(
        "desk_seats",
        sa.Column("sid", sa.String(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("until", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("sid", name="pk_desk_seats"),
    )
    op.create_index("ix_desk_seats_username", "desk_seats", ["username"])
    op.create_table(
        "desk_looks",
        sa.Column("sid", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sid"], ["desk_seats.sid"], name="fk_desk_looks_sid", ondelete="CASCADE"
        ),
        _conversation("desk_looks"),
        sa.PrimaryKeyConstraint("sid", "conversation_id", name="pk_desk_looks"),
    )
    op.create_index("ix_desk_looks_conversation_id", "desk_looks", ["conversation_id"])
